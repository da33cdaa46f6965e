// A token bucket for all clients, of which none can take the others' part.

import type { RateLimit } from './config';

/** Addresses that are told apart, and milliseconds for which one that comes no more still has a part. */
const MOST_CLIENTS = 256;
const KEPT = 600_000;

export class Bucket {
  readonly #all: Tokens;
  /** What each has left of its own part; who came last is last. */
  readonly #parts = new Map<string, Tokens>();

  constructor(
    readonly limit: RateLimit,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#all = new Tokens(limit.burst, now());
  }

  get clients(): number {
    return this.#parts.size;
  }

  /** Whether one more request of this address may pass. */
  take(address: string): boolean {
    const { interval, burst } = this.limit;
    const now = this.now();
    const part = this.#partOf(address, now);
    const sharing = this.#parts.size;
    const left = this.#all.fill(now, interval, burst);
    const own = part.fill(now, interval * sharing, Math.max(1, burst / sharing));
    // Who has used up its part may have what the others' parts do not need: all of it where there is nobody else.
    const reserved = own >= 1 ? 0 : burst - burst / sharing;
    if (left < 1 + reserved) return false;
    this.#all.left--;
    part.left = Math.max(0, own - 1);
    return true;
  }

  #partOf(address: string, now: number): Tokens {
    const part = this.#parts.get(address) ?? new Tokens(this.limit.burst, now);
    this.#parts.delete(address);
    for (const [other, { at }] of this.#parts) {
      if (now - at < KEPT && this.#parts.size < MOST_CLIENTS) break;
      this.#parts.delete(other);
    }
    this.#parts.set(address, part);
    return part;
  }
}

class Tokens {
  constructor(
    public left: number,
    public at: number,
  ) {}

  /** What is there now, one more each interval, `most` at most. */
  fill(now: number, interval: number, most: number): number {
    this.left = Math.min(most, this.left + (now - this.at) / interval);
    this.at = now;
    return this.left;
  }
}
