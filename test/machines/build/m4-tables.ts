// The DVFS tables of the M4 family, of the M5's and of the A18 Pro: the clocks as published.
import { voltageStates as byNumber, type Processor } from './dvfs';
import { periods, times } from './registry';
import type { Table, Value } from './types';

interface Known {
  sram?: readonly number[]; // mV
  plain?: readonly number[];
  unit?: number; // Hz
}

/** Since the M4 these tables are in kHz. Where no voltages were published they follow a straight line. */
function processor(mhz: readonly number[], known: Known = {}): Processor {
  const mv = known.sram ?? mhz.map((value) => Math.max(790, Math.round(620 + 0.105 * value)));
  const sram = { raw: times(mhz, 1e6 / (known.unit ?? 1000)), mv };
  return { sram, plain: periods(sram, mhz, known.plain ?? mv.map((value) => Math.round(value * 0.94 - 40))) };
}

/** Okle42/cool91: powermetrics of a Mac16,10 */
export const M4 = {
  E: processor([900, 1080, 1476, 1860, 2172, 2496, 2808, 2892]),
  P: processor([
    912, 1260, 1512, 1800, 2088, 2352, 2616, 2868, 3096, 3300, 3468, 3624, 3756, 3876, 3936, 3984, 4044, 4104,
    4416, 4464,
  ]),
};
/** vladkens/macmon #66 and exelban/stats #2285: clocks and voltages, for the M4 Pro and the M4 Max */
const E_OF_PRO = processor([1020, 1404, 1788, 2112, 2352, 2532, 2592], {
  sram: [790, 800, 830, 860, 890, 940, 940],
});
const P_TO_3756 = [1260, 1512, 1800, 2088, 2352, 2616, 2868, 3096, 3300, 3468, 3624, 3756];
export const M4_PRO = {
  E: E_OF_PRO,
  // powermetrics of a M4 Pro with 14 cores (repository not known); the first six: vladkens/macmon #66
  P: processor([...P_TO_3756, 3852, 3924, 3996, 4044, 4104, 4416, 4512]),
};
export const M4_MAX = {
  E: E_OF_PRO,
  P: processor([...P_TO_3756, 3828, 3888, 3948, 3996, 4044, 4104, 4416, 4512]), // kennss/SiliconScope #6
};
/** The probe of a Mac17,2 with macOS 27.2 (repository not known); the E clocks: exelban/stats #3325, too */
export const M5 = {
  E: processor([972, 1152, 1584, 1992, 2352, 2700, 2964, 3048]),
  P: processor([
    1308, 1608, 1932, 2220, 2508, 2820, 3072, 3300, 3516, 3720, 3876, 4020, 4176, 4248, 4272, 4332, 4428,
    4512, 4608,
  ]),
};
/** vladkens/macmon #57: in Hz, as before the M4; the P cluster's voltages without -sram: exelban/stats #3625 */
export const A18_PRO = {
  E: processor([816, 1140, 1464, 1788, 2112, 2424], { sram: [790, 795, 795, 805, 835, 865], unit: 1 }),
  P: processor(
    [744, 1260, 1620, 1944, 2196, 2472, 2688, 2916, 3144, 3336, 3504, 3648, 3756, 3864, 3924, 3972, 4044],
    {
      plain: [585, 630, 655, 665, 690, 725, 760, 785, 820, 855, 870, 900, 930, 965, 980, 980, 980],
      unit: 1,
    },
  ),
};

/** Clocks that fall between two steps: these tables are not in order either. */
const graphics = (mhz: readonly number[], mv: readonly number[]): Table => ({ raw: times(mhz, 1e6), mv });

// exelban/stats #3625: voltage-states9 of a Mac17,5, as read
export const A18_PRO_GPU = graphics(
  [0, 338, 492, 618, 796, 928, 952, 1056, 1053, 1170, 1152, 1278, 1204, 1338, 1326, 1470],
  [125, 585, 605, 625, 675, 720, 765, 765, 800, 800, 850, 850, 865, 865, 920, 920],
);
// powermetrics of a Mac16,13 (repository not known); the voltages are those of the A18 Pro
export const M4_GPU = graphics(
  [0, 338, 618, 796, 836, 928, 952, 1056, 1053, 1170, 1152, 1278, 1204, 1338, 1326, 1470],
  [125, 585, 625, 675, 690, 720, 765, 765, 800, 800, 850, 850, 865, 865, 920, 920],
);
// powermetrics of a M4 Pro with 14 cores (repository not known); the voltages after those of the A18 Pro
export const M4_PRO_GPU = graphics(
  [0, 338, 618, 796, 924, 952, 1056, 1062, 1182, 1182, 1312, 1242, 1380, 1326, 1470, 1578],
  [125, 585, 625, 675, 720, 765, 765, 800, 800, 850, 850, 865, 865, 920, 920, 985],
);

const GPU_SRAM_MV = 765; // exelban/stats #3625: voltage-states9-sram of a Mac17,5

export const voltageStates = (
  cpu: { E: Processor; P: Processor },
  gpu: Table,
  { second = false } = {},
): Record<string, Value> =>
  byNumber({ ...cpu, gpu }, { sram: GPU_SRAM_MV, second: second ? cpu.P : undefined });
