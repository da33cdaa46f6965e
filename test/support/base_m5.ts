// The base M5 of test/machines, at work: every core is active half of the time, in its highest state. And with a table of
// another rail that looks like the Super cores': as long, and above 2000 MHz.

import { CHIP } from './corpus';
import type { Machine } from './machines';
import { data, tableBytes } from './bytes';
import { CORES, entryOf, setsOf, variant } from './variants';

export const E_MHZ = [972, 1152, 1584, 1992, 2352, 2700, 2964, 3048];
export const SUPER_MHZ = [
  1308, 1608, 1932, 2220, 2508, 2820, 3072, 3300, 3516, 3720, 3876, 4020, 4176, 4248, 4272, 4332, 4428, 4512,
  4608,
];
export const GPU_MHZ = [0, 338, 486, 636, 796, 888, 988, 1084, 1182, 1278, 1374, 1470, 1578, 1620];
const OTHER_RAIL_MHZ = SUPER_MHZ.map((_, i) => 648 + i * 100);

export const baseM5 = (): Machine =>
  variant(CHIP.M5, (machine) => {
    const { absolute } = machine.clock;
    for (const { states, channels } of setsOf(machine, 'CPU Stats', CORES))
      for (const row of channels)
        row.splice(
          2,
          9,
          ...absolute.map((ticks) => {
            const half = Math.floor((ticks - absolute[0]!) / 2);
            return states!.map((_, i) => (i === 0 || i === states!.length - 1 ? half : 0));
          }),
        );
    entryOf(machine, 'IODeviceTree:/arm-io/pmgr').properties['voltage-states8-sram'] = data(
      tableBytes(OTHER_RAIL_MHZ.map((megahertz) => megahertz * 1e6)),
    );
  });
