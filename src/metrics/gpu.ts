import { family } from './metric';

const GPUPH = 'IOReport GPU Stats, GPU Performance States, channel GPUPH';
const STATISTICS = 'IOAccelerator PerformanceStatistics';

export const gpuFamilies = [
  family({
    name: 'gpu_utilization',
    kind: 'gauge',
    unit: '',
    labels: [],
    help: `Ratio of time the GPU was awake (not in state OFF) over the window, 0 to 1. Awake includes waiting: mac_gpu_device_utilization_ratio is the driver's figure of load. From ${GPUPH}.`,
    collector: 'gpu',
    from: ['gpu'],
    window: 'gpu',
    read({ gpu }, emit, { gpu: then }) {
      if (then) emit((gpu.active - then.active) / (gpu.total - then.total));
    },
  }),
  family({
    name: 'mac_gpu_active_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: [],
    help: `Time the GPU was awake (not in state OFF); rate() of it is gpu_utilization at any interval. From ${GPUPH}.`,
    collector: 'gpu',
    from: ['gpu'],
    read: ({ gpu }, emit) => emit(gpu.active),
  }),
  family({
    name: 'mac_gpu_state_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['state'],
    help: `Time in each performance state; states that have no frequency and were never used are left out. From ${GPUPH}.`,
    collector: 'gpu',
    from: ['gpu'],
    read({ gpu }, emit) {
      for (let i = 0; i < gpu.states.length; i++)
        if (gpu.seconds[i] !== 0 || i === 0 || !Number.isNaN(gpu.frequencies[i]))
          emit(gpu.seconds[i], gpu.states[i]!);
    },
  }),
  family({
    name: 'mac_gpu_state_frequency_hertz',
    kind: 'gauge',
    unit: 'hertz',
    labels: ['state'],
    help: 'Frequency of each performance state. From the device tree, sgx perf-states or pmgr voltage-states9.',
    collector: 'gpu',
    from: ['gpu'],
    read({ gpu }, emit) {
      for (let i = 0; i < gpu.states.length; i++) emit(gpu.frequencies[i], gpu.states[i]!);
    },
  }),
  family({
    name: 'mac_gpu_cycles_total',
    kind: 'counter',
    unit: 'cycles',
    labels: [],
    help: `Sum over the active states of frequency times time; divided by mac_gpu_active_seconds_total, both as rate(), it is the exact mean frequency. From ${GPUPH} and the device tree.`,
    collector: 'gpu',
    from: ['gpu'],
    read: ({ gpu }, emit) => emit(gpu.cycles),
  }),
  family({
    name: 'mac_gpu_frequency_hertz',
    kind: 'gauge',
    unit: 'hertz',
    labels: [],
    help: `Mean frequency while awake, over the window. From ${GPUPH} and the device tree.`,
    collector: 'gpu',
    from: ['gpu'],
    window: 'gpu',
    read({ gpu }, emit, { gpu: then }) {
      if (then) emit((gpu.cycles - then.cycles) / (gpu.active - then.active));
    },
  }),
  family({
    name: 'mac_gpu_frequency_max_hertz',
    kind: 'gauge',
    unit: 'hertz',
    labels: [],
    help: 'Highest frequency of the GPU. From the device tree, sgx perf-states or pmgr voltage-states9.',
    collector: 'gpu',
    from: ['gpu'],
    read: ({ gpu }, emit) => emit(gpu.fastest),
  }),
  family({
    name: 'mac_gpu_device_utilization_ratio',
    kind: 'gauge',
    unit: 'ratio',
    labels: [],
    help: `Load of the GPU as its driver reports it, 0 to 1, over a window of the driver's own. From ${STATISTICS}, Device Utilization %.`,
    collector: 'gpu',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.device),
  }),
  family({
    name: 'mac_gpu_renderer_utilization_ratio',
    kind: 'gauge',
    unit: 'ratio',
    labels: [],
    help: `Load of the GPU's renderer as its driver reports it, 0 to 1. From ${STATISTICS}, Renderer Utilization %.`,
    collector: 'gpu',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.renderer),
  }),
  family({
    name: 'mac_gpu_tiler_utilization_ratio',
    kind: 'gauge',
    unit: 'ratio',
    labels: [],
    help: `Load of the GPU's tiler as its driver reports it, 0 to 1. From ${STATISTICS}, Tiler Utilization %.`,
    collector: 'gpu',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.tiler),
  }),
  family({
    name: 'mac_gpu_recoveries_total',
    kind: 'counter',
    unit: '',
    labels: [],
    help: `Hangs of the GPU that its driver recovered from. From ${STATISTICS}, recoveryCount.`,
    collector: 'gpu',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.recoveries),
  }),
  family({
    name: 'mac_gpu_cltm_limited_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: [],
    help: 'Time the thermal controller asked for less than the GPU could give (states other than NO_CLTM); by itself no sign of trouble. From IOReport GPU Stats, channel GPU_CLTM.',
    collector: 'gpu',
    from: ['cltm'],
    read: ({ cltm }, emit) => emit(cltm.limited),
  }),
  family({
    name: 'mac_gpu_throttle_events_total',
    kind: 'counter',
    unit: '',
    labels: ['reason'],
    help: 'Times the GPU was throttled, by reason, where the chip counts them. From IOReport GPU Stats, GPU Throttler Counters.',
    collector: 'gpu',
    from: ['throttler'],
    read: ({ throttler }, emit) =>
      throttler.reasons.forEach((reason, i) => emit(throttler.events[i], reason)),
  }),
  family({
    name: 'mac_gpu_cores',
    kind: 'gauge',
    unit: '',
    labels: [],
    help: 'Cores of the GPU. From IOAccelerator, gpu-core-count.',
    collector: 'gpu',
    from: ['gpuCores'],
    read: ({ gpuCores }, emit) => emit(gpuCores.cores),
  }),
] as const;
