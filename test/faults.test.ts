// Every OS call made to fail, once and for ever, on machine files cut down to three channels a group: no crash, nothing
// left open, no wrong value, and what is missing is owned up to. test/long does the same on whole machine files.

import { failCalls } from './support/faults';
import { machineOf, reduced } from './support/machines';

/** One of each chip; the other workloads make the same calls and are in test/long. */
const MACHINES = [
  'Macmini9,1__m1__15.6__mixed',
  'Mac14,14__m2-ultra__15.2__mixed',
  'Mac17,6__m5-max__27.0__mixed',
];

test.each(MACHINES)(
  '%s: every call that can fail',
  async (name) => {
    expect(await failCalls(reduced(machineOf(name)))).toBeGreaterThan(500);
  },
  240_000,
);
