// What apps use. An app is a resource coalition; the kernel sums up what its processes have used, in words whose meaning
// xnu has (osfmk/kern/coalition.c, coalition_resource_usage). GPU time is kept by the user clients of the GPU's driver.
//
// Here are the rows as they were read. Who is an app, and its counters, is worked out in sampler/accumulate.ts.

import type { FactMap } from '../native/native';
import type { Decoder, NameMap, Part } from './decoder';
import { columnOf, readColumn, rowsOf } from './rows';

/** Counters of an app that are kept by coalition, in raw units: ticks of mach_absolute_time, nJ or bytes. */
export const USAGE = ['cpu', 'ane', 'energyCpu', 'energyGpu', 'energyAne', 'read', 'write'] as const;
export type UsageName = (typeof USAGE)[number];

/** Where each is in coalition_resource_usage. 38 to 43 are there from macOS 15 on. */
const WORD: Readonly<Record<UsageName, number>> = {
  cpu: 3,
  ane: 38,
  energyCpu: 11,
  energyGpu: 41,
  energyAne: 39,
  read: 6,
  write: 7,
};

/** And what of it a process itself tells. Its CPU time is the sum of two. */
const FIELDS: Readonly<Record<UsageName, readonly string[]>> = {
  cpu: ['ri_user_time', 'ri_system_time'],
  ane: [],
  energyCpu: ['ri_energy_nj'],
  energyGpu: [],
  energyAne: [],
  read: ['ri_diskio_bytesread'],
  write: ['ri_diskio_byteswritten'],
};

/** Seconds of a tick of mach_absolute_time are numer / denom / 1e9. */
export interface Timebase {
  readonly numer: number;
  readonly denom: number;
}

export interface Coalitions extends Part {
  readonly ids: Float64Array;
  /** By `USAGE`, then by row; NaN where this macOS has no such word. */
  readonly usage: readonly Float64Array[];
  readonly timebase: Timebase;
}

export interface Processes extends Part {
  readonly pids: Float64Array;
  /** p_uniqueid: never used again while the Mac runs. */
  readonly uniques: Float64Array;
  readonly coalitions: Float64Array;
  /** By `USAGE`, then by row; NaN where this user may not know. */
  readonly usage: readonly Float64Array[];
  /** resident_size in bytes; NaN where this user may not know. */
  readonly residents: Float64Array;
  /** phys_footprint in bytes; NaN where this user may not know. */
  readonly footprints: Float64Array;
  /** Executables by p_uniqueid. */
  readonly names: NameMap;
}

export interface GpuClients extends Part {
  /** Registry entry ids: they only grow. */
  readonly ids: Float64Array;
  /** NaN where the client does not tell who opened it. */
  readonly pids: Float64Array;
  /** Which entry of the client's AppUsage; NaN for a client that has none yet. */
  readonly indices: Float64Array;
  /** Cumulative GPU time of the entry in nanoseconds. */
  readonly nanoseconds: Float64Array;
}

/** Counters by app, with the sum of those that have no label of their own as `other`, the last. */
export interface AppUsage extends Part {
  readonly apps: readonly string[];
  /** By `USAGE`, then by app, in seconds, joules or bytes; an empty array where this Mac does not count it. */
  readonly usage: readonly Float64Array[];
}
export interface GpuTime extends Part {
  /** Apps, or executables; `other` is the last. */
  readonly names: readonly string[];
  readonly seconds: Float64Array;
}
export interface AppMemory extends Part {
  readonly apps: readonly string[];
  /** NaN where not every process of the app could be read. */
  readonly bytes: Float64Array;
}
export interface AneWork extends Part {
  readonly seconds: number;
}
/** Series that are not on the page, by why they are not. */
export interface Dropped extends Part {
  readonly reasons: readonly string[];
  readonly series: readonly number[];
}

const COALITION = 'coalition';
const LIBPROC = 'libproc';

export const GPU_CLIENTS = {
  parent: 'IOAccelerator',
  child: 'AGXDeviceUserClient',
  creator: 'IOUserClientCreator',
  list: 'AppUsage',
  member: 'accumulatedGPUTime',
} as const;

