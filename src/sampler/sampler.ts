// Collects a snapshot: all sources in parallel, each on its own thread, up to a deadline.

import { decoderOf, MADE_OF, NOTHING, type DecodedName, type PartName, type Parts } from '../decode/parts';
import { countsAne } from '../decode/apps';
import { power } from '../decode/energy';
import { BOOT_SESSION } from '../decode/os';
import { Sums } from '../decode/sums';
import type { FactMap, Native, SourceName } from '../native/native';
import { Accumulator } from './accumulate';
import { Feed, type FeedResult, type PartState } from './feed';
import { Facts } from './facts';
import { Flight } from './flight';
import { DEFAULT_APP_RULE, type AppRule } from './labels';
import type { Snapshot, SourceHealth } from './snapshot';
import { tellApps } from './tell_apps';
import type { WindowRule } from './window';

export const DEFAULT_WINDOW: WindowRule = { min: 10, max: 300 };
/** For those who look at what is now, and ask every second or two. */
export const VIEW_WINDOW: WindowRule = { min: 1, max: 60 };

export interface SamplerOptions {
  /** Which parts are read. A source none of whose parts are wanted is not touched. */
  readonly parts: readonly DecodedName[];
  readonly window?: WindowRule;
  readonly apps?: AppRule;
}

/**
 * Seconds that a read may take for which no scrape waits: the first, before the exporter calls itself ready without it,
 * and those between scrapes.
 */
const PATIENCE = 10;

/** A sleep shorter than this does not disturb a window: the clocks stop together. */
const SLEPT = 1;

export class Sampler {
  readonly #flights: readonly Flight[];
  readonly #facts: Facts;
  readonly #sums = new Sums();
  readonly #window: WindowRule;
  readonly #parts: readonly DecodedName[];
  readonly #feedOf = new Map<DecodedName, Feed>();
  /** Only where rows are wanted. */
  readonly #accumulator: Accumulator | undefined;
  #watch: NodeJS.Timeout | undefined;
  #asleep: number | undefined;
  #ready = false;

