import { bandwidthCounters } from './bandwidth';
import { batteryGauges } from './battery';
import { cpuCounters, cpuGauges, cpuWindows } from './cpu';
import { energyCounters, powerAfter, powerWindows } from './energy';
import type { Exact } from './exact';
import { gpuCounters, gpuGauges, gpuWindows } from './gpu';
import type { Machine } from './machine';
import { memoryCounters, memoryGauges } from './memory';
import { metalGauges } from './metal';
import { osCounters, osGauges } from './os';
import { smcGauges } from './smc';
import { cpuRange, sensorGauges, temperatureGauges, valuesOf, type Range } from './temperatures';

export interface Options {
  /** mac_cpu_state_seconds_total */
  readonly states?: boolean;
  /** mac_energy_detail_joules_total */
  readonly detail?: boolean;
  /** mac_temperature_celsius of every sensor */
  readonly sensors?: boolean;
}

export interface Gauges {
  /** What one sample is enough for. */
  readonly plain: ReadonlyMap<string, number>;
  /** Means over the window; without a start, or when the Mac slept in the window, empty. */
  readonly window: ReadonlyMap<string, Exact>;
  /** What depends on the chip's own table of keys, and so is only known to lie in a range. */
  readonly ranges: ReadonlyMap<string, Range>;
}

export interface Truth {
  /** Every counter at an instant (ticks since open), as the page keys it. */
  readonly counters: (ticks: bigint) => ReadonlyMap<string, Exact>;
  readonly gauges: (ticks: bigint, since?: bigint) => Gauges;
  /** mac_power_watts after collections at these instants, the last of them now; no window starts before a sleep. */
  readonly power: (
    collections: readonly bigint[],
    minSeconds?: number,
    maxSeconds?: number,
  ) => ReadonlyMap<string, Exact>;
  /** Celsius that a role of a component may show. */
  readonly temperatures: (component: string, ticks: bigint) => ReadonlySet<number>;
}

/** What /metrics must say of a machine file: all collectors. */
export function truth(
  machine: Machine,
  { states = false, detail = false, sensors = false }: Options = {},
): Truth {
  return {
    counters: (ticks) =>
      once([
        ...gpuCounters(machine, ticks),
        ...memoryCounters(machine, ticks),
        ...cpuCounters(machine, ticks, states),
        ...energyCounters(machine, ticks, detail),
        ...bandwidthCounters(machine, ticks),
        ...osCounters(machine, ticks),
      ]),
    gauges: (ticks, since) => ({
      plain: once([
        ...gpuGauges(machine, ticks),
        ...metalGauges(machine, ticks),
        ...memoryGauges(machine, ticks),
        ...cpuGauges(machine, ticks),
        ...smcGauges(machine, ticks),
        ...temperatureGauges(machine, ticks),
        ...(sensors ? sensorGauges(machine, ticks) : []),
        ...batteryGauges(machine, ticks),
        ...osGauges(machine, ticks),
      ]),
      ranges: rangesOf(machine, ticks),
      window:
        since === undefined || slept(machine, ticks, since)
          ? new Map()
          : once([
              ...gpuWindows(machine, ticks, since),
              ...cpuWindows(machine, ticks, since),
              ...powerWindows(machine, ticks, since),
            ]),
    }),
    power(collections, minSeconds, maxSeconds) {
      const now = collections.at(-1) ?? 0n;
      const awake = collections.filter((instant) => !slept(machine, now, instant));
      return once(powerAfter(machine, awake, minSeconds, maxSeconds));
    },
    temperatures: (component, ticks) => valuesOf(machine, component, ticks),
  };
}

function rangesOf(machine: Machine, ticks: bigint): ReadonlyMap<string, Range> {
  const cpu = cpuRange(machine, ticks);
  return new Map(cpu ? [['mac_cpu_temperature_celsius', cpu]] : []);
}

const slept = (machine: Machine, ticks: bigint, since: bigint): boolean =>
  machine.asleep(ticks) - machine.asleep(since) >= machine.ticks(1);

function once<T>(all: Iterable<[string, T]>): Map<string, T> {
  const map = new Map<string, T>();
  for (const [key, value] of all) {
    if (map.has(key)) throw new Error(`${key} twice`);
    map.set(key, value);
  }
  return map;
}
