// What the M1 Pro, Max and Ultra have in common: their DVFS tables and what a core draws.
import { voltageStates } from './dvfs';
import { periods, times } from './registry';
import type { Kind } from './types';

// exelban/stats #985: the clocks, as powermetrics prints them on a M1 Pro; lablup/all-smi has the same for a M1 Ultra.
// Voltages: dehydratedpotato/socpowerbud #13 and a DVFS tool's readme, both of a M1 Max; the lowest E one made up.
const E_MHZ = [600, 972, 1332, 1704, 2064];
const E_SRAM = { raw: times(E_MHZ, 1e6), mv: [559, 565, 596, 643, 718] };
const P_MHZ = [600, 828, 1056, 1296, 1524, 1752, 1980, 2208, 2448, 2676, 2904, 3036, 3132, 3168, 3228];
const P_SRAM = {
  raw: times(P_MHZ, 1e6),
  mv: [768, 768, 784, 812, 818, 843, 868, 912, 965, 1025, 1068, 1068, 1068, 1068, 1068],
};
// Clocks: AsahiLinux/linux t600x-common.dtsi; powermetrics rounds them to 389, 486, 648, 778, 972, 1296.
// Voltages: a DVFS tool's readme (M1 Max); of OFF: t600x-common.dtsi
const GPU_KHZ = [0, 388_800, 486_000, 648_000, 777_600, 972_000, 1_296_000];
export const GPU = { raw: times(GPU_KHZ, 1e3), mv: [400, 625, 640, 671, 709, 765, 875] };

/** AsahiLinux/linux t600x-common.dtsi, opp-microwatt: P has 4.54 W at 3036 MHz, at the voltage of 3228 MHz. */
export const KINDS: Readonly<Record<string, Kind>> = {
  E: { tier: 1, table: E_SRAM, idle: ['IDLE'], watts: 0.413, manager: { idle: 0.004, busy: 0.05 } },
  P: { tier: 0, table: P_SRAM, idle: ['IDLE'], watts: 4.83, manager: { idle: 0.01, busy: 0.4 } },
};

/** AsahiLinux/linux t600x-common.dtsi: of a cluster. */
export const L2 = { P: 12 * 2 ** 20, E: 4 * 2 ** 20 };

const E = { sram: E_SRAM, plain: periods(E_SRAM, E_MHZ) };
const P = { sram: P_SRAM, plain: periods(P_SRAM, P_MHZ) };

// lablup/all-smi's tests: table 13 of a M1 Ultra is as 5
export const VOLTAGE_STATES = voltageStates({ E, P, gpu: GPU }, { sram: 768, second: P });
