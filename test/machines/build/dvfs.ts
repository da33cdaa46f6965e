// pmgr's DVFS tables by their usual numbers: E 1, P 5, a second P cluster 13, the GPU 9; each with and without -sram.
import { pairs } from './registry';
import type { Table, Value } from './types';

export interface Processor {
  sram: Table;
  plain: Table; // periods
}

export interface Clocked {
  E: Processor;
  P: Processor;
  gpu: Table;
}

interface Extras {
  sram: number; // mV that the GPU's SRAM gets at least
  second?: Processor | undefined; // of a second P cluster
  gpu?: readonly number[];
}

export const voltageStates = (
  { E, P, gpu }: Clocked,
  { sram, second, gpu: numbers = [9] }: Extras,
): Record<string, Value> => {
  const floored = { ...gpu, mv: gpu.mv.map((mv) => Math.max(mv, sram)) };
  return {
    ...processor(1, E),
    ...processor(5, P),
    ...(second ? processor(13, second) : {}),
    ...Object.fromEntries(
      numbers.flatMap((number) => Object.entries(processor(number, { plain: gpu, sram: floored }))),
    ),
  };
};

const processor = (number: number, { sram, plain }: Processor): Record<string, Value> => ({
  [`voltage-states${number}`]: pairs(plain),
  [`voltage-states${number}-sram`]: pairs(sram),
});
