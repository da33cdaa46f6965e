import { JOB } from '../names';
import { KERNEL_PRESSURE, METAL_ALLOC, PRESSURE, SWAPPED_OUT } from '../thresholds';
import { percent, type Alert } from './alert';

const mac = `{job="${JOB}"}`;

export const memoryAlerts: readonly Alert[] = [
  {
    name: 'MemoryPressureRed',
    severity: 'warning',
    when: 'memory pressure is red for 15 minutes',
    expr: (m) => `min_over_time(memory_pressure_level${mac}[${m(5)}]) == ${PRESSURE.red}`,
    for: 10,
    summary: 'Memory pressure of {{ $labels.instance }} is red',
    description:
      'Less than a quarter of the memory is neither wired nor compressed, for 15 minutes. A host that keeps the weights of a large model wired is red for weeks and healthy: look at the kernel level and at swapping before anything else.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'MemoryPressureCritical',
    severity: 'critical',
    when: `the kernel calls it critical, or it is red and more than ${SWAPPED_OUT / 1e6} MB/s go to swap, for 10 minutes`,
    // Red alone is usual on a host that serves a model; red while it swaps is not.
    expr: (m) => `
      min_over_time(mac_memory_pressure_kernel_level${mac}[${m(5)}]) == ${KERNEL_PRESSURE.critical}
      or
      (
        min_over_time(memory_pressure_level${mac}[${m(5)}]) == ${PRESSURE.red}
        and
        rate(mac_memory_swapped_out_bytes_total${mac}[${m(5)}]) > ${SWAPPED_OUT}
      )`,
    for: 5,
    summary: '{{ $labels.instance }} has run out of memory',
    description:
      'The kernel calls its memory pressure critical, or the Mac is red and writes more than 10 MB/s to swap. Everything on it is slow and processes may be killed: stop or move the largest app.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'MetalMemoryNearLimit',
    severity: 'warning',
    when: `more than ${percent(METAL_ALLOC.nearLimit)} of what Metal recommends is allocated for 15 minutes`,
    expr: (m) => `
      min_over_time(metal_alloc_bytes${mac}[${m(5)}])
        / max_over_time(mac_metal_recommended_max_bytes${mac}[${m(5)}])
        > ${METAL_ALLOC.nearLimit}`,
    for: 10,
    summary: 'Metal memory of {{ $labels.instance }} is nearly used up',
    description:
      '{{ $value | humanizePercentage }} of what Metal recommends as the most is allocated. The next model or a longer context fails to allocate, or everything slows down: unload one, take a smaller quantisation, or raise iogpu.wired_limit_mb.',
    dashboard: 'ml-host',
    by: 'instance',
  },
];
