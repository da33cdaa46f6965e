// Earlier samples of one part, as starts of windows.

import type { Part } from '../decode/decoder';

export interface WindowRule {
  /** A window starts at the newest sample that is at least so many seconds old … */
  readonly min: number;
  /** … and at most so many. */
  readonly max: number;
}

/** Samples closer together than this would only push older ones out. */
const ADMIT_EVERY = 1;
/** Just after start the oldest sample will do from this age on. */
const FIRST_AFTER = 1;
/** How much longer than `min` samples are kept: a rail's publication may be so much older than its sample. */
const PUBLICATION_LAG = 10;

export class History<P extends Part> {
  readonly #samples: P[] = [];

  /** Oldest first. */
  get samples(): readonly P[] {
    return this.#samples;
  }

  clear(): void {
    this.#samples.length = 0;
  }

  admit(part: P, rule: WindowRule): void {
    const newest = this.#samples.at(-1);
    if (newest && part.at - newest.at < ADMIT_EVERY) return;
    this.#samples.push(part);
    // The newest one older than `min` (and lag) stays: it starts the windows of slow scrapers.
    const old = part.at - rule.min - PUBLICATION_LAG;
    while (this.#samples.length > 1 && this.#samples[1]!.at <= old) this.#samples.shift();
  }

  /** The start of the window that ends at `now`; undefined while there is none. */
  startFor(now: P, rule: WindowRule): P | undefined {
    let start: P | undefined;
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const sample = this.#samples[i]!;
      const age = now.at - sample.at;
      if (sample.generation !== now.generation || age > rule.max) break;
      if (age >= FIRST_AFTER) start = sample;
      if (age >= rule.min) break;
    }
    return start;
  }
}

/** Whether a cumulative value fell from one sample to the next: a reset, or a wrap. */
export function fell(before: Float64Array, now: Float64Array): boolean {
  for (let i = 0; i < now.length; i++) if (now[i]! < before[i]!) return true;
  return false;
}
