import { dashboardPath } from '../names';
import { limit } from '../panels/colours';
import { bars, tablePanel, timeline, timeSeries } from '../panels/kinds';
import type { Common } from '../panels/panel';
import { bandwidthBy, kilowattHours, mac, rate, sumBy, watts } from '../panels/query';
import { KERNEL_STATES, PRESSURE_STATES, THERMAL_STATES, UP_STATES } from '../panels/states';
import type { Row } from '../panels/board';

const toMac = {
  of: '/.*/',
  set: {
    links: [
      {
        title: 'Dashboard of this Mac',
        url: `${dashboardPath('mac')}?var-datasource=\${datasource}&\${job:queryparam}&var-instance=\${__field.labels.instance}&\${__url_time_range}`,
      },
    ],
  },
};

const top = (
  panel: Pick<Common, 'title' | 'description' | 'unit' | 'decimals'> & {
    readonly expr: string;
    readonly by?: string;
  },
) =>
  bars({
    title: panel.title,
    description: panel.description,
    unit: panel.unit,
    ...(panel.decimals !== undefined && { decimals: panel.decimals }),
    w: 6,
    h: 9,
    min: 0,
    queries: [
      { expr: `sort_desc(topk(10, ${panel.expr}))`, legend: `{{${panel.by ?? 'instance'}}}`, instant: true },
    ],
    overrides: [
      { of: '/.*/', set: { color: { mode: 'fixed', fixedColor: 'blue' } } },
      ...(panel.by === undefined ? [toMac] : []),
    ],
  });

export const consumers: Row = {
  title: 'Top consumers',
  panels: [
    top({
      title: 'Power',
      description: 'The ten Macs whose chips draw most. From mac_energy_joules_total.',
      unit: 'watt',
      decimals: 1,
      expr: watts('instance'),
    }),
    top({
      title: 'GPU',
      description: 'The ten Macs whose GPUs are busiest. From mac_gpu_active_seconds_total.',
      unit: 'percentunit',
      decimals: 0,
      expr: rate('mac_gpu_active_seconds_total'),
    }),
    top({
      title: 'Memory bandwidth',
      description:
        'The ten Macs that move most bytes between memory and all agents. From mac_memory_bandwidth_bytes_total or mac_memory_bandwidth_estimate_bytes_total.',
      unit: 'Bps',
      decimals: 0,
      expr: `(${bandwidthBy('instance')})`,
    }),
    top({
      title: 'Apps by GPU',
      description:
        'The ten apps that use the GPUs most, over all Macs that tell. From mac_app_gpu_seconds_total.',
      unit: 'short',
      decimals: 2,
      expr: sumBy('app', rate('mac_app_gpu_seconds_total', 'app!="other"')),
      by: 'app',
    }),
  ],
};

const byMac = (
  panel: Pick<Common, 'title' | 'description' | 'mappings' | 'steps'> & { readonly family: string },
) =>
  timeline({
    title: panel.title,
    description: panel.description,
    unit: 'none',
    w: 12,
    h: 12,
    queries: [{ expr: `max by (instance) (${mac(panel.family)})`, legend: '{{instance}}' }],
    ...(panel.mappings && { mappings: panel.mappings }),
    ...(panel.steps && { steps: panel.steps }),
    overrides: [toMac],
  });

export const states: Row = {
  title: 'Memory and thermal pressure',
  panels: [
    byMac({
      title: 'Memory pressure of the kernel',
      description: 'Normal, warning or critical over time. From mac_memory_pressure_kernel_level.',
      family: 'mac_memory_pressure_kernel_level',
      ...KERNEL_STATES,
    }),
    byMac({
      title: 'Thermal pressure',
      description: 'How hard macOS holds each Mac back to keep it cool. From mac_thermal_pressure_level.',
      family: 'mac_thermal_pressure_level',
      ...THERMAL_STATES,
    }),
    byMac({
      title: 'Memory pressure',
      description:
        'Green, yellow or red by the free share; hosts that serve models are red and healthy. From memory_pressure_level.',
      family: 'memory_pressure_level',
      ...PRESSURE_STATES,
    }),
    byMac({
      title: 'Reachable',
      description: 'Whether scrapes were answered. From up.',
      family: 'up',
      ...UP_STATES,
    }),
  ],
};

