// The figures of one collection: what `status` draws, and the lines and objects of metalstat's keys. Values are those of
// the families on the page; undefined is what is not known.

import { families, type FamilyName } from '../metrics/catalogue';
import { samplesOf } from '../metrics/json';
import type { Collection } from '../metrics/page';

export type PressureLevel = 'green' | 'yellow' | 'red';

/** Cores of one kind. */
export interface Tier {
  readonly name: string;
  readonly cores: number;
  /** Percent. */
  readonly util: number | undefined;
}

/** Bytes, percent from 0 to 100, watts, degrees Celsius. */
export interface Figures {
  readonly chip: string | undefined;
  readonly gpuName: string | undefined;
  readonly metalFamily: string | undefined;
  readonly gpuCores: number | undefined;
  /** The fastest first. */
  readonly tiers: readonly Tier[];
  readonly gpuUtil: number | undefined;
  readonly gpuMhz: number | undefined;
  readonly cpuUtil: number | undefined;
  readonly memory: Record<
    'total' | 'used' | 'wired' | 'active' | 'inactive' | 'compressed',
    number | undefined
  >;
  readonly pressure: number | undefined;
  readonly pressureLevel: PressureLevel | undefined;
  readonly metalInUse: number | undefined;
  readonly metalMax: number | undefined;
  readonly swapUsed: number | undefined;
  readonly swapTotal: number | undefined;
  readonly watts: Record<'cpu' | 'gpu' | 'ane' | 'dram' | 'package', number | undefined>;
  readonly celsius: Record<'cpu' | 'gpu' | 'soc' | 'battery', number | undefined>;
}

const LEVELS: readonly PressureLevel[] = ['green', 'yellow', 'red'];
const FAMILIES = new Map(families.map((family) => [family.name, family]));

export function figuresOf(collection: Collection): Figures {
  const all = (name: FamilyName) => samplesOf(FAMILIES.get(name)!, collection);
  const one = (name: FamilyName) => all(name)[0]?.value;
  const label = (name: FamilyName, of: string) => {
    const text = all(name)[0]?.labels[of];
    return text === '' ? undefined : text;
  };
  const power = all('mac_power_watts');
  const watts = (rail: string) => power.find(({ labels }) => labels['rail'] === rail)?.value;
  const busy = all('mac_cpu_utilization_ratio');
  const tiers = all('mac_cpu_cores').map(({ labels, value }): Tier => {
    const name = labels['tier']!;
    return { name, cores: value, util: percent(busy.find((each) => each.labels['tier'] === name)?.value) };
  });
  const level = one('memory_pressure_level');
  const published = all('metalstat_exporter_rail_publication_age_seconds').length;
  return {
    chip: label('mac_info', 'chip'),
    gpuName: label('mac_gpu_info', 'name'),
    metalFamily: label('mac_gpu_info', 'metal_family'),
    gpuCores: one('mac_gpu_cores'),
    tiers,
    gpuUtil: percent(one('gpu_utilization')),
    gpuMhz: times(one('mac_gpu_frequency_hertz'), 1e-6),
    cpuUtil: meanOf(tiers),
    memory: {
      total: one('mac_memory_total_bytes'),
      used: one('mac_memory_used_bytes'),
      wired: one('mac_memory_wired_bytes'),
      active: one('mac_memory_active_bytes'),
      inactive: one('mac_memory_inactive_bytes'),
      compressed: one('mac_memory_compressed_bytes'),
    },
    pressure: percent(not(one('mac_memory_pressure_free_ratio'))),
    pressureLevel: level === undefined ? undefined : LEVELS[level],
    metalInUse: one('mac_metal_in_use_bytes'),
    metalMax: one('mac_metal_recommended_max_bytes'),
    swapUsed: one('mac_swap_used_bytes'),
    swapTotal: one('mac_swap_total_bytes'),
    watts: {
      cpu: watts('cpu'),
      gpu: watts('gpu'),
      ane: watts('ane'),
      dram: watts('dram'),
      // A rail that is published no more would be missing from the sum. One that never was is not on this Mac.
      package:
        power.length > 0 && power.length >= published ? sum(power.map(({ value }) => value)) : undefined,
    },
    celsius: {
      cpu: one('mac_cpu_temperature_celsius'),
      gpu: one('mac_gpu_temperature_celsius'),
      soc: one('mac_soc_temperature_celsius'),
      battery: one('mac_battery_temperature_celsius'),
    },
  };
}

/**
 * metalstat has two kinds of cores, performance and efficiency, which are macOS's performance levels 0 and 1. So the fastest
 * kind of a chip is `performance` here (super, where there is one), and all others together are `efficiency` (on a chip
 * with super and performance cores the performance ones). Where macOS tells no kinds, in virtual machines, neither is known.
 */
export function clustersOf({ tiers }: Figures): { performance: Tier[]; efficiency: Tier[] } {
  const [fastest, ...others] = tiers;
  return fastest && others.length > 0
    ? { performance: [fastest], efficiency: others }
    : { performance: [], efficiency: [] };
}

/** Mean over the cores; undefined where one kind is not known. */
export function meanOf(tiers: readonly Tier[]): number | undefined {
  const cores = sum(tiers.map((tier) => tier.cores));
  const busy = sum(tiers.map((tier) => (tier.util ?? NaN) * tier.cores));
  return cores > 0 && !Number.isNaN(busy) ? busy / cores : undefined;
}

export const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const times = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor;
const percent = (ratio: number | undefined): number | undefined => times(ratio, 100);
const not = (ratio: number | undefined): number | undefined => (ratio === undefined ? undefined : 1 - ratio);
