// Trap 18 and the points about processes and coalitions: GPU clients (19), names (26), identity (27), sizes (28), the ANE
// (29), footprints (30).

import { samples, withExporter, type Options } from '../support/exporter';
import { machineOf, type Machine } from '../support/machines';
import { CHIP } from '../support/corpus';
import { scrape, scrapeAfter, success, supported, variant } from '../support/variants';

const SECOND = 24_000_000;
/** A year of the Mac's clock. */
const YEAR = 365 * 86_400 * SECOND;
const ANE = 'mac_ane_work_seconds_total';
const cpu = (app: string) => `mac_app_cpu_seconds_total{app="${app}"}`;
const gpu = (process: string) => `mac_process_gpu_seconds_total{process="${process}"}`;

/** What is read of apps, on an M1, is just these. */
const macOf = (
  change: Pick<Machine, 'libproc' | 'coalition'>,
  clients: Machine['ioregistry'] = [client(900, 'pid 100, App', 1)],
): Machine =>
  variant(CHIP.M1, (machine) => {
    Object.assign(machine, change);
    machine.ioregistry!.find(({ class: classes }) => classes.includes('IOAccelerator'))!.children = clients;
  });

const process = (pid: number, unique: number, name: string, coalition = 5) => ({
  pid,
  unique,
  coalition,
  uid: 501,
  path: `/Applications/${name}.app/Contents/MacOS/${name}`,
  comm: name.slice(0, 16),
  usage: { user: 0, system: 0, read: 0, written: 0, footprint: 1e6, energy: 0 },
});

const client = (id: number, creator: string, counter: number, life?: { from: number; to: number }) => ({
  id,
  class: ['AGXDeviceUserClient', 'IOUserClient'],
  name: 'AGXDeviceUserClient',
  properties: {
    IOUserClientCreator: creator,
    AppUsage: { list: [{ dict: { API: 'Metal', accumulatedGPUTime: { counter } } }] },
  },
  ...(life && { life: { ...life, every: YEAR, step: 1 } }),
});

const oneApp = (words: Record<string, number | number[]>, bytes = 360) => ({
  libproc: { uid: 501, rusage: 6, processes: [process(100, 10, 'App')] },
  coalition: { bytes, coalitions: [{ id: 5, words }] },
});
const FRAMES = machineOf(CHIP.M1).clock.absolute.length;
const SPAN = (machineOf(CHIP.M1).clock.absolute.at(-1)! - machineOf(CHIP.M1).clock.absolute[0]!) / SECOND;
/** A counter that grows by so much in every second of the file, from `first` on: who has used nothing yet has no label. */
const growing = (perSecond: number, first = 1000): number[] =>
  machineOf(CHIP.M1).clock.absolute.map(
    (ticks, _, all) => first + Math.round(((ticks - all[0]!) / SECOND) * perSecond),
  );

const ONLY_APPS: Options = {
  selection: { collectors: new Set(['app', 'ane', 'exporter']), options: new Set() },
};

/** What series grow by in ten seconds. */
async function grown(machine: Machine, ...series: string[]): Promise<(number | undefined)[]> {
  return withExporter(
    machine,
    async (exporter) => {
      const before = await scrape(exporter);
      const after = samples(await exporter.step(10).page());
      return series.map((name) =>
        after.has(name) ? Math.round((after.get(name)! - (before.get(name) ?? 0)) * 1e6) / 1e6 : undefined,
      );
    },
    ONLY_APPS,
  );
}

test('the file has frames to grow between', () => {
  expect(FRAMES).toBeGreaterThan(2);
  expect(SPAN).toBeGreaterThan(10);
});

