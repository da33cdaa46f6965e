// The table of Macs: one row each, with what it is, how it is, and its last hours as small lines.

import { dashboardPath } from '../names';
import type { Override, Unit } from '../panels/panel';
import { tablePanel } from '../panels/kinds';
import { busyCpus, chipWatts, knownCpus, mac, rate, up, type Query } from '../panels/query';
import { METAL_STEPS, PRESSURE_STATES, THERMAL_STATES, UP_STATES, type States } from '../panels/states';
import type { Row } from '../panels/board';
import type { Steps } from '../panels/panel';

interface Column {
  readonly name: string;
  readonly query: string;
  readonly unit?: Unit;
  readonly decimals?: number;
  readonly states?: States;
  readonly gauge?: { readonly max: number; readonly steps: Steps };
  readonly steps?: Steps;
  /** Over time, as a line. */
  readonly line?: true;
  readonly width?: number;
}

const ratio = (a: string, b: string) => `${mac(a)} / ${mac(b)}`;
const byMac = (expr: string) => `max by (instance) (${expr})`;
const load: Steps = [
  [null, 'blue'],
  [0.9, 'orange'],
];

const COLUMNS: readonly Column[] = [
  { name: 'Answers', query: byMac(up()), states: UP_STATES, width: 72 },
  { name: 'Pressure', query: byMac(mac('memory_pressure_level')), states: PRESSURE_STATES, width: 78 },
  { name: 'Thermal', query: byMac(mac('mac_thermal_pressure_level')), states: THERMAL_STATES, width: 85 },
  {
    name: 'GPU',
    query: byMac(rate('mac_gpu_active_seconds_total')),
    unit: 'percentunit',
    gauge: { max: 1, steps: load },
    width: 90,
  },
  {
    name: 'GPU over time',
    query: byMac(rate('mac_gpu_active_seconds_total')),
    unit: 'percentunit',
    line: true,
    width: 120,
  },
  {
    name: 'CPU',
    query: `${busyCpus('by (instance)')} / ${knownCpus('by (instance)')}`,
    unit: 'percentunit',
    gauge: { max: 1, steps: load },
    width: 90,
  },
  { name: 'Power', query: chipWatts('instance'), unit: 'watt', decimals: 1, width: 78 },
  { name: 'Power over time', query: chipWatts('instance'), unit: 'watt', line: true, width: 120 },
  {
    name: 'Memory',
    query: byMac(ratio('mac_memory_used_bytes', 'mac_memory_total_bytes')),
    unit: 'percentunit',
    gauge: { max: 1, steps: load },
    width: 90,
  },
  {
    name: 'Metal',
    query: byMac(ratio('metal_alloc_bytes', 'mac_metal_recommended_max_bytes')),
    unit: 'percentunit',
    gauge: { max: 1, steps: METAL_STEPS },
    width: 90,
  },
  { name: 'Swap', query: byMac(mac('mac_swap_used_bytes')), unit: 'bytes', decimals: 0, width: 75 },
  {
    name: 'CPU °C',
    query: byMac(mac('mac_cpu_temperature_celsius')),
    unit: 'celsius',
    decimals: 0,
    width: 62,
  },
  {
    name: 'Up for',
    query: byMac(`time() - ${mac('mac_boot_time_seconds')}`),
    unit: 's',
    decimals: 1,
    width: 92,
  },
  {
    name: 'Failing',
    query: `sum by (instance) (1 - ${mac('metalstat_exporter_collector_success')})`,
    unit: 'none',
    steps: [
      [null, 'text'],
      [1, 'red'],
    ],
    width: 65,
  },
];

/** What a Mac is: labels of its info family. */
const INFO = `max by (instance, chip) (${mac('mac_info')})`;

const refId = (index: number) => String.fromCharCode(66 + index);
const field = ({ line }: Column, index: number) => `${line ? 'Trend' : 'Value'} #${refId(index)}`;

function overrideOf(column: Column, index: number): Override {
  const { name, unit, decimals, states, gauge, steps, line, width } = column;
  const colours = states?.steps ?? gauge?.steps ?? steps;
  return {
    of: field(column, index),
    set: {
      displayName: name,
      ...(unit && { unit }),
      ...(decimals !== undefined && { decimals }),
      ...(width !== undefined && { 'custom.width': width }),
      ...(colours && {
        thresholds: { mode: 'absolute', steps: colours.map(([value, color]) => ({ value, color })) },
        color: { mode: 'thresholds' },
      }),
      ...(states && {
        mappings: states.mappings,
        'custom.cellOptions': { type: 'color-background', mode: 'basic' },
      }),
      ...(gauge && { min: 0, max: gauge.max, 'custom.cellOptions': { type: 'gauge', mode: 'basic' } }),
      ...(steps && { 'custom.cellOptions': { type: 'color-text' } }),
      ...(line && {
        'custom.cellOptions': { type: 'sparkline', hideValue: true, lineWidth: 1, fillOpacity: 12 },
      }),
    },
  };
}

const queryOf = ({ query, line }: Column): Query =>
  line ? { expr: query, legend: '{{instance}}' } : { expr: query, instant: true, table: true };

export const macs: Row = {
  title: 'Macs',
  panels: [
    tablePanel({
      title: 'Macs',
      description:
        'One row for each Mac; its name leads to its own dashboard. Cells are empty where the Mac does not have or does not report the value. From mac_info and the families that the other panels name.',
      unit: 'short',
      w: 24,
      h: 14,
      queries: [{ expr: INFO, instant: true, table: true }, ...COLUMNS.map(queryOf)],
      sortBy: ['Mac', false],
      absent: '',
      transformations: [
        {
          id: 'timeSeriesTable',
          options: Object.fromEntries(
            COLUMNS.flatMap(({ line }, i) => (line ? [[refId(i), { stat: 'lastNotNull' }]] : [])),
          ),
        },
        { id: 'joinByField', options: { byField: 'instance', mode: 'outer' } },
        {
          id: 'organize',
          options: {
            excludeByName: Object.fromEntries(
              [
                'Time',
                ...COLUMNS.map((_, i) => `Time ${i + 1}`),
                `Time ${COLUMNS.length + 1}`,
                'Value #A',
              ].map((name) => [name, true] as const),
            ),
            indexByName: Object.fromEntries(
              ['instance', 'chip', ...COLUMNS.map(field)].map((name, i) => [name, i] as const),
            ),
            renameByName: {},
          },
        },
      ],
      overrides: [
        {
          of: 'instance',
          set: {
            displayName: 'Mac',
            'custom.width': 238,
            links: [
              {
                title: 'Dashboard of this Mac',
                url: `${dashboardPath('mac')}?var-datasource=\${datasource}&\${job:queryparam}&var-instance=\${__value.text}&\${__url_time_range}`,
              },
            ],
          },
        },
        { of: 'chip', set: { displayName: 'Chip', 'custom.width': 120 } },
        ...COLUMNS.map(overrideOf),
      ],
    }),
  ],
};
