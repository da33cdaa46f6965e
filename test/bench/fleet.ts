// npm run bench:fleet: one Prometheus and a few hundred simulated Macs, all on this computer. A scrape that fails, a rule or
// a query of the fleet dashboard that cannot be evaluated: exit code 1.

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Fleet, type Cost } from '../support/fleet';
import { ANY, dataPanels, readDashboard, substitute } from '../support/dashboards';
import { FleetPrometheus } from '../support/fleet/prometheus';

/** Points of a graph. */
const POINTS = 300;

interface Options {
  readonly macs: number;
  readonly minutes: number;
  readonly interval: number;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

async function scrapesSeen(prometheus: FleetPrometheus) {
  const all = async (name: string) =>
    (await prometheus.query(`${name}{job="mac"}[1d]`)).flatMap(({ values }) =>
      values.map(([, v]) => Number(v)),
    );
  const ups = await all('up');
  const durations = (await all('scrape_duration_seconds')).sort((a, b) => a - b);
  return {
    macs: (await prometheus.query('up{job="mac"}')).length,
    scrapes: ups.length,
    failed: ups.filter((up) => up !== 1).length,
    'scrape p50, ms': round(1000 * quantile(durations, 0.5)),
    'scrape p99, ms': round(1000 * quantile(durations, 0.99)),
    'scrape max, ms': round(1000 * quantile(durations, 1)),
  };
}

interface Answered {
  readonly panel: string;
  readonly promql: string;
  readonly ms: number;
  readonly series: number;
  readonly error?: string;
}

/** Each query once, one after the other; as a dashboard of the whole run asks it. */
async function dashboardTimes(prometheus: FleetPrometheus, seconds: number): Promise<Answered[]> {
  const answered: Answered[] = [];
  const panels = dataPanels(readDashboard('mac-fleet'));
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, instant }) => ({
      panel: title,
      promql: substitute(expr, { ...ANY, __range: `${seconds}s` }),
      instant,
    })),
  );
  for (const { panel, promql, instant } of queries) {
    const start = performance.now();
    let [series, error]: [number, string | undefined] = [0, undefined];
    try {
      const found = instant
        ? prometheus.query(promql)
        : prometheus.queryRange(promql, seconds, Math.max(1, Math.round(seconds / POINTS)));
      series = (await found).length;
    } catch (reason) {
      error = reason instanceof Error ? reason.message : String(reason);
    }
    answered.push({
      panel,
      promql,
      ms: performance.now() - start,
      series,
      ...(error !== undefined && { error }),
    });
  }
  return answered;
}

const ofFleet = (before: readonly Cost[], after: readonly Cost[], seconds: number) => {
  const cpu =
    sum(after.map(({ cpuSeconds }) => cpuSeconds)) - sum(before.map(({ cpuSeconds }) => cpuSeconds));
  return {
    'fleet: processes': after.length,
    'fleet: CPU seconds': round(cpu),
    'fleet: % of a core': round((100 * cpu) / seconds),
    'fleet: RSS, MiB': mebibytes(sum(after.map(({ rssBytes }) => rssBytes))),
    'fleet: threads': sum(after.map(({ threads }) => threads)),
    'fleet: descriptors': sum(after.map(({ descriptors }) => descriptors)),
  };
};

async function measure({ macs, minutes, interval }: Options) {
  const fleet = await Fleet.start(macs);
  let prometheus: FleetPrometheus | undefined;
  const stop = async (): Promise<void> => {
    await prometheus?.stop();
    await fleet.stop();
  };
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  try {
    const before = await fleet.costs();
    prometheus = await FleetPrometheus.start(fleet.discovery, interval);
    const seconds = minutes * 60;
    await sleep(seconds * 1000);
    const own = { fleet: await fleet.costs(), prometheus: prometheus.cost() };
    const [series, samples] = [
      await prometheus.own('prometheus_tsdb_head_series'),
      await prometheus.own('prometheus_tsdb_head_samples_appended_total'),
    ];
    const scrapes = await scrapesSeen(prometheus);
    const rules = await prometheus.rules();
    const answered = await dashboardTimes(prometheus, seconds);
    const times = answered.map(({ ms }) => ms).sort((a, b) => a - b);
    const wrong = [
      ...rules.failed,
      ...answered.flatMap(({ panel, error }) => (error ? [`${panel}: ${error}`] : [])),
    ];
    return {
      table: {
        ...scrapes,
        'head series': series,
        'samples a second': Math.round(samples / seconds),
        ...ofFleet(before, own.fleet, seconds),
        'Prometheus: CPU seconds': round(own.prometheus.cpuSeconds),
        'Prometheus: % of a core': round((100 * own.prometheus.cpuSeconds) / seconds),
        'Prometheus: RSS, MiB': mebibytes(own.prometheus.rssBytes),
        rules: rules.all,
        'dashboard queries': answered.length,
        'of which find nothing': answered
          .filter(({ series }) => series === 0)
          .map(({ panel }) => panel)
          .join(', '),
        'dashboard, all one by one, ms': Math.round(sum(times)),
        'query p50, ms': round(quantile(times, 0.5)),
        'query max, ms': round(quantile(times, 1)),
        'slowest query': answered.find(({ ms }) => ms === times.at(-1))?.panel ?? '',
        'rules and queries that failed': wrong.length,
      },
      wrong,
      isWell: scrapes.failed === 0 && scrapes.macs === macs && wrong.length === 0,
    };
  } finally {
    await stop();
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text}: give a number above 0`);
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      macs: { type: 'string', default: '300' },
      minutes: { type: 'string', default: '10' },
      interval: { type: 'string', default: '15' },
      json: { type: 'boolean', default: false },
    },
  });
  const { table, wrong, isWell } = await measure({
    macs: numberOf('macs', values.macs),
    minutes: numberOf('minutes', values.minutes),
    interval: numberOf('interval', values.interval),
  });
  if (values.json) console.log(JSON.stringify(table, undefined, 2));
  else console.table(table);
  for (const line of wrong) console.error(line);
  if (!isWell) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
