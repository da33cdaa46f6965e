// The dashboard of one Mac.

import { TextBoxVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { apps } from './mac/apps';
import { cores, cpu } from './mac/cpu';
import { bandwidth, battery } from './mac/engines';
import { exporter } from './mac/exporter';
import { gpu } from './mac/gpu';
import { heat } from './mac/heat';
import { memory } from './mac/memory';
import { now } from './mac/now';
import { power } from './mac/power';
import type { Board } from './panels/board';

/** The price of a kilowatt-hour. */
export const price = () =>
  new TextBoxVariableBuilder('price')
    .label('Price of a kWh')
    .description('In the currency that the panels show')
    .defaultValue('0.30');

export const macBoard: Board = {
  name: 'mac',
  description: 'One Apple Silicon Mac: GPU, Metal and unified memory, CPU, power, heat, apps.',
  tags: ['apple-silicon'],
  from: 'now-1h',
  all: false,
  variables: [price()],
  rows: [now, gpu, memory, cpu, cores, power, bandwidth, heat, battery, apps, exporter],
};
