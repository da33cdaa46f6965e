import { statPanel } from '../panels/kinds';
import { bandwidthBy, mac, rate, watts } from '../panels/query';
import { KERNEL_STATES, METAL_STEPS, PRESSURE_STATES, THERMAL_STATES } from '../panels/states';
import type { Row } from '../panels/board';
import { CLTM_SHARE } from '../thresholds';

export const now: Row = {
  title: 'Now',
  panels: [
    statPanel({
      title: 'Memory pressure',
      description:
        'Green, yellow or red by the share of memory that is neither wired nor compressed. A host with the weights of a model wired is red and healthy: see the kernel beside it. From memory_pressure_level.',
      unit: 'none',
      w: 3,
      h: 4,
      filled: true,
      queries: [{ expr: mac('memory_pressure_level'), legend: 'pressure' }],
      ...PRESSURE_STATES,
    }),
    statPanel({
      title: 'Kernel',
      description:
        "The kernel's own word for memory pressure; critical is what an alert pages for. From mac_memory_pressure_kernel_level.",
      unit: 'none',
      w: 3,
      h: 4,
      filled: true,
      queries: [{ expr: mac('mac_memory_pressure_kernel_level'), legend: 'kernel' }],
      ...KERNEL_STATES,
    }),
    statPanel({
      title: 'Thermal pressure',
      description: 'How hard macOS holds the Mac back to keep it cool. From mac_thermal_pressure_level.',
      unit: 'none',
      w: 3,
      h: 4,
      filled: true,
      queries: [{ expr: mac('mac_thermal_pressure_level'), legend: 'thermal' }],
      ...THERMAL_STATES,
    }),
    statPanel({
      title: 'GPU heat limit',
      description:
        'Share of its active time in which the thermal controller asked the GPU for less. Up to a half happens on cool Macs. From mac_gpu_cltm_limited_seconds_total.',
      unit: 'percentunit',
      decimals: 0,
      w: 3,
      h: 4,
      min: 0,
      queries: [
        {
          expr: `clamp_max(${rate('mac_gpu_cltm_limited_seconds_total')} / ${rate('mac_gpu_active_seconds_total')}, 1)`,
          legend: 'limited',
        },
      ],
      steps: [
        [null, 'green'],
        [CLTM_SHARE, 'red'],
      ],
    }),
    statPanel({
      title: 'Collectors failing',
      description:
        'How many parts of this Mac that should be readable are not; their series are missing. From metalstat_exporter_collector_success.',
      unit: 'none',
      w: 3,
      h: 4,
      filled: true,
      queries: [
        { expr: `sum by (instance) (1 - ${mac('metalstat_exporter_collector_success')})`, legend: 'failing' },
      ],
      steps: [
        [null, 'green'],
        [1, 'red'],
      ],
    }),
    statPanel({
      title: 'Values from',
      description:
        'live for the Mac itself; machine-file when the exporter plays a recording or a built file, whose values are of no Mac. From metalstat_exporter_machine_info.',
      unit: 'none',
      w: 3,
      h: 4,
      plain: true,
      names: true,
      queries: [{ expr: mac('metalstat_exporter_machine_info'), legend: '{{origin}}' }],
    }),
    statPanel({
      title: 'Mac',
      description: 'Model, chip and macOS. From mac_info.',
      unit: 'none',
      w: 6,
      h: 4,
      plain: true,
      names: true,
      queries: [{ expr: mac('mac_info'), legend: '{{chip}} · {{model}} · macOS {{os_version}}' }],
    }),
    statPanel({
      title: 'GPU',
      description:
        'Share of time the GPU was awake; rate() of mac_gpu_active_seconds_total is exact at any interval.',
      unit: 'percentunit',
      decimals: 0,
      w: 3,
      h: 5,
      min: 0,
      max: 1,
      queries: [{ expr: rate('mac_gpu_active_seconds_total'), legend: 'GPU' }],
    }),
    statPanel({
      title: 'CPU',
      description: 'Share of time the CPUs were not idle, all tiers together. From mac_cpu_seconds_total.',
      unit: 'percentunit',
      decimals: 0,
      w: 3,
      h: 5,
      min: 0,
      max: 1,
      queries: [
        {
          expr: `1 - sum by (instance) (${rate('mac_cpu_seconds_total', 'mode="idle"')}) / sum by (instance) (${rate('mac_cpu_seconds_total')})`,
          legend: 'CPU',
        },
      ],
    }),
    statPanel({
      title: 'Metal memory',
      description:
        'All that is allocated for the GPU, the weights of loaded models included, of what Metal advises. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
      unit: 'percentunit',
      decimals: 0,
      w: 3,
      h: 5,
      min: 0,
      queries: [
        { expr: `${mac('metal_alloc_bytes')} / ${mac('mac_metal_recommended_max_bytes')}`, legend: 'Metal' },
      ],
      steps: METAL_STEPS,
    }),
    statPanel({
      title: 'Memory used',
      description:
        'App, wired and compressed memory, as Activity Monitor shows it. From mac_memory_used_bytes.',
      unit: 'bytes',
      decimals: 1,
      w: 3,
      h: 5,
      min: 0,
      queries: [{ expr: mac('mac_memory_used_bytes'), legend: 'used' }],
    }),
    statPanel({
      title: 'Bandwidth',
      description:
        'Bytes between memory and all agents, counted where the memory controller counts them, else estimated. From mac_memory_bandwidth_bytes_total or mac_memory_bandwidth_estimate_bytes_total.',
      unit: 'Bps',
      decimals: 0,
      w: 3,
      h: 5,
      min: 0,
      queries: [{ expr: bandwidthBy('instance'), legend: 'bandwidth' }],
    }),
    statPanel({
      title: 'Chip power',
      description: 'Sum of the power rails: the chip, not the Mac. From mac_energy_joules_total.',
      unit: 'watt',
      decimals: 1,
      w: 3,
      h: 5,
      min: 0,
      queries: [{ expr: watts('instance'), legend: 'chip' }],
    }),
    statPanel({
      title: 'Whole Mac',
      description:
        'Power of the whole Mac right now, as the SMC estimates it; not on every Mac. From mac_system_power_watts.',
      unit: 'watt',
      decimals: 1,
      w: 3,
      h: 5,
      min: 0,
      queries: [{ expr: mac('mac_system_power_watts'), legend: 'whole Mac' }],
    }),
    statPanel({
      title: 'Up for',
      description: 'Since the last boot. From mac_boot_time_seconds.',
      unit: 's',
      decimals: 0,
      w: 3,
      h: 5,
      plain: true,
      queries: [{ expr: `time() - ${mac('mac_boot_time_seconds')}`, legend: 'up' }],
    }),
  ],
};
