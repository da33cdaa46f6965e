// The machines of test/machines by chip, and what their own frames say.

import type { Machine } from './machines';
import { setsOf } from './variants';

/** One machine of each chip. */
export const CHIP = {
  M1: 'Macmini9,1__m1__15.6__idle',
  M1_PRO: 'MacBookPro18,3__m1-pro__26.3__idle',
  M1_MAX: 'Mac13,1__m1-max__15.7.1__video',
  M1_ULTRA: 'Mac13,2__m1-ultra__27.0__compile',
  M2: 'Mac14,2__m2__26.5.2__idle',
  M2_PRO: 'Mac14,12__m2-pro__26.5.2__compile',
  M2_MAX: 'Mac14,6__m2-max__13.6__idle',
  M2_ULTRA: 'Mac14,14__m2-ultra__15.2__idle',
  M3: 'Mac15,12__m3__26.3__idle',
  M3_PRO: 'Mac15,6__m3-pro__15.6__video',
  M3_MAX: 'Mac15,9__m3-max__27.0__llm',
  M3_ULTRA: 'Mac15,14__m3-ultra__26.3__llm',
  M4: 'Mac16,10__m4__26.6.2__compile',
  M4_PRO: 'Mac16,8__m4-pro__27.0__battery',
  M4_MAX: 'Mac16,9__m4-max__26.5.2__idle',
  M4_MAX_RECOVERY: 'Mac16,9__m4-max__26.5.2__gpu-recovery',
  M5: 'Mac17,2__m5__27.2__idle',
  M5_PRO: 'Mac17,9__m5-pro__26.5.1__compile',
  M5_MAX: 'Mac17,6__m5-max__27.0__mixed',
  A18_PRO: 'Mac17,5__a18-pro__26.5.2__idle',
} as const;

/** Seconds from the first frame to the last. */
export const spanOf = ({ clock: { absolute } }: Machine): number => (absolute.at(-1)! - absolute[0]!) / 24e6;

/** What the states of a channel grow by from the first frame to the last, in seconds. */
export function growthOf(
  machine: Machine,
  group: string,
  name: string,
  subgroup?: string,
): Map<string, number> {
  const set = setsOf(machine, group, subgroup).find(({ channels }) =>
    channels.some((row) => row[1] === name),
  )!;
  const row = set.channels.find((channel) => channel[1] === name)!;
  const [first, last] = [row[2] as number[], row.at(-1) as number[]];
  return new Map(set.states!.map((state, i) => [state, (last[i]! - first[i]!) / 24e6]));
}
