import { exact, over, sum, times, type Exact } from './exact';
import type { CpuTicks } from './format';
import { cpuTable, highest, type Table } from './frequencies';
import { stateChannels, type StateChannel } from './ioreport';
import { fixed, type Machine } from './machine';
import { sysctl } from './registry';
import { series } from './series';
import { clusterLabel, coreLabel, coreName, cpus, levels, tierOf } from './topology';

const INACTIVE: ReadonlySet<string> = new Set(['IDLE', 'DOWN', 'OFF']);
const TICKS_A_SECOND = 100n;

interface Core {
  readonly channel: StateChannel;
  readonly core: string;
  readonly cluster: string;
  readonly tier: string;
  readonly table: Table | undefined;
}

const complexChannels = fixed((machine) =>
  stateChannels(machine, 'CPU Stats', 'CPU Complex Performance States').filter(({ name }) => coreName(name)),
);

const cores = fixed((machine): readonly Core[] => {
  const channels = stateChannels(machine, 'CPU Stats', 'CPU Core Performance States');
  const names = channels.flatMap(({ name }) => coreName(name) ?? []);
  const complexes = complexChannels(machine).map(({ name }) => name);
  const all = cpus(machine);
  return channels.flatMap((channel) => {
    const name = coreName(channel.name);
    if (!name) return [];
    const steps = channel.states.filter((state) => frequencyIndex(state) !== undefined).length;
    return [
      {
        channel,
        core: coreLabel(name, names, all),
        cluster: clusterLabel(name, complexes),
        tier: tierOf(machine, name.letter),
        table: cpuTable(machine, name.letter, steps),
      },
    ];
  });
});

function frequencyIndex(state: string): number | undefined {
  const match = /^V(\d+)P\d+$/.exec(state);
  return match ? Number(match[1]) : undefined;
}

/** Residency of the active states and the cycles in it, in the channel's steps; no cycles without a table. */
function active({ channel, table }: Core, residencies: readonly bigint[]) {
  let residency = 0n;
  let cycles: bigint | undefined = 0n;
  for (const [i, state] of channel.states.entries()) {
    if (INACTIVE.has(state)) continue;
    const value = residencies[i] ?? 0n;
    const hertz = table?.[frequencyIndex(state) ?? -1];
    residency += value;
    cycles = hertz === undefined || cycles === undefined ? undefined : cycles + hertz * value;
  }
  return { residency, cycles };
}

export function* cpuCounters(machine: Machine, ticks: bigint, states: boolean): Generator<[string, Exact]> {
  yield* hostCounters(machine, ticks);
  for (const core of cores(machine)) {
    const residencies = core.channel.read(ticks);
    if (!residencies) continue;
    const labels = { core: core.core, cluster: core.cluster, tier: core.tier };
    const { residency, cycles } = active(core, residencies);
    yield [series('mac_cpu_core_active_seconds_total', labels), times(exact(residency), core.channel.unit)];
    if (cycles !== undefined) {
      yield [series('mac_cpu_core_cycles_total', labels), times(exact(cycles), core.channel.unit)];
    }
    if (!states) continue;
    for (const [i, state] of core.channel.states.entries()) {
      const seconds = times(exact(residencies[i] ?? 0n), core.channel.unit);
      yield [series('mac_cpu_state_seconds_total', { core: core.core, state }), seconds];
    }
  }
  for (const { name, states: names, unit, read } of complexChannels(machine)) {
    const down = read(ticks)?.[names.indexOf('DOWN')];
    if (down === undefined) continue;
    const labels = { cluster: name, tier: tierOf(machine, coreName(name)?.letter) };
    yield [series('mac_cpu_cluster_offline_seconds_total', labels), times(exact(down), unit)];
  }
}

/** The kernel keeps 32 bits of each count. */
const hostTicks = (machine: Machine, count: CpuTicks[keyof CpuTicks], ticks: bigint): bigint =>
  machine.counter(count, ticks) % 2n ** 32n;

/** Logical CPUs in the kernel's order, each with its tier. */
function hostCpus(machine: Machine) {
  const all = cpus(machine);
  return (machine.file.host?.cpu ?? []).map((counts, number) => ({
    counts,
    core: String(number),
    tier: tierOf(machine, all.find((cpu) => cpu.number === number)?.letter),
  }));
}

function* hostCounters(machine: Machine, ticks: bigint): Generator<[string, Exact]> {
  for (const { counts, core, tier } of hostCpus(machine)) {
    for (const mode of ['user', 'system', 'idle'] as const) {
      const seconds = exact(hostTicks(machine, counts[mode], ticks), TICKS_A_SECOND);
      yield [series('mac_cpu_seconds_total', { core, tier, mode }), seconds];
    }
  }
}

export function* cpuGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  for (const [level, tier] of levels(machine).entries()) {
    const count = sysctl(machine, `hw.perflevel${level}.physicalcpu`, ticks);
    if (count !== undefined) yield [series('mac_cpu_cores', { tier }), Number(count)];
  }
  const maxima = new Map<string, bigint>();
  for (const { tier, table } of cores(machine)) {
    if (table) maxima.set(tier, highest([...table, maxima.get(tier) ?? 0n]));
  }
  for (const [tier, max] of maxima) yield [series('mac_cpu_frequency_max_hertz', { tier }), Number(max)];
}

export function* cpuWindows(machine: Machine, ticks: bigint, since: bigint): Generator<[string, Exact]> {
  yield* utilization(machine, ticks, since);
  const clusters = new Map<string, Core[]>();
  for (const core of cores(machine)) {
    const key = series('mac_cpu_frequency_hertz', { cluster: core.cluster, tier: core.tier });
    clusters.set(key, [...(clusters.get(key) ?? []), core]);
  }
  for (const [key, members] of clusters) {
    const mean = meanFrequency(members, ticks, since);
    if (mean) yield [key, mean];
  }
}

function meanFrequency(members: readonly Core[], ticks: bigint, since: bigint): Exact | undefined {
  let residency = 0n;
  let cycles = 0n;
  for (const core of members) {
    const before = core.channel.read(since);
    const deltas = core.channel.read(ticks)?.map((value, i) => value - (before?.[i] ?? 0n));
    if (!before || !deltas || deltas.some((delta) => delta < 0n)) return undefined;
    const growth = active(core, deltas);
    if (growth.cycles === undefined) return undefined;
    residency += growth.residency;
    cycles += growth.cycles;
  }
  return residency > 0n ? exact(cycles, residency) : undefined;
}

function* utilization(machine: Machine, ticks: bigint, since: bigint): Generator<[string, Exact]> {
  const tiers = new Map<string, { busy: Exact[]; all: Exact[] }>();
  for (const { counts, tier } of hostCpus(machine)) {
    const of = tiers.get(tier) ?? { busy: [], all: [] };
    tiers.set(tier, of);
    for (const mode of ['user', 'system', 'nice', 'idle'] as const) {
      const before = hostTicks(machine, counts[mode], since);
      const delta = exact(hostTicks(machine, counts[mode], ticks) - before);
      of.all.push(delta);
      if (mode !== 'idle') of.busy.push(delta);
    }
  }
  for (const [tier, { busy, all }] of tiers) {
    const total = sum(all);
    if (all.some(({ n }) => n < 0n) || total.n === 0n) continue;
    yield [series('mac_cpu_utilization_ratio', { tier }), over(sum(busy), total)];
  }
}
