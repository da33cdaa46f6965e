// What the tiles say. A tile whose value this Mac does not have is not there.

import { celsius, duration, megahertz, memory, percent, rpm, watts } from './format.js';
import type { Reading } from './snapshot.js';

/** How good it is, beside a word that says so. */
export type Level = 'good' | 'warning' | 'bad';

export interface TileView {
  readonly value?: string;
  readonly level?: Level;
  /** Share of the whole, drawn as a bar. */
  readonly share?: number | undefined;
  readonly notes?: readonly string[];
  readonly rows?: readonly {
    readonly name: string;
    readonly value: string;
    readonly share?: number | undefined;
  }[];
}

export interface Tile {
  readonly id: string;
  readonly title: string;
  /** Undefined where it cannot be told. */
  read(this: void, reading: Reading): TileView | undefined;
}

const PRESSURE = [
  { word: 'Green', level: 'good' },
  { word: 'Yellow', level: 'warning' },
  { word: 'Red', level: 'bad' },
] as const;
const KERNEL: Readonly<Record<number, string>> = { 1: 'normal', 2: 'warning', 4: 'critical' };
const THERMAL = ['Nominal', 'Moderate', 'Heavy', 'Trapping', 'Sleeping'] as const;

export const pressureWord = (level: number): string | undefined => PRESSURE[level]?.word;

