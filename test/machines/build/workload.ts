// A workload as time: the span since boot, then one span between two frames each.
import type { Activity, Series, Step, Table, Workload } from './types';

export const HZ = 24_000_000;
const TICKS_PER_CS = HZ / 100;

export interface Span {
  index: number; // 0 = since boot
  step: Step;
  ticks: number;
  seconds: number;
  centiseconds: number;
}

export function absolute(workload: Workload): number[] {
  const start = Math.round(workload.awake * HZ) + Math.floor(noise(workload.name, 'start') * HZ);
  return workload.at.map((seconds) => start + Math.round(seconds * 100) * TICKS_PER_CS);
}

/** Ticks after the first frame. */
export const elapsed = (workload: Workload) =>
  absolute(workload).map((ticks, _, [first = 0]) => ticks - first);

/** mach_continuous_time: sleep included. */
export function continuous(workload: Workload): number[] {
  let slept = workload.asleep;
  return absolute(workload).map((ticks, frame) => {
    slept += frame === 0 ? 0 : (workload.steps[frame - 1]?.asleep ?? 0);
    return ticks + slept * HZ;
  });
}

export function spans(workload: Workload): Span[] {
  const frames = absolute(workload);
  return [workload.past, ...workload.steps].map((step, index) => {
    const ticks = at(frames, index) - (index === 0 ? 0 : at(frames, index - 1));
    return { index, step, ticks, seconds: ticks / HZ, centiseconds: Math.floor(ticks / TICKS_PER_CS) };
  });
}

/** The value at each frame of a counter that grows by `rate` a second. */
export function grow(over: readonly Span[], rate: (span: Span) => number): number[] {
  let sum = 0;
  return over.map((span) => (sum += rate(span) * span.seconds));
}

/** Residencies at each frame, from each span's shares of the states: their growth is the span, exactly. */
export function reside(over: readonly Span[], shares: (span: Span) => readonly number[]): number[][] {
  let sum: number[] = [];
  return over.map((span) => {
    const grown = apportion(span.ticks, shares(span));
    sum = grown.map((ticks, state) => ticks + (sum[state] ?? 0));
    return sum;
  });
}

function apportion(total: number, shares: readonly number[]): number[] {
  const all = shares.reduce((a, b) => a + b, 0);
  const parts = shares.map((share) => Math.floor((total * share) / all));
  const largest = shares.indexOf(Math.max(...shares));
  parts[largest] = at(parts, largest) + total - parts.reduce((a, b) => a + b, 0);
  return parts;
}

/** How active time spreads over `count` steps around `clock` (0 … 1); far steps get exactly none. */
export function spread({ index }: Span, count: number, clock: number, key: string): number[] {
  const width = index === 0 ? count / 3 : 1.3; // since boot it has been everywhere
  const centre = clock * (count - 1) + (noise(key, 'centre') - 0.5) * 0.8;
  const weights = Array.from({ length: count }, (_, i) => {
    const near = Math.exp(-(((i - centre) / width) ** 2) / 2);
    const floor = i === 0 ? 0.12 * (1 - clock) : i === count - 1 ? 0.04 * clock : 0;
    return (near + floor) * vary(0.3, key, String(i));
  });
  const all = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (weight / all < 0.004 ? 0 : weight / all));
}

/** The share of the time the n-th of `of` cores runs: the first ones more, all of them when all are busy. */
export function busyShare(activity: Activity, n: number, of: number, key: string): number {
  const weight = (1.5 - (0.9 * n) / Math.max(1, of - 1)) * vary(0.15, key);
  return Math.min(0.997 - (activity.down ?? 0), 1 - (1 - activity.busy) ** weight);
}

/** Watts at each step of a table: dynamic power goes with f·V², a small rest with V. */
export function stepWatts(top: number, frequencies: readonly number[], table: Table): number[] {
  const f = Math.max(...frequencies);
  const v = Math.max(...table.mv);
  return frequencies.map((hz, i) => {
    const volts = at(table.mv, i) / v;
    return hz === 0 ? 0 : top * ((0.92 * hz * volts ** 2) / f + 0.08 * volts);
  });
}

/** A number in [0, 1) that depends on nothing but the keys. */
export function noise(...keys: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const char of keys.join('\0')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export const vary = (by: number, ...keys: readonly string[]) => 1 + by * (2 * noise(...keys) - 1);

export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in a list of ${list.length}`);
  return value;
}

/** A series, as short as it can be. */
export const constant = (values: readonly number[]): Series =>
  values.every((value) => value === values[0]) ? (values[0] ?? 0) : values;

export const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
