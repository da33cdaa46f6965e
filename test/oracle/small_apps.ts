import { appMemory, appsAlive, appUsage } from './apps';
import { toNumber, type Exact } from './exact';
import type { Coalition, Life, Process, Property, RegistryEntry, Series } from './format';
import type { Machine } from './machine';
import { SECOND, small } from './small';

export const CPU = 'mac_app_cpu_seconds_total';
export const READ = 'mac_app_disk_bytes_total{direction="read"}';
export const GPU = 'mac_app_gpu_seconds_total';

export const S = (seconds: number): bigint => BigInt(Math.round(seconds * Number(SECOND)));

interface Parts {
  readonly uid?: number;
  readonly processes?: readonly Process[];
  readonly bytes?: number;
  readonly coalitions?: readonly Coalition[];
  readonly clients?: readonly RegistryEntry[];
}

/** Two frames ten seconds apart. */
export const machineOf = (parts: Parts, seconds: readonly number[] = [0, 10]): Machine =>
  small(
    {
      libproc: { uid: parts.uid ?? 501, rusage: 6, processes: parts.processes ?? [] },
      coalition: { bytes: parts.bytes ?? 360, coalitions: parts.coalitions ?? [] },
      ioregistry: [
        {
          id: 10,
          class: ['AGXAcceleratorG13G', 'IOAccelerator'],
          name: 'AGXAcceleratorG13G',
          children: parts.clients ?? [],
        },
      ],
    },
    seconds,
  );

export function process(
  name: string,
  pid: number,
  coalition: number,
  { footprint, ...more }: Partial<Process> & { readonly footprint?: Series } = {},
): Process {
  const nothing = { user: 0, system: 0, read: 0, written: 0, energy: 0 };
  return {
    pid,
    unique: pid,
    coalition,
    uid: 501,
    path: `/Applications/${name}`,
    comm: name.slice(0, 15),
    ...(footprint !== undefined && { usage: { ...nothing, footprint } }),
    ...more,
  };
}

export const client = (id: number, pid: number, times: readonly Property[], life?: Life): RegistryEntry => ({
  id,
  class: ['AGXDeviceUserClient', 'IOUserClient'],
  name: 'AGXDeviceUserClient',
  properties: {
    IOUserClientCreator: `pid ${pid}, ?`,
    AppUsage: { list: times.map((time) => ({ dict: { API: 'Metal', accumulatedGPUTime: time } })) },
  },
  ...(life && { life }),
});

export const life = (from: number, to: number, every: number) => ({
  from: String(S(from)),
  to: String(S(to)),
  every: String(S(every)),
  step: 100,
});

export const counter = (series: Series): Property => ({ counter: series });

/** Nanoseconds. */
export const ms = (count: number): number => count * 1e6;

export const numbers = (all: ReadonlyMap<string, Exact> | undefined): Record<string, number> =>
  Object.fromEntries([...(all ?? [])].map(([key, value]) => [key, toNumber(value)]));

/** Seconds are those of the collections. */
export const usage = (machine: Machine, ...seconds: readonly number[]) => appUsage(machine, seconds.map(S));

export const total = (machine: Machine, key: string, ...seconds: readonly number[]) =>
  numbers(usage(machine, ...seconds).totals)[key];

export const byApp = (machine: Machine, key: string, ...seconds: readonly number[]) =>
  Object.fromEntries(
    [...usage(machine, ...seconds).byApp].flatMap(([name, all]) => {
      const value = all.get(key);
      return value ? [[name, toNumber(value)]] : [];
    }),
  );

export const alive = (machine: Machine, ...seconds: readonly number[]) =>
  Object.fromEntries([...appsAlive(machine, seconds.map(S))].map(([id, name]) => [String(id), name]));

export const memory = (machine: Machine, ...seconds: readonly number[]) =>
  Object.fromEntries(appMemory(machine, seconds.map(S)));
