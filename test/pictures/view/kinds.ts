// The panel types: what Grafana fills in, and which options the viewer heeds. Anything else is called "not drawn".

import type { FieldConfig } from '@grafana/data';

export interface Kind {
  readonly options: Record<string, unknown>;
  readonly field: FieldConfig;
  /** Names below fieldConfig.defaults.custom. */
  readonly custom: readonly string[];
  /** Options, beside those in `options`, that the viewer heeds, or that a still picture cannot show. */
  readonly heeded: readonly string[];
}

const LEGEND = { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] };
const REDUCE = { values: false, calcs: ['lastNotNull'], fields: '' };
const THRESHOLDS = {
  mode: 'absolute',
  steps: [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ],
};
const byThresholds = { color: { mode: 'thresholds' }, thresholds: THRESHOLDS } as FieldConfig;

const AXIS = [
  'axisPlacement',
  'axisLabel',
  'axisWidth',
  'axisColorMode',
  'axisBorderShow',
  'axisSoftMin',
  'axisSoftMax',
  'axisGridShow',
  'axisCenteredZero',
  'scaleDistribution',
];

const timeseries: Kind = {
  options: { legend: LEGEND },
  field: {
    color: { mode: 'palette-classic' },
    thresholds: THRESHOLDS,
    custom: {
      drawStyle: 'line',
      lineInterpolation: 'linear',
      lineWidth: 1,
      fillOpacity: 0,
      gradientMode: 'none',
      spanNulls: false,
      insertNulls: false,
      showPoints: 'auto',
      pointSize: 5,
      stacking: { mode: 'none', group: 'A' },
      axisPlacement: 'auto',
      axisLabel: '',
      axisColorMode: 'text',
      axisBorderShow: false,
      axisCenteredZero: false,
      scaleDistribution: { type: 'linear' },
      hideFrom: { tooltip: false, viz: false, legend: false },
      thresholdsStyle: { mode: 'off' },
      barAlignment: 0,
      barWidthFactor: 0.6,
    },
  } as FieldConfig,
  custom: [
    ...AXIS,
    'drawStyle',
    'lineInterpolation',
    'lineWidth',
    'lineStyle',
    'lineColor',
    'fillOpacity',
    'fillBelowTo',
    'gradientMode',
    'spanNulls',
    'insertNulls',
    'showPoints',
    'pointSize',
    'stacking',
    'hideFrom',
    'thresholdsStyle',
    'barAlignment',
    'barWidthFactor',
    'barMaxWidth',
    'transform',
  ],
  heeded: ['tooltip', 'timezone'],
};

const stat: Kind = {
  options: {
    reduceOptions: REDUCE,
    orientation: 'auto',
    textMode: 'auto',
    wideLayout: true,
    colorMode: 'value',
    graphMode: 'area',
    justifyMode: 'auto',
    showPercentChange: false,
    percentChangeColorMode: 'standard',
  },
  field: byThresholds,
  custom: ['hideFrom'],
  heeded: ['text'],
};

const gauge: Kind = {
  options: {
    reduceOptions: REDUCE,
    orientation: 'auto',
    showThresholdLabels: false,
    showThresholdMarkers: true,
    sizing: 'auto',
    minVizWidth: 75,
    minVizHeight: 75,
  },
  field: byThresholds,
  custom: ['hideFrom'],
  heeded: ['text'],
};

const bargauge: Kind = {
  options: {
    reduceOptions: REDUCE,
    orientation: 'auto',
    displayMode: 'gradient',
    valueMode: 'color',
    namePlacement: 'auto',
    showUnfilled: true,
    sizing: 'auto',
    minVizWidth: 8,
    minVizHeight: 16,
    maxVizHeight: 300,
  },
  field: byThresholds,
  custom: ['hideFrom'],
  heeded: ['text', 'legend'],
};

const table: Kind = {
  options: { showHeader: true, cellHeight: 'sm', frameIndex: 0, enablePagination: false },
  field: {
    color: { mode: 'thresholds' },
    thresholds: THRESHOLDS,
    custom: { align: 'auto', inspect: false, cellOptions: { type: 'auto' }, footer: { reducers: [] } },
  } as FieldConfig,
  custom: [
    'align',
    'width',
    'minWidth',
    'cellOptions',
    'hideFrom',
    'hidden',
    'inspect',
    'filterable',
    'footer',
    'wrapText',
    'wrapHeaderText',
    'hideHeader',
  ],
  heeded: ['sortBy', 'footer', 'showTypeIcons', 'maxRowHeight', 'frozenColumns'],
};

const timeline: Kind = {
  options: {
    mergeValues: true,
    showValue: 'auto',
    alignValue: 'left',
    rowHeight: 0.9,
    perPage: 20,
    legend: LEGEND,
  },
  field: {
    ...byThresholds,
    color: { mode: 'continuous-GrYlRd' },
    custom: { lineWidth: 0, fillOpacity: 70, spanNulls: false, insertNulls: false },
  } as FieldConfig,
  custom: ['lineWidth', 'fillOpacity', 'spanNulls', 'insertNulls', 'hideFrom', 'axisPlacement', 'axisWidth'],
  heeded: ['tooltip', 'timezone'],
};

const history: Kind = {
  ...timeline,
  options: { showValue: 'auto', rowHeight: 0.9, colWidth: 0.9, perPage: 20, legend: LEGEND },
  field: { ...byThresholds, custom: { lineWidth: 1, fillOpacity: 70 } },
};

const plain: Kind = { options: {}, field: {}, custom: [], heeded: [] };

const KINDS: Record<string, Kind> = {
  timeseries,
  stat,
  gauge,
  bargauge,
  table,
  'state-timeline': timeline,
  'status-history': history,
  text: { ...plain, heeded: ['mode', 'content', 'code'] },
  row: plain,
};

export const kindOf = (type: string): Kind => KINDS[type] ?? plain;
export const isKnown = (type: string): boolean => type in KINDS;
