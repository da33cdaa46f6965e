// Words that tell whose Mac it is, and what stands in their place: of the same shape, the same for the same word, and not
// to be undone by who does not have the key.

import { createHmac } from 'node:crypto';

/** In a file whose key is thrown away nobody can tell what a mask stands for, nor whether it stands for a guess. */
export class Words {
  readonly #masks = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #reserved = new Set<string>();

  constructor(private readonly key: Buffer) {}

  /** Words that are masked; none of them is ever a mask. */
  reserve(words: Iterable<string>): void {
    for (const word of words) this.#reserved.add(word);
  }

  get replaced(): ReadonlyMap<string, string> {
    return this.#masks;
  }

  of(word: string): string {
    // Punctuation tells nothing.
    if (!/[\p{L}\d]/u.test(word)) return word;
    let mask = this.#masks.get(word);
    if (mask === undefined) {
      mask = this.#find(word);
      this.#masks.set(word, mask);
      this.#taken.add(mask);
    }
    return mask;
  }

  #find(word: string): string {
    for (let attempt = 0; ; attempt++) {
      // Of very short words there are not enough.
      const longer = word + 'x'.repeat(Math.floor(attempt / ATTEMPTS));
      const mask = shaped(longer, this.#bytes(word, attempt, longer.length));
      if (!this.#reserved.has(mask) && !this.#taken.has(mask)) return mask;
    }
  }

  #bytes(word: string, attempt: number, length: number): Buffer {
    const blocks: Buffer[] = [];
    for (let at = 0; at < length; at += BLOCK)
      blocks.push(createHmac('sha256', this.key).update(`${attempt} ${at} ${word}`).digest());
    return Buffer.concat(blocks);
  }
}

/** Tries before a mask may be longer than its word. */
const ATTEMPTS = 100;
/** Bytes of a SHA-256. */
const BLOCK = 32;

export const UUID = /\b[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}\b/g;
export const MAC_ADDRESS = /\b[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2}){5}\b/g;

const isHexadecimal = (word: string): boolean =>
  new RegExp(`^(?:${UUID.source}|${MAC_ADDRESS.source})$`).test(word);

/** Letters for letters of the same case, digits for digits; of a UUID or an address each for one that may be there. */
function shaped(word: string, bytes: Buffer): string {
  const inHexadecimal = isHexadecimal(word);
  return Array.from(word)
    .map((character, i) => {
      const byte = bytes[i]!;
      if (inHexadecimal && /[\dA-Fa-f]/.test(character)) return hexadecimalLike(word, byte);
      if (/\d/.test(character)) return String(byte % 10);
      if (/\p{Lu}/u.test(character)) return LETTERS[byte % 26]!.toUpperCase();
      return /\p{L}/u.test(character) ? LETTERS[byte % 26]! : character;
    })
    .join('');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function hexadecimalLike(word: string, byte: number): string {
  const digit = (byte % 16).toString(16);
  return /[A-F]/.test(word) ? digit.toUpperCase() : digit;
}
