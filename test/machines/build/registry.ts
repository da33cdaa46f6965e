// The registry entries the exporter reads: the accelerator, and the device tree's cpus, pmgr and sgx.
import { connected, shareIn, type Connected } from './apps';
import type { GpuTrace } from './gpu';
import { inOneLife, lives } from './life';
import type { Entry, Facts, Life, Series, Share, Table, Value, Workload } from './types';
import { absolute, at, HZ } from './workload';

const MIB = 2 ** 20;
/** Registry ids of what comes and goes: above all others, and no other's. */
const LATER = 4_311_744_512;
const NODE = ['AppleARMIODevice', 'IOPlatformDevice', 'IOService'];

export function registry(facts: Facts, workload: Workload, gpu: GpuTrace): Entry[] {
  const tree: Entry[] = [
    cpus(facts),
    {
      id: 4294967570,
      class: NODE,
      name: 'pmgr',
      path: 'IODeviceTree:/arm-io/pmgr',
      properties: facts.pmgr.properties,
    },
  ];
  if (facts.sgx)
    tree.push({
      id: 4294967572,
      class: NODE,
      name: 'sgx',
      path: 'IODeviceTree:/arm-io/sgx',
      properties: {
        'perf-states': pairs(facts.gpu.table),
        'perf-state-count': u32(facts.gpu.table.raw.length),
        'gpu-num-perf-states': u32(facts.gpu.table.raw.length - 1),
      },
    });
  return [accelerator(facts, workload, gpu), ...tree];
}

function accelerator(facts: Facts, workload: Workload, gpu: GpuTrace): Entry {
  const [id, name] = facts.gpu.driver;
  const { frames } = workload;
  return {
    id,
    class: facts.gpu.class,
    name,
    properties: {
      model: facts.brand,
      'gpu-core-count': facts.gpu.cores,
      MetalPluginName: facts.gpu.plugin.replace(/^AGX(.*)Device$/, 'AGXMetal$1'),
      MetalPluginClassName: facts.gpu.plugin,
      AGCInfo: { dict: { fLastSubmissionPID: pid(workload), fSubmissionsSinceLastCheck: 0, fBusyCount: 0 } },
      PerformanceStatistics: {
        dict: {
          'In use system memory (driver)': 0,
          'Alloc system memory': steps(frames.map(({ allocated }) => allocated * MIB)),
          'Tiler Utilization %': steps(frames.map(({ utilization }) => utilization[2])),
          recoveryCount: { counter: steps(workload.recoveries ?? [0]) },
          lastRecoveryTime: steps(recovered(workload)),
          'Renderer Utilization %': steps(frames.map(({ utilization }) => utilization[1])),
          TiledSceneBytes: 0,
          'Device Utilization %': steps(frames.map(({ utilization }) => utilization[0])),
          SplitSceneCount: 0,
          'Allocated PB Size': 11534336,
          'In use system memory': steps(frames.map(({ inUse }) => inUse * MIB)),
        },
      },
    },
    children: clients(facts, workload, gpu),
  };
}

function clients(facts: Facts, workload: Workload, gpu: GpuTrace): Entry[] {
  const all = connected(workload);
  const staying = all.filter(({ stay }) => stay === undefined);
  const passing = all.flatMap((one) => (one.stay ? [{ ...one, stay: one.stay }] : []));
  const lived = lives(
    passing.map(({ stay }) => stay),
    workload,
    LATER,
  );
  const entry = ({ pid, name, client }: Connected, id: number, life?: Life): Entry => ({
    id,
    class: ['AGXDeviceUserClient', 'IOUserClient', 'IOService'],
    name: 'AGXDeviceUserClient',
    properties: {
      IOUserClientCreator: `pid ${pid}, ${name}`,
      CommandQueueCount: client.queues,
      AppUsage: { list: client.shares.map((share) => usage(workload, gpu, share, life)) },
    },
    ...(life && { life }),
  });
  return [
    ...staying.map((one, n) => entry(one, facts.gpu.driver[0] + 0x100 + n)),
    ...passing.map((one, n) => entry(one, at(lived, n).first, at(lived, n).life)),
  ];
}

