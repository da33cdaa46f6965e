// Power rails: cumulative joules by channel, and the watts between two publications of a channel.

import type { Channel } from '../native/native';
import { firstOfEachName, GROUPS, isComplex, parseCpuName } from '../chips/channels';
import { gpuFallbackRailOf, railOf, railPartOf, type RailName } from '../chips/rails';
import { inBaseUnits, unitOf, type Unit } from '../chips/units';
import { stampOf, type Decoder, type Part } from './decoder';
import { sumUp, type SumSeries } from './sums';

/** A counter on the page. */
export type RailSeries = RailName & SumSeries;

export interface Energy extends Part {
  readonly series: readonly RailSeries[];
  /** Channels of each rail, over all dies. */
  readonly rails: ReadonlyMap<string, readonly number[]>;
  /** Cumulative, by channel; NaN where not delivered. */
  readonly joules: Float64Array;
  /** When the driver published the value, by channel. */
  readonly stamps: Float64Array;
  /** By series: the raw counter, or our own sum; NaN while a channel of it is missing or dead. */
  readonly totals: Float64Array;
  /** Names for our own sums: (driver, id) of each channel, so that they outlive a change of the channel set. */
  readonly keys: readonly string[];
}

/** A rail that has not been published for so long is dead: its frozen counter would read as 0 W. */
export const DEAD_AFTER = 10;

interface RailChannel extends RailName {
  readonly channel: Channel;
  readonly unit: Unit;
}

const isEnergy = (c: Channel): boolean => c.group === GROUPS.energy && c.states.length === 0;

export const energy: Decoder<Energy> = {
  source: 'ioreport',
  groups: [GROUPS.energy],
  expected: true,
  wants: (c) => isEnergy(c) && (railOf(c.name) ?? gpuFallbackRailOf(c.name)) !== undefined,
  bind(chosen) {
    const channels = railChannels(chosen);
    if (channels.length === 0) return undefined;
    const series = groupBy(channels, ({ rail, die }) => `${rail}\n${die}`).map(
      ({ of: { rail, die }, indices }) => ({
        name: `energy ${rail} ${die}`,
        rail,
        die,
        channels: indices,
      }),
    );
    const rails = new Map(groupBy(channels, ({ rail }) => rail).map(({ of, indices }) => [of.rail, indices]));
    const keys = channels.map(({ channel }) => `${channel.driver} ${channel.id}`);
    return (values) => {
      const joules = new Float64Array(channels.length);
      const stamps = new Float64Array(channels.length);
      let delivered = 0;
      for (let i = 0; i < channels.length; i++) {
        const { channel, unit } = channels[i]!;
        const count = values[channel.at + 1]!;
        joules[i] = inBaseUnits(count, unit);
        stamps[i] = stampOf(values, channel.at) ?? NaN;
        if (!Number.isNaN(count)) delivered++;
      }
      return delivered === 0
        ? undefined
        : { series, rails, joules, stamps, keys, totals: new Float64Array(series.length) };
    };
  },
  follow(part, before, sums) {
    mendStamps(part, before?.generation === part.generation ? before : undefined);
    sumUp({ ...part, raw: part.joules }, sums, (channel) => isAlive(part, channel));
    return part;
  },
};

export interface EnergyDetail extends Part {
  readonly parts: readonly { readonly rail: string; readonly part: string; readonly die: string }[];
  readonly joules: Float64Array;
}

export const energyDetail: Decoder<EnergyDetail> = {
  source: 'ioreport',
  groups: [GROUPS.energy],
  wants: (c) => isComplex(c) || (isEnergy(c) && mayBePart(c.name)),
  bind(chosen) {
    const clusters = new Set(chosen.filter(isComplex).map(({ name }) => name));
    const channels = firstOfEachName(chosen.filter(isEnergy)).flatMap((channel) => {
      const part = railPartOf(channel.name, clusters);
      const unit = unitOf(channel, 'joules');
      return part && unit ? [{ channel, unit, part }] : [];
    });
    if (channels.length === 0) return undefined;
    const parts = channels.map(({ part }) => part);
    return (values) => ({
      parts,
      joules: Float64Array.from(channels, ({ channel, unit }) => {
        const alive = values[0]! - (stampOf(values, channel.at) ?? values[0]!) <= DEAD_AFTER;
        return alive ? inBaseUnits(values[channel.at + 1]!, unit) : NaN;
      }),
    });
  },
};

