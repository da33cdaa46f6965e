// Every call of every function made to fail, once and for ever, on machines of every kind, cut down to three channels a
// group.

import { failCalls } from '../support/faults';
import { machineOf, distinctMachines, reduced } from '../support/machines';

test.each(distinctMachines)(
  '%s, cut down: every call',
  async (name) => {
    expect(await failCalls(reduced(machineOf(name)))).toBeGreaterThan(500);
  },
  600_000,
);
