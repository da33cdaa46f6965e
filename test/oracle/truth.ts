import { cpuCounters, cpuGauges, cpuWindows } from './cpu';
import { energyCounters, powerAfter, powerWindows } from './energy';
import type { Exact } from './exact';
import { gpuCounters, gpuGauges, gpuWindows } from './gpu';
import type { Machine } from './machine';
import { memoryCounters, memoryGauges } from './memory';
import { osCounters, osGauges } from './os';

export interface Options {
  /** mac_cpu_state_seconds_total */
  readonly states?: boolean;
  /** mac_energy_detail_joules_total */
  readonly detail?: boolean;
}

export interface Gauges {
  /** What one sample is enough for. */
  readonly plain: ReadonlyMap<string, number>;
  /** Means over the window; without a start, or when the Mac slept in the window, empty. */
  readonly window: ReadonlyMap<string, Exact>;
}

export interface Truth {
  /** Every counter at an instant (ticks since open), as the page keys it. */
  readonly counters: (ticks: bigint) => ReadonlyMap<string, Exact>;
  readonly gauges: (ticks: bigint, since?: bigint) => Gauges;
  /** mac_power_watts after collections at these instants, the last of them now. */
  readonly power: (
    collections: readonly bigint[],
    minSeconds?: number,
    maxSeconds?: number,
  ) => ReadonlyMap<string, Exact>;
}

/** What /metrics must say of a machine file: collectors gpu, metal, memory, cpu, energy and os. */
export function truth(machine: Machine, { states = false, detail = false }: Options = {}): Truth {
  return {
    counters: (ticks) =>
      once([
        ...gpuCounters(machine, ticks),
        ...memoryCounters(machine, ticks),
        ...cpuCounters(machine, ticks, states),
        ...energyCounters(machine, ticks, detail),
        ...osCounters(machine, ticks),
      ]),
    gauges: (ticks, since) => ({
      plain: once([
        ...gpuGauges(machine, ticks),
        ...memoryGauges(machine, ticks),
        ...cpuGauges(machine, ticks),
        ...osGauges(machine, ticks),
      ]),
      window:
        since === undefined || slept(machine, ticks, since)
          ? new Map()
          : once([
              ...gpuWindows(machine, ticks, since),
              ...cpuWindows(machine, ticks, since),
              ...powerWindows(machine, ticks, since),
            ]),
    }),
    power: (collections, minSeconds, maxSeconds) =>
      once(powerAfter(machine, collections, minSeconds, maxSeconds)),
  };
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
