// The first, the last and 200 random calls of every function made to fail, once and for ever, on whole machine files of
// the least, the most and the oddest.

import fc from 'fast-check';
import { failCalls } from '../support/faults';
import { fewMachines } from '../support/machines';

const RANDOM = 200;
const seed = Date.now() % 2 ** 31;

/** 1, `count` and up to 200 random numbers between. */
function chosen(count: number): readonly number[] {
  if (count <= RANDOM + 2) return Array.from({ length: count }, (_, i) => i + 1);
  const random = fc.sample(fc.integer({ min: 2, max: count - 1 }), { numRuns: RANDOM, seed });
  return [...new Set([1, ...random, count])];
}

test.each(fewMachines)(
  `%s: seed ${seed}`,
  async (name) => {
    expect(await failCalls(name, chosen)).toBeGreaterThan(100);
  },
  1_800_000,
);
