// Watches the sources while the sampler uses them: what each lists, how long its calls take, in which one it hangs.

import type { Listing, Native, Source, SourceName } from '../../native/native';

type Call = keyof Source;

export interface Observation {
  /** All that it lists, wanted or not; undefined if it did not answer. */
  listing: Listing | undefined;
  /** Seconds that list() and read() took, waiting for the facility's thread included. */
  listTook: number | undefined;
  readTook: number | undefined;
  /** How many facts it told. */
  facts: number;
  /** How many rows the last read brought, of a source of rows. */
  rows: number | undefined;
  /** The call that has not returned. */
  pending: Call | undefined;
}

export interface Observed {
  /** To be used in place of the one that is observed. */
  readonly native: Native;
  readonly observations: Readonly<Record<SourceName, Observation>>;
}

/** Sources of rows: their channels are columns. */
export const TABLES: ReadonlySet<SourceName> = new Set(['libproc', 'coalition', 'gpu_clients']);

export function observe(native: Native): Observed {
  const watched: Record<string, Source> = {};
  const observations: Record<string, Observation> = {};
  for (const [name, source] of Object.entries(native.sources)) {
    const observer = new Observer(source, TABLES.has(name as SourceName));
    watched[name] = observer;
    observations[name] = observer.seen;
  }
  return {
    native: { sources: watched as Native['sources'], close: () => native.close() },
    observations: observations as Observed['observations'],
  };
}

class Observer implements Source {
  readonly seen: Observation = {
    listing: undefined,
    listTook: undefined,
    readTook: undefined,
    facts: 0,
    rows: undefined,
    pending: undefined,
  };

  constructor(
    private readonly source: Source,
    private readonly isTable: boolean,
  ) {}

  async list() {
    const { result, took } = await this.#timed('list', () => this.source.list());
    this.seen.listing = result;
    this.seen.listTook = took;
    return result;
  }

  async select(which: Uint32Array) {
    return (await this.#timed('select', () => this.source.select(which))).result;
  }

  async read() {
    const { result, took } = await this.#timed('read', () => this.source.read());
    this.seen.readTook = took;
    if (this.isTable) this.seen.rows = result.values[1];
    return result;
  }

  async facts() {
    const { result } = await this.#timed('facts', () => this.source.facts());
    this.seen.facts = Object.keys(result.values).length;
    return result;
  }

  async names(ids: Float64Array) {
    return (await this.#timed('names', () => this.source.names(ids))).result;
  }

  record() {
    return this.source.record();
  }

  probe() {
    return this.source.probe();
  }

  async #timed<T>(call: Call, run: () => Promise<T>): Promise<{ result: T; took: number }> {
    const start = performance.now();
    this.seen.pending = call;
    const result = await run();
    this.seen.pending = undefined;
    return { result, took: (performance.now() - start) / 1000 };
  }
}
