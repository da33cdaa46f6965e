import { exact, times, type Exact } from './exact';
import { gpuTable, highest, type Table } from './frequencies';
import { eventChannels, stateChannels, type StateChannel } from './ioreport';
import { fixed, type Machine } from './machine';
import { accelerator, dictionary, numberAt, property, sysctl } from './registry';
import { series } from './series';

const MIB = 1_048_576;

const channel = (machine: Machine, subgroup: string, wanted: string): StateChannel | undefined =>
  stateChannels(machine, 'GPU Stats', subgroup).find(({ name }) => name === wanted);

const performance = fixed((machine) => channel(machine, 'GPU Performance States', 'GPUPH'));

/** OFF and P<i> with their frequency, where the table has one. */
function states({ states: names }: StateChannel, table: Table | undefined) {
  return names.map((name) => ({ name, hertz: table?.[Number(/^P(\d+)$/.exec(name)?.[1] ?? NaN)] }));
}

/** Sums over residencies; no cycles when some of the time lies in a state without a frequency. */
function totals(gpu: StateChannel, table: Table | undefined, residencies: readonly bigint[]) {
  let all = 0n;
  let awake = 0n;
  let cycles: bigint | undefined = table && 0n;
  for (const [i, { name, hertz }] of states(gpu, table).entries()) {
    const value = residencies[i] ?? 0n;
    all += value;
    if (name === 'OFF') continue;
    awake += value;
    if (hertz === undefined && value !== 0n) cycles = undefined;
    if (cycles !== undefined) cycles += (hertz ?? 0n) * value;
  }
  return { all, awake, cycles };
}

export function* gpuCounters(machine: Machine, ticks: bigint): Generator<[string, Exact]> {
  const gpu = performance(machine);
  const residencies = gpu?.read(ticks);
  if (gpu && residencies) {
    const table = gpuTable(machine);
    const { awake, cycles } = totals(gpu, table, residencies);
    yield ['mac_gpu_active_seconds_total', times(exact(awake), gpu.unit)];
    if (cycles !== undefined) yield ['mac_gpu_cycles_total', times(exact(cycles), gpu.unit)];
    for (const [i, { name, hertz }] of states(gpu, table).entries()) {
      const value = residencies[i] ?? 0n;
      // Every chip lists P1 to P15, most have fewer steps.
      if (name !== 'OFF' && hertz === undefined && value === 0n) continue;
      yield [series('mac_gpu_state_seconds_total', { state: name }), times(exact(value), gpu.unit)];
    }
  }
  const cltm = channel(machine, 'CLTM-induced GPU Performance States', 'GPU_CLTM');
  const limited = cltm?.read(ticks)?.filter((_, i) => cltm.states[i] !== 'NO_CLTM');
  if (cltm && limited) {
    const residency = limited.reduce((a, b) => a + b, 0n);
    yield ['mac_gpu_cltm_limited_seconds_total', times(exact(residency), cltm.unit)];
  }
  for (const { name, read } of eventChannels(machine, 'GPU Stats', 'GPU Throttler Counters')) {
    const events = read(ticks);
    if (events) yield [series('mac_gpu_throttle_events_total', { reason: name }), events];
  }
  const recoveries = statistic(machine, 'recoveryCount', ticks);
  if (recoveries !== undefined) yield ['mac_gpu_recoveries_total', exact(recoveries)];
}

function statistic(machine: Machine, key: string, ticks: bigint): bigint | undefined {
  const statistics = dictionary(property(accelerator(machine), 'PerformanceStatistics'));
  return numberAt(machine, statistics[key], ticks);
}

const STATISTICS: Readonly<Record<string, readonly [key: string, divisor: number]>> = {
  mac_gpu_device_utilization_ratio: ['Device Utilization %', 100],
  mac_gpu_renderer_utilization_ratio: ['Renderer Utilization %', 100],
  mac_gpu_tiler_utilization_ratio: ['Tiler Utilization %', 100],
  metal_alloc_bytes: ['Alloc system memory', 1],
  mac_metal_in_use_bytes: ['In use system memory', 1],
  mac_metal_driver_in_use_bytes: ['In use system memory (driver)', 1],
};

export function* gpuGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  for (const [name, [key, divisor]] of Object.entries(STATISTICS)) {
    const value = statistic(machine, key, ticks);
    if (value !== undefined) yield [name, Number(value) / divisor];
  }
  const cores = numberAt(machine, property(accelerator(machine), 'gpu-core-count'), ticks);
  if (cores !== undefined) yield ['mac_gpu_cores', Number(cores)];
  const wired = sysctl(machine, 'iogpu.wired_limit_mb', ticks);
  if (wired) yield ['mac_metal_wired_limit_bytes', Number(wired) * MIB];

  const table = gpuTable(machine);
  if (!table) return;
  yield ['mac_gpu_frequency_max_hertz', Number(highest(table))];
  const gpu = performance(machine);
  for (const { name, hertz } of gpu ? states(gpu, table) : []) {
    if (hertz === undefined) continue;
    yield [series('mac_gpu_state_frequency_hertz', { state: name }), Number(hertz)];
  }
}

export function* gpuWindows(machine: Machine, ticks: bigint, since: bigint): Generator<[string, Exact]> {
  const gpu = performance(machine);
  const before = gpu?.read(since);
  const deltas = gpu?.read(ticks)?.map((value, i) => value - (before?.[i] ?? 0n));
  if (!gpu || !before || !deltas || deltas.some((delta) => delta < 0n)) return;
  const { all, awake, cycles } = totals(gpu, gpuTable(machine), deltas);
  if (all > 0n) yield ['gpu_utilization', exact(awake, all)];
  if (cycles !== undefined && awake > 0n) yield ['mac_gpu_frequency_hertz', exact(cycles, awake)];
}