describe('trap 18: process metrics', () => {
  test('trap 18: CPU time is in ticks of 125/3 ns, not in nanoseconds', async () => {
    expect(await grown(macOf(oneApp({ 3: growing(SECOND / 2) })), cpu('App'))).toEqual([5]);
  });

  test('trap 18: GPU time is that of the driver’s clients, and not word 8 or ri_instructions', async () => {
    const machine = macOf(oneApp({ 3: growing(SECOND), 8: growing(SECOND) }), [
      client(900, 'pid 100, App', 1),
      client(901, 'pid 100, App', 4e9, { from: 5 * SECOND, to: 25 * SECOND }),
    ]);
    // Five of its twenty seconds of life were before the second scrape.
    expect(await grown(machine, 'mac_app_gpu_seconds_total{app="App"}', gpu('App'))).toEqual([1, 1]);
  });

  test('trap 18: another user’s process costs nothing but its memory', async () => {
    const sections = oneApp({ 3: growing(SECOND) });
    sections.libproc.processes[0]!.uid = 88;
    await withExporter(
      macOf(sections),
      async (exporter) => {
        const page = await scrapeAfter(exporter, 10);
        expect(page.get(cpu('App'))).toBeCloseTo(10, 6);
        expect([...page.keys()].filter((series) => series.startsWith('mac_app_memory_bytes'))).toEqual([]);
        expect(page.get(success('app'))).toBe(1);
        expect(page.get('metalstat_exporter_source_success{source="libproc"}')).toBe(1);
      },
      ONLY_APPS,
    );
  });
});

describe('point 19: GPU clients', () => {
  test('point 19: one that is newer than all before counts whole, those of the start are a baseline', async () => {
    const machine = macOf(oneApp({ 3: growing(SECOND) }), [
      client(900, 'pid 100, App', 7e9),
      client(901, 'pid 100, App', 2e9, { from: SECOND, to: 11 * SECOND }),
    ]);
    expect(await grown(machine, gpu('App'))).toEqual([1.8]);
  });

  test('point 19: of the creator only the pid is read; the name may be cut anywhere', async () => {
    const machine = macOf(oneApp({ 3: growing(SECOND) }), [
      client(900, 'pid 100, Something e', 5e9),
      client(901, 'pid 100, \u00c3', 2e9, { from: SECOND, to: 3 * SECOND }),
    ]);
    await withExporter(
      machine,
      async (exporter) => {
        const first = await scrape(exporter);
        expect(first.get(gpu('App'))).toBe(0);
        expect([...first.keys()].filter((series) => series.includes('Something'))).toEqual([]);
        expect((await scrapeAfter(exporter, 2)).get(gpu('App'))).toBeGreaterThan(0);
      },
      ONLY_APPS,
    );
  });
});

test('point 26: a coalition has the name of its oldest member, for good; GPU time by process stands beside it', async () => {
  const sections = {
    libproc: {
      uid: 501,
      rusage: 6,
      processes: [
        process(300, 30, 'make'),
        { ...process(200, 20, 'Terminal'), life: { from: 0, to: 5 * SECOND, every: YEAR, step: 1 } },
      ],
    },
    coalition: { bytes: 360, coalitions: [{ id: 5, words: { 3: growing(SECOND) } }] },
  };
  const machine = macOf(sections, [client(900, 'pid 300, make', 1e9)]);
  await withExporter(
    machine,
    async (exporter) => {
      await scrape(exporter);
      // The terminal has ended, its app has not.
      const page = await scrapeAfter(exporter, 10);
      expect(page.get(cpu('Terminal'))).toBeCloseTo(10, 6);
      expect(page.has(cpu('make'))).toBe(false);
      expect(page.get(gpu('make'))).toBe(0);
    },
    ONLY_APPS,
  );
});

