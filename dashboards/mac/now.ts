import * as tiles from './tiles';
import type { Row } from '../panels/board';

export const now: Row = {
  title: 'Now',
  panels: [
    tiles.pressure(3, 4),
    tiles.kernel(3, 4),
    tiles.thermal(3, 4),
    tiles.heatLimit(3, 4),
    tiles.failing(3, 4),
    tiles.origin(3, 4),
    tiles.identity(6, 4),
    tiles.gpu(3, 5),
    tiles.cpu(3, 5),
    tiles.metal(3, 5),
    tiles.memoryUsed(3, 5),
    tiles.bandwidth(3, 5),
    tiles.chipPower(3, 5),
    tiles.macPower(3, 5),
    tiles.uptime(3, 5),
  ],
};
