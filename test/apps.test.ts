// What apps use, against the machine file's own truth: between any two scrapes the sum over all apps grows by what the
// file says, whatever comes and goes and whoever has a label.

import fc from 'fast-check';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { families } from '../src/metrics/catalogue';
import { appMemory, appUsage, labelled, lost, processesAlive, type Usage } from './oracle/apps';
import { toNumber } from './oracle/exact';
import { readMachine, type Machine } from './oracle/machine';
import { samples, withExporter, type Options } from './support/exporter';
import { machineNames, machineOf, MACHINES } from './support/machines';

const FARM = 'Mac14,14__m2-ultra__15.2__build-farm';
const BROWSER = 'Mac15,9__m3-max__27.0__llm-browser';
const CROWD = 'Mac15,14__m3-ultra__26.3__crowded';

const fileOf = (name: string): Machine => readMachine(join(MACHINES, `${name}.json`));
const ONLY_APPS: Options = {
  selection: { collectors: new Set(['app', 'ane', 'exporter']), options: new Set() },
};

type Page = ReadonlyMap<string, number>;

/** Pages of an exporter at these times, in hundredths of a second after the machine was opened, ascending. */
const pagesAt = (machine: string, times: readonly number[], options: Options = ONLY_APPS): Promise<Page[]> =>
  withExporter(
    machine,
    async (exporter) => {
      const pages: Page[] = [];
      let now = 0;
      for (const time of times) {
        exporter.step((time - now) / 100);
        now = time;
        pages.push(samples(await exporter.page()));
      }
      return pages;
    },
    options,
  );

const ticksOf = (machine: Machine, times: readonly number[]): bigint[] =>
  times.map((time) => machine.ticks(time / 100));

const isCounter = (series: string): boolean => /^mac_(app|process|ane)_\w+_total\b/.test(series);
/** A series without its label `app` or `process`. */
const unlabelled = (series: string): string =>
  series.replace(/(app|process)="(?:[^"\\]|\\.)*",?/, '').replace('{}', '');

/**
 * What a server that has seen the pages so far knows: the last value of every series, also of those that have ended. None
 * may ever fall.
 */
class Server {
  readonly #last = new Map<string, number>();

  see(page: Page): this {
    for (const [series, value] of page) {
      if (!isCounter(series)) continue;
      const before = this.#last.get(series) ?? 0;
      if (value < before) throw new Error(`${series} fell from ${before} to ${value}`);
      this.#last.set(series, value);
    }
    return this;
  }

  /** Counters summed over all apps, or processes. */
  get totals(): Map<string, number> {
    const totals = new Map<string, number>();
    for (const [series, value] of this.#last)
      totals.set(unlabelled(series), (totals.get(unlabelled(series)) ?? 0) + value);
    return totals;
  }

  expect({ totals }: Usage): void {
    const have = this.totals;
    expect([...have.keys()].sort()).toEqual([...totals.keys()].sort());
    for (const [key, exact] of totals)
      if (!near(have.get(key)!, toNumber(exact)))
        throw new Error(`all of ${key} is ${have.get(key)}, the file says ${toNumber(exact)}`);
  }
}

/** A dozen doubles added up. */
const near = (have: number, want: number): boolean => Math.abs(have - want) <= 1e-9 + 1e-12 * Math.abs(want);

/** Holds the growth up to each page against the file. */
function expectTruth(machine: Machine, times: readonly number[], pages: readonly Page[]): void {
  const server = new Server();
  const at = ticksOf(machine, times);
  pages.forEach((page, i) => {
    server.see(page).expect(appUsage(machine, at.slice(0, i + 1)));
  });
}

/** Two scrapers, each at its own pace, now and then one of them late: all their scrapes in the order of time. */
const scrapes = fc
  .record({
    start: fc.integer({ min: 0, max: 9_000 }),
    a: fc.array(fc.integer({ min: 1_400, max: 1_600 }), { minLength: 2, maxLength: 10 }),
    b: fc.array(fc.integer({ min: 100, max: 12_000 }), { maxLength: 5 }),
  })
  .map(({ start, a, b }) => {
    const from = (first: number, gaps: readonly number[]) =>
      gaps.reduce((times, gap) => [...times, times.at(-1)! + gap], [first]);
    return [...new Set([...from(start, a), ...from(start + 700, b)])].sort((x, y) => x - y);
  });

describe.each(machineNames)('%s', (name) => {
  const machine = fileOf(name);

  test('between any two scrapes of two scrapers the sum over all apps grows by what the file says', async () => {
    await fc.assert(
      fc.asyncProperty(scrapes, async (times) => {
        expectTruth(machine, times, await pagesAt(name, times));
      }),
      { numRuns: name === CROWD ? 2 : 6 },
    );
  });

  test('who has a label from the start has exactly its own', async () => {
    const times = [100, 1_600, 3_100, 6_000, 9_000];
    const pages = await pagesAt(name, times, { ...ONLY_APPS, apps: { top: 100 } });
    const { byApp } = appUsage(machine, ticksOf(machine, times));
    const first = new Set([...pages[0]!.keys()].flatMap((series) => /app="([^"]*)"/.exec(series)?.[1] ?? []));
    first.delete('other');
    expect(first.size).toBeGreaterThan(0);
    for (const app of first)
      for (const [key, exact] of byApp.get(app) ?? []) {
        const series = labelled(key, 'app', app);
        if (!near(pages.at(-1)!.get(series)!, toNumber(exact)))
          throw new Error(`${series} is ${pages.at(-1)!.get(series)}, the file says ${toNumber(exact)}`);
      }
  });

  test('memory is told of apps that may be read whole, and is theirs', async () => {
    const [page] = await pagesAt(name, [700]);
    const memory = appMemory(machine, ticksOf(machine, [700]));
    for (const [series, value] of page!) {
      const app = /^mac_app_memory_bytes\{app="([^"]*)"\}$/.exec(series)?.[1];
      if (app !== undefined && app !== 'other') expect([app, value]).toEqual([app, memory.get(app)]);
    }
  });

  test('what a leader’s members are told apart changes no sum', async () => {
    const times = [0, 1_500, 3_000, 4_500, 20_000, 21_500];
    const leaders = ['Runner.Listener', 'sshd', 'Terminal', 'launchd', 'kernel_task', 'Google Chrome'];
    const pages = await pagesAt(name, times, { ...ONLY_APPS, apps: { resolve: leaders, top: 5 } });
    expectTruth(machine, times, pages);
  });
});

