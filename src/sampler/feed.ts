// One source: prepared once, read at every collection, each of its parts decoded with its own history.

import type { Decoder, Part } from '../decode/decoder';
import { decoderOf, type DecodedName } from '../decode/parts';
import type { Sums } from '../decode/sums';
import type { Channel, FactMap, Failure, Source, SourceName } from '../native/native';
import { fell, History, type WindowRule } from './window';

export type PartState = 'ok' | 'failed' | 'unsupported';

/** A part as one collection found it. */
export interface Outcome {
  state: PartState;
  now: Part | undefined;
  readonly history: History<Part>;
}

/** A group that could not be prepared is tried again after so many seconds; a Mac may still be booting. */
const PREPARE_AGAIN_AFTER = 60;

interface Bound {
  readonly name: DecodedName;
  readonly decoder: Decoder<Part>;
  decode: ((values: Float64Array) => object | undefined) | undefined;
  listed: boolean;
  generation: number;
  before: Part | undefined;
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
  #generation = 0;
  #chosen: readonly Channel[] = [];
  #unprepared: readonly Failure[] = [];
  #boundFacts: FactMap | undefined;
  #running: Promise<FeedResult> | undefined;

  constructor(
    readonly name: SourceName,
    private readonly source: Source,
    parts: readonly DecodedName[],
    /** Facts of all sources; another object when they changed. */
    private readonly facts: { current: FactMap; add(facts: FactMap): void },
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

  /** Facts and channels, if they are not there yet. Never rejects. */
  async prepare(): Promise<void> {
    const again =
      this.#unprepared.length > 0 || this.#parts.some((part) => part.outcome.state === 'unsupported');
    if (this.#prepared && !(again && this.seconds() - this.#incomplete > PREPARE_AGAIN_AFTER)) return;
    this.#incomplete = this.seconds();
    const failures: Failure[] = [];
    const facts = await this.source.facts();
    failures.push(...facts.failures);
    this.facts.add(facts.values);
    const listing = await this.source.list();
    failures.push(...listing.failures);
    const which = listing.channels.flatMap((channel, i) => (this.#wants(channel) ? [i] : []));
    const chosen = await this.source.select(Uint32Array.from(which));
    failures.push(...chosen.failures);
    this.#chosen = chosen.channels;
    this.#unprepared = failures;
    this.#prepared = true;
    this.#boundFacts = undefined;
  }

  async #run(): Promise<FeedResult> {
    const start = this.seconds();
    try {
      await this.prepare();
      if (this.#boundFacts !== this.facts.current) this.#bind();
      const { values, failures } = await this.source.read();
      this.#decode(values, failures);
      const all = this.#unprepared.length === 0 ? failures : [...this.#unprepared, ...failures];
      return { failures: all, duration: this.seconds() - start };
    } catch (error) {
      this.drop();
      const call = error instanceof Error ? error.message : String(error);
      const failure = { group: '', call, code: 0, remedy: 'restart the exporter' };
      return { failures: [failure], duration: this.seconds() - start };
    }
  }

  #wants(channel: Channel): boolean {
    return this.#parts.some((part) => part.decoder.wants(channel));
  }

  #bind(): void {
    this.#boundFacts = this.facts.current;
    this.#generation++;
    for (const part of this.#parts) {
      const chosen = this.#chosen.filter((channel) => part.decoder.wants(channel));
      part.decode = part.decoder.bind(chosen, this.facts.current);
      part.listed = part.decode !== undefined || chosen.length > 0;
      part.generation = this.#generation;
    }
  }

  #decode(values: Float64Array, failures: readonly Failure[]): void {
    const at = values[0]!;
    for (const part of this.#parts) {
      const { decoder, outcome } = part;
      const fields = part.decode?.(values);
      if (!fields || Number.isNaN(at)) {
        outcome.now = undefined;
        // What was never listed is not there; what was listed and did not come, or cannot be decoded, has failed.
        const failed = part.listed || this.#lost(decoder, failures);
        outcome.state = failed ? 'failed' : 'unsupported';
        continue;
      }
      let now: Part = { ...fields, at, generation: part.generation };
      if (decoder.follow) now = decoder.follow(now, part.before, this.sums);
      const last = part.before;
      if (last && decoder.counters && last.generation === now.generation) {
        if (fell(decoder.counters(last), decoder.counters(now))) outcome.history.clear();
      }
      part.before = now;
      outcome.now = now;
      outcome.state = 'ok';
      outcome.history.admit(now, this.rule);
    }
  }

  #lost(decoder: Decoder<Part>, failures: readonly Failure[]): boolean {
    const mine = ({ group }: Failure) => group === '' || decoder.groups.includes(group);
    return this.#unprepared.some(mine) || failures.some(mine);
  }
}
