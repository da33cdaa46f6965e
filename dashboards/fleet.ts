// The dashboard of many Macs.

import { consumers, capacity, inventory, states } from './fleet/rows';
import { fleetNow } from './fleet/now';
import { macs } from './fleet/table';
import { price } from './mac';
import type { Board } from './panels/board';

export const fleetBoard: Board = {
  name: 'mac-fleet',
  description: 'Many Apple Silicon Macs: who is down, out of memory or hot, who uses what, and what is left.',
  tags: ['apple-silicon'],
  from: 'now-3h',
  all: true,
  variables: [price()],
  rows: [fleetNow, macs, consumers, states, capacity, inventory],
};
