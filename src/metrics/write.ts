// The text of a page: constant metrics straight from a snapshot, in Prometheus text 0.0.4 or OpenMetrics 1.0. Hot.

import type { AnyFamily } from './metric';

export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Writes families from parts. What has not changed since the last page is not written again. */
export class Writer {
  readonly #lines: string[] = [];
  readonly #writtenOf = new Map<string, Written>();
  #family!: AnyFamily;
  #written!: Written;
  /** Lines of the page so far, and series of this family. */
  #count = 0;
  #seriesOfFamily = 0;
  #series = 0;

  constructor(readonly format: Format) {}

  /** Series written by the last call. */
  get series(): number {
    return this.#series;
  }

  /** The page without its end: `# EOF` of OpenMetrics is the caller's, who may have more to add. */
  write(families: readonly AnyFamily[], now: object, then: object): string {
    this.#count = 0;
    this.#series = 0;
    for (const family of families) {
      if (!hasAll(now, family.from)) continue;
      this.#family = family;
      this.#written = this.#writtenBefore(family);
      this.#seriesOfFamily = 0;
      family.read(now, this.#emit, then);
      this.#written.series.length = this.#seriesOfFamily;
      this.#series += this.#seriesOfFamily;
    }
    this.#lines.length = this.#count;
    return this.#lines.join('');
  }

  // Positional labels instead of a rest parameter: no array per series.
  readonly #emit = (value: number | undefined, a?: string, b?: string, c?: string, d?: string): void => {
    if (value === undefined || !Number.isFinite(value)) return;
    const { header, series } = this.#written;
    if (this.#seriesOfFamily === 0) this.#lines[this.#count++] = header;
    const known = series[this.#seriesOfFamily];
    // Mostly the same labels as on the last page, in the same order.
    const line =
      known !== undefined && known.a === a && known.b === b && known.c === c && known.d === d
        ? known
        : (series[this.#seriesOfFamily] = new Line(this.#family, a, b, c, d));
    this.#seriesOfFamily++;
    this.#lines[this.#count++] = line.of(value);
  };

  /** By name: families that the exporter counts itself in are made anew for each page. */
  #writtenBefore(family: AnyFamily): Written {
    let written = this.#writtenOf.get(family.name);
    if (written === undefined) {
      written = { header: headerOf(family, this.format), series: [] };
      this.#writtenOf.set(family.name, written);
    }
    return written;
  }
}

/** Of a family, what the last page had. */
interface Written {
  readonly header: string;
  readonly series: Line[];
}

/** One series: its name with its labels, and its last value. */
class Line {
  readonly #start: string;
  #value = NaN;
  #text = '';

  constructor(
    { name, labels }: AnyFamily,
    readonly a: string | undefined,
    readonly b: string | undefined,
    readonly c: string | undefined,
    readonly d: string | undefined,
  ) {
    const values = [a, b, c, d];
    const pairs = labels.map((label, i) => `${label}="${escapeLabel(values[i]!)}"`);
    this.#start = pairs.length === 0 ? `${name} ` : `${name}{${pairs.join()}} `;
  }

  of(value: number): string {
    if (value !== this.#value) {
      this.#value = value;
      this.#text = `${this.#start}${value}\n`;
    }
    return this.#text;
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
