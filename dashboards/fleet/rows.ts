import { dashboardPath } from '../names';
import { limit } from '../panels/colours';
import { bars, tablePanel, timeline, timeSeries } from '../panels/kinds';
import type { Common } from '../panels/panel';
import {
  bandwidthBy,
  busyCpus,
  chipKilowattHours,
  chipWatts,
  knownCpus,
  mac,
  named,
  rate,
  sumBy,
  up,
} from '../panels/query';
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
      {
        expr: `sort_desc(topk(10, ${panel.by === undefined ? named(panel.expr) : panel.expr}))`,
        legend: `{{${panel.by ?? 'mac'}}}`,
        instant: true,
      },
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
      expr: chipWatts('instance'),
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
      unit: 'percentunit',
      decimals: 0,
      expr: `(${sumBy('app', rate('mac_app_gpu_seconds_total', 'app!="other"'))} > 0.001)`,
      by: 'app',
    }),
  ],
};

type Levels = Pick<Common, 'title' | 'description' | 'mappings' | 'steps' | 'absent'> & {
  readonly expr: string;
  /** What it must have been at some time of the range for the Mac to be shown. */
  readonly worst: 'max' | 'min';
  readonly is: string;
};

/** Rows only of Macs that were not well at some time: of hundreds the others would hide these. */
const notWell = ({ title, description, mappings, steps, absent, expr, worst, is }: Levels) => {
  const level = `max by (instance) (${expr})`;
  const ever = `${worst}_over_time(${level}[$__range:] @ end()) ${is}`;
  return timeline({
    title,
    description,
    unit: 'none',
    w: 12,
    h: 9,
    ...(absent !== undefined && { absent }),
    queries: [{ expr: named(`${level} and ${ever}`), legend: '{{mac}}' }],
    ...(mappings && { mappings }),
    ...(steps && { steps }),
    overrides: [toMac],
  });
};

export const states: Row = {
  title: 'Macs that were not well',
  panels: [
    notWell({
      title: 'Memory pressure to the kernel',
      description:
        'Macs whose kernel warned at some time of the range. From mac_memory_pressure_kernel_level.',
      absent: 'The kernel of no Mac warned',
      expr: mac('mac_memory_pressure_kernel_level'),
      worst: 'max',
      is: '> 1',
      ...KERNEL_STATES,
    }),
    notWell({
      title: 'Thermal pressure',
      description:
        'Macs that macOS held back at some time of the range, to keep them cool. From mac_thermal_pressure_level.',
      absent: 'No Mac was held back',
      expr: mac('mac_thermal_pressure_level'),
      worst: 'max',
      is: '> 0',
      ...THERMAL_STATES,
    }),
    notWell({
      title: 'Memory pressure by free share',
      description:
        'Macs that were red at some time of the range; hosts that serve models are, and are healthy. From memory_pressure_level.',
      absent: 'No Mac was red',
      expr: mac('memory_pressure_level'),
      worst: 'max',
      is: '> 1',
      ...PRESSURE_STATES,
    }),
    notWell({
      title: 'Reachable',
      description: 'Macs that did not answer at some time of the range. From up.',
      absent: 'All Macs answered all the time',
      expr: up(),
      worst: 'min',
      is: '< 1',
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
      { expr: panel.all, legend: 'total' },
    ],
    overrides: [limit('total', 'text'), { of: 'used', set: { 'custom.fillOpacity': 20 } }],
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
        'Logical CPUs that are busy, and how many there are. From mac_cpu_utilization_ratio and mac_cpu_cores.',
      unit: 'short',
      used: busyCpus(),
      all: knownCpus(),
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
            `${chipWatts('job, instance')} * on (job, instance) group_left (chip) ${mac('mac_info')}`,
          ),
          legend: '{{chip}}',
        },
      ],
    }),
    bars({
      title: 'Energy of the range',
      description: 'The Macs whose chips used most in the time that is shown. From mac_energy_joules_total.',
      unit: 'kwatth',
      decimals: 1,
      w: 6,
      h: 8,
      min: 0,
      queries: [
        {
          expr: `sort_desc(topk(8, ${named(chipKilowattHours('instance'))}))`,
          legend: '{{mac}}',
          instant: true,
        },
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
          expr: `sort_desc(topk(8, ${named(`${mac('mac_metal_recommended_max_bytes')} - ${mac('metal_alloc_bytes')}`)}))`,
          legend: '{{mac}}',
          instant: true,
        },
      ],
      overrides: [{ of: '/.*/', set: { color: { mode: 'fixed', fixedColor: 'green' } } }, toMac],
    }),
  ],
};

const counted = (
  panel: Pick<Common, 'title' | 'description' | 'w'> & {
    readonly expr: string;
    /** Names of columns by label, in this order. */
    readonly columns: Readonly<Record<string, string>>;
  },
) =>
  tablePanel({
    title: panel.title,
    description: panel.description,
    unit: 'none',
    w: panel.w,
    h: 8,
    queries: [{ expr: panel.expr, instant: true, table: true }],
    sortBy: ['Macs', true],
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(
            [...Object.keys(panel.columns), 'Value'].map((label, i) => [label, i] as const),
          ),
          renameByName: { ...panel.columns, Value: 'Macs' },
        },
      },
    ],
  });

export const inventory: Row = {
  title: 'Inventory',
  panels: [
    counted({
      title: 'Macs by kind',
      description: 'How many there are of each chip, model and macOS. From mac_info.',
      w: 14,
      expr: `count by (model, chip, os_version) (${mac('mac_info')})`,
      columns: { chip: 'Chip', model: 'Model', os_version: 'macOS' },
    }),
    counted({
      title: 'Exporters by version',
      description:
        'How many there are of each version, and where their values are from. From metalstat_exporter_build_info.',
      w: 10,
      expr: `count by (version, node_version, origin) (${mac('metalstat_exporter_build_info')} * on (job, instance) group_left (origin) ${mac('metalstat_exporter_machine_info')})`,
      columns: { version: 'Exporter', node_version: 'Node.js', origin: 'Values from' },
    }),
  ],
};