  constructor(
    private readonly native: Native,
    options: SamplerOptions,
  ) {
    this.#parts = options.parts;
    this.#window = options.window ?? DEFAULT_WINDOW;
    const names = Object.keys(native.sources) as SourceName[];
    const used = names.filter((source) => this.#partsOf(source).length > 0 || suppliesFacts(source));
    this.#facts = new Facts(used);
    this.#flights = used.map((source) => {
      const parts = this.#partsOf(source);
      const feed = new Feed(
        source,
        native.sources[source],
        parts,
        this.#facts,
        this.#sums,
        this.#window,
        seconds,
      );
      for (const part of parts) this.#feedOf.set(part, feed);
      return new Flight(feed);
    });
    if (this.#parts.some(isTable))
      this.#accumulator = new Accumulator(options.apps ?? DEFAULT_APP_RULE, () => {
        const session = this.facts[BOOT_SESSION];
        // Hashes under an empty key could be guessed.
        return typeof session === 'string' && session !== '' ? session : undefined;
      });
  }

  /** Whether discovery is over. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Facts of this Mac by name (`hw.model`, …), as far as they were read. */
  get facts(): FactMap {
    return this.#facts.current;
  }

  /**
   * Lists and selects the channels of all sources, which may take seconds on a Mac, and reads them once: the first
   * scrape has a window then. Never rejects.
   */
  async discover(): Promise<void> {
    await Promise.all(this.#flights.map(({ feed }) => feed.prepare().catch(() => undefined)));
    await this.collect(PATIENCE);
    this.#ready = true;
  }

  /**
   * Collects what can be had in `timeout` seconds. Never rejects. Who asks for a window of his own starts none for others:
   * theirs are as if he had not been there.
   */
  async collect(timeout: number, window?: WindowRule): Promise<Snapshot> {
    const results = await this.#fly(this.#flights, timeout);
    const sources = this.#flights.map(({ feed }): SourceHealth => {
      const result = results.get(feed);
      return {
        source: feed.name,
        success: result?.failures.length === 0,
        timedOut: result === undefined,
        duration: result?.duration ?? timeout,
        failures: result?.failures ?? [],
      };
    });
    const there = new Set(results.keys());
    this.#noticeSleep(there);
    for (const feed of there) feed.admit(window === undefined);
    return this.#snapshot(there, sources, window);
  }

  /**
   * Reads what comes and goes every so many seconds, also while nobody scrapes: what begins and ends between two scrapes
   * is seen then. Until close().
   */
  watch(seconds: number): void {
    const flights = this.#flights.filter(({ feed }) =>
      this.#parts.some((part) => isTable(part) && this.#feedOf.get(part) === feed),
    );
    this.#watch = setInterval(() => {
      void this.#fly(flights, PATIENCE).then((results) => this.#accumulate(new Set(results.keys())));
    }, seconds * 1000).unref();
  }

  /** False if a source hung and was left behind. */
  close(): boolean {
    clearInterval(this.#watch);
    return this.native.close();
  }

  /** Results of what came in time. One timer, however many sources. */
  async #fly(flights: readonly Flight[], timeout: number): Promise<ReadonlyMap<Feed, FeedResult>> {
    const results = new Map<Feed, FeedResult>();
    await new Promise<void>((resolve) => {
      let over = false;
      const joined = flights.filter((flight) => {
        const running = flight.join();
        if (!running) return false;
        void running.then((result) => {
          if (over) return;
          results.set(flight.feed, result);
          flight.leave(false);
          if (results.size === joined.length) finish();
        });
        return true;
      });
      const timer = setTimeout(finish, timeout * 1000);
      function finish(): void {
        over = true;
        clearTimeout(timer);
        for (const flight of joined) if (!results.has(flight.feed)) flight.leave(true);
        resolve();
      }
      if (joined.length === 0) finish();
    });
    return results;
  }

  #partsOf(source: SourceName): readonly DecodedName[] {
    return this.#parts.filter((part) => decoderOf(part).source === source);
  }

  #noticeSleep(there: ReadonlySet<Feed>): void {
    const clocks = this.#read('clocks', there);
    if (!clocks) return;
    if (this.#asleep !== undefined && clocks.asleep - this.#asleep > SLEPT)
      for (const { feed: slept } of this.#flights) slept.rebase();
    this.#asleep = clocks.asleep;
  }

  #snapshot(there: ReadonlySet<Feed>, sources: readonly SourceHealth[], window?: WindowRule): Snapshot {
    const rule = window ?? this.#window;
    const now: Record<string, unknown> = { ...NOTHING };
    const then: Record<string, unknown> = { ...NOTHING };
    const states = new Map<PartName, PartState>();
    for (const name of this.#parts) {
      const feed = this.#feedOf.get(name)!;
      const outcome = feed.outcome(name)!;
      states.set(name, there.has(feed) ? outcome.state : 'failed');
      if (!there.has(feed) || !outcome.now) continue;
      now[name] = outcome.now;
      const history = window ? outcome.all : outcome.history;
      then[name] = history.startFor(outcome.now, rule);
      if (name === 'energy') {
        const energies = history.samples as readonly Parts['energy'][];
        now['power'] = power(outcome.now as Parts['energy'], energies, rule.min, rule.max);
      }
    }
    Object.assign(now, this.#accumulate(there));
    for (const [name, needed] of MADE) {
      const state = worstOf(needed, states);
      if (state) states.set(name, state);
    }
    const coalitions = now['coalitions'] as Parts['coalitions'] | undefined;
    if (coalitions && states.get('aneWork') === 'ok' && !countsAne(coalitions))
      states.set('aneWork', 'unsupported');
    return { now, then, states, sources };
  }

  /** What apps use, from the rows that were read. */
  #accumulate(there: ReadonlySet<Feed>): object {
    if (!this.#accumulator) return {};
    const read = {
      coalitions: this.#read('coalitions', there),
      processes: this.#read('processes', there),
      gpuClients: this.#read('gpuClients', there),
    };
    this.#accumulator.take(read);
    return tellApps(this.#accumulator, read);
  }

  /** A part, if its source came in time and it could be read. */
  #read<Name extends DecodedName>(name: Name, there: ReadonlySet<Feed>): Parts[Name] | undefined {
    const feed = this.#feedOf.get(name);
    return feed && there.has(feed) ? (feed.outcome(name)?.now as Parts[Name] | undefined) : undefined;
  }
}

const MADE = Object.entries(MADE_OF) as [PartName, readonly DecodedName[]][];

/** Of parts that are all read: failed if one has, or as the first is. Undefined of none. */
function worstOf(
  needed: readonly PartName[],
  states: ReadonlyMap<PartName, PartState>,
): PartState | undefined {
  let worst: PartState | undefined;
  for (const part of needed) {
    const state = states.get(part);
    if (state === undefined) return undefined;
    if (worst === undefined || state === 'failed') worst = state;
  }
  return worst;
}

const isTable = (part: DecodedName): boolean => decoderOf(part).isTable === true;

const suppliesFacts = (source: SourceName): boolean => source === 'sysctl' || source === 'ioregistry';

const seconds = (): number => performance.now() / 1000;