export interface Power extends Part {
  readonly rails: readonly string[];
  /** Mean watts by rail; NaN where no window is to be had. */
  readonly watts: Float64Array;
  /** Seconds since the rail's oldest channel was published. */
  readonly ages: Float64Array;
  /** Seconds of the longest window among the rails; 0 while there is none. */
  readonly window: number;
}

/**
 * Watts of each rail between two publications of its channels: the latest, and the newest that is at least `min`
 * seconds older (just after start: the oldest at least 1 s older), at most `max`. macOS 27 publishes every 2 s or so;
 * timed by the read instead, a rail would show 0 W and twice its power in turn.
 */
export function power(now: Energy, history: readonly Energy[], min: number, max: number): Power {
  const rails = [...now.rails.keys()];
  const watts = new Float64Array(rails.length);
  const ages = new Float64Array(rails.length);
  let window = 0;
  rails.forEach((rail, i) => {
    for (const channel of now.rails.get(rail)!) {
      const start = startOf(now, history, channel, min, max);
      const span = start ? now.stamps[channel]! - start.stamps[channel]! : NaN;
      watts[i]! += start ? (now.joules[channel]! - start.joules[channel]!) / span : NaN;
      if (span > window) window = span;
      ages[i] = Math.max(ages[i]!, now.at - now.stamps[channel]!);
    }
  });
  return { at: now.at, generation: now.generation, rails, watts, ages, window };
}

/** The sample that the window of a channel starts at. */
function startOf(
  now: Energy,
  history: readonly Energy[],
  channel: number,
  min: number,
  max: number,
): Energy | undefined {
  if (!isAlive(now, channel)) return undefined;
  const stamp = now.stamps[channel]!;
  let start: Energy | undefined;
  let newer = now.joules[channel]!;
  for (let i = history.length - 1; i >= 0; i--) {
    const earlier = history[i]!;
    const span = stamp - earlier.stamps[channel]!;
    // Before a reset, or before a time in which the channel was missing, nothing is comparable.
    if (earlier.generation !== now.generation || !(earlier.joules[channel]! <= newer) || span > max) break;
    newer = earlier.joules[channel]!;
    if (span >= 1) start = earlier;
    if (span >= min) break;
  }
  return start;
}

/** A name of a core or a cluster is a part on some chips: `bind` knows the clusters. */
const mayBePart = (name: string): boolean =>
  parseCpuName(name) !== undefined || railPartOf(name, NO_CLUSTERS) !== undefined;

const NO_CLUSTERS: ReadonlySet<string> = new Set();

const isAlive = (part: Energy, channel: number): boolean =>
  !Number.isNaN(part.joules[channel]!) && part.at - part.stamps[channel]! <= DEAD_AFTER;

/** A counter that moves without a stamp of its own is taken at the time of the read; one that does not has no new one. */
function mendStamps(part: Energy, before: Energy | undefined): void {
  for (let i = 0; i < part.stamps.length; i++) {
    if (part.stamps[i]! > (before?.stamps[i] ?? -Infinity)) continue;
    const stays = Number.isNaN(part.joules[i]!) || part.joules[i] === before?.joules[i];
    part.stamps[i] = stays ? (before?.stamps[i] ?? NaN) : part.at;
  }
}

function railChannels(chosen: readonly Channel[]): RailChannel[] {
  const of = (railName: (name: string) => RailName | undefined) =>
    chosen.flatMap((channel) => {
      const rail = railName(channel.name);
      const unit = unitOf(channel, 'joules');
      return rail && unit ? [{ ...rail, channel, unit }] : [];
    });
  const channels = of(railOf);
  return channels.some(({ rail }) => rail === 'gpu') ? channels : [...channels, ...of(gpuFallbackRailOf)];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): { of: T; indices: number[] }[] {
  const groups = new Map<string, { of: T; indices: number[] }>();
  items.forEach((item, i) => {
    const group = groups.get(key(item));
    if (group) group.indices.push(i);
    else groups.set(key(item), { of: item, indices: [i] });
  });
  return [...groups.values()];
}
