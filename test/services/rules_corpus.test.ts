// The alerts on every machine file: what is healthy stays silent, and what is not is told.

import { ALERTS } from '../../dashboards/rules/alerts';
import { samples, withExporter } from '../support/exporter';
import { machineNames } from '../support/machines';
import { firedBy, RULE_FILES, seriesName, testRules, type SeriesValues } from '../support/promtool';

const MINUTES = 60;
const JOB = 'mac';

/** What each machine is told for; all others are healthy. MacNotLive is another matter, see below. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  'Mac15,12__m3__26.3__runs-out': ['MemoryPressureCritical', 'MemoryPressureRed'],
  'Mac16,9__m4-max__26.5.2__gpu-recovery': ['GpuRecovered'],
  // Their weights are wired: red, and never critical.
  'Mac15,14__m3-ultra__26.3__llm': ['MemoryPressureRed'],
  'Mac17,6__m5-max__27.0__load': ['MemoryPressureRed'],
  // Their drivers do not publish the counters in millijoules.
  'Mac15,9__m3-max__27.0__llm': ['EnergyRailDead', 'MemoryPressureRed'],
  'Mac15,9__m3-max__27.0__llm-browser': ['EnergyRailDead'],
  'Mac16,8__m4-pro__27.0__battery': ['EnergyRailDead'],
  'Mac17,5__a18-pro__26.5.2__idle': ['EnergyRailDead'],
};

/** Names of the families that rules read. */
const READ = new Set(
  ALERTS.flatMap(({ expr }) => expr((count) => `${count}m`).match(/\b[a-z_0-9]+(?=\{)/g) ?? []),
);

/** A page a minute, as Prometheus would store it; with `live`, as if the Mac were one. */
async function scraped(machine: string, live: boolean): Promise<SeriesValues> {
  const series = new Map<string, (number | undefined)[]>();
  await withExporter(machine, async (exporter) => {
    for (let minute = 0; minute <= MINUTES; minute++) {
      for (const [written, value] of samples(await exporter.page())) {
        const [, name, rest = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(written)!;
        if (!READ.has(name!)) continue;
        const labels = live ? rest.replace('origin="machine-file"', 'origin="live"') : rest;
        const key = `${seriesName(name!, { job: JOB, instance: 'a' }).slice(0, -1)}${labels && `,${labels}`}}`;
        if (!series.has(key))
          series.set(
            key,
            Array.from({ length: minute }, () => undefined),
          );
        series.get(key)![minute] = value;
      }
      exporter.step(60);
    }
  });
  series.set(seriesName('up', { job: JOB, instance: 'a' }), Array<number>(MINUTES + 1).fill(1));
  return series;
}

test('the machines that are told for exist', () => {
  expect(Object.keys(TOLD).filter((name) => !machineNames.includes(name))).toEqual([]);
  expect([...READ].length).toBeGreaterThan(12);
});

test.each(machineNames)(
  '%s is told for what it should be, and nothing else',
  async (machine) => {
    const told = (TOLD[machine] ?? []).map((alertname) => ({ alertname }));
    testRules(
      [
        {
          name: machine,
          series: await scraped(machine, true),
          expect: [firedBy(MINUTES, told, 'alertname')],
        },
      ],
      RULE_FILES,
    );
  },
  60_000,
);

test('a machine file that is played is told for what it is', async () => {
  const [machine] = machineNames;
  testRules([
    {
      name: machine!,
      series: await scraped(machine!, false),
      expect: [firedBy(MINUTES, [{ alertname: 'MacNotLive', machine: machine! }], 'alertname, machine')],
    },
  ]);
});
