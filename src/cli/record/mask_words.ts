// Words that tell whose Mac it is, and what stands in their place: of the same shape, the same for the same word, and not
// to be undone by who does not have the key.

import { createHmac } from 'node:crypto';
import { fitsLike, isWhole, longer, shaped, tellsNothing } from './mask_shape';

const NONE: ReadonlySet<string> = new Set();

/** In a file whose key is thrown away nobody can tell what a mask stands for, nor whether it stands for a guess. */
export class Words {
  readonly #asked = new Map<string, string>();
  readonly #masks = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #serials = new Set<string>();
  readonly #reserved = new Set<string>();

  /** `cut`: names of which only the beginning is told. The mask of such a name is the beginning of that of the whole. */
  constructor(
    private readonly key: Buffer,
    private readonly cut: ReadonlySet<string> = NONE,
  ) {}

  /** Words that are masked; none of them is ever a mask. */
  reserve(words: Iterable<string>): void {
    for (const word of words) this.#reserved.add(word);
  }

  isReserved(word: string): boolean {
    return this.#reserved.has(word);
  }

  /** Masks by what they stand for. */
  get replaced(): ReadonlyMap<string, string> {
    return this.#asked;
  }

  /** Of what has been masked all that may have no other meaning. */
  get all(): Iterable<string> {
    return this.#masks.keys();
  }

  /** Words that something called serial numbers: they may turn up elsewhere, too. */
  get serials(): Iterable<string> {
    return this.#serials;
  }

  of(word: string): string {
    if (tellsNothing(word)) return word;
    const mask = this.#maskOf(word);
    this.#asked.set(word, mask);
    return mask;
  }

  serial(word: string): string {
    // "Unknown" is none.
    if (/\d/.test(word)) this.#serials.add(word);
    return this.of(word);
  }

  /** Bytes that are no text, zeros excepted. */
  binary(bytes: Buffer): Buffer {
    const noise = this.#bytes(bytes.toString('hex'), 0, bytes.length);
    return Buffer.from(bytes.map((byte, i) => (byte === 0 ? 0 : 1 + (noise[i]! % 255))));
  }

  #maskOf(word: string): string {
    if (tellsNothing(word)) return word;
    let mask = this.#masks.get(word);
    if (mask === undefined) {
      mask = this.#find(word);
      this.#masks.set(word, mask);
      this.#taken.add(mask);
    }
    return mask;
  }

  #find(word: string): string {
    const beginning = isWhole(word) ? '' : this.#beginningOf(word);
    const begun = this.#maskOf(beginning);
    const from = Array.from(beginning).length;
    let shape = word;
    for (let attempt = 1; ; attempt++) {
      const mask = begun + shaped(shape, from, this.#bytes(word, attempt, shape.length));
      if (!this.#reserved.has(mask) && !this.#taken.has(mask) && fitsLike(word, mask)) return mask;
      // Of very short words there are not enough.
      if (attempt % ATTEMPTS === 0) shape = longer(shape);
    }
  }

  /** The longest that is told of it elsewhere. */
  #beginningOf(word: string): string {
    for (let length = this.cut.size === 0 ? 0 : word.length - 1; length > 0; length--)
      if (this.cut.has(word.slice(0, length))) return word.slice(0, length);
    return '';
  }

  #bytes(word: string, attempt: number, length: number): Buffer {
    const blocks: Buffer[] = [];
    for (let at = 0; at < length; at += BLOCK)
      blocks.push(createHmac('sha256', this.key).update(`${attempt} ${at} ${word}`).digest());
    return Buffer.concat(blocks);
  }
}

/** Tries before a mask may be longer than its word. */
const ATTEMPTS = 200;
/** Bytes of a SHA-256. */
const BLOCK = 32;
