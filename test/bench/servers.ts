// npm run bench: what a scrape costs, side by side with those a user would run instead. All servers run at the same time on
// this computer, all are asked in turn, and only ratios within one run are compared. On the double: its own work is in
// these figures, the kernel's of a Mac is not. Reads /proc: Linux only.

import { parseArgs } from 'node:util';
import { BARS, verdictOf, type Bar, type Figure } from './bars';
import { quantile, ratioOf, rounded, median } from './figures';
import { cold } from './measure/cold';
import { hot, soak } from './measure/hot';
import { idle } from './measure/idle';
import { Started } from './measure/start';
import { checkSeries } from './same_series';
import { printReport, type Report, type Row } from './table';
import { isInstalled, limitOf, MACS, targets, type Limit, type Mac, type Target } from './targets';

interface Size {
  readonly macs: readonly Mac[];
  readonly starts: number;
  /** Milliseconds until what a start leaves to be done is done: V8 goes through the heap once, some 15 s after it. */
  readonly settles: number;
  readonly idleSeconds: number;
  readonly rounds: number;
  readonly scrapesARound: number;
  readonly period: number;
  readonly hotRounds: number;
  readonly hotSeconds: number;
  readonly soakScrapes: number;
}

const FULL: Size = {
  macs: Object.keys(MACS) as Mac[],
  starts: 11,
  settles: 30_000,
  idleSeconds: 60,
  rounds: 10,
  scrapesARound: 100,
  period: 1000,
  hotRounds: 3,
  hotSeconds: 8,
  soakScrapes: 12_000,
};
/** Shows that it runs; its figures mean little. */
const QUICK: Size = {
  macs: ['m2-ultra'],
  starts: 1,
  settles: 1_000,
  idleSeconds: 2,
  rounds: 2,
  scrapesARound: 5,
  period: 500,
  hotRounds: 1,
  hotSeconds: 1,
  soakScrapes: 200,
};
const MEMORY_AFTER = 300;
const MEBIBYTE = 2 ** 20;

/** Values of each figure, by round, of each target. */
type Figures = Map<string, Partial<Record<Figure, readonly number[]>>>;

async function measure(size: Size, tell: (line: string) => void, notes: string[]): Promise<Report> {
  const all = targets(size.macs, (line) => notes.push(line));
  const figures: Figures = new Map(all.map(({ name }) => [name, {}]));
  const note = ({ name }: Target, more: Partial<Record<Figure, readonly number[]>>) =>
    Object.assign(figures.get(name)!, more);

  const servers: Started[] = [];
  process.once('SIGINT', () => {
    void Promise.all(servers.map((server) => server.stop())).then(() => process.exit(130));
  });
  try {
    await measureStarts(all, size.starts, note, tell);
    for (const target of all) servers.push((await Started.start(target)).server);
    tell(`${size.idleSeconds} s without a scrape`);
    const resting = await idle(servers, size.idleSeconds, size.settles);
    const scraped = await cold(servers, { ...size, memoryAfter: MEMORY_AFTER }, tell);
    // Means over a window are on every page by now.
    const series = await checkSeries(servers);
    for (const server of servers) {
      const [rest, found] = [resting.get(server)!, scraped.get(server)!];
      const latencies = found.latencies.flat();
      note(server.target, {
        'idle.wakeups': [rest.wakeupsASecond],
        'idle.cpu': [rest.cpu / 1e3],
        'cold.cpu': found.cpu.map((cpu) => cpu / 1e3),
        'cold.cpu.all': found.cpuOfAll.map((cpu) => cpu / 1e3),
        'cold.p50': found.latencies.map(median),
        'cold.p90': found.latencies.map((round) => quantile(round, 0.9)),
        'cold.p99': [quantile(latencies, 0.99)],
        'memory.private': [found.memory!.anonymous / MEBIBYTE],
        'memory.resident': [found.memory!.resident / MEBIBYTE],
      });
    }
    await measureHot(servers, size, note, tell, notes);
    return {
      conditions: conditions(size),
      series,
      figures: mediansOf(figures),
      rows: rowsOf(size.macs, figures),
      notes,
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

type Note = (target: Target, more: Partial<Record<Figure, readonly number[]>>) => void;

/** One after the other, in turn. */
async function measureStarts(
  all: readonly Target[],
  rounds: number,
  note: Note,
  tell: (line: string) => void,
): Promise<void> {
  const starts = new Map(all.map((target): [Target, number[]] => [target, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [target, times] of starts) {
      const { server, milliseconds } = await Started.start(target);
      await server.stop();
      times.push(milliseconds);
    }
    tell(`start: round ${round + 1} of ${rounds}`);
  }
  for (const [target, times] of starts) note(target, { start: times });
}

async function measureHot(
  servers: readonly Started[],
  { hotRounds, hotSeconds, soakScrapes }: Size,
  note: Note,
  tell: (line: string) => void,
  notes: string[],
): Promise<void> {
  if (isInstalled('wrk')) {
    for (const [{ target }, { cpu, scrapesASecond }] of await hot(
      servers,
      { rounds: hotRounds, seconds: hotSeconds },
      tell,
    ))
      note(target, { 'hot.cpu': cpu.map((ns) => ns / 1e3), 'hot.rate': scrapesASecond });
  } else {
    notes.push('wrk is not installed (apt-get install wrk): nothing is measured hot');
  }
  for (const server of servers.filter(({ target }) => target.kind === 'exporter')) {
    tell(`${soakScrapes} scrapes of ${server.target.name}, and as many more`);
    note(server.target, { soak: [await soak(server, soakScrapes)] });
  }
}

const conditions = (size: Size): Report['conditions'] => ({
  node: process.version,
  platform: process.platform,
  arch: process.arch,
  ...size,
});

function mediansOf(figures: Figures): Report['figures'] {
  const medians = [...figures].map(([name, found]) => {
    const entries = Object.entries(found).map(
      ([figure, values]) => [figure, rounded(median(values))] as const,
    );
    return [name, Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(medians);
}

const rowsOf = (macs: readonly Mac[], figures: Figures): readonly Row[] =>
  macs.flatMap((mac) => BARS.map((bar) => rowOf(mac, bar, figures)));

function rowOf(mac: Mac, { figure, against, most }: Bar, figures: Figures): Row {
  const own = figures.get(`exporter ${mac}`)?.[figure] ?? [];
  const peerName = against === 'express' ? `express + prom-client ${mac}` : 'node_exporter';
  const peer = figures.get(peerName)?.[figure] ?? [];
  const ratio = (values: readonly number[]) =>
    against === undefined ? median(values) : ratioOf(values, peer);
  const value = ratio(own);
  const limit = (of: Limit) => finite(ratio(figures.get(limitOf(of, mac))?.[figure] ?? []));
  return {
    mac,
    figure,
    against,
    value: finite(value),
    limits: { read: limit('read'), decode: limit('decode') },
    most,
    verdict: verdictOf(most, value),
    own: rounded(median(own)),
    peer: against === undefined ? undefined : rounded(median(peer)),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? rounded(value) : null);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
    },
  });
  const size = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? size.rounds : Number(values.rounds);
  if (!(rounds >= 1)) throw new Error(`--rounds ${values.rounds}: give a number of 1 or more`);
  if (process.platform !== 'linux') throw new Error('the benchmark reads /proc: it runs on Linux only');
  const report = await measure({ ...size, rounds }, (line) => console.error(line), []);
  if (values.json) console.log(JSON.stringify(report, undefined, 2));
  else printReport(report);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
