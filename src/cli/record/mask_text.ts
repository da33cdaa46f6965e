// Texts that are for people, and in which anything can turn up.

import type { Secrets } from './mask';
import { maskedFolders } from './mask_path';
import { MAC_ADDRESS, UUID, type Words } from './mask_words';

/** Of so few letters a name is a part of other words, or a common one. */
const SHORTEST = 3;
/** Names of users and hosts that tell nothing, and that are words of their own. Users of the system begin with _. */
const COMMON =
  /^(?:_.*|root|daemon|nobody|admin|administrator|user|guest|mac|macos|build|runner|ci|localhost|apple)$/i;
const NIL = /^[0-]*$/;

export class FreeText {
  readonly #names: RegExp | undefined;
  readonly #serials: RegExp | undefined;

  constructor(
    private readonly words: Words,
    { hostNames, userNames, serials }: Secrets,
  ) {
    const hosts = hostNames.flatMap((name) => [name, name.split('.', 1)[0]!]);
    const names = [...hosts, ...userNames].filter((name) => name.length >= SHORTEST && !COMMON.test(name));
    this.#names = anyOf(names, 'giu');
    this.#serials = anyOf(serials, 'gu');
  }

  /** Numbers and addresses, names and folders of users. */
  mask(text: string): string {
    const masked = this.maskNumbers(maskedFolders(text, this.words));
    return this.#names ? masked.replaceAll(this.#names, (name) => this.words.of(name)) : masked;
  }

  /** Serial numbers, UUIDs and addresses. */
  maskNumbers(text: string): string {
    const masked = text
      .replaceAll(UUID, (uuid) => (NIL.test(uuid) ? uuid : this.words.of(uuid)))
      .replaceAll(MAC_ADDRESS, (address) => this.words.of(address));
    return this.#serials ? masked.replaceAll(this.#serials, (serial) => this.words.of(serial)) : masked;
  }
}

const escaped = (word: string): string => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The longest first: one may be the beginning of another. */
function anyOf(words: readonly string[], flags: string): RegExp | undefined {
  if (words.length === 0) return undefined;
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\d])(?:${sorted.map(escaped).join('|')})(?![\\p{L}\\d])`, flags);
}
