// A place in the file, and the errors that name it.

import { closest } from 'fastest-levenshtein';
import { parseDocument, visit } from 'yaml';

const NULL = /^(?:~|null|Null|NULL|)$/;
const HASH = /\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}/g;

/** One line, and no hash in it, wherever in the file it was put: messages end up in logs. */
export class WebConfigError extends Error {
  readonly code = 'ERR_METALSTAT_WEB_CONFIG';

  constructor(message: string, options?: ErrorOptions) {
    super(message.replaceAll(HASH, '$2…'), options);
  }
}

/** What YAML can be where every scalar is the text that is written, or nothing. */
type Value = null | string | readonly Value[] | Readonly<{ [key: string]: Value }>;

export class Place {
  private constructor(
    private readonly file: string,
    private readonly path: string,
    private readonly value: Value,
  ) {}

  static parse(file: string, text: string): Place {
    const document = parseDocument(text, {
      schema: 'failsafe',
      strict: true,
      uniqueKeys: true,
      logLevel: 'error',
    });
    const [error] = [...document.errors, ...document.warnings];
    if (error) throw new WebConfigError(`${file}: ${firstLine(error.message)}`);
    visit(document, {
      Scalar: (key, node) => {
        if (key !== 'key' && node.type === 'PLAIN' && NULL.test(node.source ?? '')) node.value = null;
      },
    });
    try {
      return new Place(file, '', document.toJS({ maxAliasCount: 10 }) as Value);
    } catch (cause) {
      throw new WebConfigError(`${file}: ${firstLine((cause as Error).message)}`, { cause });
    }
  }

  /** `what` says what is wrong and what is right. */
  wrong(what: string): never {
    throw new WebConfigError(`${this.file}: ${this.path === '' ? 'the file' : this.path}: ${what}`);
  }

  /** The places below, by key. */
  keys(known?: readonly string[]): ReadonlyMap<string, Place> {
    if (this.isEmpty()) return new Map();
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      return this.wrong('takes keys and values');
    const below = new Map<string, Place>();
    for (const [key, value] of Object.entries(this.value)) {
      const place = new Place(this.file, this.path === '' ? shown(key) : `${this.path}.${shown(key)}`, value);
      if (known && !known.includes(key))
        place.wrong(`no such key; the nearest is ${closest(key, known)} (of ${known.join(', ')})`);
      below.set(key, place);
    }
    return below;
  }

  /** As if the key were not there. */
  isNull(): boolean {
    return this.value === null;
  }

  private isEmpty(): boolean {
    return this.value === null || this.value === '';
  }

  text(): string {
    if (this.value === null) return '';
    return typeof this.value === 'string' ? this.value : this.wrong('takes one text');
  }

  list(): readonly Place[] {
    if (this.isEmpty()) return [];
    if (!Array.isArray(this.value)) return this.wrong('takes a list');
    return this.value.map((value: Value, i) => new Place(this.file, `${this.path}[${i}]`, value));
  }

  flag(): boolean {
    const text = this.text();
    if (/^(true|yes|on|y)$/i.test(text)) return true;
    if (/^(false|no|off|n|)$/i.test(text)) return false;
    return this.wrong(`takes true or false, not ${JSON.stringify(text)}`);
  }

  /** One of `known`, as it is written there. */
  oneOf(known: readonly string[]): string {
    const text = this.text();
    if (!known.includes(text))
      this.wrong(
        `takes ${known.join(', ')}, not ${JSON.stringify(text)}; the nearest is ${closest(text, known)}`,
      );
    return text;
  }
}

/** A key can be any text. */
const shown = (key: string): string => (/^[\w .@-]+$/.test(key) ? key : JSON.stringify(key));

export const firstLine = (text: string): string => text.split('\n', 1)[0]!.replace(/:$/, '');
