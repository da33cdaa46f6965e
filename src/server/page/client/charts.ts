// What the charts draw: lines by name, from one answer.

import { celsius, cores, memory, percent, perSecond, rpm, watts } from './format.js';
import type { Reading } from './snapshot.js';
import { nameOf } from './tiles.js';

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly format: (value: number) => string;
  /** Whether its steps are powers of two. */
  readonly binary?: boolean;
  /** Ends of the axis; from 0 to somewhat above the highest where it is not told. */
  readonly range?: (low: number, high: number) => readonly [number, number];
  /** Lines that are limits, drawn dashed and without colour. */
  readonly limits?: readonly string[];
  /** Draws so many lines at most: those highest on average. */
  readonly most?: number;
  /** Nothing where this Mac does not have it. */
  lines(this: void, reading: Reading): ReadonlyMap<string, number>;
  /** Memory pressure along the axis: 0, 1 or 2. */
  readonly strip?: (reading: Reading) => number | undefined;
}

/** Counters that charts take the growth of. */
export const COUNTERS = [
  'mac_memory_bandwidth_bytes_total',
  'mac_memory_bandwidth_estimate_bytes_total',
  'mac_app_cpu_seconds_total',
  'mac_app_gpu_seconds_total',
] as const;

const MOST = 6;
/** A line at 100 % is not cut in half. */
const whole = (): readonly [number, number] => [0, 1.02];

export const charts: readonly Chart[] = [
  {
    id: 'gpu',
    title: 'GPU utilisation',
    format: percent,
    range: whole,
    lines: (reading) =>
      named([
        ['Awake', reading.value('gpu_utilization')],
        ['Load by the driver', reading.value('mac_gpu_device_utilization_ratio')],
      ]),
  },
  {
    id: 'cpu',
    title: 'CPU utilisation by tier',
    format: percent,
    range: whole,
    lines: (reading) => renamed(reading.by('mac_cpu_utilization_ratio', 'tier'), nameOf),
  },
  {
    id: 'memory',
    title: 'Memory and its pressure',
    format: memory,
    binary: true,
    limits: ['Total'],
    lines: (reading) =>
      named([
        ['Used', reading.value('mac_memory_used_bytes')],
        ['Wired', reading.value('mac_memory_wired_bytes')],
        ['Compressed', reading.value('mac_memory_compressed_bytes')],
        ['Total', reading.value('mac_memory_total_bytes')],
      ]),
    strip: (reading) => reading.value('memory_pressure_level'),
  },
  {
    id: 'metal',
    title: 'Metal memory',
    format: memory,
    binary: true,
    limits: ['Recommended'],
    lines(reading) {
      const allocated = reading.value('metal_alloc_bytes');
      return named([
        ['Allocated', allocated],
        ['In use', reading.value('mac_metal_in_use_bytes')],
        ['Recommended', allocated && reading.value('mac_metal_recommended_max_bytes')],
      ]);
    },
  },
  {
    id: 'power',
    title: 'Power by rail',
    format: watts,
    most: MOST,
    lines: (reading) => renamed(reading.by('mac_power_watts', 'rail'), (rail) => rail.toUpperCase()),
  },
  {
    id: 'bandwidth',
    title: 'Memory bandwidth by agent',
    format: perSecond,
    most: MOST,
    lines: (reading) => reading.ratesBy('mac_memory_bandwidth_bytes_total', 'agent'),
  },
  {
    id: 'bandwidth-estimate',
    title: 'Memory bandwidth by agent (estimate)',
    format: perSecond,
    most: MOST,
    lines: (reading) => reading.ratesBy('mac_memory_bandwidth_estimate_bytes_total', 'agent'),
  },
  {
    id: 'temperature',
    title: 'Temperatures',
    format: celsius,
    range: (low, high) => [Math.floor(low / 10 - 0.5) * 10, Math.ceil(high / 10 + 0.1) * 10],
    lines: (reading) =>
      named([
        ['CPU', reading.value('mac_cpu_temperature_celsius')],
        ['GPU', reading.value('mac_gpu_temperature_celsius')],
        ['SoC', reading.value('mac_soc_temperature_celsius')],
        ['Memory', reading.value('mac_temperature_celsius', { sensor: 'memory' })],
        ['Storage', reading.value('mac_temperature_celsius', { sensor: 'storage' })],
        ['Battery', reading.value('mac_battery_temperature_celsius')],
      ]),
  },
  {
    id: 'fan',
    title: 'Fan speed',
    format: rpm,
    lines: (reading) => renamed(reading.by('mac_fan_speed_rpm', 'fan'), (fan) => `Fan ${fan}`),
  },
  {
    id: 'app-gpu',
    title: 'Apps by GPU time',
    format: percent,
    most: MOST,
    lines: (reading) => reading.ratesBy('mac_app_gpu_seconds_total', 'app'),
  },
  {
    id: 'app-cpu',
    title: 'Apps by CPU time',
    format: cores,
    most: MOST,
    lines: (reading) => reading.ratesBy('mac_app_cpu_seconds_total', 'app'),
  },
];

function named(lines: readonly (readonly [string, number | undefined])[]): Map<string, number> {
  return new Map(lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

const renamed = (values: ReadonlyMap<string, number>, name: (label: string) => string): Map<string, number> =>
  new Map([...values].map(([label, value]) => [name(label), value]));
