// What the exporter answers at api/v1/snapshot, as far as this page reads it, and one answer to read from.

import type { Rates } from './rates.js';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Collector {
  readonly collector: string;
  readonly supported: boolean;
  readonly success: boolean;
  readonly window: number | null;
  readonly failures: readonly {
    readonly source: string;
    readonly call: string;
    readonly code: number;
    readonly remedy: string;
  }[];
  readonly timedOut: readonly string[];
}

export interface Snapshot {
  readonly version: number;
  readonly time: { readonly monotonic: number | null };
  readonly machine: { readonly origin: string };
  readonly collectors: readonly Collector[];
  readonly families: Readonly<Record<string, { readonly samples: readonly Sample[] }>>;
}

/** Values are undefined where they are not known: nothing here is ever 0 for that. */
export class Reading {
  constructor(
    readonly snapshot: Snapshot,
    private readonly rates: Rates,
    private readonly known: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
  ) {}

  samples(family: string): readonly Sample[] {
    return this.snapshot.families[family]?.samples ?? [];
  }

  value(family: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels);
    return this.samples(family).find((sample) => wanted.every(([name, of]) => sample.labels[name] === of))
      ?.value;
  }

  /** Values by one label; several samples of a label value are added up. */
  by(family: string, label: string): Map<string, number> {
    return byLabel(this.samples(family), label);
  }

  /** Growth per second of a counter by one label. */
  ratesBy(family: string, label: string): Map<string, number> {
    return byLabel(this.rates.of(family), label);
  }

  /** The labels of the one sample of an info family. */
  labels(family: string): Readonly<Record<string, string>> | undefined {
    return this.samples(family)[0]?.labels;
  }

  /** Values of a label that this page has seen and that are not there now. */
  missing(family: string, label: string): readonly string[] {
    const now = this.by(family, label);
    return [...(this.known.get(family) ?? [])].filter((value) => !now.has(value));
  }
}

function byLabel(samples: readonly Sample[], label: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = labels[label] ?? '';
    found.set(key, (found.get(key) ?? 0) + value);
  }
  return found;
}
