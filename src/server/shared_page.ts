// A page as bytes, for all who asked for the same while it was being made. Its memory is used again once all have it.

import type { Sink } from '../metrics/write';
import { compressed } from './answer';

/** Pages at once, about: a scrape, and one that is still being read by a slow client. */
const KEPT = 4;

export class SharedPage {
  #zipped: Buffer | undefined;

  constructor(
    private readonly pool: PagePool,
    private readonly memory: PageMemory,
    private readers: number,
  ) {}

  get plain(): Buffer {
    return this.memory.bytes;
  }

  /** Compressed by the first who wants it so. */
  get zipped(): Buffer {
    return (this.#zipped ??= compressed(this.plain));
  }

  /** One of the readers has it. */
  taken(): void {
    if (--this.readers === 0) this.pool.giveBack(this.memory);
  }
}

export class PagePool {
  readonly #free: PageMemory[] = [];
  readonly #running = new Map<string, Running>();

  /** The page that is being written for `key`, or that `write` writes. Whoever gets it says when it was taken. */
  share(key: string, write: (page: Sink) => Promise<void>): Promise<SharedPage> {
    let running = this.#running.get(key);
    if (!running) {
      running = { readers: 0, page: this.#make(key, write) };
      this.#running.set(key, running);
    }
    running.readers++;
    return running.page;
  }

  giveBack(memory: PageMemory): void {
    if (this.#free.length < KEPT) this.#free.push(memory);
  }

  async #make(key: string, write: (page: Sink) => Promise<void>): Promise<SharedPage> {
    const memory = this.#free.pop() ?? new PageMemory();
    memory.clear();
    try {
      await write(memory);
      return new SharedPage(this, memory, this.#running.get(key)!.readers);
    } finally {
      this.#running.delete(key);
    }
  }
}

interface Running {
  readers: number;
  readonly page: Promise<SharedPage>;
}

/** At most, of UTF-8 for one of UTF-16. */
const BYTES_OF_A_UNIT = 3;
const FIRST_SIZE = 65_536;

/** Grows to what the longest page needs. */
class PageMemory implements Sink {
  #memory = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #length = 0;

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  add(text: string): void {
    const needed = this.#length + text.length * BYTES_OF_A_UNIT;
    if (needed > this.#memory.length) this.#grow(Math.max(needed, 2 * this.#memory.length));
    this.#length += this.#memory.write(text, this.#length, 'utf8');
  }

  #grow(size: number): void {
    const before = this.bytes;
    this.#memory = Buffer.allocUnsafeSlow(size);
    before.copy(this.#memory);
  }
}
