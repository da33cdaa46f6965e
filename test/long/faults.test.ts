// The first, the last and 200 random calls of every function made to fail, once and for ever, on whole machine files;
// every call on all machine files cut down to three channels a group.

import fc from 'fast-check';
import { failCalls } from '../support/faults';
import { machineNames, machineOf, reduced } from '../support/machines';

const RANDOM = 200;
const seed = Date.now() % 2 ** 31;

/** 1, `count` and up to 200 random numbers between. */
function chosen(count: number): readonly number[] {
  if (count <= RANDOM + 2) return Array.from({ length: count }, (_, i) => i + 1);
  const random = fc.sample(fc.integer({ min: 2, max: count - 1 }), { numRuns: RANDOM, seed });
  return [...new Set([1, ...random, count])];
}

test.each(machineNames)(
  `%s: seed ${seed}`,
  async (name) => {
    expect(await failCalls(name, chosen)).toBeGreaterThan(1_000);
  },
  1_800_000,
);

test.each(machineNames)(
  '%s, cut down: every call',
  async (name) => {
    expect(await failCalls(reduced(machineOf(name)))).toBeGreaterThan(500);
  },
  600_000,
);
