// CPU: residency of cores and clusters, and the scheduler's ticks.

import type { Channel, FactMap } from '../native/native';
import {
  firstOfEachName,
  GROUPS,
  hasNamedStates,
  IDLE_STATES,
  isComplex,
  isCore,
  parseCpuName,
  stateIndex,
} from '../chips/channels';
import { cpuTable, FREQUENCY_GROUPS, frequenciesOf, largestOf, PMGR, type Table } from '../chips/frequencies';
import {
  clusterNumber,
  CPUS,
  labelCores,
  LEVEL_NUMBERS,
  LEVEL_TEXTS,
  logicalCpus,
  tierOf,
  TOPOLOGY_GROUPS,
  type CpuLabels,
} from '../chips/topology';
import { inBaseUnits, unitOf, type Unit } from '../chips/units';
import type { Decoder, Part } from './decoder';

export interface Residency extends Part {
  readonly labels: readonly CpuLabels[];
  /** State names of each core. */
  readonly states: readonly (readonly string[])[];
  /** Cumulative seconds of each core by state; core i's start at `starts[i]`. */
  readonly seconds: Float64Array;
  readonly starts: readonly number[];
  /** Cumulative seconds in active states, by core; NaN where the channel was not delivered. */
  readonly active: Float64Array;
  /** Σ frequency × seconds over active states, by core; NaN where a state in use has no frequency. */
  readonly cycles: Float64Array;
  /** Clusters in the order of the labels, and the cores of each. */
  readonly clusters: readonly {
    readonly cluster: string;
    readonly tier: string;
    readonly cores: readonly number[];
  }[];
  /** Highest frequency by tier, in hertz. */
  readonly fastest: ReadonlyMap<string, number>;
}

interface Core {
  readonly channel: Channel;
  readonly unit: Unit;
  readonly labels: CpuLabels;
  readonly table: Table | undefined;
  readonly idle: readonly boolean[];
  readonly frequencies: Float64Array;
}

export const residency: Decoder<Residency> = {
  source: 'ioreport',
  groups: [GROUPS.cpu, ...TOPOLOGY_GROUPS, ...FREQUENCY_GROUPS],
  expected: true,
  lacks(chosen, facts) {
    if (!chosen.some(isCore)) return undefined;
    if (logicalCpus(facts).length === 0) return CPUS;
    return coresOf(chosen, facts).every(({ table }) => table) ? undefined : PMGR;
  },
  wants: (c) => isCore(c) || isComplex(c),
  bind(chosen, facts) {
    const cores = coresOf(chosen, facts);
    if (cores.length === 0 || !chosen.every(hasNamedStates)) return undefined;
    const labels = cores.map((core) => core.labels);
    const fastest = new Map<string, number>();
    for (const {
      table,
      labels: { tier },
    } of cores)
      if (table) fastest.set(tier, Math.max(fastest.get(tier) ?? 0, largestOf(table)));
    const states = cores.map(({ channel }) => channel.states);
    const starts: number[] = [];
    const size = states.reduce((start, names) => (starts.push(start), start + names.length), 0);
    const clusters = clustersOf(labels);
    return (values) => {
      const seconds = new Float64Array(size);
      const active = new Float64Array(cores.length);
      const cycles = new Float64Array(cores.length);
      let delivered = 0;
      for (let i = 0; i < cores.length; i++) {
        addCore(cores[i]!, values, seconds, starts[i]!, active, cycles, i);
        if (!Number.isNaN(active[i]!)) delivered++;
      }
      return delivered === 0
        ? undefined
        : { labels, states, seconds, starts, active, cycles, clusters, fastest };
    };
  },
  counters: (part) => part.seconds,
};

export interface Offline extends Part {
  readonly clusters: readonly { readonly cluster: string; readonly tier: string }[];
  /** Cumulative seconds in DOWN. */
  readonly seconds: Float64Array;
}

export const offline: Decoder<Offline> = {
  source: 'ioreport',
  groups: [GROUPS.cpu, ...TOPOLOGY_GROUPS],
  wants: (c) => isComplex(c) && (c.states.includes('DOWN') || !hasNamedStates(c)),
  bind(chosen, facts) {
    const complexes = firstOfEachName(chosen).flatMap((channel) => {
      const unit = unitOf(channel, 'seconds');
      return unit ? [{ unit, at: channel.at + 1 + channel.states.indexOf('DOWN'), name: channel.name }] : [];
    });
    if (complexes.length === 0 || !chosen.every(hasNamedStates)) return undefined;
    const clusters = complexes.map(({ name }) => ({
      cluster: name,
      tier: tierOf(parseCpuName(name)!.letter, facts),
    }));
    return (values) => ({
      clusters,
      seconds: Float64Array.from(complexes, ({ at, unit }) => inBaseUnits(values[at]!, unit)),
    });
  },
};

