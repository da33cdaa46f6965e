// PromQL over what apps use: two Prometheus servers that scraped one exporter for hours, at different intervals, through
// a restart of the exporter, both say what the machine file says. The scrapes are made with stepped time and put into the
// servers' storage by promtool; servers and queries are real.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appUsage, type Usage } from '../oracle/apps';
import { toNumber } from '../oracle/exact';
import { readMachine } from '../oracle/machine';
import { samples, TestExporter } from '../support/exporter';
import { serveStorage, type Served } from '../support/history/storage';
import { MACHINES } from '../support/machines';

const HOURS = 3;
const LENGTH = HOURS * 3600;
/** Seconds after the start at which the exporter is restarted, between two scrapes. */
const RESTART = LENGTH / 2 + 4;
const SERVERS = [
  { name: 'a', first: 0, every: 15 },
  { name: 'b', first: 7, every: 60 },
] as const;
const WITHIN = 0.01;

const folder = mkdtempSync(join(tmpdir(), 'metalstat-'));
const servers: Served[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

interface Scrape {
  readonly server: string;
  readonly at: number;
}

const SCRAPES: readonly Scrape[] = SERVERS.flatMap(({ name, first, every }) =>
  Array.from({ length: Math.floor((LENGTH - first) / every) + 1 }, (_, i) => ({
    server: name,
    at: first + i * every,
  })),
).sort((a, b) => a.at - b.at);

/** Samples by server and series, with their times. */
type Stored = Map<string, Map<string, [at: number, value: number][]>>;

async function scrapeAll(machine: string, stored: Stored): Promise<void> {
  const open = () =>
    new TestExporter(machine, {
      selection: { collectors: new Set(['app', 'ane']), options: new Set() },
      apps: { top: 4 },
    });
  let exporter = open();
  let now = 0;
  let restarted = false;
  for (const { server, at } of SCRAPES) {
    if (at > RESTART && !restarted) {
      exporter.close();
      restarted = true;
      exporter = open().step(now);
    }
    exporter.step(at - now);
    now = at;
    for (const [series, value] of samples(await exporter.page())) {
      if (!/^mac_(app|process|ane)_\w+_total\b/.test(series)) continue;
      const all = stored.get(server)!;
      if (!all.has(series)) all.set(series, []);
      all.get(series)!.push([at, value]);
    }
  }
  exporter.close();
}

/** What the exporter could have told in both of its lives, by key and label. */
function truthOf(machine: string): Map<string, number> {
  const file = readMachine(join(MACHINES, `${machine}.json`));
  const life = (scrapes: readonly Scrape[]): Usage =>
    appUsage(
      file,
      scrapes.map(({ at }) => file.ticks(at)),
    );
  const sums = new Map<string, number>();
  for (const { totals } of [
    life(SCRAPES.filter(({ at }) => at <= RESTART)),
    life(SCRAPES.filter(({ at }) => at > RESTART)),
  ])
    for (const [key, exact] of totals) sums.set(key, (sums.get(key) ?? 0) + toNumber(exact));
  return sums;
}

/** Seconds of the Unix clock of the first scrape: three hours that are over. */
const START = Math.floor(Date.now() / 1000) - LENGTH - 600;

function openMetrics(stored: ReadonlyMap<string, readonly (readonly [number, number])[]>): string {
  const families = new Map<string, string[]>();
  for (const [series, points] of stored) {
    const family = series.replace(/_total\b.*/, '');
    const lines = families.get(family) ?? [`# TYPE ${family} counter`];
    families.set(family, lines);
    for (const [at, value] of points) lines.push(`${series} ${value} ${START + at}`);
  }
  return `${[...families.values()].flat().join('\n')}\n# EOF\n`;
}

async function serve(name: string, text: string): Promise<string> {
  const [file, data] = [join(folder, `${name}.om`), join(folder, name)];
  writeFileSync(file, text);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const server = await serveStorage(data);
  servers.push(server);
  return server.url;
}

interface Answer {
  readonly status: string;
  readonly data: { readonly result: readonly { readonly value: [number, string] }[] };
}

async function query(url: string, promql: string): Promise<number | undefined> {
  const search = new URLSearchParams({ query: promql, time: String(START + LENGTH) });
  const answer = (await (await fetch(`${url}/api/v1/query?${search.toString()}`)).json()) as Answer;
  expect(answer.status).toBe('success');
  const value = answer.data.result[0]?.value[1];
  return value === undefined ? undefined : Number(value);
}

/** A key of the oracle as a selector of all apps. */
const increase = (key: string): string => `sum(increase(${key}[${LENGTH}s]))`;

describe.each(['Mac14,14__m2-ultra__15.2__build-farm', 'Mac15,9__m3-max__27.0__llm-browser'])(
  '%s',
  (machine) => {
    const stored: Stored = new Map(SERVERS.map(({ name }) => [name, new Map<string, [number, number][]>()]));
    const urls = new Map<string, string>();
    let truth: Map<string, number>;

    beforeAll(async () => {
      await scrapeAll(machine, stored);
      truth = truthOf(machine);
      for (const { name } of SERVERS)
        urls.set(name, await serve(`${machine.replace(/\W/g, '')}-${name}`, openMetrics(stored.get(name)!)));
    }, 120_000);

    test('labels have come and gone', () => {
      const ends = [...stored.get('a')!.values()].map((points) => points.at(-1)![0]);
      expect(ends.some((end) => end < LENGTH - 60)).toBe(true);
      const starts = [...stored.get('a')!.values()].map((points) => points[0]![0]);
      expect(starts.some((start) => start > 60)).toBe(true);
    });

    test.each(SERVERS.map(({ name }) => name))(
      'server %s: sum(increase()) over hours is what the file says, within 1 %%',
      async (name) => {
        expect(truth.size).toBeGreaterThan(6);
        for (const [key, value] of truth) {
          const told = await query(urls.get(name)!, increase(key));
          if (told === undefined || !(Math.abs(told - value) <= WITHIN * value))
            throw new Error(`${increase(key)} is ${told}, the file says ${value}`);
        }
      },
    );

    test('both servers agree on who used the GPU most', async () => {
      const top = (name: string) =>
        query(
          urls.get(name)!,
          `max(sum by (app) (increase(mac_app_gpu_seconds_total{app!="other"}[${LENGTH}s])))`,
        );
      const [a, b] = [await top('a'), await top('b')];
      expect(Math.abs(a! / b! - 1)).toBeLessThan(0.02);
    });
  },
);
