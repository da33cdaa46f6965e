// A base M5, from what was published of one (Mac17,2, macOS 27.2): E and Super cores, no state DOWN, no table
// 22, a table of another rail that looks like a CPU's, and a GPU of 14 steps. Made of the M1's file.

import type { Json, Machine } from './machines';
import { data, entryOf, M1, setsOf, tableBytes, UNITS, variant } from './variants';

export const E_MHZ = [972, 1152, 1584, 1992, 2352, 2700, 2964, 3048];
/** The first and the last are known. */
export const SUPER_MHZ = Array.from({ length: 19 }, (_, i) => (i === 18 ? 4608 : 1308 + i * 180));
export const GPU_MHZ = [0, 338, 486, 636, 796, 888, 988, 1084, 1182, 1278, 1374, 1470, 1578, 1620];
/** voltage-states8: as many entries as the Super cores have states, and clocks above 2000 MHz. */
const OTHER_RAIL_MHZ = Array.from({ length: 19 }, (_, i) => 648 + i * 100);

const statesOf = (steps: number): string[] => [
  'IDLE',
  ...Array.from({ length: steps }, (_, i) => `V${i}P${steps - 1 - i}`),
];
const kilohertz = (table: readonly number[]): Json => data(tableBytes(table.map((value) => value * 1000)));
const hertz = (table: readonly number[]): Json => data(tableBytes(table.map((value) => value * 1e6)));

/** Every core is active half of the time, in its highest state. */
export const baseM5 = (): Machine =>
  variant(M1, (machine) => {
    const { absolute } = machine.clock;
    for (const set of setsOf(machine, 'CPU Stats')) {
      const states = statesOf(
        (set.channels[0]![1] as string).startsWith('E') ? E_MHZ.length : SUPER_MHZ.length,
      );
      set.states = states;
      set.unit = UNITS.ticks;
      for (const row of set.channels)
        row.splice(
          2,
          9,
          ...absolute.map((ticks) => {
            const half = Math.floor((ticks - absolute[0]!) / 2);
            return states.map((_, i) => (i === 0 || i === states.length - 1 ? half : 0));
          }),
        );
    }
    entryOf(machine, 'IODeviceTree:/arm-io/pmgr').properties = {
      'voltage-states1-sram': kilohertz(E_MHZ),
      'voltage-states5-sram': kilohertz(SUPER_MHZ),
      'voltage-states8-sram': hertz(OTHER_RAIL_MHZ),
    };
    const sgx = entryOf(machine, 'IODeviceTree:/arm-io/sgx').properties;
    sgx['perf-states'] = hertz(GPU_MHZ);
    sgx['perf-state-count'] = { data: '0e000000' };
    machine.sysctl!['hw.perflevel0.name'] = ['text', 'Super'];
  });
