import { family } from './metric';

export const bandwidthFamilies = [
  family({
    name: 'mac_memory_bandwidth_bytes_total',
    kind: 'counter',
    unit: 'bytes',
    labels: ['agent', 'direction'],
    help: 'Bytes between memory and each agent (GFX is the GPU, PCPU0 a CPU cluster) behind the system cache; direction is read or write. From IOReport AMC Stats, channels DCS RD and DCS WR.',
    collector: 'bandwidth',
    from: ['bandwidth'],
    read({ bandwidth: { series, totals } }, emit) {
      series.forEach(({ agent, direction }, i) => emit(totals[i], agent, direction));
    },
  }),
  family({
    name: 'mac_memory_bandwidth_estimate_bytes_total',
    kind: 'counter',
    unit: 'bytes',
    labels: ['agent'],
    help: 'Estimate of the bytes between memory and each agent, reads and writes, where the memory controller tells none: time in each step of a GB/s histogram. The lowest step contains idle time, the highest all that is faster. From IOReport PMP, DCS BW, channels RD+WR.',
    collector: 'bandwidth',
    from: ['bandwidthEstimate'],
    read({ bandwidthEstimate: { series, totals } }, emit) {
      series.forEach(({ agent }, i) => emit(totals[i], agent));
    },
  }),
] as const;
