// The text of a page: constant metrics straight from a snapshot, in Prometheus text 0.0.4 or OpenMetrics 1.0. Hot.

import type { AnyFamily } from './metric';

export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Writes families from parts. Reused from page to page. */
export class Writer {
  #out = '';
  #family!: AnyFamily;
  #started = false;
  #series = 0;
  /** By name: families of the exporter's own metrics are made anew for each page. */
  readonly #headers = new Map<string, string>();

  constructor(readonly format: Format) {}

  /** Series written by the last call. */
  get series(): number {
    return this.#series;
  }

  /** The page without its end: `# EOF` of OpenMetrics is the caller's, who may have more to add. */
  write(families: readonly AnyFamily[], now: object, then: object): string {
    this.#out = '';
    this.#series = 0;
    for (const family of families) {
      if (!hasAll(now, family.from)) continue;
      this.#family = family;
      this.#started = false;
      family.read(now, this.#emit, then);
    }
    return this.#out;
  }

  // Positional labels instead of a rest parameter: no array per series.
  readonly #emit = (value: number | undefined, a?: string, b?: string, c?: string, d?: string): void => {
    if (value === undefined || !Number.isFinite(value)) return;
    const { name, labels } = this.#family;
    if (!this.#started) {
      this.#started = true;
      this.#out += this.#header(this.#family);
    }
    this.#series++;
    switch (labels.length) {
      case 0:
        this.#out += `${name} ${value}\n`;
        return;
      case 1:
        this.#out += `${name}{${labels[0]!}="${escapeLabel(a!)}"} ${value}\n`;
        return;
      case 2:
        this.#out += `${name}{${labels[0]!}="${escapeLabel(a!)}",${labels[1]!}="${escapeLabel(b!)}"} ${value}\n`;
        return;
      case 3:
        this.#out += `${name}{${labels[0]!}="${escapeLabel(a!)}",${labels[1]!}="${escapeLabel(b!)}",${labels[2]!}="${escapeLabel(c!)}"} ${value}\n`;
        return;
      default:
        this.#out += `${name}{${labels[0]!}="${escapeLabel(a!)}",${labels[1]!}="${escapeLabel(b!)}",${labels[2]!}="${escapeLabel(c!)}",${labels[3]!}="${escapeLabel(d!)}"} ${value}\n`;
    }
  };

  #header(family: AnyFamily): string {
    let header = this.#headers.get(family.name);
    if (header === undefined) {
      header = headerOf(family, this.format);
      this.#headers.set(family.name, header);
    }
    return header;
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

/** Label values hardly ever need escaping: looked at once each, and remembered. */
const escaped = new Map<string, string>();
const REMEMBERED = 10_000;

export function escapeLabel(value: string): string {
  const known = escaped.get(value);
  if (known !== undefined) return known;
  if (escaped.size >= REMEMBERED) escaped.clear();
  const text = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  escaped.set(value, text);
  return text;
}
