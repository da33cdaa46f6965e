import type { Life, Seen, Series } from './format';
import { at, integer, isList, type Machine } from './machine';

/** The k-th, and which collections find it there, from the first to the last. */
export interface Sight {
  readonly k: bigint;
  readonly first: number;
  readonly last: number;
}

/** When something is there, in ticks since open. What has no life is always there, as its own 0th. */
export class Lifetime {
  private readonly machine: Machine;
  private readonly mortal: boolean;
  private readonly from: bigint;
  private readonly to: bigint;
  private readonly every: bigint;
  private readonly step: bigint;

  constructor(
    machine: Machine,
    life: Life | undefined,
    private readonly seen?: Seen,
  ) {
    this.machine = machine;
    this.mortal = life !== undefined || seen !== undefined;
    // A cycle ends with its last frame: what is there in its first one comes just after that.
    const [first, last] = seen?.frames ?? [0, 0];
    const next = last + 1 < machine.frames ? machine.offset(last + 1) : machine.period + 1n;
    this.from = seen ? (first === 0 ? 1n : machine.offset(first)) : integer(life?.from ?? 0);
    this.to = seen ? next : integer(life?.to ?? 0);
    this.every = life?.every === undefined ? machine.period : integer(life.every);
    this.step = integer(life?.step ?? seen?.step ?? 0);
    if (life && (this.every <= 0n || this.to <= this.from)) throw new Error('a life without length or end');
  }

  id(first: bigint, k: bigint): bigint {
    return first + k * this.step;
  }

  /** Which are there: all from the first k to the last, none where that is below the first. */
  living(ticks: bigint): readonly [first: bigint, last: bigint] {
    if (!this.mortal) return [0n, 0n];
    // The very first frame has no cycle before it.
    if (this.seen && ticks === 0n) return [0n, this.seen.frames[0] === 0 ? 0n : -1n];
    return [notBelow0(floor(ticks - this.to, this.every) + 1n), floor(ticks - this.from, this.every)];
  }

  /** The end of the k-th, when it is not there any more; undefined if it has none. */
  end(k: bigint): bigint | undefined {
    return this.mortal ? this.to + k * this.every : undefined;
  }

  *sights(collections: readonly bigint[]): Generator<Sight> {
    let next = 0n;
    for (const [i, ticks] of collections.entries()) {
      const [first, last] = this.living(ticks);
      for (let k = first > next ? first : next; k <= last; k += 1n) {
        yield { k, first: i, last: this.lastSight(k, i, collections) };
        next = k + 1n;
      }
      if (!this.mortal) return;
    }
  }

  private lastSight(k: bigint, first: number, collections: readonly bigint[]): number {
    const end = this.end(k);
    if (end === undefined) return collections.length - 1;
    let last = first;
    while (last + 1 < collections.length && at(collections, last + 1) < end) last += 1;
    return last;
  }

  /** Those that came after one collection and were gone at the next. */
  *unseen(collections: readonly bigint[]): Generator<bigint> {
    if (!this.mortal) return;
    for (const [i, ticks] of collections.entries()) {
      if (i === 0) continue;
      const last = floor(ticks - this.to, this.every);
      let k = notBelow0(floor(at(collections, i - 1) - this.from, this.every) + 1n);
      for (; k <= last; k += 1n) yield k;
    }
  }

  /** From 0 at a birth to the one number of the series at the end; of what was seen in frames, what these say. */
  counter(series: Series, k: bigint, ticks: bigint): bigint {
    if (!this.mortal) return this.machine.counter(series, ticks);
    if (this.seen) return this.machine.counterOfCycle(series, k, ticks, this.seen.frames[1]);
    if (isList(series)) throw new Error('a series of something with a life is a single number');
    return (integer(series) * (ticks - this.from - k * this.every)) / (this.to - this.from);
  }
}

/** What a value gained from each collection to the next; where it fell, nothing. */
export function gain(
  read: (ticks: bigint) => bigint,
  { first, last }: Pick<Sight, 'first' | 'last'>,
  collections: readonly bigint[],
): bigint {
  const values = collections.slice(first, last + 1).map(read);
  return values.reduce((sum, value, i) => sum + notBelow0(value - at(values, i && i - 1)), 0n);
}

/** Never less than before, so that the first value and the last tell the gain. */
export const isSteady = (series: Series): boolean =>
  !isList(series) || series.every((value, i) => i === 0 || integer(value) >= integer(at(series, i - 1)));

const notBelow0 = (value: bigint): bigint => (value > 0n ? value : 0n);

const floor = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n);
