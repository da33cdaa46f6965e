// Memory traffic: bytes that the memory controller counts, or an estimate from the power manager's histograms.

import type { Channel } from '../native/native';
import {
  ALL_AGENTS,
  ALL_CONTROLLERS,
  GROUPS,
  parseAmc,
  parseDcs,
  rateOf,
  type Traffic,
} from '../chips/channels';
import { inBaseUnits, unitOf } from '../chips/units';
import type { Decoder, Part } from './decoder';
import { sumUp, type SumSeries, type Summed, type Sums } from './sums';

export interface Bandwidth extends Part, Summed {
  readonly series: readonly (SumSeries & Traffic)[];
}

/** What one channel counts, and how to read it. */
interface Meter extends Traffic {
  readonly channel: Channel;
  bytes(values: Float64Array): number;
}

export const bandwidth: Decoder<Bandwidth> = {
  source: 'ioreport',
  groups: [GROUPS.amc],
  wants: (c) => parseAmc(c) !== undefined,
  bind(chosen) {
    const meters = chosen.flatMap((channel): Meter[] => {
      const unit = unitOf(channel, 'bytes');
      return unit
        ? [{ channel, ...parseAmc(channel)!, bytes: (values) => inBaseUnits(values[channel.at + 1]!, unit) }]
        : [];
    });
    return metering(finest(meters, ALL_AGENTS));
  },
  follow,
};

export const bandwidthEstimate: Decoder<Bandwidth> = {
  source: 'ioreport',
  groups: [GROUPS.pmp, GROUPS.pmp0, GROUPS.pmp1],
  insteadOf: 'bandwidth',
  wants: (c) => parseDcs(c) !== undefined,
  bind(chosen) {
    const meters = chosen.flatMap((channel): Meter[] => {
      const unit = unitOf(channel, 'seconds');
      const gigabytes = channel.states.map((state) => rateOf(state) / GIGA);
      if (!unit || gigabytes.some(Number.isNaN)) return [];
      const bytes = (values: Float64Array) => {
        // Of whole numbers, and converted once: to convert each state would round each.
        let sum = 0;
        for (let i = 0; i < gigabytes.length; i++) sum += gigabytes[i]! * values[channel.at + 1 + i]!;
        return GIGA * inBaseUnits(sum, unit);
      };
      return [{ channel, agent: parseDcs(channel)!, direction: '', bytes }];
    });
    return metering(finest(meters, ALL_CONTROLLERS));
  },
  follow,
};

const GIGA = 1e9;

/** Without the one that contains the others. */
function finest(meters: readonly Meter[], whole: string): readonly Meter[] {
  const parts = meters.filter(({ agent }) => agent !== whole);
  return parts.length > 0 ? parts : meters;
}

function metering(meters: readonly Meter[]) {
  if (meters.length === 0) return undefined;
  // Dies of an Ultra, and power managers of one chip, each count for themselves.
  const series = new Map<string, SumSeries & Traffic & { channels: number[] }>();
  meters.forEach(({ agent, direction }, i) => {
    const name = `bandwidth ${agent} ${direction}`;
    const known = series.get(name);
    if (known) known.channels.push(i);
    else series.set(name, { name, agent, direction, channels: [i] });
  });
  const fixed = {
    series: [...series.values()],
    keys: meters.map(({ channel }) => `${channel.driver} ${channel.id}`),
  };
  return (values: Float64Array) => {
    const raw = Float64Array.from(meters, (meter) => meter.bytes(values));
    return raw.every(Number.isNaN)
      ? undefined
      : { ...fixed, raw, totals: new Float64Array(fixed.series.length) };
  };
}

function follow(part: Bandwidth, _before: Bandwidth | undefined, sums: Sums): Bandwidth {
  sumUp(part, sums);
  return part;
}
