// Tiles with one value of one Mac, which dashboards show in sizes of their own.

import { statPanel } from '../panels/kinds';
import { bandwidthBy, chipWatts, mac, rate } from '../panels/query';
import { KERNEL_STATES, METAL_STEPS, PRESSURE_STATES, THERMAL_STATES } from '../panels/states';
import { CLTM_SHARE } from '../thresholds';

export const pressure = (w: number, h: number) =>
  statPanel({
    title: 'Memory pressure',
    description:
      'Green, yellow or red by the share of memory that is neither wired nor compressed. A host with the weights of a model wired is red and healthy: see the kernel beside it. From memory_pressure_level.',
    unit: 'none',
    w,
    h,
    filled: true,
    queries: [{ expr: mac('memory_pressure_level'), legend: 'pressure' }],
    ...PRESSURE_STATES,
  });

export const kernel = (w: number, h: number) =>
  statPanel({
    title: 'Kernel',
    description:
      "The kernel's own word for memory pressure; critical is what an alert pages for. From mac_memory_pressure_kernel_level.",
    unit: 'none',
    w,
    h,
    filled: true,
    queries: [{ expr: mac('mac_memory_pressure_kernel_level'), legend: 'kernel' }],
    ...KERNEL_STATES,
  });

export const thermal = (w: number, h: number) =>
  statPanel({
    title: 'Thermal pressure',
    description: 'How hard macOS holds the Mac back to keep it cool. From mac_thermal_pressure_level.',
    unit: 'none',
    w,
    h,
    filled: true,
    queries: [{ expr: mac('mac_thermal_pressure_level'), legend: 'thermal' }],
    ...THERMAL_STATES,
  });

export const heatLimit = (w: number, h: number) =>
  statPanel({
    title: 'GPU heat limit',
    description:
      'Share of its active time in which the thermal controller asked the GPU for less. Up to a half happens on cool Macs. From mac_gpu_cltm_limited_seconds_total.',
    unit: 'percentunit',
    decimals: 0,
    w,
    h,
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
  });

export const failing = (w: number, h: number) =>
  statPanel({
    title: 'Collectors failing',
    description:
      'How many parts of this Mac that should be readable are not; their series are missing. From metalstat_exporter_collector_success.',
    unit: 'none',
    w,
    h,
    filled: true,
    queries: [
      { expr: `sum by (instance) (1 - ${mac('metalstat_exporter_collector_success')})`, legend: 'failing' },
    ],
    steps: [
      [null, 'green'],
      [1, 'red'],
    ],
  });

export const origin = (w: number, h: number) =>
  statPanel({
    title: 'Values from',
    description:
      'live for the Mac itself; machine-file when the exporter plays a recording or a built file, whose values are of no Mac. From metalstat_exporter_machine_info.',
    unit: 'none',
    w,
    h,
    plain: true,
    names: true,
    queries: [{ expr: mac('metalstat_exporter_machine_info'), legend: '{{origin}}' }],
  });

export const identity = (w: number, h: number) =>
  statPanel({
    title: 'Mac',
    description: 'Model, chip and macOS. From mac_info.',
    unit: 'none',
    w,
    h,
    plain: true,
    names: true,
    queries: [{ expr: mac('mac_info'), legend: '{{chip}} · {{model}} · macOS {{os_version}}' }],
  });

export const gpu = (w: number, h: number) =>
  statPanel({
    title: 'GPU',
    description:
      'Share of time the GPU was awake; rate() of mac_gpu_active_seconds_total is exact at any interval.',
    unit: 'percentunit',
    decimals: 0,
    w,
    h,
    min: 0,
    max: 1,
    queries: [{ expr: rate('mac_gpu_active_seconds_total'), legend: 'GPU' }],
  });

export const cpu = (w: number, h: number) =>
  statPanel({
    title: 'CPU',
    description: 'Share of time the CPUs were not idle, all tiers together. From mac_cpu_seconds_total.',
    unit: 'percentunit',
    decimals: 0,
    w,
    h,
    min: 0,
    max: 1,
    queries: [
      {
        expr: `1 - sum by (instance) (${rate('mac_cpu_seconds_total', 'mode="idle"')}) / sum by (instance) (${rate('mac_cpu_seconds_total')})`,
        legend: 'CPU',
      },
    ],
  });

