// Every query and variable of every dashboard, on a real Prometheus that has scraped every machine file: no error, nothing
// empty without a reason, values in range; and again with collectors failing: values are missing then, never wrong.
//
// The scrapes are made with stepped time and put into the storage by promtool, so that two runs have the same values.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dashboardNames,
  dataPanels,
  queryOf,
  readDashboard,
  substitute,
  type Panel,
} from '../support/dashboards';
import { EMPTY, FAILURES, MAY_DIFFER } from '../support/dashboard_reasons';
import { TestExporter } from '../support/exporter';
import { labelled, labels } from '../support/history/scrapes';
import { addBlocks, serveStorage, type Served } from '../support/history/storage';
import { machineNames } from '../support/machines';
import { ask, query, queryRange, type Series } from '../support/prometheus_api';

const MINUTES = 18;
const EVERY = 15;
const END = Math.floor(Date.now() / 1000) - 600;
const START = END - MINUTES * 60;
/** When what fails begins to. */
const FAILED = (START + END) / 2;
/** Of these, each facility fails in a run of its own, from the middle on. */
const SOME = [
  'Mac17,6__m5-max__27.0__mixed',
  'Mac14,14__m2-ultra__15.2__load',
  'Mac14,2__m2__26.5.2__throttled',
  'MacBookPro18,3__m1-pro__26.3__idle',
];

interface Run {
  readonly machine: string;
  readonly failure?: string;
}
const RUNS: readonly Run[] = [
  ...machineNames.map((machine) => ({ machine })),
  ...SOME.flatMap((machine) => Object.keys(FAILURES).map((failure) => ({ machine, failure }))),
];
const instanceOf = ({ machine, failure }: Run): string =>
  `${machine}${failure === undefined ? '' : `--${failure}`}:13013`;

const folder = mkdtempSync(join(tmpdir(), 'metalstat-dashboards-'));
let prometheus: Served | undefined;
let url = '';

async function* scrapes(run: Run): AsyncIterable<string> {
  const exporter = new TestExporter(run.machine);
  const own = labels('mac', instanceOf(run));
  for (let at = START; at <= END; at += EVERY) {
    if (run.failure !== undefined && at > FAILED) exporter.plan(FAILURES[run.failure]!);
    const page = await exporter.page('openmetrics');
    const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    yield [
      ...lines.map((line) => labelled(line, own, String(at))),
      `up{${own}} 1 ${at}`,
      `scrape_duration_seconds{${own}} 0.01 ${at}`,
      // A server of models on the same host.
      ...(run.machine.includes('llm') || run.machine.endsWith('__mixed')
        ? [
            `llamacpp:tokens_predicted_total{${labels('llm', instanceOf(run).replace(/:\d+$/, ':8080'))}} ${(at - START) * 20} ${at}`,
          ]
        : []),
      '',
    ].join('\n');
    exporter.step(EVERY);
  }
  exporter.close();
}

async function* all(): AsyncIterable<string> {
  for (const run of RUNS) yield* scrapes(run);
  yield* happenings();
}

/** A Mac to which everything happens that dashboards mark: one step for each change, and a gap for the restarts. */
function* happenings(): Iterable<string> {
  const own = labels('events', 'eventful');
  for (let at = START; at <= END; at += EVERY) {
    const part = (at - START) / (END - START);
    if (part > 0.6 && part < 0.7) continue;
    yield [
      `memory_pressure_level{${own}} ${part > 0.2 && part < 0.4 ? 2 : 0} ${at}`,
      `mac_thermal_pressure_level{${own}} ${part > 0.3 ? 1 : 0} ${at}`,
      `mac_boot_time_seconds{${own}} ${part > 0.65 ? START : START - 86_400 + (part > 0.1 ? 2 : 0)} ${at}`,
      `metalstat_exporter_build_info{${own},version="${part > 0.65 ? '2' : '1'}"} 1 ${at}`,
      ...(part > 0.25 && part < 0.35
        ? [`ALERTS{${own},alertname="MemoryPressureRed",alertstate="firing",severity="warning"} 1 ${at}`]
        : []),
      '',
    ].join('\n');
  }
}
/** How often each annotation marks something of it. */
const MARKED: Readonly<Record<string, number>> = {
  'Firing alerts': 1,
  'Memory pressure changes': 2,
  'Thermal pressure changes': 1,
  Reboots: 1,
  'Exporter upgrades': 1,
};

