// A token bucket, one for all clients.

import type { RateLimit } from './config';

export class Bucket {
  #tokens: number;
  #at: number;

  constructor(
    readonly limit: RateLimit,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#tokens = limit.burst;
    this.#at = now();
  }

  /** Whether one more request may pass. */
  take(): boolean {
    const { interval, burst } = this.limit;
    const now = this.now();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#at) / interval);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