describe('a build farm', () => {
  const machine = fileOf(FARM);
  /** Two hours, every 15 s. */
  const times = Array.from({ length: 481 }, (_, i) => i * 1_500);

  test('over two hours of short processes, restarts and reused pids the sums are exact', async () => {
    const pages = await pagesAt(FARM, times, { ...ONLY_APPS, apps: { top: 3 } });
    const server = new Server();
    for (const page of pages) server.see(page);
    server.expect(appUsage(machine, ticksOf(machine, times)));
    const labels = pages.map((page) =>
      [...page.keys()].flatMap((series) => /^mac_app_cpu_.*app="([^"]*)"/.exec(series)?.[1] ?? []).join(),
    );
    // Labels come and go, but not all the time: at least two minutes apart for each of three places, with its rest.
    const changes = labels.filter((now, i) => i > 0 && now !== labels[i - 1]).length;
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThanOrEqual((3 * 7200) / 120);
  });

  test('GPU time that clients use after they were last read is lost, and how much that is', async () => {
    const sparse = times.filter((_, i) => i % 4 === 0);
    const [often, rarely] = [times, sparse].map((of) => lost(machine, ticksOf(machine, of)).ended);
    const server = new Server();
    for (const page of await pagesAt(FARM, sparse)) server.see(page);
    const told = server.totals.get('mac_process_gpu_seconds_total')!;
    const used = toNumber(
      appUsage(machine, ticksOf(machine, sparse)).totals.get('mac_process_gpu_seconds_total')!,
    );
    expect(near(told, used)).toBe(true);
    // Who reads four times as often loses less.
    expect(often).toBeGreaterThan(0n);
    expect(rarely).toBeGreaterThan(often!);
    const help = families.find(({ name }) => name === 'mac_process_gpu_seconds_total')!.help;
    expect(help).toContain('between its last reading and its end is lost');
  });

  test('with labels for what a CI runner starts, compilers are told apart', async () => {
    const resolve = ['Runner.Listener', 'sshd'];
    const first = times.slice(0, 41);
    const whole = await pagesAt(FARM, first);
    const split = await pagesAt(FARM, first, { ...ONLY_APPS, apps: { resolve } });
    const cpu = (page: Page, app: string) => page.get(`mac_app_cpu_seconds_total{app="${app}"}`);
    expect(cpu(whole.at(-1)!, 'clang')).toBeUndefined();
    expect(cpu(split.at(-1)!, 'clang')).toBeGreaterThan(0);
    expect(cpu(split.at(-1)!, 'Runner.Listener')).toBeLessThan(cpu(whole.at(-1)!, 'Runner.Listener')!);
  });
});

