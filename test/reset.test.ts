// One die that restarts, or goes and comes back, in mid-run: what Prometheus makes of the page never exceeds what the file
// says was used.

import fc from 'fast-check';
import { EVERYTHING, withExporter, type FaultPlan } from './support/exporter';
import { machineOf } from './support/machines';
import { ENERGY, FileTruth, joules, M2_ULTRA, scrape, seriesOf, setsOf } from './support/variants';

type Pages = readonly ReadonlyMap<string, number>[];
type Channel = readonly [group: string, name: string];

/** PromQL's increase() before it extrapolates: a value below the one before it is growth from 0. */
function increase(pages: Pages, series: string): number {
  let sum = 0;
  let last: number | undefined;
  for (const page of pages) {
    const value = page.get(series);
    if (value === undefined) continue;
    if (last !== undefined) sum += value < last ? value : value - last;
    last = value;
  }
  return sum;
}

/** Pages at these seconds. */
const watch = (seconds: readonly number[], plan: FaultPlan): Promise<Pages> =>
  withExporter(
    M2_ULTRA,
    async (exporter) => {
      const pages: ReadonlyMap<string, number>[] = [];
      let now = 0;
      for (const at of seconds) {
        pages.push(await scrape(exporter.step(at - now)));
        now = at;
      }
      return pages;
    },
    { plan, selection: EVERYTHING },
  );

const FAMILIES = [
  'mac_energy_joules_total',
  'mac_energy_detail_joules_total',
  'mac_cpu_core_active_seconds_total',
  'mac_cpu_core_cycles_total',
  'mac_cpu_state_seconds_total',
];
/** Units in the last place of counters of this size: millijoules, ticks, and 1e14 cycles in double. */
const slack = (series: string): number => (series.includes('cycles') ? 10 : 2e-3);
const file = new FileTruth(M2_ULTRA);

/** Of every counter on the pages, by how much Prometheus would have it grow, and the file. */
function growths(pages: Pages, from: number, to: number): Map<string, { seen: number; real: number }> {
  const series = new Set(pages.flatMap((page) => FAMILIES.flatMap((family) => seriesOf(page, family))));
  return new Map(
    [...series].map((each) => [each, { seen: increase(pages, each), real: file.growth(each, from, to) }]),
  );
}

function expectNoMore(pages: Pages, from: number, to: number): void {
  for (const [series, { seen, real }] of growths(pages, from, to))
    if (seen > real + slack(series)) throw new Error(`increase(${series}) is ${seen}, the file says ${real}`);
}

/** Every channel of the second die. */
const DIE_1: readonly Channel[] = [ENERGY, 'CPU Stats'].flatMap((group) =>
  setsOf(machineOf(M2_ULTRA), group)
    .flatMap(({ channels }) => channels)
    .map((row): Channel => [group, row[1] as string])
    .filter(([, name]) => /^DIE_1_|^[A-Z]+0_1$/.test(name)),
);
const everySecond = Array.from({ length: 41 }, (_, i) => i);
const every5Seconds = Array.from({ length: 13 }, (_, i) => i * 5);

test('the second die has channels of each kind', () => {
  const names = DIE_1.map(([, name]) => name);
  for (const name of ['DIE_1_CPU Energy', 'AVE0_1', 'MSR0_1', 'DRAM0_1', 'DIE_1_PCPU1_CPU3'])
    expect(names).toContain(name);
});

test('left alone, every counter grows by what the file says', async () => {
  const pages = await watch(everySecond, {});
  const all = growths(pages, 0, 40);
  expect(all.size).toBeGreaterThan(400);
  for (const [series, { seen, real }] of all)
    if (Math.abs(seen - real) > slack(series))
      throw new Error(`increase(${series}) is ${seen}, the file says ${real}`);
});

test('a die that restarts: no counter grows by more than the file, and what is lost is one interval', async () => {
  const events = DIE_1.map((reset) => ({ at: 17.5, reset }));
  const pages = await watch(every5Seconds, { events });
  expectNoMore(pages, 0, 60);
  for (const series of [joules('cpu', '1'), joules('media', '1'), joules('dram', '1')]) {
    const { seen, real } = growths(pages, 0, 60).get(series)!;
    expect(seen).toBeGreaterThanOrEqual(real - file.growth(series, 15, 20) - 2e-3);
  }
});

test('an own sum never falls when a part of it restarts', async () => {
  const pages = await watch(everySecond, { events: [{ at: 17.5, reset: [ENERGY, 'AVE0_1'] }] });
  const media = pages.map((page) => page.get(joules('media', '1'))!);
  for (const [i, value] of media.entries()) expect(value).toBeGreaterThanOrEqual(media[i - 1] ?? 0);
  // MSR went on; of AVE at most the second in which it restarted is lost.
  const lost = file.growth(joules('media', '1'), 0, 40) - media.at(-1)!;
  expect(lost).toBeLessThanOrEqual(file.growth(joules('media', '1'), 17, 18) + 2e-3);
});

test('a die that is taken away and given back: nothing is counted twice, and nothing of it is on the page meanwhile', async () => {
  const events = DIE_1.flatMap((channel) => [
    { at: 12.5, take: channel },
    { at: 23.5, give: channel },
  ]);
  const pages = await watch(everySecond, { events });
  expectNoMore(pages, 0, 40);
  for (const [second, page] of pages.entries()) {
    const gone = second >= 13 && second <= 23;
    for (const rail of ['cpu', 'dram', 'media']) {
      expect(page.has(joules(rail, '1'))).toBe(!gone);
      // The watts of a rail are of both dies or of none.
      expect(page.has(`mac_power_watts{rail="${rail}"}`)).toBe(
        gone ? false : pages[second] !== pages[0] && second !== 24,
      );
      expect(page.has(joules(rail, '0'))).toBe(true);
    }
  }
  // It counted on while it was away: raw counters and sums both catch up.
  const { seen, real } = growths(pages, 0, 40).get(joules('media', '1'))!;
  expect(seen).toBeCloseTo(real, 2);
});

test('a die that restarts while it is away brings no more than it used', async () => {
  const events = DIE_1.flatMap((channel) => [
    { at: 12.5, take: channel },
    { at: 14.5, reset: channel },
    { at: 23.5, give: channel },
  ]);
  expectNoMore(await watch(everySecond, { events }), 0, 40);
});

test('a die that is not there at first brings its past with it into no own sum', async () => {
  const events = DIE_1.flatMap((channel) => [
    { at: 0, take: channel },
    { at: 20.5, give: channel },
  ]);
  const pages = await watch(everySecond, { events });
  expectNoMore(pages, 0, 40);
  expect(pages.at(-1)!.get(joules('media', '1'))).toBeLessThan(
    file.growth(joules('media', '1'), 0, 40) + 2e-3,
  );
});

test('whatever happens to the second die, and whenever it is scraped, increase() never exceeds the file', async () => {
  const at = fc.integer({ min: 0, max: 500 }).map((tenths) => tenths / 10);
  const channel = fc.constantFrom(...DIE_1);
  const event = fc.oneof(
    fc.record({ at, reset: channel }),
    fc.record({ at, take: channel }),
    fc.record({ at, give: channel }),
  );
  const pauses = fc.array(fc.constantFrom(0.2, 1, 5, 15), { minLength: 2, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), pauses, async (events, gaps) => {
      let now = 0;
      const seconds = [0, ...gaps.map((gap) => (now = Math.round((now + gap) * 10) / 10))];
      expectNoMore(await watch(seconds, { events }), 0, now);
    }),
    { numRuns: 15 },
  );
}, 60_000);