export const tiles: readonly Tile[] = [
  {
    id: 'pressure',
    title: 'Memory pressure',
    read(reading) {
      const level = reading.value('memory_pressure_level');
      const found = level === undefined ? undefined : PRESSURE[level];
      if (!found) return undefined;
      const kernel = KERNEL[reading.value('mac_memory_pressure_kernel_level') ?? 0];
      const free = reading.value('mac_memory_pressure_free_ratio');
      const usual = level === 2 && kernel === 'normal';
      return {
        value: found.word,
        level: found.level,
        notes: [
          ...(free === undefined ? [] : [`${percent(free)} neither wired nor compressed`]),
          ...(kernel === undefined ? [] : [`The kernel says ${kernel}`]),
          ...(usual ? ['Red by this share alone is usual on a host with wired model weights'] : []),
        ],
      };
    },
  },
  {
    id: 'thermal',
    title: 'Thermal pressure',
    read(reading) {
      const level = reading.value('mac_thermal_pressure_level');
      const word = level === undefined ? undefined : THERMAL[level];
      if (word === undefined) return undefined;
      return {
        value: word,
        level: level === 0 ? 'good' : level === 1 ? 'warning' : 'bad',
        notes: [
          level === 0 ? 'macOS does not hold the Mac back' : 'macOS holds the Mac back to keep it cool',
        ],
      };
    },
  },
  {
    id: 'gpu',
    title: 'GPU utilisation',
    read(reading) {
      const share = reading.value('gpu_utilization');
      if (share === undefined) return undefined;
      const frequency = reading.value('mac_gpu_frequency_hertz');
      const most = reading.value('mac_gpu_frequency_max_hertz');
      const load = reading.value('mac_gpu_device_utilization_ratio');
      return {
        value: percent(share),
        share,
        notes: [
          ...(frequency === undefined
            ? []
            : [`${megahertz(frequency)}${most === undefined ? '' : ` of ${megahertz(most)}`}`]),
          ...(load === undefined ? [] : [`Load by the driver ${percent(load)}`]),
        ],
      };
    },
  },
  {
    id: 'cpu',
    title: 'CPU utilisation',
    read: (reading) =>
      rowsOf(
        [...reading.by('mac_cpu_utilization_ratio', 'tier')].map(([tier, share]) => ({
          name: nameOf(tier),
          value: percent(share),
          share,
        })),
      ),
  },
  {
    id: 'chip-power',
    title: 'Chip power',
    read(reading) {
      const rails = reading.by('mac_power_watts', 'rail');
      const published = [...reading.by('metalstat_exporter_rail_publication_age_seconds', 'rail').keys()];
      // The sum of some rails only would be a wrong number; the rails of some Macs are dead.
      const lacks = published.some((rail) => !rails.has(rail));
      if (rails.size === 0 || lacks || reading.missing('mac_power_watts', 'rail').length > 0)
        return undefined;
      const sum = [...rails.values()].reduce((total, each) => total + each, 0);
      return { value: watts(sum), notes: [`Sum of ${rails.size} rails`] };
    },
  },
  {
    id: 'system-power',
    title: 'System power',
    read(reading) {
      const power = reading.value('mac_system_power_watts');
      const adapter = reading.value('mac_adapter_power_watts');
      if (power === undefined) return undefined;
      return {
        value: watts(power),
        notes: ['The whole Mac, by the SMC', ...(adapter ? [`${watts(adapter)} from the adapter`] : [])],
      };
    },
  },
  {
    id: 'memory',
    title: 'Memory used',
    read: (reading) =>
      partOf(reading.value('mac_memory_used_bytes'), reading.value('mac_memory_total_bytes'), ''),
  },
  {
    id: 'metal',
    title: 'Metal allocated',
    read: (reading) =>
      partOf(
        reading.value('metal_alloc_bytes'),
        reading.value('mac_metal_recommended_max_bytes'),
        ' recommended',
      ),
  },
  {
    id: 'swap',
    title: 'Swap used',
    read: (reading) =>
      partOf(reading.value('mac_swap_used_bytes'), reading.value('mac_swap_total_bytes'), ''),
  },
  {
    id: 'temperatures',
    title: 'Temperatures',
    read: (reading) =>
      rowsOf(
        [
          ['CPU', reading.value('mac_cpu_temperature_celsius')] as const,
          ['GPU', reading.value('mac_gpu_temperature_celsius')] as const,
          ['SoC', reading.value('mac_soc_temperature_celsius')] as const,
        ].flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: celsius(value) }])),
      ),
  },
  {
    id: 'fans',
    title: 'Fans',
    read: (reading) =>
      rowsOf(
        [...reading.by('mac_fan_speed_rpm', 'fan')].map(([fan, speed]) => {
          const most = reading.value('mac_fan_speed_max_rpm', { fan });
          return { name: `Fan ${fan}`, value: rpm(speed), share: most ? speed / most : undefined };
        }),
      ),
  },
  {
    id: 'battery',
    title: 'Battery',
    read(reading) {
      const share = reading.value('mac_battery_charge_ratio');
      if (share === undefined) return undefined;
      const power = reading.value('mac_battery_power_watts');
      const left = reading.value('mac_battery_time_remaining_seconds');
      const charging = reading.value('mac_battery_charging');
      const connected = reading.value('mac_external_power');
      return {
        value: percent(share),
        share,
        notes: [
          ...(charging === 1
            ? ['Charging']
            : connected === 1
              ? ['Power adapter connected']
              : connected === 0
                ? ['On battery']
                : []),
          ...(power === undefined || charging === 1 || connected === 1 ? [] : [`${watts(power)} out of it`]),
          ...(left === undefined ? [] : [`${duration(left)} until ${charging === 1 ? 'full' : 'empty'}`]),
        ],
      };
    },
  },
];

export const NOT_AVAILABLE = 'not available';

/** With a row for each that was there before, in `known`, and is not now. */
export function withKnownRows(view: TileView | undefined, known: Set<string>): TileView | undefined {
  if (!view?.rows) return view;
  for (const { name } of view.rows) known.add(name);
  const rows = [...known].map(
    (name) => view.rows!.find((row) => row.name === name) ?? { name, value: NOT_AVAILABLE },
  );
  return { ...view, rows };
}

/** `efficiency` and the like, as the first word of a line. */
export const nameOf = (label: string): string =>
  label.charAt(0).toUpperCase() + label.slice(1).replaceAll('_', ' ');

const rowsOf = (rows: NonNullable<TileView['rows']>): TileView | undefined =>
  rows.length === 0 ? undefined : { rows };

function partOf(part: number | undefined, whole: number | undefined, what: string): TileView | undefined {
  if (part === undefined) return undefined;
  if (whole === undefined) return { value: memory(part) };
  if (whole === 0) return { value: memory(part), notes: [`of ${memory(whole)}`] };
  return { value: memory(part), share: part / whole, notes: [`of ${memory(whole)}${what}`] };
}
