// The dashboard of a host that serves models.

import { gpuByApp, memoryByApp } from './mac/apps';
import { aneWork, bandwidthByAgent } from './mac/engines';
import { gpuFrequency, gpuUtilisation } from './mac/gpu';
import { temperatures } from './mac/heat';
import { metalMemory, pressureTimeline, swapping } from './mac/memory';
import { powerByRail } from './mac/power';
import * as tiles from './mac/tiles';
import { tokenCourse, tokenPanels, tokenVariables } from './ml/tokens';
import type { Board, Row } from './panels/board';

const now: Row = {
  title: 'Now',
  panels: [
    tiles.gpu(4, 4),
    tiles.metal(4, 4),
    tiles.room(4, 4),
    tiles.bandwidth(4, 4),
    tiles.chipPower(4, 4),
    tiles.kernel(4, 4),
    ...tokenPanels,
    tiles.gpuFrequency(4, 4),
    tiles.thermal(4, 4),
    tiles.wiredLimit(4, 4),
    tiles.origin(4, 4),
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
      panels: [gpuUtilisation(12, 8), metalMemory(12, 8), gpuFrequency(12, 8), bandwidthByAgent(12, 8)],
    },
    { title: 'Power and tokens', panels: [powerByRail(12, 8), tokenCourse] },
    { title: 'Memory', panels: [pressureTimeline(12, 7), swapping(12, 7)] },
    {
      title: 'Neural Engine, heat and apps',
      panels: [aneWork(12, 8), temperatures(12, 8), gpuByApp, memoryByApp],
    },
  ],
};
