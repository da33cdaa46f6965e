// One source: prepared once, read at every collection, each of its parts decoded with its own history.

import type { Decoder, NameMap, Part } from '../decode/decoder';
import { decoderOf, type DecodedName } from '../decode/parts';
import { isVirtual } from '../decode/os';
import type { Sums } from '../decode/sums';
import type { Channel, FactMap, Failure, Listing, Source, SourceName } from '../native/native';
import type { Facts } from './facts';
import { Names } from './names';
import { fell, History, type WindowRule } from './window';

export type PartState = 'ok' | 'failed' | 'unsupported';

/** A part as one collection found it. */
export interface Outcome {
  state: PartState;
  now: Part | undefined;
  /** Starts of windows of scrapes: only what was read for one. */
  readonly history: History<Part>;
  /** Starts of windows of those who ask for a window of their own: all that was read. */
  readonly all: History<Part>;
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
  /** Not read on this Mac: another part stands in for it, or it is not needed to stand in. */
  resting: boolean;
  decode: ((values: Float64Array, names: NameMap) => object | undefined) | undefined;
  listed: boolean;
  /** Facts it has to do without that every Mac tells. */
  lacking: string | undefined;
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
  /** Whether nothing is listed of a facility that every Mac has. */
  #gone = false;
  #missing: readonly Failure[] = [];
  #chosenBy: FactMap | undefined;
  #boundFacts: FactMap | undefined;
  readonly #names = new Names();
  /** The column of ids whose names are asked for. */
  readonly #namedBy: string | undefined;

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
      resting: false,
      decode: undefined,
      listed: false,
      lacking: undefined,
      generation: 0,
      before: undefined,
      marks: undefined,
      outcome: { state: 'failed', now: undefined, history: new History<Part>(), all: new History<Part>() },
    }));
    this.#namedBy = this.#parts.find(({ decoder }) => decoder.named !== undefined)?.decoder.named;
  }

  outcome(name: DecodedName): Outcome | undefined {
    return this.#parts.find((part) => part.name === name)?.outcome;
  }

  /** Forgets all window starts: the Mac slept since. */
  rebase(): void {
    for (const { outcome } of this.#parts) forget(outcome);
  }

  /** What was read starts windows from now on; those of scrapes only if it was read for one. */
  admit(scraped: boolean): void {
    for (const { decoder, outcome } of this.#parts) {
      if (!outcome.now || decoder.isTable) continue;
      outcome.all.admit(outcome.now, this.rule);
      if (scraped) outcome.history.admit(outcome.now, this.rule);
    }
  }

  /** Reads and decodes; one run at a time, for which a Flight cares. Never rejects. */
  async run(): Promise<FeedResult> {
    const start = this.seconds();
    try {
      if (!this.#isPrepared) await this.prepare();
      if (this.#boundFacts !== this.facts.current) this.#bind();
      const { values, failures } = await this.source.read();
      if (this.#namedBy !== undefined)
        await this.#names.learn(this.source, values, this.#chosen, this.#namedBy);
      this.#decode(values, failures);
      return { failures: this.#allFailures(failures), duration: this.seconds() - start };
    } catch (error) {
      this.drop();
      const call = error instanceof Error ? error.message : String(error);
      const failure = { group: '', call, code: 0, remedy: 'restart the exporter' };
      return { failures: [failure], duration: this.seconds() - start };
    }
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

  /** So it is at nearly every read. */
  get #isPrepared(): boolean {
    if (!this.#prepared || this.#preparing) return false;
    if (this.#chosenBy !== this.facts.current && this.#parts.some(({ decoder }) => decoder.choosesByFacts))
      return false;
    return this.seconds() - this.#incomplete <= this.#patience || !this.#mayBeMore();
  }

  #mayBeMore(): boolean {
    return (
      this.#unprepared.length > 0 ||
      this.facts.failuresOf(this.name).length > 0 ||
      this.#parts.some((part) => this.#mayAppear(part))
    );
  }

  async #prepare(): Promise<void> {
    this.#incomplete = this.seconds();
    const facts = await this.source.facts();
    this.facts.add(this.name, facts);
    const { chosen, failures } = await this.#choose();
    // The same channels as before go on as they were, with their windows.
    const same = this.#prepared && sameChannels(this.#chosen, chosen);
    if (!same) {
      this.#generation++;
      this.#boundFacts = undefined;
    }
    this.#patience = same ? Math.min(this.#patience * 2, PREPARE_AGAIN_AT_LEAST_EVERY) : PREPARE_AGAIN_AFTER;
    this.#chosen = chosen;
    this.#unprepared = failures;
    this.#prepared = true;
  }

  /**
   * Selects what the parts want. A part that stands in for another one rests, unless that other one is listed in vain
   * and rests itself: drivers list channels that they never deliver, and only a read tells.
   */
  async #choose(): Promise<{ chosen: readonly Channel[]; failures: readonly Failure[] }> {
    const listing = await this.source.list();
    await this.facts.gathered();
    this.#chosenBy = this.facts.current;
    const isListed = (part: Bound) => listing.channels.some((channel) => this.#wants(part, channel));
    for (const part of this.#parts) part.resting = false;
    const listed = this.#substitutes().filter(([, original]) => isListed(original));
    for (const [substitute] of listed) substitute.resting = true;
    const first = await this.#select(listing);
    if (listed.length === 0) return first;
    const { values } = await this.source.read();
    const undelivered = listed.filter(([, original]) => {
      const channels = first.chosen.filter((channel) => this.#wants(original, channel));
      return original.decoder.bind(channels, this.facts.current)?.(values, this.#names.known) === undefined;
    });
    if (undelivered.length === 0) return first;
    for (const [substitute, original] of undelivered) {
      substitute.resting = false;
      original.resting = true;
    }
    return this.#select(await this.source.list());
  }

  async #select(listing: Listing): Promise<{ chosen: readonly Channel[]; failures: readonly Failure[] }> {
    const which = listing.channels.flatMap((channel, i) => (this.#wanted(channel) ? [i] : []));
    const chosen = await this.source.select(Uint32Array.from(which));
    return { chosen: chosen.channels, failures: [...listing.failures, ...chosen.failures] };
  }

  /** Parts that stand in for others, each with the other. */
  #substitutes(): readonly (readonly [substitute: Bound, original: Bound])[] {
    return this.#parts.flatMap((part) => {
      const original = this.#parts.find(({ name }) => name === part.decoder.insteadOf);
      return original ? [[part, original] as const] : [];
    });
  }

  /** With those from before the read, of which there are mostly none. */
  #allFailures(ofRead: readonly Failure[]): readonly Failure[] {
    const ofFacts = this.facts.failuresOf(this.name);
    if (ofFacts.length + this.#unprepared.length + this.#missing.length === 0) return ofRead;
    return [...ofFacts, ...this.#unprepared, ...this.#missing, ...ofRead];
  }

  /**
   * Whether a part is not there because its driver may not be there yet: the driver's group has no channel at all, or
   * none that was delivered.
   */
  #mayAppear({ decoder, outcome, resting }: Bound): boolean {
    if (resting) return decoder.insteadOf === undefined;
    return outcome.now === undefined && !this.#chosen.some(({ group }) => group === decoder.groups[0]);
  }

  #wants({ decoder }: Bound, channel: Channel): boolean {
    return decoder.wants(channel, this.facts.current);
  }

  #wanted(channel: Channel): boolean {
    return this.#parts.some((part) => !part.resting && this.#wants(part, channel));
  }

  #bind(): void {
    this.#boundFacts = this.facts.current;
    const real = !isVirtual(this.facts.current);
    for (const part of this.#parts) {
      const { decoder, resting } = part;
      const chosen = resting ? [] : this.#chosen.filter((channel) => this.#wants(part, channel));
      part.decode = resting ? undefined : decoder.bind(chosen, this.facts.current);
      part.listed = part.decode !== undefined || chosen.length > 0;
      part.lacking = real ? decoder.lacks?.(chosen, this.facts.current) : undefined;
      if (part.generation !== this.#generation) part.marks = undefined;
      part.generation = this.#generation;
    }
    this.#noteMissing();
  }

  /** What every Mac has and this one does not list. */
  #noteMissing(): void {
    this.#gone = this.#chosen.length === 0 && this.#parts.some(({ decoder }) => decoder.expected);
    const groups = new Set<string>();
    for (const part of this.#parts) {
      if (part.lacking !== undefined) groups.add(part.lacking);
      if (!part.listed && this.#isExpected(part)) groups.add(part.decoder.groups[0]!);
    }
    this.#missing = [...groups].map((group) => ({
      group,
      call: `${group}: not there`,
      code: 0,
      remedy: 'every Mac has it; it is looked for again now and then, and may have come with a new name',
    }));
  }

  #isExpected({ decoder, resting }: Bound): boolean {
    if (resting || isVirtual(this.facts.current)) return false;
    // Where a facility is gone altogether nobody can tell what this Mac would have.
    return decoder.expected === true || this.#gone;
  }

  #decode(values: Float64Array, failures: readonly Failure[]): void {
    const at = values[0]!;
    for (const part of this.#parts) {
      const { decoder, outcome } = part;
      const fields = part.decode?.(values, this.#names.known);
      const lost = this.#lost(decoder, failures);
      if (!fields || Number.isNaN(at)) {
        outcome.now = undefined;
        // What was never listed is not there, if it is something that not every Mac has; what was listed and did not
        // come, or cannot be decoded, has failed.
        outcome.state = part.listed || lost || this.#isExpected(part) ? 'failed' : 'unsupported';
        continue;
      }
      let now: Part = { ...fields, at, generation: part.generation };
      if (decoder.follow) now = decoder.follow(now, part.before, this.sums);
      const counters = decoder.counters?.(now);
      if (counters && part.marks && fell(part.marks, counters)) forget(outcome);
      part.marks = counters && marked(counters, part.marks);
      part.before = now;
      outcome.now = now;
      // A part that lost a table or a name is served as far as it goes.
      outcome.state = lost || part.lacking !== undefined ? 'failed' : 'ok';
    }
  }

  #lost(decoder: Decoder<Part>, failures: readonly Failure[]): boolean {
    const mine = ({ group }: Failure) => group === '' || decoder.groups.includes(group);
    return this.#unprepared.some(mine) || failures.some(mine) || this.facts.someFailure(mine);
  }
}

function forget({ history, all }: Outcome): void {
  history.clear();
  all.clear();
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

/** The marks moved to `now`, those of what is missing now excepted. */
function marked(now: Float64Array, marks: Float64Array | undefined): Float64Array {
  if (!marks) return Float64Array.from(now);
  for (let i = 0; i < now.length; i++) if (!Number.isNaN(now[i]!)) marks[i] = now[i]!;
  return marks;
}
