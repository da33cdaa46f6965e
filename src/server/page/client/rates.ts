// Growth of counters between two answers, timed by the Mac's own clock.

import type { Sample, Snapshot } from './snapshot.js';

/** Two answers further apart, in seconds of the Mac's clock, say nothing of now. */
const LONGEST = 10;

interface Taken {
  readonly at: number;
  /** By series of each family. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export class Rates {
  #before: Taken | undefined;
  #rates = new Map<string, readonly Sample[]>();

  constructor(private readonly families: readonly string[]) {}

  /** Growth per second; empty where there is no earlier answer to compare with. */
  of(family: string): readonly Sample[] {
    return this.#rates.get(family) ?? [];
  }

  take({ time, families }: Snapshot): void {
    const before = this.#before;
    this.forget();
    if (time.monotonic === null) return;
    const at = time.monotonic;
    const seconds = before ? at - before.at : 0;
    const values = new Map<string, ReadonlyMap<string, number>>();
    for (const family of this.families) {
      const samples = families[family]?.samples ?? [];
      values.set(family, new Map(samples.map((sample) => [seriesOf(sample), sample.value])));
      if (!(seconds > 0 && seconds <= LONGEST)) continue;
      const earlier = before?.values.get(family);
      this.#rates.set(
        family,
        samples.flatMap((sample) => {
          const was = earlier?.get(seriesOf(sample));
          // New, or started anew: there is nothing to compare with.
          if (was === undefined || sample.value < was) return [];
          return [{ labels: sample.labels, value: (sample.value - was) / seconds }];
        }),
      );
    }
    this.#before = { at, values };
  }

  forget(): void {
    this.#before = undefined;
    this.#rates = new Map();
  }
}

const seriesOf = ({ labels }: Sample): string => JSON.stringify(Object.entries(labels));
