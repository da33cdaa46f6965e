// The text of a page: constant metrics straight from a snapshot, in Prometheus text 0.0.4 or OpenMetrics 1.0. Hot.

import type { AnyFamily } from './metric';

export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** What takes a page, piece by piece. */
export interface Sink {
  add(text: string): void;
}

/** A page as text. */
export class Pieces implements Sink {
  readonly #pieces: string[] = [];

  get text(): string {
    return this.#pieces.join('');
  }

  add(text: string): void {
    this.#pieces.push(text);
  }
}

/** Writes families from parts. One in which nothing has changed since its last page is not written again. */
export class Writer {
  readonly #writtenOf = new Map<string, Written>();
  #family!: AnyFamily;
  #written!: Written;
  /** Of this family so far, and of the page. */
  #count = 0;
  #series = 0;

  constructor(readonly format: Format) {}

  /** Series written by the last call. */
  get series(): number {
    return this.#series;
  }

  /** The page without its end: `# EOF` of OpenMetrics is the caller's, who may have more to add. */
  write(families: readonly AnyFamily[], now: object, then: object, page: Sink): void {
    this.#series = 0;
    for (const family of families) {
      if (!hasAll(now, family.from)) continue;
      this.#family = family;
      this.#written = this.#writtenBefore(family);
      this.#count = 0;
      family.read(now, this.#emit, then);
      this.#series += this.#count;
      const text = this.#written.textOf(this.#count);
      if (text !== '') page.add(text);
    }
  }

  // Positional labels instead of a rest parameter: no array per series.
  readonly #emit = (value: number | undefined, a?: string, b?: string, c?: string, d?: string): void => {
    if (value !== undefined && Number.isFinite(value))
      this.#written.put(this.#family, this.#count++, value, a, b, c, d);
  };

  /** By name: families that the exporter counts itself in are made anew for each page. */
  #writtenBefore(family: AnyFamily): Written {
    let written = this.#writtenOf.get(family.name);
    if (written === undefined) {
      written = new Written(headerOf(family, this.format));
      this.#writtenOf.set(family.name, written);
    }
    return written;
  }
}

/** A family as it was on its last page. */
class Written {
  readonly #series: Series[] = [];
  /** The header, and a line for each series. */
  readonly #lines: string[];
  #text = '';
  #isStale = false;

  constructor(header: string) {
    this.#lines = [header];
  }

  put(family: AnyFamily, at: number, value: number, a?: string, b?: string, c?: string, d?: string): void {
    let series = this.#series[at];
    // Mostly the same labels as on the last page, in the same order.
    if (series === undefined || series.a !== a || series.b !== b || series.c !== c || series.d !== d)
      this.#series[at] = series = new Series(family, a, b, c, d);
    if (value === series.value) return;
    series.value = value;
    this.#lines[at + 1] = `${series.start}${value}\n`;
    this.#isStale = true;
  }

  /** With the first `count` series, which were put; empty without any. */
  textOf(count: number): string {
    if (this.#isStale || count !== this.#series.length) {
      this.#series.length = count;
      this.#lines.length = count + 1;
      this.#text = count === 0 ? '' : this.#lines.join('');
      this.#isStale = false;
    }
    return this.#text;
  }
}

class Series {
  /** Its name with its labels. */
  readonly start: string;
  value = NaN;

  constructor(
    { name, labels }: AnyFamily,
    readonly a: string | undefined,
    readonly b: string | undefined,
    readonly c: string | undefined,
    readonly d: string | undefined,
  ) {
    const values = [a, b, c, d];
    const pairs = labels.map((label, i) => `${label}="${escapeLabel(values[i]!)}"`);
    this.start = pairs.length === 0 ? `${name} ` : `${name}{${pairs.join()}} `;
  }
}

function headerOf({ name, kind, unit, help }: AnyFamily, format: Format): string {
  if (format === 'text') return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind}\n`;
  // In OpenMetrics the family is named without the _total of its samples, and a unit only where the name ends in it.
  const base = kind === 'counter' ? name.slice(0, -'_total'.length) : name;
  const unitLine = unit && base.endsWith(`_${unit}`) ? `# UNIT ${base} ${unit}\n` : '';
  return `# HELP ${base} ${escapeLabel(help)}\n# TYPE ${base} ${kind}\n${unitLine}`;
}

/** Whether all parts that a family needs are there. */
export const hasAll = (parts: object, names: readonly string[]): boolean => {
  for (const name of names) if ((parts as Record<string, unknown>)[name] === undefined) return false;
  return true;
};

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
