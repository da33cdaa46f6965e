// Texts that are for people, and in which anything can turn up.

import type { Secrets } from './mask';
import { FOLDERS } from './mask_path';
import { MAC_ADDRESS, UUID } from './mask_shape';
import type { Words } from './mask_words';

/** Of so few letters a name is a part of other words, or a common one. */
const SHORTEST_NAME = 3;
/** Shorter ones are none, but what stands where nobody has set one. */
const SHORTEST_SERIAL = 6;
/** Names of users and hosts that tell nothing, and that are words of their own. Users of the system begin with _. */
const COMMON = new RegExp(
  '^(?:_.*|root|daemon|nobody|admin|administrator|user|guest|test|tester|dev|developer|build|builder|buildbot|' +
    'buildkite|runner|jenkins|gitlab|github|agent|ci|server|local|localhost|home|work|apple|mac|macos|imac|' +
    'macbook|macbook-?(?:air|pro)|mac-?(?:mini|pro|studio)|ec2-user)$',
  'i',
);
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/g;

/** What matches is masked, and looked at by no other rule. */
interface Rule {
  readonly pattern: RegExp;
  /** By default its mask. */
  readonly put?: (match: RegExpExecArray) => string;
}

export class FreeText {
  readonly #numbers: readonly Rule[];
  readonly #all: readonly Rule[];

  /** `known`: what stays, even where it has a name in it. */
  constructor(
    private readonly words: Words,
    { hostNames, userNames, serials }: Secrets,
    known: readonly string[],
  ) {
    const hosts = hostNames.flatMap((name) => [name, name.split('.', 1)[0]!]);
    const names = [...hosts.filter(isTelling).map(hostPattern), ...userNames.filter(isTelling).map(escaped)];
    const numbers = serials.filter((serial) => serial.length >= SHORTEST_SERIAL).map(serialPattern);
    this.#numbers = [
      { pattern: UUID },
      { pattern: MAC_ADDRESS },
      ...(numbers.length > 0 ? [{ pattern: new RegExp(anyOf(numbers), 'gi') }] : []),
    ];
    this.#all = [
      ...FOLDERS.map(({ pattern, isNobodys }) => ({
        pattern,
        put: ([name]: RegExpExecArray) => (isNobodys(name) ? name : words.of(name)),
      })),
      ...this.#numbers,
      { pattern: MAIL },
      ...(names.length > 0 ? [this.#namesRule(names, known.filter(Boolean).map(escaped))] : []),
    ];
  }

  /** Numbers and addresses, names and folders of users. */
  mask(text: string): string {
    return this.#apply(this.#all, text);
  }

  /** Serial numbers, UUIDs and addresses. */
  maskNumbers(text: string): string {
    return this.#apply(this.#numbers, text);
  }

  #namesRule(names: readonly string[], known: readonly string[]): Rule {
    const stays = known.length > 0 ? `(?<known>${anyOf(known)})|` : '';
    return {
      pattern: new RegExp(`(?<![\\p{L}\\d])(?:${stays}${anyOf(names)})(?![\\p{L}\\d])`, 'giu'),
      put: ([name, ...groups]) => groups[0] ?? this.words.of(name),
    };
  }

  #apply([rule, ...others]: readonly Rule[], text: string): string {
    if (!rule || text === '') return text;
    let masked = '';
    let at = 0;
    for (const match of text.matchAll(rule.pattern)) {
      masked += this.#apply(others, text.slice(at, match.index));
      masked += rule.put ? rule.put(match) : this.words.of(match[0]);
      at = match.index + match[0].length;
    }
    return masked + this.#apply(others, text.slice(at));
  }
}

const isTelling = (name: string): boolean => name.length >= SHORTEST_NAME && !COMMON.test(name);

const escaped = (word: string): string => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The Mac of Alice is "Alices-MacBook-Pro" to the network, and "Alice’s MacBook Pro" to her. */
const hostPattern = (name: string): string =>
  escaped(name).replaceAll(/s-|-/g, (end) => (end === '-' ? '[-\\s_]' : "['’]?s[-\\s_]"));

/** Anywhere, but for one that may be a part of any number. */
const serialPattern = (serial: string): string =>
  /^\d+$/.test(serial) ? `(?<!\\d)${serial}(?!\\d)` : escaped(serial);

/** The longest first: one may be the beginning of another. */
const anyOf = (patterns: readonly string[]): string =>
  [...new Set(patterns)].sort((a, b) => b.length - a.length).join('|');
