// One source: prepared once, read at every collection, each of its parts decoded with its own history.

import type { Decoder, Part } from '../decode/decoder';
import { decoderOf, type DecodedName } from '../decode/parts';
import type { Sums } from '../decode/sums';
import type { Channel, FactMap, Failure, Source, SourceName } from '../native/native';
import type { Facts } from './facts';
import { fell, History, type WindowRule } from './window';

export type PartState = 'ok' | 'failed' | 'unsupported';

/** A part as one collection found it. */
export interface Outcome {
  state: PartState;
  now: Part | undefined;
  readonly history: History<Part>;
}

/**
 * What could not be prepared or was not there is looked for again after so many seconds (a Mac may still be booting),
 * and each time in vain after twice as many: listing thousands of channels for what a chip lacks is no work for scrapes.
 */
const PREPARE_AGAIN_AFTER = 60;
const PREPARE_AGAIN_AT_LEAST_EVERY = 3600;

interface Bound {
  readonly name: DecodedName;
  readonly decoder: Decoder<Part>;
  decode: ((values: Float64Array) => object | undefined) | undefined;
  listed: boolean;
  generation: number;
  before: Part | undefined;
  /** Counters as last delivered: one that was missing for a while may come back lower. */
  marks: Float64Array | undefined;
  readonly outcome: Outcome;
}

export interface FeedResult {
  readonly failures: readonly Failure[];
  /** Seconds the read took, waiting for the facility's thread included. */
  readonly duration: number;
}

export class Feed {
  readonly #parts: readonly Bound[];
  #prepared = false;
  #incomplete = 0;
  #patience = PREPARE_AGAIN_AFTER;
  #preparing: Promise<void> | undefined;
  #generation = 0;
  #chosen: readonly Channel[] = [];
  #unprepared: readonly Failure[] = [];
  #boundFacts: FactMap | undefined;
  #running: Promise<FeedResult> | undefined;

