// Watts and joules of macOS 27, which publishes its counters every 2 s or so: over 5 minutes scraped every second.

import { growth, toNumber } from './oracle/exact';
import type { MachineFile } from './oracle/format';
import { Machine } from './oracle/machine';
import { truth } from './oracle/truth';
import { samples, withExporter } from './support/exporter';
import { machineOf } from './support/machines';
import { constantLoad } from './support/machines_constant';

const SECONDS = 300;
const CONSTANT = constantLoad(machineOf('Mac17,6__m5-max__27.0__load'));
const RAILS = ['cpu', 'gpu', 'ane', 'dram'];

test('rate() of the joules over 5 minutes is the watts of the page and of the file, within 1 %', async () => {
  const machine = new Machine(CONSTANT as unknown as MachineFile);
  const file = truth(machine);
  const [start, end] = [machine.ticks(20), machine.ticks(20 + SECONDS)];
  await withExporter(CONSTANT, async (exporter) => {
    await exporter.page();
    const first = samples(await exporter.step(20).page());
    const watts = new Map<string, number[]>(RAILS.map((rail) => [rail, []]));
    let last = first;
    for (let second = 0; second < SECONDS; second++) {
      last = samples(await exporter.step(1).page());
      for (const rail of RAILS) watts.get(rail)!.push(last.get(`mac_power_watts{rail="${rail}"}`)!);
    }
    for (const rail of RAILS) {
      const series = `mac_energy_joules_total{rail="${rail}",die=""}`;
      const rate = (last.get(series)! - first.get(series)!) / SECONDS;
      const expected =
        toNumber(growth(file.counters(start).get(series)!, file.counters(end).get(series)!)) / SECONDS;
      const mean = watts.get(rail)!.reduce((a, b) => a + b, 0) / SECONDS;
      expect(Math.abs(rate - expected)).toBeLessThanOrEqual(0.01 * expected + 1e-4);
      expect(Math.abs(mean - expected)).toBeLessThanOrEqual(0.01 * expected + 1e-3);
      // No saw-tooth: no reading is far from the mean.
      for (const reading of watts.get(rail)!)
        expect(Math.abs(reading - expected)).toBeLessThanOrEqual(0.02 * expected + 2e-3);
    }
  });
});
