// The page against the machine file's own truth, as the oracle computes it from the file without any of our code.

import fc from 'fast-check';
import { growth, toNumber, type Exact } from './oracle/exact';
import type { MachineFile } from './oracle/format';
import { Machine as OracleMachine } from './oracle/machine';
import { parsePage } from './oracle/page';
import { truth, type Gauges, type Truth } from './oracle/truth';
import { EVERYTHING, withExporter, type TestExporter } from './support/exporter';
import { machineNames, machineOf, machineText, type Machine } from './support/machines';
import { parsed, recordingOf } from './support/recording';

const OPTIONAL = { states: true, detail: true, sensors: true };
const SENSORS = 'collector.thermal.sensors=';
const REJECTED = 'metalstat_exporter_sensors_rejected';
/** What the exporter says of itself. */
const OWN = 'metalstat_exporter_';
/** What apps use depends on all collections before: see apps.test.ts. */
const OF_APPS = /^mac_(app|process|ane)_/;

const ulp = (value: number): number => {
  const exponent = Math.floor(Math.log2(Math.abs(value) || 2 ** -1000));
  return 2 ** (exponent - 52);
};

/** A double of 4 units in the last place off, or a millijoule, is right. */
const tolerance = (series: string, value: number): number =>
  series.startsWith('mac_energy') ? 1e-3 + 4 * ulp(value) : 4 * ulp(value);

interface Seen {
  readonly samples: ReadonlyMap<string, number>;
  /** Series about the Mac. */
  readonly counters: readonly string[];
  readonly gauges: readonly string[];
}

async function look(exporter: TestExporter): Promise<Seen> {
  const { samples, types } = parsePage(await exporter.page());
  const ofKind = (kind: string) =>
    [...samples.keys()].filter(
      (series) =>
        types.get(series.replace(/\{.*/, '')) === kind && !series.startsWith(OWN) && !OF_APPS.test(series),
    );
  return { samples, counters: ofKind('counter'), gauges: ofKind('gauge') };
}

function compareGrowth(
  before: Seen,
  after: Seen,
  old: ReadonlyMap<string, Exact>,
  now: ReadonlyMap<string, Exact>,
): void {
  expect([...after.counters].sort()).toEqual([...now.keys()].sort());
  for (const series of after.counters) {
    const [from, to] = [before.samples.get(series), after.samples.get(series)!];
    const [exactFrom, exactTo] = [old.get(series), now.get(series)!];
    if (from === undefined || exactFrom === undefined) continue;
    const expected = toNumber(growth(exactFrom, exactTo));
    const off = Math.abs(to - from - expected);
    if (off > tolerance(series, to))
      throw new Error(`${series} grew by ${to - from}, the file says ${expected}`);
    if (exactTo.parts) continue;
    const value = toNumber(exactTo);
    if (Math.abs(to - value) > tolerance(series, to))
      throw new Error(`${series} is ${to}, the file says ${value}`);
  }
}

/** On the first page, where no gauge has a window yet. */
function compareGauges(seen: Seen, { plain, ranges }: Gauges, others: RegExp | undefined): void {
  for (const [series, value] of plain) {
    const have = seen.samples.get(series);
    if (have === undefined) throw new Error(`${series} is missing, the file says ${value}`);
    if (Math.abs(have - value) > 4 * ulp(value))
      throw new Error(`${series} is ${have}, the file says ${value}`);
  }
  for (const [series, { least, greatest }] of ranges) {
    const have = seen.samples.get(series);
    if (have === undefined || have < least || have > greatest)
      throw new Error(`${series} is ${have ?? 'missing'}, the file says ${least} to ${greatest}`);
  }
  const unknown = seen.gauges.filter((series) => !plain.has(series) && !ranges.has(series));
  expect(unknown.filter((series) => !others?.test(series))).toEqual([]);
}

const ROLE = /^mac_temperature_celsius\{sensor="(\w+)",component="(\w+)"\}$/;

/** Which key has which role is the exporter's own data: here only that each shows a valid value of its component. */
function compareRoles({ samples }: Seen, temperatures: (component: string) => ReadonlySet<number>): void {
  const roles = [...samples].filter(([series]) => series.startsWith('mac_temperature_celsius'));
  expect(roles.length).toBeLessThanOrEqual(12);
  for (const [series, value] of roles) {
    const component = ROLE.exec(series)?.[2];
    if (component === undefined || !temperatures(component).has(value))
      throw new Error(`${series} is ${value}, which no sensor of the file measures`);
  }
}

/** Quotients of differences lose digits of their large operands. */
function compareWindows(seen: Seen, expected: ReadonlyMap<string, Exact>): void {
  for (const [series, exact] of expected) {
    const [have, value] = [seen.samples.get(series), toNumber(exact)];
    if (have === undefined) throw new Error(`${series} is missing, the file says ${value}`);
    if (Math.abs(have - value) > 1e-6 * Math.max(1e-3, Math.abs(value)))
      throw new Error(`${series} is ${have}, the file says ${value}`);
  }
}

const ALL = {
  selection: {
    ...EVERYTHING,
    options: new Set([
      ...[...EVERYTHING.options].filter((option) => !option.startsWith(SENSORS)),
      `${SENSORS}all`,
    ]),
  },
};

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
