// The dashboard of a host that serves models.

import { gpuByApp, memoryByApp } from './mac/apps';
import { aneWork, bandwidthByAgent } from './mac/engines';
import { gpu } from './mac/gpu';
import { temperatures } from './mac/heat';
import { metalMemory, pressureTimeline, swapping } from './mac/memory';
import { powerByRail } from './mac/power';
import { tokenCourse, tokenPanels, tokenVariables } from './ml/tokens';
import type { Board, Row } from './panels/board';
import { statPanel } from './panels/kinds';
import { bandwidthBy, mac, rate, watts } from './panels/query';
import { KERNEL_STATES, METAL_STEPS, THERMAL_STATES } from './panels/states';

const now: Row = {
  title: 'Now',
  panels: [
    statPanel({
      title: 'GPU',
      description: 'Share of time the GPU was awake. From mac_gpu_active_seconds_total.',
      unit: 'percentunit',
      decimals: 0,
      w: 4,
      h: 4,
      min: 0,
      max: 1,
      queries: [{ expr: rate('mac_gpu_active_seconds_total'), legend: 'GPU' }],
    }),
    statPanel({
      title: 'Metal memory',
      description:
        'All that is allocated for the GPU, the weights included, of what Metal advises. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
      unit: 'percentunit',
      decimals: 0,
      w: 4,
      h: 4,
      min: 0,
      queries: [
        { expr: `${mac('metal_alloc_bytes')} / ${mac('mac_metal_recommended_max_bytes')}`, legend: 'Metal' },
      ],
      steps: METAL_STEPS,
    }),
    statPanel({
      title: 'Room for a model',
      description:
        'What could still be allocated below the recommended maximum. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
      unit: 'bytes',
      decimals: 1,
      w: 4,
      h: 4,
      queries: [
        { expr: `${mac('mac_metal_recommended_max_bytes')} - ${mac('metal_alloc_bytes')}`, legend: 'room' },
      ],
    }),
    statPanel({
      title: 'Memory bandwidth',
      description:
        'Bytes between memory and all agents; reading weights is what most models wait for. From mac_memory_bandwidth_bytes_total or mac_memory_bandwidth_estimate_bytes_total.',
      unit: 'Bps',
      decimals: 0,
      w: 4,
      h: 4,
      min: 0,
      queries: [{ expr: bandwidthBy('instance'), legend: 'bandwidth' }],
    }),
    statPanel({
      title: 'Chip power',
      description: 'Sum of the power rails. From mac_energy_joules_total.',
      unit: 'watt',
      decimals: 1,
      w: 4,
      h: 4,
      min: 0,
      queries: [{ expr: watts('instance'), legend: 'chip' }],
    }),
    statPanel({
      title: 'Kernel',
      description:
        "The kernel's word for memory pressure. It, and not the colour, tells whether a host with wired weights is in trouble. From mac_memory_pressure_kernel_level.",
      unit: 'none',
      w: 4,
      h: 4,
      filled: true,
      queries: [{ expr: mac('mac_memory_pressure_kernel_level'), legend: 'kernel' }],
      ...KERNEL_STATES,
    }),
    ...tokenPanels,
    statPanel({
      title: 'GPU frequency',
      description: 'Mean while awake. From mac_gpu_cycles_total and mac_gpu_active_seconds_total.',
      unit: 'hertz',
      decimals: 2,
      w: 4,
      h: 4,
      min: 0,
      queries: [
        { expr: `${rate('mac_gpu_cycles_total')} / ${rate('mac_gpu_active_seconds_total')}`, legend: 'mean' },
      ],
    }),
    statPanel({
      title: 'Thermal pressure',
      description: 'How hard macOS holds the Mac back to keep it cool. From mac_thermal_pressure_level.',
      unit: 'none',
      w: 4,
      h: 4,
      filled: true,
      queries: [{ expr: mac('mac_thermal_pressure_level'), legend: 'thermal' }],
      ...THERMAL_STATES,
    }),
    statPanel({
      title: 'Wired limit',
      description:
        'Most memory that the GPU may wire, where it was set by hand; without, macOS decides. From mac_metal_wired_limit_bytes.',
      unit: 'bytes',
      decimals: 1,
      w: 4,
      h: 4,
      plain: true,
      absent: 'macOS decides',
      queries: [{ expr: mac('mac_metal_wired_limit_bytes'), legend: 'limit' }],
    }),
    statPanel({
      title: 'Values from',
      description:
        'live for the Mac itself; machine-file when the exporter plays a file, whose values are of no Mac. From metalstat_exporter_machine_info.',
      unit: 'none',
      w: 4,
      h: 4,
      plain: true,
      names: true,
      queries: [{ expr: mac('metalstat_exporter_machine_info'), legend: '{{origin}}' }],
    }),
  ],
};

export const mlBoard: Board = {
  name: 'ml-host',
  description:
    'A Mac that serves models: GPU, Metal memory against its limit, bandwidth, watts, tokens per joule, Neural Engine, apps.',
  tags: ['apple-silicon', 'machine-learning'],
  from: 'now-1h',
  all: false,
  variables: tokenVariables,
  rows: [
    now,
    {
      title: 'GPU and Metal memory',
      panels: [gpu.panels[0]!, metalMemory(12, 8), gpu.panels[1]!, bandwidthByAgent(12, 8)],
    },
    { title: 'Power and tokens', panels: [powerByRail(12, 8), tokenCourse] },
    { title: 'Memory', panels: [pressureTimeline(12, 7), swapping(12, 7)] },
    {
      title: 'Neural Engine, heat and apps',
      panels: [aneWork(12, 8), temperatures(12, 8), gpuByApp, memoryByApp],
    },
  ],
};
