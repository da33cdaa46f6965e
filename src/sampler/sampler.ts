// Collects a snapshot: all sources in parallel, each on its own thread, up to a deadline.

import { decoderOf, type DecodedName, type PartName, type Parts } from '../decode/parts';
import { power } from '../decode/energy';
import { Sums } from '../decode/sums';
import type { FactMap, Native, SourceName } from '../native/native';
import { Feed, type FeedResult, type PartState } from './feed';
import { Facts } from './facts';
import { Flight } from './flight';
import type { Snapshot, SourceHealth } from './snapshot';
import type { WindowRule } from './window';

export const DEFAULT_WINDOW: WindowRule = { min: 10, max: 300 };

export interface SamplerOptions {
  /** Which parts are read. A source none of whose parts are wanted is not touched. */
  readonly parts: readonly DecodedName[];
  readonly window?: WindowRule;
}

/** Seconds that the first read may take before the exporter calls itself ready without it. */
const FIRST_READ = 10;

/** A sleep shorter than this does not disturb a window: the clocks stop together. */
const SLEPT = 1;

export class Sampler {
  readonly #flights: readonly Flight[];
  readonly #facts: Facts;
  readonly #sums = new Sums();
  readonly #window: WindowRule;
  readonly #parts: readonly DecodedName[];
  readonly #feedOf = new Map<DecodedName, Feed>();
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
    await this.collect(FIRST_READ);
    this.#ready = true;
  }

  /** Collects what can be had in `timeout` seconds. Never rejects. */
  async collect(timeout: number): Promise<Snapshot> {
    const results = await this.#fly(timeout);
    const sources = this.#flights.map(({ feed }, i): SourceHealth => {
      const result = results[i];
      return {
        source: feed.name,
        success: result?.failures.length === 0,
        timedOut: result === undefined,
        duration: result?.duration ?? timeout,
        failures: result?.failures ?? [],
      };
    });
    const there = new Set(this.#flights.filter((_, i) => results[i]).map(({ feed }) => feed));
    this.#noticeSleep(there);
    return { ...this.#parted(there), sources };
  }

  /** False if a source hung and was left behind. */
  close(): boolean {
    return this.native.close();
  }

  /** Results by flight; undefined for what did not come in time. One timer, however many sources. */
  async #fly(timeout: number): Promise<readonly (FeedResult | undefined)[]> {
    const results: (FeedResult | undefined)[] = new Array<undefined>(this.#flights.length).fill(undefined);
    await new Promise<void>((resolve) => {
      let missing = 0;
      let over = false;
      const joined = this.#flights.map((flight, i) => {
        const running = flight.join();
        if (!running) return false;
        missing++;
        void running.then((result) => {
          if (over) return;
          results[i] = result;
          flight.leave(false);
          if (--missing === 0) finish();
        });
        return true;
      });
      const timer = setTimeout(finish, timeout * 1000);
      const flights = this.#flights;
      function finish(): void {
        over = true;
        clearTimeout(timer);
        flights.forEach((flight, i) => {
          if (joined[i] && !results[i]) flight.leave(true);
        });
        resolve();
      }
      if (missing === 0) finish();
    });
    return results;
  }

  #partsOf(source: SourceName): readonly DecodedName[] {
    return this.#parts.filter((part) => decoderOf(part).source === source);
  }

  #noticeSleep(there: ReadonlySet<Feed>): void {
    const feed = this.#feedOf.get('clocks');
    const clocks =
      feed && there.has(feed) ? (feed.outcome('clocks')?.now as Parts['clocks'] | undefined) : undefined;
    if (!clocks) return;
    if (this.#asleep !== undefined && clocks.asleep - this.#asleep > SLEPT)
      for (const { feed: slept } of this.#flights) slept.rebase();
    this.#asleep = clocks.asleep;
  }

  #parted(there: ReadonlySet<Feed>): Pick<Snapshot, 'now' | 'then' | 'states'> {
    const now: Record<string, unknown> = {};
    const then: Record<string, unknown> = {};
    const states = new Map<PartName, PartState>();
    for (const name of this.#parts) {
      const feed = this.#feedOf.get(name)!;
      const outcome = feed.outcome(name)!;
      states.set(name, there.has(feed) ? outcome.state : 'failed');
      if (!there.has(feed) || !outcome.now) continue;
      now[name] = outcome.now;
      then[name] = outcome.history.startFor(outcome.now, this.#window);
      if (name === 'energy') {
        const energies = outcome.history.samples as readonly Parts['energy'][];
        now['power'] = power(outcome.now as Parts['energy'], energies, this.#window.min, this.#window.max);
      }
    }
    const energyState = states.get('energy');
    if (energyState) states.set('power', energyState);
    return { now: now, then: then, states };
  }
}

const suppliesFacts = (source: SourceName): boolean => source === 'sysctl' || source === 'ioregistry';

const seconds = (): number => performance.now() / 1000;