test('what comes and goes between two scrapes counts if it is read between them', async () => {
  const machine = machineOf('Macmini9,1__m1__15.6__idle');
  const { children } = machine.ioregistry!.find((entry) => entry.class.includes('IOAccelerator'))!;
  const SECOND = 24e6;
  children!.push({
    ...children![0]!,
    id: 99_000_000_000,
    properties: {
      ...children![0]!.properties,
      AppUsage: { list: [{ dict: { accumulatedGPUTime: { counter: 8e9 } } }] },
    },
    life: { from: 2 * SECOND, to: 10 * SECOND, every: 86_400 * SECOND, step: 1 },
  });
  /** GPU time of all programs after twenty seconds, with a pause in the middle of the client's life. */
  const used = (interval?: number) =>
    withExporter(
      machine,
      async (exporter) => {
        await exporter.page();
        exporter.step(6);
        if (interval !== undefined) exporter.sampler.watch(interval);
        await sleep(1_400);
        exporter.step(14);
        return new Server().see(samples(await exporter.page())).totals.get('mac_process_gpu_seconds_total')!;
      },
      ONLY_APPS,
    );
  expect((await used(1)) - (await used())).toBeCloseTo(4, 6);
});

test('a reading between scrapes that is late is waited for by a scrape that meets it', async () => {
  await withExporter(
    FARM,
    async (exporter) => {
      await exporter.sampler.discover();
      exporter.plan({ calls: [{ function: 'proc_listpids', nth: 1, how: 'hang' }] });
      exporter.sampler.watch(1);
      await sleep(2_200);
      setTimeout(() => exporter.double.releaseHangs(), 200);
      const page = samples(await exporter.page());
      expect(page.get('metalstat_exporter_source_timeout{source="libproc"}')).toBe(0);
      expect(page.get('metalstat_exporter_collector_success{collector="app"}')).toBe(1);
      exporter.sampler.close();
    },
    { ...ONLY_APPS, clock: 'real' },
  );
});

test('on a machine whose ANE rail is dead, ANE time grows by exactly what the file says', async () => {
  const machine = fileOf(BROWSER);
  const times = [0, 400, 1_900, 4_000, 15_000];
  const everything: Options = {};
  const pages = await pagesAt(BROWSER, times, everything);
  const at = ticksOf(machine, times);
  expect([...pages.at(-1)!.keys()].filter((series) => series.includes('rail="ane",die='))).toEqual([]);
  for (let i = 1; i < pages.length; i++) {
    const exact = appUsage(machine, at.slice(0, i + 1)).totals.get('mac_ane_work_seconds_total');
    const have = pages[i]!.get('mac_ane_work_seconds_total');
    expect(near(have ?? 0, exact ? toNumber(exact) : 0)).toBe(true);
  }
  expect(pages.at(-1)!.get('mac_ane_work_seconds_total')).toBeGreaterThan(1);
});

describe('5,000 processes', () => {
  test('are all there', () => {
    expect(processesAlive(fileOf(CROWD), 0n)).toBe(5000);
  });

  test('are read within the deadline of a scrape, and the series stay below the cap', async () => {
    await withExporter(
      CROWD,
      async (exporter) => {
        await exporter.sampler.discover();
        for (let i = 0; i < 3; i++) {
          const page = samples(await exporter.pages.render({ format: 'text', timeout: 9.5 }));
          for (const source of ['libproc', 'coalition', 'gpu_clients'])
            expect(page.get(`metalstat_exporter_source_timeout{source="${source}"}`)).toBe(0);
          expect(page.get('metalstat_exporter_collector_success{collector="app"}')).toBe(1);
          expect(page.size).toBeLessThanOrEqual(500);
          expect(page.get('metalstat_exporter_series_dropped{reason="top"}')).toBeGreaterThan(100);
        }
      },
      { clock: 'real' },
    );
  });

  test('and a hundred labels are the most there can be', async () => {
    const times = Array.from({ length: 60 }, (_, i) => i * 1_500);
    for (const page of await pagesAt(CROWD, times, { ...ONLY_APPS, apps: { top: 100 } })) {
      const apps = [...page.keys()].filter((series) => series.startsWith('mac_app_cpu_seconds_total'));
      expect(apps.length).toBeLessThanOrEqual(101);
      expect([...page.keys()].filter((series) => /^mac_(app|process)_/.test(series)).length).toBeLessThan(
        1_200,
      );
    }
  });
});
