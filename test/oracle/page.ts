export interface Page {
  /** Keyed as the page writes it: name, or name{label="value",…}. */
  readonly samples: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.+)\\})? (\\S+)$`);
const COMMENT = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (.*)$`);
const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A Prometheus text page (0.0.4) without timestamps. Throws on anything that is not exactly that. */
export function parsePage(text: string): Page {
  const page = new Parser();
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  text.split('\n').forEach((line, i, lines) => {
    if (i === lines.length - 1) return;
    try {
      page.line(line);
    } catch (error) {
      throw new Error(`line ${i + 1}: ${(error as Error).message}: ${line}`, { cause: error });
    }
  });
  page.end();
  return page;
}

class Parser implements Page {
  readonly samples = new Map<string, number>();
  readonly types = new Map<string, string>();
  readonly help = new Map<string, string>();
  private readonly identities = new Set<string>();
  private readonly units = new Set<string>();
  /** Families with samples so far. */
  private readonly seen = new Set<string>();
  private current: string | undefined;

  line(line: string): void {
    if (line.startsWith('#')) this.comment(line);
    else this.sample(line);
  }

  end(): void {
    for (const family of new Set([...this.types.keys(), ...this.help.keys()])) {
      if (!this.types.has(family)) throw new Error(`${family} has no TYPE`);
      if (!this.help.has(family)) throw new Error(`${family} has no HELP`);
    }
  }

  private comment(line: string): void {
    const [, keyword, family = '', rest = ''] = COMMENT.exec(line) ?? [];
    if (keyword === undefined) throw new Error('neither HELP, TYPE nor UNIT');
    if (this.seen.has(family)) throw new Error(`${keyword} after a sample`);
    this.enter(family);
    if (keyword === 'TYPE') {
      if (!TYPES.has(rest)) throw new Error('unknown type');
      if (this.types.has(family)) throw new Error('second TYPE');
      this.types.set(family, rest);
    } else if (keyword === 'HELP') {
      if (this.help.has(family)) throw new Error('second HELP');
      if (/\\(?![\\n])/.test(rest.replaceAll('\\\\', ''))) throw new Error('bad escape');
      this.help.set(family, rest);
    } else {
      if (this.units.has(family)) throw new Error('second UNIT');
      if (!family.replace(/_total$/, '').endsWith(`_${rest}`)) throw new Error('the name lacks the unit');
      this.units.add(family);
    }
  }

  private sample(line: string): void {
    const [, name, labels, written = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error('not a sample');
    const family = this.familyOf(name);
    if (!this.seen.has(family)) this.enter(family);
    if (this.current !== family) throw new Error('apart from its family');
    this.seen.add(family);
    const identity = `${name}{${labels === undefined ? '' : parseLabels(labels).sort().join()}}`;
    if (this.identities.has(identity)) throw new Error('duplicate');
    this.identities.add(identity);
    const value = parseNumber(written);
    if (this.types.get(family) === 'counter' && !(value >= 0)) throw new Error('a counter below 0');
    this.samples.set(line.slice(0, line.length - written.length - 1), value);
  }

  /** The lines of a family are one group. */
  private enter(family: string): void {
    if (this.current === family) return;
    if (this.types.has(family) || this.help.has(family) || this.units.has(family)) {
      throw new Error('apart from its family');
    }
    this.current = family;
  }

  private familyOf(name: string): string {
    if (this.types.has(name)) return name;
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    const type = this.types.get(base);
    const suffixed = type === 'histogram' || (type === 'summary' && !name.endsWith('_bucket'));
    if (base !== name && suffixed) return base;
    throw new Error('no TYPE before the sample');
  }
}

function parseLabels(text: string): string[] {
  const names = new Set<string>();
  const pairs: string[] = [];
  let rest = text;
  let separator: string | undefined = ',';
  while (rest !== '') {
    const match = LABEL.exec(rest);
    const [pair = '', name = ''] = match ?? [];
    if (!match || names.has(name)) throw new Error('bad labels');
    names.add(name);
    pairs.push(`${name}="${match[2]}"`);
    separator = match[3];
    rest = rest.slice(pair.length);
  }
  if (separator === ',') throw new Error('bad labels');
  return pairs;
}

function parseNumber(text: string): number {
  if (text === 'NaN') return NaN;
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (!NUMBER.test(text)) throw new Error('not a number');
  return Number(text);
}
