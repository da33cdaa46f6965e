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

/** A counter on the page: one raw counter, or our own sum over several. */
export interface SumSeries {
  /** Tells our own sums apart; outlives a change of the channel set. */
  readonly name: string;
  /** Indices of raw counters. */
  readonly channels: readonly number[];
}

/** Cumulative raw counters and what becomes of them. */
export interface Summed {
  readonly series: readonly SumSeries[];
  /** NaN where not delivered. */
  readonly raw: Float64Array;
  /** (driver, id) of each raw counter. */
  readonly keys: readonly string[];
  /** By series; NaN while one of its raw counters is missing. */
  readonly totals: Float64Array;
}

/** Fills in `totals`. `isUsable`: whether a raw counter is not only delivered, but means something. */
export function sumUp(
  { series, raw, keys, totals }: Summed,
  sums: Sums,
  isUsable: (channel: number) => boolean = (channel) => !Number.isNaN(raw[channel]!),
): void {
  for (let i = 0; i < series.length; i++) {
    const { name, channels } = series[i]!;
    const usable = channels.every(isUsable);
    if (channels.length === 1) {
      totals[i] = usable ? raw[channels[0]!]! : NaN;
      continue;
    }
    for (const channel of channels)
      if (!Number.isNaN(raw[channel]!)) sums.grow(name, keys[channel]!, raw[channel]!);
    totals[i] = usable ? sums.of(name) : NaN;
  }
}
