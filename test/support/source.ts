// One source of the addon on a machine made in a test.

import { GPU_CLIENTS } from '../../src/decode/apps';
import { loadDouble } from '../../src/native/load';
import type { Channel, Double, Failure, Listing, Live, SourceName, Wants } from '../../src/native/native';
import type { FaultPlan } from './exporter';
import type { Machine } from './machines';

const SECOND = 24_000_000;
const FRAMES = [0, 1, 2].map((second) => (1000 + second) * SECOND);

/** A Mac of three frames, one second each, with nothing but the sections given. */
export const bare = (sections: Partial<Machine>): Machine => ({
  format: 1,
  about: 'made in a test',
  origin: 'built',
  clock: { timebase: [125, 3], absolute: FRAMES, continuous: FRAMES },
  ...sections,
});

const NO_WANTS: Wants = {
  ioreport: [],
  ioregistry: { live: [], facts: [] },
  sysctl: { live: [], numbers: [], texts: [] },
  smc: { prefixes: [], keys: [] },
  power_sources: { live: [], facts: [] },
  notify: [],
  gpu_clients: GPU_CLIENTS,
};

export class TestSource {
  readonly double: Double;
  #chosen: readonly Channel[] = [];

  constructor(
    machine: Machine,
    readonly name: SourceName,
    wants: Partial<Wants> = {},
    plan: FaultPlan = {},
  ) {
    this.double = loadDouble().open({ ...NO_WANTS, ...wants }, JSON.stringify(machine), { clock: 'manual' });
    this.plan(plan);
  }

  get #source() {
    return this.double.sources[this.name];
  }

  plan(plan: FaultPlan): void {
    this.double.plan(JSON.stringify(plan));
  }

  calls(of: string): number {
    return this.double.calls()[of] ?? 0;
  }

  list(): Promise<Listing> {
    return this.#source.list();
  }

  /** Lists, and selects all of it, or what `which` wants. */
  async start(which?: (name: string) => boolean): Promise<Listing> {
    const listing = await this.list();
    const indices = [...listing.channels.keys()].filter((i) => !which || which(listing.channels[i]!.name));
    const chosen = await this.#source.select(Uint32Array.from(indices));
    this.#chosen = chosen.channels;
    return { channels: chosen.channels, failures: [...listing.failures, ...chosen.failures] };
  }

  /** The values by name; of a name that repeats, the last. */
  async read(): Promise<{ values: Record<string, number>; failures: readonly Failure[] }> {
    const { values, failures } = await this.#source.read();
    return {
      values: Object.fromEntries(this.#chosen.map(({ name, at }) => [name, values[at + 1]!])),
      failures,
    };
  }

  /** Of a source of rows: each by column. `undefined` where the rows are not known. */
  async readRows(): Promise<{
    rows: Record<string, number>[] | undefined;
    values: Float64Array;
    failures: readonly Failure[];
  }> {
    const { values, failures } = await this.#source.read();
    const width = this.#chosen.length;
    const rows = Number.isNaN(values[1])
      ? undefined
      : Array.from({ length: values[1]! }, (_, row) =>
          Object.fromEntries(this.#chosen.map(({ name, at }) => [name, values[2 + row * width + at]!])),
        );
    return { rows, values, failures };
  }

  names(...ids: number[]): Promise<readonly string[]> {
    return this.#source.names(Float64Array.from(ids));
  }

  step(seconds: number): this {
    this.double.step(seconds);
    return this;
  }

  /** What is still open after the end. */
  close(): Live {
    this.plan({});
    this.double.releaseHangs();
    // A close waits 50 ms for its threads, which a busy computer may not give them.
    for (let attempt = 0; attempt < 100; attempt++) if (this.double.close()) return this.double.live();
    throw new Error('the source hangs');
  }
}

export const NOTHING_OPEN: Live = { objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 };

/** Runs `use` on a source, and sees to it that nothing is left open. */
export async function withSource<T>(source: TestSource, use: (source: TestSource) => Promise<T>): Promise<T> {
  try {
    return await use(source);
  } finally {
    expect(source.close()).toEqual(NOTHING_OPEN);
  }
}

/** The same, on one all of whose channels or columns are selected. */
export const withStarted = (source: TestSource, use: (source: TestSource) => Promise<void>): Promise<void> =>
  withSource(source, async () => {
    await source.start();
    await use(source);
  });

const HOW = ['fail', 'null', 'short', 'garbage'] as const;

/**
 * Fails every call that `use` makes, in each way, once and for ever. `use` judges what it sees; nothing may be left
 * open. Returns how many faults that were.
 */
export async function failEveryCall(
  open: (plan: FaultPlan) => TestSource,
  use: (source: TestSource, how: (typeof HOW)[number] | undefined) => Promise<void>,
): Promise<number> {
  let calls = 0;
  await withSource(open({}), async (source) => {
    await use(source, undefined);
    calls = Object.values(source.double.calls()).reduce((sum, count) => sum + count, 0);
  });
  let faults = 0;
  for (let nth = 1; nth <= calls; nth++)
    for (const how of HOW)
      for (const forever of [false, true]) {
        const plan = { calls: [{ function: '*', nth, forever, how }] };
        await withSource(open(plan), (source) => use(source, how));
        faults++;
      }
  return faults;
}

/** What `look` sees at each of these seconds. */
export async function watch<T>(
  source: TestSource,
  seconds: readonly number[],
  look: () => Promise<T>,
): Promise<T[]> {
  const seen: T[] = [];
  let now = 0;
  for (const at of seconds) {
    source.step(at - now);
    now = at;
    seen.push(await look());
  }
  return seen;
}
