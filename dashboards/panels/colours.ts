// What has the same name has the same colour in every panel.

import { fixed, type Override } from './panel';

const colours = (by: Readonly<Record<string, string>>): readonly Override[] =>
  Object.entries(by).map(([of, colour]) => ({ of, set: fixed(colour) }));

export const RAIL_COLOURS = colours({
  cpu: 'blue',
  gpu: 'orange',
  ane: 'green',
  dram: 'purple',
  dcs: 'light-purple',
  amcc: 'semi-dark-purple',
  afr: 'light-orange',
  fab: 'super-light-blue',
  display: 'yellow',
  media: 'light-red',
  isp: 'light-green',
});

export const TIER_COLOURS = colours({
  super: 'red',
  performance: 'blue',
  efficiency: 'green',
});

export const MEMORY_COLOURS = colours({
  app: 'blue',
  wired: 'orange',
  compressed: 'red',
  'cached files': 'light-green',
  free: 'dark-green',
});

/** A limit: a line, not an area, and not part of a stack. */
export const limit = (of: string, colour = 'red'): Override => ({
  of,
  set: {
    ...fixed(colour),
    'custom.lineStyle': { fill: 'dash', dash: [8, 6] },
    'custom.lineWidth': 2,
    'custom.fillOpacity': 0,
    'custom.stacking': { mode: 'none', group: 'limits' },
  },
});