const against = (panel: Pick<Common, 'title' | 'description' | 'unit'> & { used: string; all: string }) =>
  timeSeries({
    title: panel.title,
    description: panel.description,
    unit: panel.unit,
    w: 8,
    h: 8,
    min: 0,
    queries: [
      { expr: panel.used, legend: 'used' },
      { expr: panel.all, legend: 'there is' },
    ],
    overrides: [limit('there is', 'text'), { of: 'used', set: { 'custom.fillOpacity': 20 } }],
  });

export const capacity: Row = {
  title: 'Capacity',
  panels: [
    against({
      title: 'GPUs',
      description:
        'GPUs awake, as a sum of their shares of time, and how many there are. From mac_gpu_active_seconds_total.',
      unit: 'short',
      used: `sum(${rate('mac_gpu_active_seconds_total')})`,
      all: `count(${rate('mac_gpu_active_seconds_total')})`,
    }),
    against({
      title: 'Metal memory',
      description:
        'Allocated for GPUs, and what Metal recommends as the most, over all Macs. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
      unit: 'bytes',
      used: `sum(${mac('metal_alloc_bytes')})`,
      all: `sum(${mac('mac_metal_recommended_max_bytes')})`,
    }),
    against({
      title: 'CPUs',
      description:
        'Logical CPUs that were busy, and how many there are. From mac_cpu_seconds_total and mac_cpu_cores.',
      unit: 'short',
      used: `sum(${rate('mac_cpu_seconds_total', 'mode!="idle"')})`,
      all: `sum(${mac('mac_cpu_cores')})`,
    }),
    timeSeries({
      title: 'Power by chip',
      description: 'Watts of all chips of a kind. From mac_energy_joules_total and mac_info.',
      unit: 'watt',
      w: 12,
      h: 8,
      min: 0,
      stacked: true,
      queries: [
        {
          expr: sumBy(
            'chip',
            `${watts('job, instance')} * on (job, instance) group_left (chip) ${mac('mac_info')}`,
          ),
          legend: '{{chip}}',
        },
      ],
    }),
    bars({
      title: 'Energy of the range',
      description: 'The Macs whose chips used most in the time that is shown. From mac_energy_joules_total.',
      unit: 'kwatth',
      decimals: 3,
      w: 6,
      h: 8,
      min: 0,
      queries: [
        { expr: `sort_desc(topk(8, ${kilowattHours('instance')}))`, legend: '{{instance}}', instant: true },
      ],
      overrides: [{ of: '/.*/', set: { color: { mode: 'fixed', fixedColor: 'orange' } } }, toMac],
    }),
    bars({
      title: 'Room for a model',
      description:
        'The Macs that could still allocate most below the recommended maximum of Metal. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
      unit: 'bytes',
      decimals: 0,
      w: 6,
      h: 8,
      min: 0,
      queries: [
        {
          expr: `sort_desc(topk(8, ${mac('mac_metal_recommended_max_bytes')} - ${mac('metal_alloc_bytes')}))`,
          legend: '{{instance}}',
          instant: true,
        },
      ],
      overrides: [{ of: '/.*/', set: { color: { mode: 'fixed', fixedColor: 'green' } } }, toMac],
    }),
  ],
};

const counted = (title: string, description: string, expr: string) =>
  tablePanel({
    title,
    description,
    unit: 'none',
    w: 12,
    h: 8,
    queries: [{ expr, instant: true, table: true }],
    sortBy: ['Macs', true],
    transformations: [
      { id: 'organize', options: { excludeByName: { Time: true }, renameByName: { Value: 'Macs' } } },
    ],
  });

export const inventory: Row = {
  title: 'Inventory',
  panels: [
    counted(
      'Macs by kind',
      'How many there are of each model, chip and macOS. From mac_info.',
      `count by (model, chip, os_version) (${mac('mac_info')})`,
    ),
    counted(
      'Exporters by version',
      'How many there are of each version, and where their values are from. From metalstat_exporter_build_info.',
      `count by (version, node_version, origin) (${mac('metalstat_exporter_build_info')} * on (job, instance) group_left (origin) ${mac('metalstat_exporter_machine_info')})`,
    ),
  ],
};
