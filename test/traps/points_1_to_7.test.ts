// The points about IOReport's calls, 1 to 7.

import { withExporter, type FaultPlan, type TestExporter } from '../support/exporter';
import { machineOf } from '../support/machines';
import { constantLoad } from '../support/machines_constant';
import {
  channelOf,
  ENERGY,
  FileTruth,
  joules,
  M1,
  M2_ULTRA,
  M5_MAX,
  M5_MAX_LOAD,
  measured,
  pageUnder,
  scrape,
  scrapeAfter,
  scrapes,
  seriesOf,
  setsOf,
  success,
  supported,
  variant,
  watts,
} from '../support/variants';

const failuresOf = async (exporter: TestExporter) =>
  (await exporter.sampler.collect(5)).sources.flatMap(({ failures }) => failures);

describe('point 1: no sum of raw counters is exported', () => {
  test('point 1: a sum of several channels starts at 0 and misses none of their growth', async () => {
    const file = new FileTruth(M2_ULTRA);
    await withExporter(M2_ULTRA, async (exporter) => {
      expect((await scrape(exporter)).get(joules('media', '1'))).toBe(0);
      const page = await scrape(exporter.step(30));
      expect(page.get(joules('media', '1'))).toBeCloseTo(file.growth(joules('media', '1'), 0, 30), 6);
    });
  });

  test('point 1: a sum is absent while one of its channels is, and does not fall or jump over the gap', async () => {
    await withExporter(M2_ULTRA, async (exporter) => {
      exporter.plan({
        events: [
          { at: 4.5, take: [ENERGY, 'MSR0_1'] },
          { at: 9.5, give: [ENERGY, 'MSR0_1'] },
        ],
      });
      const sums = (await scrapes(exporter, 15, 1)).map((page) => page.get(joules('media', '1')));
      expect(sums.map((sum) => sum === undefined)).toEqual(sums.map((_, i) => i >= 5 && i <= 9));
      const file = new FileTruth(M2_ULTRA);
      for (const [second, sum] of sums.entries())
        if (sum !== undefined) expect(sum).toBeCloseTo(file.growth(joules('media', '1'), 0, second), 6);
    });
  });
});

describe('point 2: position is not identity', () => {
  test('point 2: a channel missing from the sample moves no value to its neighbour', async () => {
    const whole = measured(await pageUnder(M2_ULTRA, {}));
    const page = measured(
      await pageUnder(M2_ULTRA, {
        events: [
          { at: 3, take: [ENERGY, 'DIE_0_CPU Energy'] },
          { at: 3, take: ['CPU Stats', 'DIE_0_ECPU_CPU0'] },
        ],
      }),
    );
    const gone = [...whole.keys()].filter((series) => !page.has(series));
    expect(gone).toContain(joules('cpu', '0'));
    expect(gone.filter((series) => !/rail="cpu"|core="0"|cluster="DIE_0_ECPU"/.test(series))).toEqual([]);
    for (const [series, value] of page) expect([series, value]).toEqual([series, whole.get(series)]);
  });

  test('point 2: the order in which channels are listed is no part of any value', async () => {
    const reordered = await pageUnder(M2_ULTRA, {
      events: [ENERGY, 'CPU Stats', 'GPU Stats'].map((group) => ({ at: 0, reorder: group })),
    });
    expect(measured(reordered)).toEqual(measured(await pageUnder(M2_ULTRA, {})));
  });
});

describe('point 3: what libIOReport hands back', () => {
  test.each(['IOReportCreateSubscription', 'IOReportCreateSamples'])(
    'point 3: the code of the CFError of %s is reported, and the error is released',
    async (call) => {
      await withExporter(M1, async (exporter) => {
        exporter.plan({ calls: [{ function: call, nth: 1, forever: true, how: 'fail', code: 0xe00002bd }] });
        const failures = await failuresOf(exporter);
        const codes = failures
          .filter((failure) => failure.call.startsWith(`${call}("`))
          .map(({ code }) => code);
        expect(new Set(codes)).toEqual(new Set([0xe00002bd | 0]));
        expect(exporter.close()).toMatchObject({ objects: 0 });
      });
    },
  );
});

describe('point 4: an absent group is an empty dictionary', () => {
  const without = (groups: RegExp) =>
    variant(M1, (machine) => {
      machine.ioreport = machine.ioreport!.filter(({ group }) => !groups.test(group));
    });

  test('point 4: one that not every Mac has is released, not subscribed to, and not supported', async () => {
    await withExporter(without(/^(AMC Stats|PMP\d?)$/), async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(supported('bandwidth'))).toBe(0);
      expect(page.has(success('bandwidth'))).toBe(false);
      expect(await failuresOf(exporter)).toEqual([]);
      expect(exporter.double.calls()['IOReportCreateSubscription']).toBe(3);
      expect(exporter.close()).toMatchObject({ objects: 0 });
    });
  });

  test('point 4: one that every Mac has is released too, and said to be missing', async () => {
    await withExporter(without(/^Energy Model$/), async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(supported('energy'))).toBe(1);
      expect(page.get(success('energy'))).toBe(0);
      const failures = await failuresOf(exporter);
      expect(failures.map(({ group, call }) => [group, call])).toEqual([[ENERGY, `${ENERGY}: not there`]]);
      // The other three, the memory controller's among them.
      expect(exporter.double.calls()['IOReportCreateSubscription']).toBe(3);
      expect(exporter.close()).toMatchObject({ objects: 0 });
    });
  });
});

