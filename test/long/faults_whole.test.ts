// The first, the last and 200 random calls of every function made to fail, once and for ever, on whole machine files of
// the least, the most and the oddest.

import fc from 'fast-check';
import { failCalls } from '../support/faults';

const RANDOM = 200;
const seed = Date.now() % 2 ** 31;

/** 1, `count` and up to 200 random numbers between. */
function chosen(count: number): readonly number[] {
  if (count <= RANDOM + 2) return Array.from({ length: count }, (_, i) => i + 1);
  const random = fc.sample(fc.integer({ min: 2, max: count - 1 }), { numRuns: RANDOM, seed });
  return [...new Set([1, ...random, count])];
}

/** Alone and with another die; batched and dead rails, on battery; nothing but the host. */
const MACHINES = [
  'Macmini9,1__m1__15.6__idle',
  'Mac14,14__m2-ultra__15.2__mixed',
  'Mac16,8__m4-pro__27.0__battery',
  'Mac17,6__m5-max__27.0__load',
  'VirtualMac2,1__vm__15.5__compile',
];

test.each(MACHINES)(
  `%s: seed ${seed}`,
  async (name) => {
    expect(await failCalls(name, chosen)).toBeGreaterThan(100);
  },
  1_800_000,
);
