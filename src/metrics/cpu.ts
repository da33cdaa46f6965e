import type { Parts } from '../decode/parts';
import { family } from './metric';

const CORES = 'IOReport CPU Stats, CPU Core Performance States';
const COMPLEXES = 'IOReport CPU Stats, CPU Complex Performance States';
const TICKS = 'host_processor_info PROCESSOR_CPU_LOAD_INFO';

/** Of host_processor_info, in its order; the fourth, nice, is always 0 on a Mac. */
const MODES = ['user', 'system', 'idle'] as const;
const STATES = 4;

export const cpuFamilies = [
  family({
    name: 'mac_cpu_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['core', 'tier', 'mode'],
    help: `Time of each logical CPU by mode. From ${TICKS}.`,
    collector: 'cpu',
    from: ['ticks'],
    read({ ticks }, emit) {
      for (let cpu = 0; cpu < ticks.cores.length; cpu++)
        for (let mode = 0; mode < MODES.length; mode++)
          emit(ticks.seconds[cpu * STATES + mode], ticks.cores[cpu]!, ticks.tiers[cpu]!, MODES[mode]!);
    },
  }),
  family({
    name: 'mac_cpu_utilization_ratio',
    kind: 'gauge',
    unit: 'ratio',
    labels: ['tier'],
    help: `Share of time the CPUs of a tier were not idle, over the window, 0 to 1. From ${TICKS}.`,
    collector: 'cpu',
    from: ['ticks'],
    window: 'ticks',
    read({ ticks }, emit, { ticks: then }) {
      if (then) for (const tier of new Set(ticks.tiers)) emit(busyShare(ticks, then, tier), tier);
    },
  }),
  family({
    name: 'mac_cpu_core_active_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['core', 'cluster', 'tier'],
    help: `Time each core was in an active state (not IDLE, not DOWN). From ${CORES}.`,
    collector: 'cpu',
    from: ['residency'],
    read({ residency }, emit) {
      residency.labels.forEach(({ core, cluster, tier }, i) =>
        emit(residency.active[i], core, cluster, tier),
      );
    },
  }),
  family({
    name: 'mac_cpu_core_cycles_total',
    kind: 'counter',
    unit: 'cycles',
    labels: ['core', 'cluster', 'tier'],
    help: `Sum over the active states of each core of frequency times time; divided by mac_cpu_core_active_seconds_total, both as rate(), it is the exact mean frequency. From ${CORES} and pmgr voltage-states.`,
    collector: 'cpu',
    from: ['residency'],
    read({ residency }, emit) {
      residency.labels.forEach(({ core, cluster, tier }, i) =>
        emit(residency.cycles[i], core, cluster, tier),
      );
    },
  }),
  family({
    name: 'mac_cpu_frequency_hertz',
    kind: 'gauge',
    unit: 'hertz',
    labels: ['cluster', 'tier'],
    help: `Mean frequency of the cores of a cluster while active, over the window. It is the one that was asked for; on recent chips the cores may run below it. From ${CORES} and pmgr voltage-states.`,
    collector: 'cpu',
    from: ['residency'],
    window: 'residency',
    read({ residency }, emit, { residency: then }) {
      if (!then) return;
      for (const { cluster, tier, cores } of residency.clusters) {
        let cycles = 0;
        let active = 0;
        for (const core of cores) {
          cycles += residency.cycles[core]! - then.cycles[core]!;
          active += residency.active[core]! - then.active[core]!;
        }
        emit(cycles / active, cluster, tier);
      }
    },
  }),
  family({
    name: 'mac_cpu_frequency_max_hertz',
    kind: 'gauge',
    unit: 'hertz',
    labels: ['tier'],
    help: 'Highest frequency of a tier. From the device tree, pmgr voltage-states.',
    collector: 'cpu',
    from: ['residency'],
    read({ residency }, emit) {
      for (const [tier, hertz] of residency.fastest) emit(hertz, tier);
    },
  }),
  family({
    name: 'mac_cpu_cores',
    kind: 'gauge',
    unit: '',
    labels: ['tier'],
    help: 'Logical CPUs of a tier. From sysctl hw.perflevelN.logicalcpu and hw.perflevelN.name.',
    collector: 'cpu',
    from: ['coreCounts'],
    read({ coreCounts }, emit) {
      coreCounts.tiers.forEach((tier, i) => emit(coreCounts.counts[i], tier));
    },
  }),
  family({
    name: 'mac_cpu_state_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['core', 'state'],
    help: `Time of each core in each performance state. From ${CORES}.`,
    collector: 'cpu',
    from: ['residency'],
    option: 'collector.cpu.states',
    read({ residency }, emit) {
      residency.labels.forEach(({ core }, i) => {
        const start = residency.starts[i]!;
        residency.states[i]!.forEach((state, k) => emit(residency.seconds[start + k], core, state));
      });
    },
  }),
  family({
    name: 'mac_cpu_cluster_offline_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['cluster', 'tier'],
    help: `Time each cluster was powered down (state DOWN), where the chip tells it. From ${COMPLEXES}.`,
    collector: 'cpu',
    from: ['offline'],
    read({ offline }, emit) {
      offline.clusters.forEach(({ cluster, tier }, i) => emit(offline.seconds[i], cluster, tier));
    },
  }),
  family({
    name: 'mac_load1',
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Load average over 1 minute. From sysctl vm.loadavg.',
    collector: 'cpu',
    from: ['load'],
    read: ({ load }, emit) => emit(load.one),
  }),
  family({
    name: 'mac_load5',
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Load average over 5 minutes. From sysctl vm.loadavg.',
    collector: 'cpu',
    from: ['load'],
    read: ({ load }, emit) => emit(load.five),
  }),
  family({
    name: 'mac_load15',
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Load average over 15 minutes. From sysctl vm.loadavg.',
    collector: 'cpu',
    from: ['load'],
    read: ({ load }, emit) => emit(load.fifteen),
  }),
] as const;

function busyShare(now: Parts['ticks'], then: Parts['ticks'], tier: string): number {
  let busy = 0;
  let all = 0;
  for (let cpu = 0; cpu < now.cores.length; cpu++) {
    if (now.tiers[cpu] !== tier) continue;
    for (let mode = 0; mode < STATES; mode++) {
      const delta = now.seconds[cpu * STATES + mode]! - then.seconds[cpu * STATES + mode]!;
      all += delta;
      if (MODES[mode] !== 'idle') busy += delta;
    }
  }
  return busy / all;
}