const WORD_NAMES: ReadonlySet<string> = new Set(['id', ...Object.values(WORD).map(String)]);

export const coalitions: Decoder<Coalitions> = {
  source: 'coalition',
  groups: [COALITION],
  expected: true,
  isTable: true,
  lacks: (_chosen, facts) => (timebaseOf(facts) ? undefined : 'clock'),
  wants: (c) => c.group === COALITION && WORD_NAMES.has(c.name),
  bind(chosen, facts) {
    const id = columnOf(chosen, 'id');
    const timebase = timebaseOf(facts);
    if (id < 0 || !timebase) return undefined;
    const words = USAGE.map((name) => columnOf(chosen, String(WORD[name])));
    return (values) => {
      const rows = rowsOf(values);
      if (!rows) return undefined;
      const read = (column: number) => readColumn(values, chosen.length, rows, column);
      return { ids: read(id), usage: words.map(read), timebase };
    };
  },
};

const PROCESS_COLUMNS = {
  pid: 'pid',
  unique: 'p_uniqueid',
  coalition: 'coalition_id',
  resident: 'ri_resident_size',
  footprint: 'ri_phys_footprint',
};

export const processes: Decoder<Processes> = {
  source: 'libproc',
  groups: [LIBPROC],
  expected: true,
  isTable: true,
  named: PROCESS_COLUMNS.unique,
  wants: (c) => c.group === LIBPROC,
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const column = (name: string) => columnOf(chosen, name);
    const at = {
      pid: column(PROCESS_COLUMNS.pid),
      unique: column(PROCESS_COLUMNS.unique),
      coalition: column(PROCESS_COLUMNS.coalition),
      resident: column(PROCESS_COLUMNS.resident),
      footprint: column(PROCESS_COLUMNS.footprint),
    };
    const fields = USAGE.map((name) => FIELDS[name].map(column));
    return (values, names) => {
      const rows = rowsOf(values);
      if (!rows) return undefined;
      const read = (of: number) => readColumn(values, chosen.length, rows, of);
      return {
        pids: read(at.pid),
        uniques: read(at.unique),
        coalitions: read(at.coalition),
        residents: read(at.resident),
        footprints: read(at.footprint),
        usage: fields.map((columns) => sumOf(columns.map(read), rows)),
        names,
      };
    };
  },
};

export const gpuClients: Decoder<GpuClients> = {
  source: 'gpu_clients',
  groups: [GPU_CLIENTS.child],
  expected: true,
  isTable: true,
  wants: (c) => c.group === GPU_CLIENTS.child,
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const column = (name: string) => columnOf(chosen, name);
    const at = {
      id: column('id'),
      pid: column('pid'),
      index: column('index'),
      value: column(GPU_CLIENTS.member),
    };
    return (values) => {
      const rows = rowsOf(values);
      if (rows === undefined) return undefined;
      const read = (of: number) => readColumn(values, chosen.length, rows, of);
      return {
        ids: read(at.id),
        pids: read(at.pid),
        indices: read(at.index),
        nanoseconds: read(at.value),
      };
    };
  },
};

/** Whether this macOS has a word for the ANE. */
export const countsAne = ({ usage }: Coalitions): boolean =>
  usage[USAGE.indexOf('ane')]!.some((ticks) => !Number.isNaN(ticks));

function timebaseOf(facts: FactMap): Timebase | undefined {
  const numer = facts['mach_timebase_info numer'];
  const denom = facts['mach_timebase_info denom'];
  return typeof numer === 'number' && typeof denom === 'number' ? { numer, denom } : undefined;
}

/** NaN where there is no column. */
function sumOf(columns: readonly Float64Array[], rows: number): Float64Array {
  const [first, ...others] = columns;
  if (!first) return new Float64Array(rows).fill(NaN);
  for (const column of others) for (let row = 0; row < rows; row++) first[row]! += column[row]!;
  return first;
}
