// A page as bytes, for all who asked for the same while it was being made. Its memory is used again once all have it.

import { compressed } from './answer';

/** Pages at once, about: a scrape, and one that is still being read by a slow client. */
const KEPT = 4;

export class SharedPage {
  #zipped: Buffer | undefined;

  constructor(
    private readonly pool: PagePool,
    private readonly memory: Buffer,
    private readonly length: number,
    private readers: number,
  ) {}

  get plain(): Buffer {
    return this.memory.subarray(0, this.length);
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
  readonly #free: Buffer[] = [];
  readonly #running = new Map<string, Running>();

  /** The page that is being made for `key`, or that `make` makes. Whoever gets it says when it was taken. */
  share(key: string, make: () => Promise<string>): Promise<SharedPage> {
    let running = this.#running.get(key);
    if (!running) {
      running = { readers: 0, page: this.#make(key, make) };
      this.#running.set(key, running);
    }
    running.readers++;
    return running.page;
  }

  giveBack(memory: Buffer): void {
    if (this.#free.length < KEPT) this.#free.push(memory);
  }

  async #make(key: string, make: () => Promise<string>): Promise<SharedPage> {
    try {
      const text = await make();
      const most = text.length * BYTES_OF_A_UNIT;
      let memory = this.#free.pop();
      if (!memory || memory.length < most) memory = Buffer.allocUnsafeSlow(most + most / 4);
      return new SharedPage(this, memory, memory.write(text, 'utf8'), this.#running.get(key)!.readers);
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
