// A Mac that spent one window as powermetrics printed it: a machine file of two frames, the window apart.

import { machineOf, type ChannelSet, type Json, type Machine } from '../support/machines';
import { constantLoad } from '../support/machines_constant';
import { data, tableBytes, word } from '../support/bytes';
import { COMPLEXES, CORES, entryOf, GPU_STATES, M1_IDLE, UNITS } from '../support/variants';

/** Percent of the window by step of frequency, and powered down; the rest is idle. */
export interface Spent {
  readonly percent?: readonly number[];
  readonly down?: number;
}

export interface Cluster {
  readonly letter: 'E' | 'P';
  /** The name of its own channel. */
  readonly complex: string;
  readonly steps: number;
  /** The states before V0…; IDLE where not said. */
  readonly idle?: readonly string[];
  readonly cores: readonly (Spent & { readonly name: string })[];
  /** What the cluster's own channel says. */
  readonly own?: Spent;
}

export interface Mac {
  /** Seconds. */
  readonly window: number;
  /** In the order of the logical CPUs. */
  readonly clusters?: readonly Cluster[];
  /** Raw, by property of pmgr: Hz or kHz. */
  readonly tables: Readonly<Record<string, readonly number[]>>;
  /** Steps P1 … of GPUPH. */
  readonly gpu?: Spent;
  /** perflevels, fastest first. */
  readonly levels?: readonly [string, string];
}

/** Ticks of the clock at the first frame, a day after boot. */
const BEFORE = 86_400 * 24e6;
const GPU_STATE_COUNT = 15;

export function macOf({ window, clusters = [], tables, gpu, levels }: Mac): Machine {
  const ticks = Math.round(window * 24e6);
  if (Math.abs(ticks - window * 24e6) > 1e-3) throw new Error(`${window} s are no whole number of ticks`);
  const m1 = constantLoad(machineOf(M1_IDLE));
  const machine: Machine = {
    format: 1,
    about: 'what powermetrics printed',
    origin: 'built',
    clock: clock(ticks),
    ioreport: [...clusters.flatMap((cluster, i) => clusterSets(cluster, i, ticks)), ...gpuSets(gpu, ticks)],
    ioregistry: m1.ioregistry!.filter(({ name }) => name !== 'sgx'),
    host: { ...m1.host!, cpu: clusters.flatMap(({ cores }) => cores).map(() => idleTicks(ticks)) },
    sysctl: { ...m1.sysctl, ...levelNames(levels) },
  };
  entryOf(machine, 'IODeviceTree:/arm-io/pmgr').properties = Object.fromEntries(
    Object.entries(tables).map(([name, raw]) => [name, data(tableBytes(raw))]),
  );
  entryOf(machine, 'IODeviceTree:/cpus').children = cpuNodes(clusters);
  return machine;
}

const clock = (ticks: number): Machine['clock'] => ({
  timebase: [125, 3],
  absolute: [BEFORE, BEFORE + ticks],
  continuous: [BEFORE, BEFORE + ticks],
});

const levelNames = (levels: Mac['levels'] = ['Performance', 'Efficiency']): Record<string, Json[]> => ({
  'hw.perflevel0.name': ['text', levels[0]],
  'hw.perflevel1.name': ['text', levels[1]],
});

/** The scheduler's ticks are not the referee's subject. */
const idleTicks = (ticks: number): Record<string, Json> => ({
  user: 0,
  system: 0,
  idle: [0, Math.round(ticks / 240_000)],
  nice: 0,
});

function clusterSets(cluster: Cluster, index: number, ticks: number): ChannelSet[] {
  const { complex, steps, idle = ['IDLE'], cores, own = {} } = cluster;
  const states = [...idle, ...Array.from({ length: steps }, (_, i) => `V${i}P${steps - 1 - i}`)];
  const row = (name: string, n: number, spent: Spent) => rowOf(index * 32 + n, name, states, spent, ticks);
  return [
    stateSet(
      CORES,
      states,
      cores.map((core, n) => row(core.name, n + 1, core)),
    ),
    stateSet(COMPLEXES, states, [row(complex, 0, own)]),
  ];
}

function gpuSets(gpu: Spent | undefined, ticks: number): ChannelSet[] {
  if (!gpu) return [];
  const states = ['OFF', ...Array.from({ length: GPU_STATE_COUNT }, (_, i) => `P${i + 1}`)];
  const set = stateSet(GPU_STATES, states, [rowOf(0x1000, 'GPUPH', states, gpu, ticks)]);
  return [{ ...set, group: 'GPU Stats', driver: [4294968390, 'AGXAcceleratorG13X'] }];
}

const stateSet = (subgroup: string, states: string[], channels: Json[][]): ChannelSet => ({
  group: 'CPU Stats',
  subgroup,
  driver: [4294968065, 'AppleT6000PMGR'],
  unit: UNITS.ticks,
  format: 'state',
  states,
  channels,
});

function rowOf(id: number, name: string, states: readonly string[], spent: Spent, ticks: number): Json[] {
  const { percent = [], down = 0 } = spent;
  const first = states.findIndex((state) => /\d/.test(state));
  const inState = states.map((state, i) =>
    Math.round(((state === 'DOWN' ? down : (percent[i - first] ?? 0)) / 100) * ticks),
  );
  const resting = states.findIndex((state) => state === 'IDLE' || state === 'OFF');
  inState[resting] = ticks - inState.reduce((a, b) => a + b, 0);
  // GPUPH lists 15 steps on every chip; those above the table's were never used.
  const used = (i: number) => !states.includes('OFF') || i <= percent.length;
  const before = states.map((_, i) => (used(i) ? BEFORE / 2 + 1_000_003 * i : 0));
  return [id.toString(16).padStart(16, '0'), name, before, before.map((count, i) => count + inState[i]!)];
}

const cpuNodes = (clusters: readonly Cluster[]) =>
  clusters
    .flatMap(({ letter, cores }, cluster) => cores.map((_, core) => ({ letter, cluster, core })))
    .map(({ letter, cluster, core }, number) => ({
      id: 4294967600 + number,
      class: ['IOPlatformDevice', 'IOService'],
      name: `cpu${number}`,
      properties: {
        'cluster-type': data(Buffer.from(`${letter}\0`)),
        'die-id': data(word(0)),
        'die-cluster-id': data(word(cluster)),
        'logical-cluster-id': data(word(cluster)),
        'cluster-core-id': data(word(core)),
        'logical-cpu-id': data(word(number)),
      },
    }));
