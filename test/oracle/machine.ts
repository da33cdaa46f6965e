import { readFileSync } from 'node:fs';
import { exact, type Exact } from './exact';
import type { Int, MachineFile, Publish, Series } from './format';

export function integer(value: Int): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new Error(`${value} is not an exact integer: write it as a string`);
  }
  return BigInt(value);
}

/** Where an instant lies: the cycle of the workload, the ticks into it and the last frame begun. */
interface Moment {
  readonly cycle: bigint;
  readonly into: bigint;
  readonly frame: number;
}

/**
 * A machine file and its rules of time. Every instant is counted in ticks of mach_absolute_time since open.
 */
export class Machine {
  readonly file: MachineFile;
  /** Ticks of each frame after the first. */
  private readonly offsets: readonly bigint[];
  private readonly continuous: readonly bigint[];

  constructor(file: MachineFile) {
    const absolute = file.clock.absolute.map(integer);
    this.file = file;
    this.continuous = file.clock.continuous.map(integer);
    this.offsets = absolute.map((ticks) => ticks - (absolute[0] ?? 0n));
    if (this.offsets.some((ticks, i) => i > 0 && ticks <= this.offset(i - 1))) {
      throw new Error('clock.absolute is not ascending');
    }
    if (this.continuous.length !== this.frames) throw new Error('clock.continuous: one entry per frame');
  }

  get frames(): number {
    return this.offsets.length;
  }

  /** Ticks from the first frame to the last. */
  get period(): bigint {
    return this.offset(this.frames - 1);
  }

  /** Ticks from the first frame to another. */
  offset(frame: number): bigint {
    return at(this.offsets, frame);
  }

  /** Whole ticks in that many seconds. */
  ticks(seconds: number): bigint {
    const [numer, denom] = this.file.clock.timebase;
    return (BigInt(Math.round(seconds * 1e9)) * BigInt(denom)) / BigInt(numer);
  }

  seconds(ticks: bigint): Exact {
    const [numer, denom] = this.file.clock.timebase;
    return exact(ticks * BigInt(numer), BigInt(denom) * 1_000_000_000n);
  }

  private moment(ticks: bigint): Moment {
    const { period } = this;
    if (ticks < 0n) throw new Error('an instant before open');
    const cycle = this.frames === 1 || ticks <= period ? 0n : (ticks + period - 1n) / period - 1n;
    const into = this.frames === 1 ? 0n : ticks - cycle * period;
    let frame = this.frames - 1;
    while (this.offset(frame) > into) frame -= 1;
    return { cycle, into, frame };
  }

  /** A value that steps from frame to frame. */
  gauge<T>(series: T | readonly T[], ticks: bigint): T {
    if (!isList(series)) return series;
    this.check(series.length);
    return at(series, this.moment(ticks).frame);
  }

  /** A value that grows linearly between frames, goes on growing from cycle to cycle, and rests at a reset. */
  counter(series: Series, ticks: bigint): bigint {
    if (!isList(series)) return integer(series);
    this.check(series.length);
    const points = series.map(integer);
    const { cycle, into, frame } = this.moment(ticks);
    const gain = at(points, points.length - 1) - at(points, 0);
    const before = at(points, frame) + cycle * (gain > 0n ? gain : 0n);
    const next = points[frame + 1];
    if (next === undefined || next <= at(points, frame)) return before;
    const span = this.offset(frame + 1) - this.offset(frame);
    return before + ((next - at(points, frame)) * (into - this.offset(frame))) / span;
  }

  /** What the frames say of a counter at an instant of a cycle, and no more than that; constant from frame `last` on. */
  counterOfCycle(series: Series, cycle: bigint, ticks: bigint, last: number): bigint {
    if (!isList(series)) return integer(series);
    this.check(series.length);
    const into = ticks - cycle * this.period;
    const begun = this.offsets.findLastIndex((offset) => offset <= into);
    if (begun >= last) return integer(at(series, last));
    const [value, next] = [integer(at(series, begun)), integer(at(series, begun + 1))];
    if (next <= value) return value;
    const [from, to] = [this.offset(begun), this.offset(begun + 1)];
    return value + ((next - value) * (into - from)) / (to - from);
  }