  constructor(
    readonly name: SourceName,
    private readonly source: Source,
    parts: readonly DecodedName[],
    private readonly facts: Facts,
    private readonly sums: Sums,
    private readonly rule: WindowRule,
    private readonly seconds: () => number,
  ) {
    this.#parts = parts.map((name) => ({
      name,
      decoder: decoderOf(name),
      decode: undefined,
      listed: false,
      generation: 0,
      before: undefined,
      marks: undefined,
      outcome: { state: 'failed', now: undefined, history: new History<Part>() },
    }));
  }

  outcome(name: DecodedName): Outcome | undefined {
    return this.#parts.find((part) => part.name === name)?.outcome;
  }

  /** Forgets all window starts but the newest sample: the Mac slept in between. */
  rebase(): void {
    for (const { outcome } of this.#parts) {
      outcome.history.clear();
      if (outcome.now) outcome.history.admit(outcome.now, this.rule);
    }
  }

  /** Single flight. Never rejects. */
  run(): Promise<FeedResult> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Makes what was read disappear: nobody waited for it, or it did not come. */
  drop(): void {
    for (const { outcome } of this.#parts) {
      outcome.now = undefined;
      outcome.state = 'failed';
    }
  }

  /** Facts and channels, if they are not there yet. Single flight: two listings at a time would mix. */
  prepare(): Promise<void> {
    this.#preparing ??= this.#prepare().finally(() => {
      this.#preparing = undefined;
    });
    return this.#preparing;
  }

  async #prepare(): Promise<void> {
    const again =
      this.#unprepared.length > 0 ||
      this.facts.failuresOf(this.name).length > 0 ||
      this.#parts.some((part) => this.#mayAppear(part));
    if (this.#prepared && !(again && this.seconds() - this.#incomplete > this.#patience)) return;
    this.#incomplete = this.seconds();
    const failures: Failure[] = [];
    const facts = await this.source.facts();
    this.facts.add(this.name, facts);
    const listing = await this.source.list();
    failures.push(...listing.failures);
    const which = listing.channels.flatMap((channel, i) => (this.#wants(channel) ? [i] : []));
    const chosen = await this.source.select(Uint32Array.from(which));
    failures.push(...chosen.failures);
    // The same channels as before go on as they were, with their windows.
    const same = this.#prepared && sameChannels(this.#chosen, chosen.channels);
    if (!same) {
      this.#generation++;
      this.#boundFacts = undefined;
    }
    this.#patience = same ? Math.min(this.#patience * 2, PREPARE_AGAIN_AT_LEAST_EVERY) : PREPARE_AGAIN_AFTER;
    this.#chosen = chosen.channels;
    this.#unprepared = failures;
    this.#prepared = true;
  }

  async #run(): Promise<FeedResult> {
    const start = this.seconds();
    try {
      await this.prepare();
      if (this.#boundFacts === undefined) await this.facts.gathered();
      if (this.#boundFacts !== this.facts.current) this.#bind();
      const { values, failures } = await this.source.read();
      this.#decode(values, failures);
      const before = [...this.facts.failuresOf(this.name), ...this.#unprepared];
      return {
        failures: before.length === 0 ? failures : [...before, ...failures],
        duration: this.seconds() - start,
      };
    } catch (error) {
      this.drop();
      const call = error instanceof Error ? error.message : String(error);
      const failure = { group: '', call, code: 0, remedy: 'restart the exporter' };
      return { failures: [failure], duration: this.seconds() - start };
    }
  }

  /** Whether a part is not there because its driver may not be there yet: the driver's group has no channel at all. */
  #mayAppear({ decoder, outcome }: Bound): boolean {
    return outcome.state === 'unsupported' && !this.#chosen.some(({ group }) => group === decoder.groups[0]);
  }

  #wants(channel: Channel): boolean {
    return this.#parts.some((part) => part.decoder.wants(channel));
  }

  #bind(): void {
    this.#boundFacts = this.facts.current;
    for (const part of this.#parts) {
      const chosen = this.#chosen.filter((channel) => part.decoder.wants(channel));
      part.decode = part.decoder.bind(chosen, this.facts.current);
      part.listed = part.decode !== undefined || chosen.length > 0;
      if (part.generation !== this.#generation) part.marks = undefined;
      part.generation = this.#generation;
    }
  }

  #decode(values: Float64Array, failures: readonly Failure[]): void {
    const at = values[0]!;
    for (const part of this.#parts) {
      const { decoder, outcome } = part;
      const fields = part.decode?.(values);
      const lost = this.#lost(decoder, failures);
      if (!fields || Number.isNaN(at)) {
        outcome.now = undefined;
        // What was never listed is not there; what was listed and did not come, or cannot be decoded, has failed.
        outcome.state = part.listed || lost ? 'failed' : 'unsupported';
        continue;
      }
      let now: Part = { ...fields, at, generation: part.generation };
      if (decoder.follow) now = decoder.follow(now, part.before, this.sums);
      const counters = decoder.counters?.(now);
      if (counters && part.marks && fell(part.marks, counters)) outcome.history.clear();
      part.marks = counters && known(counters, part.marks);
      part.before = now;
      outcome.now = now;
      // A part that lost a table or a name is served as far as it goes.
      outcome.state = lost ? 'failed' : 'ok';
      outcome.history.admit(now, this.rule);
    }
  }

  #lost(decoder: Decoder<Part>, failures: readonly Failure[]): boolean {
    const mine = ({ group }: Failure) => group === '' || decoder.groups.includes(group);
    return this.#unprepared.some(mine) || failures.some(mine) || this.facts.someFailure(mine);
  }
}

const sameChannels = (before: readonly Channel[], now: readonly Channel[]): boolean =>
  before.length === now.length &&
  now.every((channel, i) => {
    const other = before[i]!;
    return (
      channel.at === other.at &&
      channel.driver === other.driver &&
      channel.id === other.id &&
      channel.name === other.name &&
      channel.group === other.group &&
      channel.unit === other.unit &&
      channel.states.join() === other.states.join()
    );
  });

/** What is missing now keeps its earlier value. */
function known(now: Float64Array, before: Float64Array | undefined): Float64Array {
  return before ? now.map((value, i) => (Number.isNaN(value) ? before[i]! : value)) : now;
}