beforeAll(async () => {
  await addBlocks(folder, all());
  prometheus = await serveStorage(folder);
  ({ url } = prometheus);
}, 300_000);

afterAll(async () => {
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const escaped = (text: string): string => text.replaceAll(/[.+*?()[\]{}|^$\\]/g, '\\\\$&');

const valuesFor = (instance: string): Readonly<Record<string, string>> => ({
  job: 'mac',
  instance: instance === '.+' ? instance : escaped(instance),
  host: instance === '.+' ? instance : escaped(instance.replace(/:\d+$/, '')),
  datasource: 'prometheus',
  price: '0.3',
  tokens: 'llamacpp:tokens_predicted_total',
  __rate_interval: '1m',
  __interval: '15s',
  __range: `${MINUTES}m`,
});

/** The answers to a panel's queries, each series with all its values. */
async function answers(panel: Panel, instance: string): Promise<readonly (readonly Series[])[]> {
  const asked = (panel.targets ?? []).map(async ({ expr, instant }) => {
    const promql = substitute(expr, valuesFor(instance));
    if (!instant) return queryRange(url, promql, { start: START + 300, end: END }, 30);
    return (await query(url, promql, END)).map((series) => ({ ...series, values: [series.value] }));
  });
  return Promise.all(asked);
}

/** A name for a series among those of a query: its labels, but for what tells the run. */
const nameOf = ({ metric }: Series): string =>
  Object.entries(metric)
    .filter(([label]) => !['instance', 'host', 'machine'].includes(label))
    .map(([label, value]) => `${label}=${value}`)
    .sort()
    .join(',');

/** What the unit of a panel says of its values, where the panel does not say more. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  percentunit: [0, 1],
  celsius: [10, 130],
  rotrpm: [0, 10_000],
  hertz: [0, 6e9],
  watt: [0, 500],
};

function inRange(
  { title, fieldConfig }: Panel,
  series: readonly Series[],
  refId: number,
  isFleet: boolean,
): void {
  const { unit = '', min, max, mappings } = fieldConfig!.defaults;
  const own = fieldConfig!.overrides.some(({ properties }) =>
    properties.some(({ id }) => id === 'unit' || id === 'mappings'),
  );
  // The watts of a fleet have no bound.
  const range = isFleet && unit === 'watt' ? undefined : RANGES[unit];
  // What runs side by side may pass a second a second.
  const sideBySide = / by (app|process)$|^Apps by GPU$/.test(title);
  const low = min ?? (own || title === 'Adapter and battery' ? -Infinity : (range?.[0] ?? -Infinity));
  // Counters that are read at slightly other times pass 1 a little.
  const high = own || sideBySide ? Infinity : (max ?? range?.[1] ?? Infinity) * 1.02;
  const states = own
    ? []
    : (mappings ?? []).flatMap((mapping) => Object.keys((mapping as { options: object }).options));
  for (const one of series)
    for (const [at, text] of one.values) {
      const value = Number(text);
      // 0 by 0: a GPU that was off has no frequency.
      if (Number.isNaN(value)) continue;
      const right = value >= low && value <= high && (states.length === 0 || states.includes(text));
      if (!right)
        throw new Error(`${title}, query ${refId}: ${JSON.stringify(one.metric)} is ${text} at ${at}`);
    }
}

describe.each(dashboardNames)('%s', (name) => {
  const dashboard = readDashboard(name);
  const panels = dataPanels(dashboard);
  const runs = name === 'mac-fleet' ? ['.+'] : machineNames.map((machine) => instanceOf({ machine }));

  test('variables have values', async () => {
    for (const variable of dashboard.templating.list.filter(({ type }) => type === 'query')) {
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(queryOf(variable))!;
      const values = await ask<readonly string[]>(url, `label/${label}/values`, {
        'match[]': substitute(selector!, valuesFor('.+')),
        start: String(START),
        end: String(END),
      });
      expect(values.length).toBeGreaterThanOrEqual(variable.name === 'job' ? 1 : machineNames.length);
    }
  });

  test.each(dashboard.annotations.list.map((one) => [one.name, one] as const))(
    'annotation %s marks each event once',
    async (title, { expr }) => {
      const on = { ...valuesFor('.+'), job: 'events' };
      const marks = await queryRange(url, substitute(expr, on), { start: START, end: END }, EVERY);
      expect(count(marks)).toBe(MARKED[title]);
      expect(marks.every(({ metric }) => metric['instance'] === 'eventful')).toBe(true);
    },
  );

  test.each(panels.map((panel) => [panel.title, panel] as const))(
    '%s',
    async (title, panel) => {
      const empty: string[] = [];
      for (const instance of runs) {
        const results = await answers(panel, instance);
        results.forEach((series, i) => inRange(panel, series, i, name === 'mac-fleet'));
        if (results.every((series) => series.length === 0)) empty.push(instance.replace(/:\d+$/, ''));
      }
      const reasons = EMPTY[title] ?? [];
      const unexplained = empty.filter((machine) => !reasons.some(({ on }) => on.test(machine)));
      expect(unexplained).toEqual([]);
      // A reason that holds nowhere is none.
      if (name !== 'mac-fleet')
        expect(reasons.filter(({ on }) => !empty.some((machine) => on.test(machine)))).toEqual([]);
    },
    60_000,
  );
});

/** Prometheus looks back so many seconds: no series here is marked as stale when it ends. */
const LOOKBACK = 300;
const count = (all: readonly Series[]): number => all.reduce((sum, one) => sum + one.values.length, 0);

/** That every value is the right one, or missing. */
function isPartOf(panel: Panel, i: number, right: readonly Series[], now: readonly Series[]): void {
  const known = new Map(right.map((one) => [nameOf(one), new Map(one.values)]));
  // What was counted until the failure.
  const summed = panel.targets![i]!.expr.includes('$__range');
  for (const one of now)
    for (const [at, value] of one.values) {
      if (at > FAILED && at <= FAILED + LOOKBACK) continue;
      const expected = known.get(nameOf(one))?.get(at);
      if (!(summed ? Number(value) <= Number(expected) * 1.0001 : close(value, expected)))
        throw new Error(
          `${panel.title}: ${nameOf(one)} is ${value} at ${at}, and should be ${expected} or missing`,
        );
    }
}

describe.each(SOME)('%s with collectors that fail', (machine) => {
  const boards = dashboardNames.filter((name) => name !== 'mac-fleet');
  const panels = boards.flatMap((name) => dataPanels(readDashboard(name)));

  test.each(Object.keys(FAILURES))(
    '%s',
    async (failure) => {
      let missing = 0;
      for (const panel of panels) {
        const [right, now] = await Promise.all([
          answers(panel, instanceOf({ machine })),
          answers(panel, instanceOf({ machine, failure })),
        ]);
        const may = MAY_DIFFER.some(
          ({ titles, failures }) => titles.test(panel.title) && failures.test(failure),
        );
        now.forEach((series, i) => {
          if (!may) isPartOf(panel, i, right[i]!, series);
          if (count(series) < count(right[i]!)) missing++;
        });
      }
      // Something was lost, or this failure is none.
      expect(missing).toBeGreaterThan(0);
    },
    60_000,
  );
});

const close = (a: string, b: string | undefined): boolean =>
  a === b || Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.abs(Number(b));