describe('point 5: names come from getters, which may answer NULL', () => {
  test('point 5: states without names cost what is counted by state, and nothing is counted wrong', async () => {
    const page = await pageUnder(M5_MAX, {
      calls: [{ function: 'IOReportStateGetNameForIndex', nth: 1, forever: true, how: 'null' }],
    });
    for (const family of [
      'gpu_utilization',
      'mac_gpu_active_seconds_total',
      'mac_cpu_core_active_seconds_total',
    ])
      expect(seriesOf(page, family)).toEqual([]);
    expect(page.get(success('gpu'))).toBe(0);
    expect(page.get(success('cpu'))).toBe(0);
    expect(page.get(watts('cpu'))).toBeGreaterThan(0);
  });

  test('point 5: one state without a name is not taken for an active one', async () => {
    // The first name asked for is that of a core's first state, DOWN or IDLE: nameless, it would count as busy.
    const whole = measured(await pageUnder(M5_MAX, {}));
    const first = { function: 'IOReportStateGetNameForIndex', nth: 1, how: 'null' } as const;
    const page = measured(await pageUnder(M5_MAX, { calls: [first] }));
    for (const [series, value] of page) expect([series, value]).toEqual([series, whole.get(series)]);
  });
});

describe('point 6: RawElements are checked against the getters', () => {
  /** One subscription a group, each compared once: the first three samples. */
  const spoilt = (how: 'short' | 'garbage'): FaultPlan => ({
    calls: [1, 2, 3].map((nth) => ({ function: 'IOReportCreateSamples', nth, how })),
  });

  test.each(['short', 'garbage'] as const)(
    'point 6: with elements that are %s at open the getters are read, to the same values',
    async (how) => {
      const whole = measured(await pageUnder(M1, {}));
      const page = measured(await pageUnder(M1, spoilt(how)));
      for (const [series, value] of page) expect([series, value]).toEqual([series, whole.get(series)]);
      // Without timestamps a rail that did not move in 10 s cannot be told from a dead one.
      const lost = [...whole.keys()].filter((series) => !page.has(series));
      expect(lost).toEqual([joules('display'), joules('isp'), watts('display'), watts('isp')]);
    },
  );

  test('point 6: one getter that says something else is enough', async () => {
    const whole = measured(await pageUnder(M1, {}));
    // The first is of the first rail; it is not asked again before the exporter reads by getters.
    const page = measured(
      await pageUnder(M1, {
        calls: [{ function: 'IOReportSimpleGetIntegerValue', nth: 1, how: 'garbage' }],
      }),
    );
    const lost = [...whole.keys()].filter((series) => !page.has(series));
    expect(lost).toEqual([joules('display'), joules('isp'), watts('display'), watts('isp')]);
    for (const [series, value] of page) expect([series, value]).toEqual([series, whole.get(series)]);
  });

  test('point 6: by the getters alone, without timestamps, watts are steady and a dead rail still goes', async () => {
    const dying = constantLoad(machineOf(M5_MAX_LOAD));
    for (const set of setsOf(dying, ENERGY)) if (set.publish) set.publish.until = 40 * 24_000_000;
    const mean = new FileTruth(dying).growth(joules('cpu'), 0, 40) / 40;
    await withExporter(
      dying,
      async (exporter) => {
        const pages = await scrapes(exporter, 60, 1);
        // Timed by the scrape, a batch of 2.14 s more or less in 10 s would be 21 % off.
        for (const page of pages.slice(15, 40))
          expect(Math.abs(page.get(watts('cpu'))! / mean - 1)).toBeLessThan(0.12);
        for (const page of pages.slice(51)) {
          expect(page.has(watts('cpu'))).toBe(false);
          expect(page.has(joules('cpu'))).toBe(false);
        }
      },
      { plan: spoilt('short') },
    );
  });

  test.each(['short', 'garbage'] as const)('point 6: elements %s in one sample are not read', async (how) => {
    await withExporter(M1, async (exporter) => {
      await exporter.page();
      exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 1, how }] });
      const spoilt = await scrape(exporter.step(12));
      expect(seriesOf(spoilt, 'mac_energy_joules_total')).toEqual([]);
      expect(spoilt.get(success('energy'))).toBe(0);
      expect(spoilt.get('gpu_utilization')).toBeGreaterThan(0);
      expect((await scrape(exporter.step(1))).get(success('energy'))).toBe(1);
    });
  });
});

describe('point 7: deltas of libIOReport are never used', () => {
  test('point 7: without IOReportCreateSamplesDelta every page is the same', async () => {
    const page = await pageUnder(M5_MAX, { without: ['IOReportCreateSamplesDelta'] });
    expect(measured(page)).toEqual(measured(await pageUnder(M5_MAX, {})));
  });

  test('point 7: a channel that turns up in mid-run does not bring its absolute value as growth', async () => {
    const old = variant(M2_ULTRA, (machine) => {
      channelOf(machine, ENERGY, 'AVE0_1').row.splice(2, 9, 1e9, 1e9 + 10, 1e9 + 20, 1e9 + 30);
    });
    await withExporter(old, async (exporter) => {
      exporter.plan({
        events: [
          { at: 0, take: [ENERGY, 'AVE0_1'] },
          { at: 5.5, give: [ENERGY, 'AVE0_1'] },
        ],
      });
      const last = (await scrapes(exporter, 20, 1)).at(-1)!;
      expect(last.get(joules('media', '1'))).toBeLessThan(10);
    });
  });
});