export const metal = (w: number, h: number) =>
  statPanel({
    title: 'Metal memory',
    description:
      'All that is allocated for the GPU, the weights of loaded models included, of what Metal advises. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
    unit: 'percentunit',
    decimals: 0,
    w,
    h,
    min: 0,
    queries: [
      { expr: `${mac('metal_alloc_bytes')} / ${mac('mac_metal_recommended_max_bytes')}`, legend: 'Metal' },
    ],
    steps: METAL_STEPS,
  });

export const memoryUsed = (w: number, h: number) =>
  statPanel({
    title: 'Memory used',
    description:
      'App, wired and compressed memory, as Activity Monitor shows it. From mac_memory_used_bytes.',
    unit: 'bytes',
    decimals: 1,
    w,
    h,
    min: 0,
    queries: [{ expr: mac('mac_memory_used_bytes'), legend: 'used' }],
  });

export const bandwidth = (w: number, h: number) =>
  statPanel({
    title: 'Bandwidth',
    description:
      'Bytes between memory and all agents, counted where the memory controller counts them, else estimated. From mac_memory_bandwidth_bytes_total or mac_memory_bandwidth_estimate_bytes_total.',
    unit: 'Bps',
    decimals: 0,
    w,
    h,
    min: 0,
    queries: [{ expr: bandwidthBy('instance'), legend: 'bandwidth' }],
  });

export const chipPower = (w: number, h: number) =>
  statPanel({
    title: 'Chip power',
    description:
      'Sum of the power rails: the chip, not the Mac. Absent while one of them is not published. From mac_energy_joules_total.',
    unit: 'watt',
    decimals: 1,
    w,
    h,
    min: 0,
    queries: [{ expr: chipWatts('instance'), legend: 'chip' }],
  });

export const macPower = (w: number, h: number) =>
  statPanel({
    title: 'Whole Mac',
    description:
      'Power of the whole Mac right now, as the SMC estimates it; not on every Mac. From mac_system_power_watts.',
    unit: 'watt',
    decimals: 1,
    w,
    h,
    min: 0,
    queries: [{ expr: mac('mac_system_power_watts'), legend: 'whole Mac' }],
  });

export const uptime = (w: number, h: number) =>
  statPanel({
    title: 'Up for',
    description: 'Since the last boot. From mac_boot_time_seconds.',
    unit: 's',
    decimals: 0,
    w,
    h,
    plain: true,
    queries: [{ expr: `time() - ${mac('mac_boot_time_seconds')}`, legend: 'up' }],
  });

export const room = (w: number, h: number) =>
  statPanel({
    title: 'Room for a model',
    description:
      'What could still be allocated below the recommended maximum. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
    unit: 'bytes',
    decimals: 1,
    w,
    h,
    queries: [
      { expr: `${mac('mac_metal_recommended_max_bytes')} - ${mac('metal_alloc_bytes')}`, legend: 'room' },
    ],
  });

export const gpuFrequency = (w: number, h: number) =>
  statPanel({
    title: 'GPU frequency',
    description: 'Mean while awake. From mac_gpu_cycles_total and mac_gpu_active_seconds_total.',
    unit: 'hertz',
    decimals: 2,
    w,
    h,
    min: 0,
    queries: [
      { expr: `${rate('mac_gpu_cycles_total')} / ${rate('mac_gpu_active_seconds_total')}`, legend: 'mean' },
    ],
  });

export const wiredLimit = (w: number, h: number) =>
  statPanel({
    title: 'Wired limit',
    description:
      'Most memory that the GPU may wire, where it was set by hand; without, macOS decides. From mac_metal_wired_limit_bytes.',
    unit: 'bytes',
    decimals: 1,
    w,
    h,
    plain: true,
    absent: 'macOS decides',
    queries: [{ expr: mac('mac_metal_wired_limit_bytes'), legend: 'limit' }],
  });
