// The DVFS tables of the M2 family, and what a core draws.
import { voltageStates as byNumber, type Clocked } from './dvfs';
import { periods, times } from './registry';
import type { Value } from './types';

const processor = (mhz: readonly number[], sram: readonly number[], logic: readonly number[]) => {
  const table = { raw: times(mhz, 1e6), mv: sram };
  return { sram: table, plain: periods(table, mhz, logic) };
};

// vladkens/macmon #1, a Mac14,6: clocks and voltages, with -sram and without. The first 17 P steps are those of the
// M2 Pro (kennss/SiliconScope #10) and of the M2 Ultra (vladkens/macmon #17).
const E_MHZ = [912, 1284, 1752, 2004, 2256, 2424];
const E_MV = [590, 625, 678, 706, 778, 831];
const E_LOGIC = [612, 684, 775, 837, 903, 953];
const P_MHZ = [
  702, 948, 1188, 1452, 1704, 1968, 2208, 2400, 2568, 2724, 2868, 3000, 3132, 3264, 3360, 3408, 3504, 3528,
  3696,
];
const P_MV = [
  790, 790, 790, 806, 834, 859, 896, 915, 940, 990, 1021, 1075, 1103, 1156, 1156, 1156, 1156, 1196, 1196,
];
const P_LOGIC = [
  600, 637, 671, 706, 731, 765, 793, 834, 868, 912, 943, 987, 1025, 1059, 1059, 1059, 1059, 1140, 1140,
];
const GPU_HZ = times([0, 444, 612, 808, 968, 1110, 1236, 1338, 1398], 1e6);
const E = processor(E_MHZ, E_MV, E_LOGIC);
const STEPS = 17;

export const M2_MAX: Clocked = {
  E,
  P: processor(P_MHZ, P_MV, P_LOGIC),
  gpu: { raw: GPU_HZ, mv: [400, 628, 653, 690, 728, 800, 862, 906, 937] },
};
// The GPU's voltages: AsahiLinux/linux t602x-common.dtsi
export const M2_PRO: Clocked = {
  E,
  P: processor(P_MHZ.slice(0, STEPS), P_MV.slice(0, STEPS), P_LOGIC.slice(0, STEPS)),
  gpu: { raw: GPU_HZ, mv: [400, 637, 656, 687, 725, 790, 843, 887, 918] },
};
// AsahiLinux/linux t8112.dtsi: the clocks, which powermetrics prints in philipturner/applegpuinfo #6, too, and the GPU's
// voltages. The CPU's are those of the M2 Max by position, of 600 MHz made up.
export const M2: Clocked = {
  E: processor([600, ...E_MHZ], [570, ...E_MV], [575, ...E_LOGIC]),
  P: processor(
    [660, 924, 1188, 1452, 1704, 1968, 2208, 2400, 2568, 2724, 2868, 2988, 3096, 3204, 3324, 3408, 3504],
    P_MV.slice(0, STEPS),
    P_LOGIC.slice(0, STEPS),
  ),
  gpu: { raw: GPU_HZ, mv: [400, 603, 675, 710, 775, 820, 875, 915, 950] },
};

/** AsahiLinux/linux t8112.dtsi, opp-microwatt at the top of the base M2. */
export const WATTS = { E: 0.351, P: 2.648, gpu: 22.8 };
/** AsahiLinux/linux t8112.dtsi and t602x-common.dtsi: of a cluster. */
export const L2 = { P: 16 * 2 ** 20, E: 4 * 2 ** 20 };

const GPU_SRAM_MV = 790;
/** `gpu` is the number of the GPU's table; with `second` the P table is there twice, for the second P cluster. */
export const voltageStates = (
  tables: Clocked,
  { gpu, second = false }: { gpu?: readonly number[]; second?: boolean } = {},
): Record<string, Value> =>
  byNumber(tables, { sram: GPU_SRAM_MV, ...(gpu && { gpu }), second: second ? tables.P : undefined });
