// Windows: where a mean starts, and what never gets into one.

import fc from 'fast-check';
import { History } from '../src/sampler/window';
import { DEFAULT_WINDOW } from '../src/sampler/sampler';
import { withExporter, type FaultPlan } from './support/exporter';
import { machineOf } from './support/machines';
import {
  age,
  ENERGY,
  energySet,
  FileTruth,
  joules,
  M1,
  M2_ULTRA,
  M5_MAX,
  scrape,
  scrapes,
  seriesOf,
  setsOf,
  UNITS,
  variant,
  watts,
  windowSeconds,
} from './support/variants';

const RULE = { min: 10, max: 300 };
const sample = (at: number, generation = 1) => ({ at, generation });

/** The age of the window's start at the last of some instants, if all of them are collections. */
function startAge(instants: readonly number[], rule = RULE): number | undefined {
  const history = new History();
  for (const at of instants) history.admit(sample(at), rule);
  const now = instants.at(-1)!;
  const start = history.startFor(sample(now), rule);
  return start && now - start.at;
}

describe('the ring of samples', () => {
  test('the default is 10 s to 5 min', () => {
    expect(DEFAULT_WINDOW).toEqual({ min: 10, max: 300 });
  });

  test('a window starts at the newest sample that is at least 10 s old', () => {
    expect(startAge([0, 3, 6, 9, 12, 15, 18])).toBe(12);
    expect(startAge([0, 15, 30, 45])).toBe(15);
  });

  test('just after start it starts at the oldest sample, from 1 s on', () => {
    expect(startAge([0])).toBeUndefined();
    expect(startAge([0, 0.9])).toBeUndefined();
    expect(startAge([0, 1])).toBe(1);
    expect(startAge([0, 1, 2, 3])).toBe(3);
    expect(startAge([0, 9.9])).toBe(9.9);
  });

  test('beyond 5 min there is none', () => {
    expect(startAge([0, 300])).toBe(300);
    expect(startAge([0, 301])).toBeUndefined();
  });

  test('one sample a second is admitted, and no more than are needed are kept', () => {
    const history = new History();
    for (let i = 0; i <= 36_000; i++) history.admit(sample(i / 10), RULE);
    expect(history.samples.length).toBeLessThanOrEqual(23);
    const gaps = history.samples.slice(1).map(({ at }, i) => at - history.samples[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
  });

  test('a sample of other channels is never a start', () => {
    const history = new History();
    history.admit(sample(0, 1), RULE);
    history.admit(sample(12, 2), RULE);
    expect(history.startFor(sample(24, 2), RULE)?.at).toBe(12);
    expect(history.startFor(sample(24, 3), RULE)).toBeUndefined();
  });

  test('it finds what a list of all admitted samples would', () => {
    const gaps = fc.array(
      fc.oneof(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.double({ min: 5, max: 200, noNaN: true })),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(gaps, (between) => {
        const history = new History();
        const all: number[] = [];
        let now = 0;
        for (const gap of between) {
          now += gap;
          if (all.length === 0 || now - all.at(-1)! >= 1) all.push(now);
          history.admit(sample(now), RULE);
          const usable = all.filter((at) => now - at <= RULE.max);
          const expected =
            usable.findLast((at) => now - at >= RULE.min) ?? usable.find((at) => now - at >= 1);
          expect(history.startFor(sample(now), RULE)?.at).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('several readers', () => {
  test('two scrapers 2 s apart, each every 15 s, both get windows of 10 s or more', async () => {
    await withExporter(M1, async (exporter) => {
      await exporter.page();
      exporter.step(15);
      for (let round = 0; round < 8; round++)
        for (const pause of [2, 13]) {
          const page = await scrape(exporter);
          for (const collector of ['gpu', 'cpu', 'energy'])
            expect(page.get(windowSeconds(collector))).toBeGreaterThanOrEqual(10 - 1e-9);
          exporter.step(pause);
        }
    });
  });

  test('a page polled every 0.2 s shortens no other’s window', async () => {
    const file = new FileTruth(M1);
    await withExporter(M1, async (exporter) => {
      let seconds = 0;
      for (let i = 0; i < 225; i++, seconds += 0.2) {
        const page = await scrape(exporter);
        const window = page.get(windowSeconds('gpu'));
        if (i % 75 === 74) {
          expect(window).toBeGreaterThanOrEqual(10 - 1e-9);
          expect(window).toBeLessThan(11.3);
          expect(page.get('gpu_utilization')).toBeCloseTo(
            file.window('gpu_utilization', seconds - window!, seconds),
            6,
          );
        }
        exporter.step(0.2);
      }
    });
  });

  test('the window is what the page says it is', async () => {
    const file = new FileTruth(M5_MAX);
    await withExporter(M5_MAX, async (exporter) => {
      for (const [i, page] of (await scrapes(exporter, 6, 7)).entries()) {
        const window = page.get(windowSeconds('gpu'));
        expect(window === undefined).toBe(i === 0);
        if (window === undefined) continue;
        const expected = file.window('gpu_utilization', i * 7 - window, i * 7);
        expect(page.get('gpu_utilization')).toBeCloseTo(expected, 6);
      }
    });
  });

  test('a scraper slower than 5 min has counters and no means', async () => {
    await withExporter(M1, async (exporter) => {
      await exporter.page();
      const slow = await scrape(exporter.step(301));
      expect(slow.get(joules('cpu'))).toBeGreaterThan(0);
      for (const family of ['gpu_utilization', 'mac_power_watts', 'mac_cpu_utilization_ratio'])
        expect(seriesOf(slow, family)).toEqual([]);
      expect(slow.has(windowSeconds('gpu'))).toBe(false);
      expect((await scrape(exporter.step(299))).has('gpu_utilization')).toBe(true);
    });
  });
});

describe('what re-baselines', () => {
  test('what a Mac lacks is looked for again ever more rarely, and no page loses its means for it', async () => {
    // Looked for every minute, with windows that start anew each time, every fourth page would be without means.
    const without = variant(M1, (machine) => {
      machine.ioreport = machine.ioreport!.filter(({ group }) => group !== 'GPU Stats');
    });
    const frequency = 'mac_cpu_frequency_hertz{cluster="PCPU",tier="performance"}';
    let now = 5_000_000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      await withExporter(without, async (exporter) => {
        for (let i = 0; i < 480; i++) {
          const page = await scrape(exporter);
          expect([i, page.has(watts('cpu')), page.has(frequency)]).toEqual([i, i > 0, i > 0]);
          exporter.step(15);
          now += 15_000;
        }
        // Three groups, at the start and after 1, 3, 7, 15, 31 and 63 minutes.
        const subscriptions = exporter.double.calls()['IOReportCreateSubscription']!;
        expect(subscriptions).toBeGreaterThan(3);
        expect(subscriptions).toBeLessThanOrEqual(3 * 8);
      });
    } finally {
      clock.mockRestore();
    }
  });

  test('a counter that restarts and soon passes its old value is not compared with it', async () => {
    // 1 W from 0 J; restarts at 4.5 s. At 10 s it is past what it was at 4 s.
    const machine = variant(M1, (each) => {
      const seconds = each.clock.absolute.map((ticks) => (ticks - each.clock.absolute[0]!) / 24e6);
      each.ioreport = [energySet(900, UNITS.mJ, [['DRAM', ...seconds.map((s) => Math.round(s * 1000))]])];
    });
    const plan: FaultPlan = { events: [{ at: 4.5, reset: [ENERGY, 'DRAM'] }] };
    await withExporter(
      machine,
      async (exporter) => {
        for (const page of (await scrapes(exporter, 30, 1)).slice(1))
          expect(page.get(watts('dram')) ?? 1).toBeCloseTo(1, 2);
      },
      { plan },
    );
  });

  test('a core that restarts while it is missing gives no wild frequency when it is back', async () => {
    const core = ['CPU Stats', 'DIE_1_PCPU_CPU0'] as const;
    const cluster = 'mac_cpu_frequency_hertz{cluster="DIE_1_PCPU",tier="performance"}';
    const plan: FaultPlan = {
      events: [
        { at: 4.5, take: core },
        { at: 5, reset: core },
        { at: 6.5, give: core },
      ],
    };
    await withExporter(
      M2_ULTRA,
      async (exporter) => {
        const pages = await scrapes(exporter, 30, 1);
        // Its clocks lie between 3.3 and 3.4 GHz in all frames.
        for (const page of pages.slice(1)) expect((page.get(cluster) ?? 3.33e9) / 3.33e9).toBeCloseTo(1, 1);
        expect(pages.filter((page) => page.has(cluster)).length).toBeGreaterThan(20);
      },
      { plan },
    );
  });

  test('whatever restarts, vanishes, returns or sleeps, no mean is negative or wild', async () => {
    const machine = machineOf(M2_ULTRA);
    const channels = [ENERGY, 'CPU Stats', 'GPU Stats'].flatMap((group) =>
      setsOf(machine, group)
        .flatMap((set) => set.channels)
        .map((row) => [group, row[1] as string] as const)
        .filter(([, name]) => /CPU Energy|GPU Energy|DRAM|AVE|MSR|GPUPH|DIE_1_[EP]CPU/.test(name)),
    );
    const at = fc.integer({ min: 0, max: 400 }).map((tenths) => tenths / 10);
    const channel = fc.constantFrom(...channels);
    const event = fc.oneof(
      fc.record({ at, reset: channel }),
      fc.record({ at, take: channel }),
      fc.record({ at, give: channel }),
      fc.record({ at, sleep: fc.integer({ min: 1, max: 100_000 }) }),
    );
    const pauses = fc.array(fc.constantFrom(0.3, 1, 2, 7, 15), { minLength: 5, maxLength: 20 });
    const limit = { cpu: 100, gpu: 100, dram: 50, media: 10 };
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), pauses, (events, steps) =>
        withExporter(
          M2_ULTRA,
          async (exporter) => {
            for (const step of steps) {
              const page = await scrape(exporter.step(step));
              const within = (family: string, low: number, high: number) => {
                for (const series of seriesOf(page, family)) {
                  expect([series, page.get(series)! >= low]).toEqual([series, true]);
                  expect([series, page.get(series)! <= high]).toEqual([series, true]);
                }
              };
              within('gpu_utilization', 0, 1);
              within('mac_cpu_utilization_ratio', 0, 1);
              within('mac_gpu_frequency_hertz', 444e6 - 1, 1398e6 + 1);
              within('mac_cpu_frequency_hertz', 702e6 - 1, 3504e6 + 1);
              for (const [rail, most] of Object.entries(limit)) within(watts(rail), 0, most);
            }
          },
          { plan: { events } },
        ),
      ),
      { numRuns: 60 },
    );
  }, 30_000);
});

test('a rail is dead when its last publication is more than 10 s old, and its age says how old', async () => {
  const dying = variant(M5_MAX, (machine) => {
    for (const set of setsOf(machine, ENERGY)) if (set.publish) set.publish.until = 5 * 24_000_000;
  });
  const died = 2 * 2.14 + 0.0148;
  await withExporter(dying, async (exporter) => {
    await exporter.page();
    const alive = await scrape(exporter.step(died + 9.99));
    const dead = await scrape(exporter.step(0.02));
    expect([alive.has(joules('cpu')), alive.has(watts('cpu'))]).toEqual([true, true]);
    expect([dead.has(joules('cpu')), dead.has(watts('cpu'))]).toEqual([false, false]);
    expect(alive.get(age('cpu'))).toBeCloseTo(9.99, 6);
    expect(dead.get(age('cpu'))).toBeCloseTo(10.01, 6);
  });
});
