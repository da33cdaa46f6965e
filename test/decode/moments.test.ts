// Pages of a few Macs at a few moments against the oracle: the part of truth.test.ts that takes a second, for those who
// change a decoder, and for test/mutation, which changes all of them.

import type { MachineFile } from '../oracle/format';
import { Machine as OracleMachine } from '../oracle/machine';
import { truth } from '../oracle/truth';
import { withExporter } from '../support/exporter';
import { fewMachines, machineOf } from '../support/machines';
import {
  ALL,
  compareGauges,
  compareGrowth,
  compareRoles,
  compareWindows,
  look,
  ROLE,
} from '../support/truth';

/** Seconds after the machine was opened. */
const [START, END] = [3.1, 15.7];

describe.each(fewMachines)('%s', (name) => {
  const machine = machineOf(name);
  const oracle = new OracleMachine(machine as unknown as MachineFile);
  const at = (seconds: number) => oracle.ticks(seconds);

  test('with everything on: every counter and every single sensor', async () => {
    const file = truth(oracle, { states: true, detail: true, sensors: true });
    await withExporter(
      machine,
      async (exporter) => {
        const before = await look(exporter.step(START));
        compareGauges(before, file.gauges(at(START)), undefined);
        const after = await look(exporter.step(END - START));
        compareGrowth(before, after, file.counters(at(START)), file.counters(at(END)));
      },
      ALL,
    );
  });

  test('by default: every gauge, at once and over a window', async () => {
    const file = truth(oracle);
    await withExporter(machine, async (exporter) => {
      const before = await look(exporter.step(START));
      compareGauges(before, file.gauges(at(START)), ROLE);
      compareRoles(before, (component) => file.temperatures(component, at(START)));
      const after = await look(exporter.step(END - START));
      const { window } = file.gauges(at(END), at(START));
      const means = new Map([...window].filter(([series]) => !series.startsWith('mac_power')));
      for (const [series, value] of file.power([at(START), at(END)])) means.set(series, value);
      compareWindows(after, means);
    });
  });
});