function usage(workload: Workload, { awake }: GpuTrace, share: Share, life?: Life): Value {
  const before = (frame: number) => shareIn(share, Math.max(0, frame - 1));
  const lastSubmitted = absolute(workload).map((ticks, frame) =>
    Math.floor((ticks * 125) / 3 - (1 - before(frame)) * 2e8),
  );
  const nanoseconds = drawn(awake, share).map((seconds) => Math.floor(seconds * 1e9));
  return {
    dict: {
      API: 'Metal',
      lastSubmittedTime: life ? at(lastSubmitted, 0) : steps(lastSubmitted),
      accumulatedGPUTime: { counter: life ? inOneLife(life, workload, nanoseconds) : nanoseconds },
    },
  };
}

/** Seconds up to each frame, of those that the GPU was awake. */
function drawn(awake: readonly number[], share: Share): number[] {
  if (typeof share === 'number') return awake.map((seconds) => seconds * share);
  let all = 0;
  return awake.map(
    (seconds, frame) => (all += (seconds - (awake[frame - 1] ?? 0)) * at(share, Math.max(0, frame - 1))),
  );
}

function cpus(facts: Facts): Entry {
  const nodes = facts.clusters.flatMap((cluster, logical) =>
    Array.from({ length: cluster.cores }, (_, n) => ({ cluster, logical, n })),
  );
  return {
    id: 4294967560,
    class: ['IOService'],
    name: 'cpus',
    path: 'IODeviceTree:/cpus',
    properties: {},
    children: nodes.map(({ cluster, logical, n }, number) => ({
      id: 4294967600 + number,
      class: ['IOPlatformDevice', 'IOService'],
      name: `cpu${number}`,
      properties: {
        'cluster-type': { data: `${Buffer.from(cluster.letter).toString('hex')}00` },
        'die-id': u32(cluster.die),
        'die-cluster-id': u32(cluster.index),
        'logical-cluster-id': u32(logical),
        'cluster-core-id': u32(n),
        'logical-cpu-id': u32(number),
      },
    })),
  };
}

/** When the GPU was last recovered, as mach_absolute_time; 0 if it never was. */
const recovered = (workload: Workload) => {
  const counts = workload.recoveries ?? [0];
  let last = 0;
  return counts.map((count, frame) => {
    if (frame > 0 && count > at(counts, frame - 1)) last = at(absolute(workload), frame) - HZ;
    return last;
  });
};

const steps = (values: readonly number[]): Series =>
  values.every((value) => value === values[0]) ? at(values, 0) : values;
const pid = (workload: Workload) => connected(workload)[0]?.pid ?? 0;

/** {u32 frequency, u32 mV} pairs, little endian: the layout of voltage-states and perf-states. */
export function pairs({ raw, mv }: Table): { data: string } {
  const bytes = Buffer.alloc(raw.length * 8);
  raw.forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 8);
    bytes.writeUInt32LE(at(mv, i), i * 8 + 4);
  });
  return { data: bytes.toString('hex') };
}

export function table(hex: string): Table {
  const bytes = Buffer.from(hex, 'hex');
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
  return { raw: words.filter((_, i) => i % 2 === 0), mv: words.filter((_, i) => i % 2 === 1) };
}

/** The table without -sram: clock periods, 16.16 fixed point in ns. */
export const periods = ({ mv }: Table, mhz: readonly number[], volts = mv): Table => ({
  raw: mhz.map((value) => Math.floor(65_536_000 / value)),
  mv: volts,
});

export const times = (mhz: readonly number[], by: number) => mhz.map((value) => value * by);

export function u32(value: number): { data: string } {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { data: bytes.toString('hex') };
}