  /** Which frame of which cycle a driver of a recording shows, and when it had published that. */
  shown(stamps: readonly Int[], ticks: bigint): { frame: number; cycle: bigint; published: bigint } {
    this.check(stamps.length);
    const first = integer(at(this.file.clock.absolute, 0));
    const offsets = stamps.map((stamp) => integer(stamp) - first);
    const isSilent = at(offsets, 0) === at(offsets, offsets.length - 1);
    let shown = { frame: 0, cycle: 0n, published: at(offsets, 0) };
    if (isSilent) return { ...shown, frame: this.moment(ticks).frame };
    const { cycle } = this.moment(ticks);
    // Whatever was published up to now, the latest of all: nothing of a frame is seen before its stamp.
    for (let k = cycle > 0n ? cycle - 1n : 0n; k <= cycle; k += 1n) {
      for (let frame = k === 0n ? 0 : 1; frame < this.frames; frame += 1) {
        const published = at(offsets, frame) + k * this.period;
        // Nothing is published anew with a stamp that has been.
        const isNew = (k === 0n && frame === 0) || published > shown.published;
        if (isNew && published <= ticks) shown = { frame, cycle: k, published };
      }
    }
    return shown;
  }

  /** The latest instant, not after `ticks`, at which the counter was growing; undefined if it never was. */
  lastGrowth(series: Series, ticks: bigint): bigint | undefined {
    if (!isList(series)) return undefined;
    const points = series.map(integer);
    const grows = (frame: number): boolean =>
      frame + 1 < points.length && at(points, frame + 1) > at(points, frame);
    const { cycle, frame } = this.moment(ticks);
    if (grows(frame)) return ticks;
    for (let i = frame - 1; i >= 0; i -= 1) {
      if (grows(i)) return cycle * this.period + this.offset(i + 1);
    }
    for (let i = points.length - 2; cycle > 0n && i >= 0; i -= 1) {
      if (grows(i)) return (cycle - 1n) * this.period + this.offset(i + 1);
    }
    return undefined;
  }

  /** The latest instant, not after `ticks`, at which a driver that publishes in batches did so. */
  published(publish: Publish, ticks: bigint): bigint {
    const until = publish.until === undefined ? ticks : integer(publish.until);
    const limit = until < ticks ? until : ticks;
    const period = integer(publish.period);
    let latest = 0n;
    for (const phase of publish.at.map(integer)) {
      if (phase > limit) continue;
      const instant = phase + ((limit - phase) / period) * period;
      if (instant > latest) latest = instant;
    }
    return latest;
  }

  /** Ticks spent asleep since the counters of both clocks began: what continuous time has and absolute lacks. */
  asleep(ticks: bigint): bigint {
    const { cycle, into, frame } = this.moment(ticks);
    const lap = at(this.continuous, this.frames - 1) - at(this.continuous, 0);
    const continuous = at(this.continuous, frame) + (into - this.offset(frame)) + cycle * lap;
    return continuous - (integer(at(this.file.clock.absolute, 0)) + ticks);
  }

  private check(length: number): void {
    if (length !== this.frames) throw new Error(`${length} values, but there are ${this.frames} frames`);
  }
}

/** What does not change with time is worked out once for each machine. */
export function fixed<T>(find: (machine: Machine) => T): (machine: Machine) => T {
  const known = new WeakMap<Machine, { readonly value: T }>();
  return (machine) => {
    const found = known.get(machine) ?? { value: find(machine) };
    known.set(machine, found);
    return found.value;
  };
}

export function readMachine(path: string): Machine {
  return new Machine(JSON.parse(readFileSync(path, 'utf8')) as MachineFile);
}

export const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`no entry ${index} of ${list.length}`);
  return value;
}
