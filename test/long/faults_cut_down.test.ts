// Every call of every function made to fail, once and for ever, on all machine files cut down to three channels a group.

import { failCalls } from '../support/faults';
import { machineNames, machineOf, reduced } from '../support/machines';

test.each(machineNames)(
  '%s, cut down: every call',
  async (name) => {
    expect(await failCalls(reduced(machineOf(name)))).toBeGreaterThan(500);
  },
  600_000,
);