test('point 27: the same pid is another process when p_uniqueid says so', async () => {
  const life = (from: number, to: number) => ({ from: from * SECOND, to: to * SECOND, every: YEAR, step: 1 });
  const sections = {
    libproc: {
      uid: 501,
      rusage: 6,
      processes: [
        { ...process(100, 10, 'Old', 5), life: life(0, 4) },
        { ...process(100, 11, 'New', 6), life: life(4, 400) },
        process(1, 1, 'launchd', 1),
      ],
    },
    coalition: {
      bytes: 360,
      coalitions: [
        { id: 1, words: { 3: growing(1) } },
        { id: 5, words: { 3: SECOND }, life: life(0, 4) },
        { id: 6, words: { 3: 396 * SECOND }, life: life(4, 400) },
      ],
    },
  };
  await withExporter(
    macOf(sections),
    async (exporter) => {
      await scrape(exporter);
      await scrapeAfter(exporter, 5);
      const page = await scrapeAfter(exporter, 10);
      // First seen after a second, ten seconds ago; its label still rests.
      expect([page.get(cpu('New')), page.get(cpu('other'))]).toEqual([0, expect.closeTo(10, 3)]);
      expect(page.get(cpu('Old')) ?? 0).toBe(0);
    },
    ONLY_APPS,
  );
});

describe('point 28: sizes of coalition usage', () => {
  test.each([
    [296, false],
    [304, false],
    [352, true],
    [360, true],
    [400, true],
  ])('point 28: of %i bytes the ANE is part: %s', async (bytes, has) => {
    const words = { 3: growing(SECOND), ...(has && { 38: growing(SECOND) }) };
    await withExporter(
      macOf(oneApp(words, bytes)),
      async (exporter) => {
        await scrape(exporter);
        const page = await scrapeAfter(exporter, 10);
        expect(page.get(cpu('App'))).toBeGreaterThan(9);
        expect(page.has(ANE)).toBe(has);
        expect(page.get(supported('ane'))).toBe(has ? 1 : 0);
        expect(page.get(success('ane'))).toBe(has ? 1 : undefined);
      },
      ONLY_APPS,
    );
  });

  test('point 28: an empty coalition (EINVAL) is no failure', async () => {
    const sections = oneApp({ 3: growing(SECOND) });
    sections.coalition.coalitions.push({ id: 6 } as never);
    await withExporter(
      macOf(sections),
      async (exporter) => {
        const page = await scrapeAfter(exporter, 10);
        expect(page.get('metalstat_exporter_source_success{source="coalition"}')).toBe(1);
        expect(page.get(success('app'))).toBe(1);
      },
      ONLY_APPS,
    );
  });
});

describe('point 29: ANE work', () => {
  test('point 29: is absent, not 0, until any app has done some', async () => {
    const [, , ...later] = growing(SECOND);
    const machine = macOf(oneApp({ 3: growing(SECOND), 38: [0, 0, ...later] }));
    await withExporter(
      machine,
      async (exporter) => {
        expect((await scrape(exporter)).has(ANE)).toBe(false);
        const page = await scrapeAfter(exporter, SPAN);
        expect(page.get(ANE)).toBeGreaterThan(1);
        expect(page.get(success('ane'))).toBe(1);
      },
      ONLY_APPS,
    );
  });

  test('point 29: may be more than a second a second', async () => {
    expect(await grown(macOf(oneApp({ 3: 1, 38: growing(3 * SECOND) })), ANE)).toEqual([30]);
  });
});

test('point 30: memory is told only of apps whose every process may be read', async () => {
  const sections = {
    libproc: {
      uid: 501,
      rusage: 6,
      processes: [
        process(100, 10, 'Mine', 5),
        process(101, 11, 'Helper', 5),
        process(200, 20, 'Mixed', 6),
        { ...process(201, 21, 'Daemon', 6), uid: 0 },
      ],
    },
    coalition: {
      bytes: 360,
      coalitions: [
        // Word 40 is said to be the footprint, and is not trusted.
        { id: 5, words: { 3: 10 * SECOND, 40: 12345 } },
        { id: 6, words: { 3: 10 * SECOND, 40: 12345 } },
      ],
    },
  };
  await withExporter(
    macOf(sections),
    async (exporter) => {
      const page = await scrape(exporter);
      const memory = [...page].filter(([series]) => series.startsWith('mac_app_memory_bytes'));
      expect(memory).toEqual([['mac_app_memory_bytes{app="Mine"}', 2e6]]);
    },
    ONLY_APPS,
  );
});