const MODES = ['user', 'system', 'idle', 'nice'] as const;
/** The scheduler counts in units of 10 ms. */
const TICKS_PER_SECOND = 100;

export interface Ticks extends Part {
  readonly cores: readonly string[];
  readonly tiers: readonly string[];
  /** Cumulative seconds by logical CPU: user, system, idle, nice (always 0 on a Mac). u32 ticks wrap in 497 days. */
  readonly seconds: Float64Array;
}

export const ticks: Decoder<Ticks> = {
  source: 'host',
  groups: ['cpu', ...TOPOLOGY_GROUPS],
  expected: true,
  lacks: (_chosen, facts) => (logicalCpus(facts).length === 0 ? CPUS : undefined),
  wants: (c) => c.group === 'cpu',
  bind(chosen, facts) {
    if (chosen.length === 0 || !chosen.every((channel) => channel.states.length === MODES.length))
      return undefined;
    const cores = chosen.map((channel) => channel.name);
    const letters = new Map(logicalCpus(facts).map((cpu) => [String(cpu.number), cpu.letter]));
    const tiers = cores.map((core) => tierOf(letters.get(core) ?? '', facts));
    return (values) => {
      const seconds = new Float64Array(chosen.length * MODES.length);
      for (let cpu = 0; cpu < chosen.length; cpu++)
        for (let mode = 0; mode < MODES.length; mode++)
          seconds[cpu * MODES.length + mode] = values[chosen[cpu]!.at + 1 + mode]! / TICKS_PER_SECOND;
      return Number.isNaN(seconds[0]!) ? undefined : { cores, tiers, seconds };
    };
  },
  counters: (part) => part.seconds,
};

export interface CoreCounts extends Part {
  readonly tiers: readonly string[];
  readonly counts: readonly number[];
}

export const coreCounts: Decoder<CoreCounts> = {
  source: 'sysctl',
  groups: [...LEVEL_NUMBERS, ...LEVEL_TEXTS],
  expected: true,
  wants: () => false,
  bind(_chosen, facts) {
    const levels = LEVEL_TEXTS.flatMap((name, level) => {
      const tier = facts[name];
      const count = facts[LEVEL_NUMBERS[level]!];
      return typeof tier === 'string' && typeof count === 'number'
        ? [{ tier: tier.toLowerCase(), count }]
        : [];
    });
    if (levels.length === 0) return undefined;
    const counts = { tiers: levels.map(({ tier }) => tier), counts: levels.map(({ count }) => count) };
    return () => counts;
  },
};

function coresOf(chosen: readonly Channel[], facts: FactMap): readonly Core[] {
  const timed = firstOfEachName(chosen).flatMap((channel) => {
    const unit = unitOf(channel, 'seconds');
    return unit ? [{ channel, unit }] : [];
  });
  const cores = timed.filter(({ channel }) => isCore(channel));
  const labels = labelCores(
    cores.map(({ channel }) => channel.name),
    timed.filter(({ channel }) => isComplex(channel)).map(({ channel }) => channel.name),
    facts,
  );
  return cores.map(({ channel, unit }, i): Core => {
    const idle = channel.states.map((state) => IDLE_STATES.has(state));
    const active = idle.filter((is) => !is).length;
    const { letter } = parseCpuName(channel.name)!;
    const table = cpuTable(facts, letter, clusterNumber(labels[i]!.cluster), active);
    return { channel, unit, labels: labels[i]!, table, idle, frequencies: ofStates(channel, table) };
  });
}

function addCore(
  core: Core,
  values: Float64Array,
  seconds: Float64Array,
  start: number,
  active: Float64Array,
  cycles: Float64Array,
  i: number,
): void {
  const { channel, unit, idle, frequencies } = core;
  let activeTicks = 0;
  for (let state = 0; state < idle.length; state++) {
    const count = values[channel.at + 1 + state]!;
    seconds[start + state] = inBaseUnits(count, unit);
    if (Number.isNaN(count)) activeTicks = cycles[i] = NaN;
    if (idle[state]) continue;
    activeTicks += count;
    if (count !== 0) cycles[i]! += frequencies[state]! * seconds[start + state]!;
  }
  active[i] = inBaseUnits(activeTicks, unit);
}

const ofStates = (channel: Channel, table: Table | undefined): Float64Array =>
  frequenciesOf(
    channel.states.map((state) => stateIndex(state)),
    table,
  );

function clustersOf(labels: readonly CpuLabels[]): Residency['clusters'] {
  const clusters = new Map<string, { cluster: string; tier: string; cores: number[] }>();
  labels.forEach(({ cluster, tier }, i) => {
    const known = clusters.get(cluster);
    if (known) known.cores.push(i);
    else clusters.set(cluster, { cluster, tier, cores: [i] });
  });
  return [...clusters.values()];
}
