// One source of a machine made in a test, all of whose channels are selected, by their place and not by their name.

import type { Channel, Failure, Listing, SourceName } from '../../src/native/native';
import type { Call, FaultPlan } from './exporter';
import type { Machine } from './machines';
import { bare, NOTHING_OPEN, TestSource, withSource } from './source';

/** Seconds from one frame to the next. */
export const FRAME = 10;
const TICKS_PER_SECOND = 24e6;

export interface ListedOptions {
  readonly frames?: number;
  readonly plan?: FaultPlan;
}

/** One read, by channel in the order of their selection. */
export interface Values {
  readonly at: number;
  readonly stamps: readonly number[];
  readonly values: readonly number[];
  readonly failures: readonly Failure[];
}

export class ListedSource extends TestSource {
  channels: readonly Channel[] = [];
  failures: readonly Failure[] = [];

  constructor(name: SourceName, sections: Partial<Machine>, { frames = 1, plan = {} }: ListedOptions = {}) {
    const ticks = Array.from({ length: frames }, (_, i) => (1000 + i * FRAME) * TICKS_PER_SECOND);
    const machine = bare(sections);
    super({ ...machine, clock: { ...machine.clock, absolute: ticks, continuous: ticks } }, name, {}, plan);
  }

  override async start(): Promise<Listing> {
    const listing = await super.start();
    this.channels = listing.channels;
    this.failures = listing.failures;
    return listing;
  }

  async readAll(): Promise<Values> {
    const { values, failures } = await this.double.sources[this.name].read();
    return {
      at: values[0]!,
      stamps: this.channels.map(({ at }) => values[at]!),
      values: this.channels.map(({ at }) => values[at + 1]!),
      failures,
    };
  }

  /** Reads `seconds` of the machine's time after the last one. */
  readAfter(seconds: number): Promise<Values> {
    this.double.step(seconds);
    return this.readAll();
  }

  facts() {
    return this.double.sources[this.name].facts();
  }
}

/** Lists a source for as long as `use` runs; nothing may stay open. */
export const withListed = (
  name: SourceName,
  sections: Partial<Machine>,
  use: (source: ListedSource) => Promise<void> | void,
  options: ListedOptions = {},
): Promise<void> => {
  const source = new ListedSource(name, sections, options);
  return withSource(source, async () => {
    await source.start();
    await use(source);
  });
};

/** What a source tells from its start to its end: values by read and channel, and facts. */
interface Life {
  readonly told: ReadonlyMap<string, unknown>;
  readonly failures: readonly Failure[];
  readonly calls: Readonly<Record<string, number>>;
}

async function live(source: ListedSource, reads: number): Promise<Life> {
  const facts = await source.facts();
  await source.start();
  const failures = [...facts.failures, ...source.failures];
  const told = new Map<string, unknown>(Object.entries(facts.values));
  for (let n = 0; n < reads; n++) {
    const read = n === 0 ? await source.readAll() : await source.readAfter(FRAME);
    failures.push(...read.failures);
    source.channels.forEach(({ name }, i) => {
      if (!Number.isNaN(read.values[i])) told.set(`${name} of read ${n}`, read.values[i]);
    });
  }
  return { told, failures, calls: source.double.calls() };
}

/**
 * Fails each call that a source makes in its life, once and for ever. What it then tells is what it tells otherwise, or
 * less, and what is missing comes with a failure of `group`, unless the failed function is one of `absent`: their failure
 * looks like something that this Mac does not have. Names must not repeat. Returns how many faults that were.
 */
export async function failEach(
  name: SourceName,
  sections: Partial<Machine>,
  { frames = 1, plan = {} }: ListedOptions,
  { group, absent }: { group: string; absent: ReadonlySet<string> },
): Promise<number> {
  const lifeUnder = async (calls: readonly Call[]): Promise<Life> => {
    const source = new ListedSource(name, sections, { frames, plan: { ...plan, calls } });
    const life = await live(source, frames);
    expect({ calls, open: source.close() }).toEqual({ calls, open: NOTHING_OPEN });
    return life;
  };
  const whole = await lifeUnder([]);
  expect(whole.failures).toEqual([]);
  let faults = 0;
  for (const [called, count] of Object.entries(whole.calls))
    for (let nth = 1; nth <= count; nth++)
      for (const forever of [false, true]) {
        const call: Call = { function: called, nth, forever };
        const { told, failures } = await lifeUnder([call]);
        for (const [what, value] of told)
          expect({ call, what, value }).toEqual({ call, what, value: whole.told.get(what) });
        expect(failures.every(({ call: of, remedy }) => of !== '' && remedy !== '')).toBe(true);
        const missing = [...whole.told.keys()].filter((what) => !told.has(what));
        const admitted = absent.has(called) || failures.some((failure) => failure.group === group);
        if (!admitted) expect({ call, missing }).toEqual({ call, missing: [] });
        faults++;
      }
  return faults;
}
