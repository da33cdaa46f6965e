// Our own counters, where one hardware counter is not enough: sums of positive deltas that start at 0 when the exporter
// starts. A sum of raw counters would jump whenever one of them restarts or is missing for a while.

export class Sums {
  readonly #last = new Map<string, number>();
  readonly #sums = new Map<string, number>();

  /** Adds what the raw counter `key` grew since it was last seen to the sum `into`. The first sight is the baseline. */
  grow(into: string, key: string, value: number): void {
    const last = this.#last.get(key);
    if (last !== undefined && value > last) this.#sums.set(into, this.of(into) + value - last);
    this.#last.set(key, value);
  }

  of(into: string): number {
    return this.#sums.get(into) ?? 0;
  }
}
