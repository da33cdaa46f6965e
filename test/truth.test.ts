// The page against the machine file's own truth, as the oracle computes it from the file without any of our code.

import fc from 'fast-check';
import { toNumber } from './oracle/exact';
import type { MachineFile } from './oracle/format';
import { Machine as OracleMachine } from './oracle/machine';
import { truth, type Truth } from './oracle/truth';
import { withExporter } from './support/exporter';
import { machineNames, machineOf, machineText, type Machine } from './support/machines';
import { parsed, recordingOf } from './support/recording';
import { ALL, compareGauges, compareGrowth, compareRoles, compareWindows, look, ROLE } from './support/truth';

const OPTIONAL = { states: true, detail: true, sensors: true };
const REJECTED = 'metalstat_exporter_sensors_rejected';

/** What record makes of these is a machine file like any other, whatever the moments at which it looked. */
const RECORDING = 'a recording of ';
const recorded = [
  'Mac13,2__m1-ultra__27.0__compile',
  'Mac14,6__m2-max__13.6__sleep-wake',
  'Mac14,14__m2-ultra__15.2__build-farm',
  'Mac15,9__m3-max__27.0__llm-browser',
  'Mac16,8__m4-pro__27.0__battery',
].map((name) => RECORDING + name);

async function variantOf(subject: string): Promise<Machine> {
  if (!subject.startsWith(RECORDING)) return machineOf(subject);
  const text = machineText(subject.slice(RECORDING.length));
  const { file } = await recordingOf(text, { every: { seconds: 1.7, frames: 8 } });
  return parsed(file) as unknown as Machine;
}

describe.each([...machineNames, ...recorded])('%s', (subject) => {
  let variant: Machine;
  let machine: OracleMachine;
  let file: Truth;
  let byDefault: Truth;
  beforeAll(async () => {
    variant = await variantOf(subject);
    machine = new OracleMachine(variant as unknown as MachineFile);
    file = truth(machine, OPTIONAL);
    byDefault = truth(machine);
  });
  /** Hundredths of a second, so that both sides step to the same tick. */
  const times = fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 20_000 }));

  test('every counter grows by what the file says, between any two times', async () => {
    await fc.assert(
      fc.asyncProperty(times, ([start, span]) =>
        withExporter(
          variant,
          async (exporter) => {
            const at = (hundredths: number) => machine.ticks(hundredths / 100);
            const before = await look(exporter.step(start / 100));
            const after = await look(exporter.step(span / 100));
            compareGrowth(before, after, file.counters(at(start)), file.counters(at(start + span)));
          },
          ALL,
        ),
      ),
      { numRuns: 10 },
    );
  });

  test('every gauge is what the file says, at any time', async () => {
    await fc.assert(
      fc.asyncProperty(times, ([start]) =>
        withExporter(variant, async (exporter) => {
          const seen = await look(exporter.step(start / 100));
          const at = machine.ticks(start / 100);
          compareGauges(seen, byDefault.gauges(at), ROLE);
          compareRoles(seen, (component) => byDefault.temperatures(component, at));
        }),
      ),
      { numRuns: 6 },
    );
  });

  test('every single sensor is what the file says or is counted as rejected, at any time', async () => {
    await fc.assert(
      fc.asyncProperty(times, ([start]) =>
        withExporter(
          variant,
          async (exporter) => {
            const seen = await look(exporter.step(start / 100));
            compareGauges(seen, file.gauges(machine.ticks(start / 100)), undefined);
            const rejected = [...seen.samples.keys()].filter((series) => series.startsWith(REJECTED));
            const { plain } = file.gauges(machine.ticks(start / 100));
            expect(rejected).toEqual([...plain.keys()].filter((series) => series.startsWith(REJECTED)));
          },
          ALL,
        ),
      ),
      { numRuns: 3 },
    );
  });

  test('every windowed gauge is the quotient of the file over its window', async () => {
    await fc.assert(
      fc.asyncProperty(times, ([start, span]) =>
        withExporter(variant, async (exporter) => {
          const seconds = 1 + (span % 2_000) / 100;
          await look(exporter.step(start / 100));
          const seen = await look(exporter.step(seconds));
          const [from, to] = [start / 100, start / 100 + seconds].map((time) => machine.ticks(time)) as [
            bigint,
            bigint,
          ];
          const { window, plain, ranges } = byDefault.gauges(to, from);
          const means = new Map([...window].filter(([series]) => !series.startsWith('mac_power')));
          for (const [series, value] of byDefault.power([from, to])) means.set(series, value);
          compareWindows(seen, means);
          const known = (series: string) => plain.has(series) || ranges.has(series) || ROLE.test(series);
          expect(seen.gauges.filter((series) => !known(series) && !means.has(series))).toEqual([]);
        }),
      ),
      { numRuns: 8 },
    );
  });

  test('gpu_utilization is the quotient of the integer counters of the file, or absent', async () => {
    await withExporter(variant, async (exporter) => {
      await exporter.page();
      const seen = await look(exporter.step(13));
      const window = file.gauges(machine.ticks(13), 0n).window.get('gpu_utilization');
      // No window reaches over a sleep, and some machines have no such GPU.
      if (window) expect(seen.samples.get('gpu_utilization')).toBeCloseTo(toNumber(window), 9);
      else expect(seen.samples.has('gpu_utilization')).toBe(false);
    });
  });
});

test('two scrapers 2 s apart, each every 15 s, both get windows of 10 s or more', async () => {
  await withExporter(machineNames[0]!, async (exporter) => {
    const windows: number[] = [];
    for (let round = 0; round < 6; round++) {
      for (const pause of [2, 13]) {
        const { samples } = await look(exporter);
        const window = samples.get('metalstat_exporter_window_seconds{collector="gpu"}');
        if (round > 0) windows.push(window!);
        exporter.step(pause);
      }
    }
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...windows)).toBeLessThanOrEqual(30);
  });
});
