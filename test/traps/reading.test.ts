// The traps about reading, time, and what is not there.

import { only, TestExporter, withExporter } from '../support/exporter';
import { machineNames, machineOf, type Machine } from '../support/machines';
import {
  channelOf,
  ENERGY,
  energySet,
  joules,
  M1,
  M2_ULTRA,
  M5_MAX,
  measured,
  openAtRest,
  portsOf,
  scrape,
  scrapeAfter,
  scrapes,
  seriesOf,
  setsOf,
  success,
  UNITS,
  variant,
  watts,
  windowSeconds,
} from '../support/variants';

const CLEAN = { objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 };
const MEANS = ['gpu_utilization', 'mac_power_watts', 'mac_cpu_utilization_ratio', 'mac_cpu_frequency_hertz'];
const means = (page: ReadonlyMap<string, number>) => MEANS.flatMap((family) => seriesOf(page, family));

test('trap 11: INT64_MIN is dropped: an unpopulated channel costs its own series and no other', async () => {
  const holes = variant(M5_MAX, (machine) => {
    channelOf(machine, ENERGY, 'DRAM0').row.splice(2, 9, null);
    const core = channelOf(machine, 'CPU Stats', 'PCPU3').row;
    core.splice(2, 9, ...core.slice(2).map((residencies) => [null, ...(residencies as number[]).slice(1)]));
  });
  const whole = await withExporter(M5_MAX, (exporter) => scrapeAfter(exporter, 12));
  await withExporter(holes, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    const lost = [...whole.keys()].filter((series) => !page.has(series) && !series.includes('machine'));
    expect(lost.filter((series) => !series.includes('rail="dram"'))).toEqual([
      'mac_cpu_core_active_seconds_total{core="15",cluster="PCPU",tier="super"}',
      'mac_cpu_core_cycles_total{core="15",cluster="PCPU",tier="super"}',
      // The mean over the cores of a cluster without one of them would be of others.
      'mac_cpu_frequency_hertz{cluster="PCPU",tier="super"}',
    ]);
    for (const value of page.values()) expect(Math.abs(value)).toBeLessThan(1e18);
  });
});

test('a histogram among the channels of a group costs nothing', async () => {
  const more = variant(M5_MAX, (machine) => {
    const { set } = channelOf(machine, 'GPU Stats', 'GPUPH');
    machine.ioreport!.unshift({
      group: set.group,
      driver: set.driver,
      unit: set.unit,
      subgroup: 'Idle Time Histogram',
      format: 'histogram',
      buckets: 3,
      channels: [['0000000000000007', 'Idle Time', [1, 2, 3]]],
    });
  });
  const pageOf = async (machine: Machine | string) =>
    measured(await withExporter(machine, (exporter) => scrapeAfter(exporter, 12)));
  expect(await pageOf(more)).toEqual(await pageOf(M5_MAX));
});

test('trap 11: a channel of the wrong format is not read as what its name says', async () => {
  const wrong = variant(M1, (machine) => {
    const { set, row } = channelOf(machine, 'GPU Stats', 'GPUPH');
    setsOf(machine, ENERGY).forEach((energy) => {
      energy.channels = energy.channels.filter((channel) => channel[1] !== 'DRAM');
    });
    machine.ioreport!.push({
      ...set,
      group: ENERGY,
      subgroup: '',
      channels: [['00000000000000aa', 'DRAM', ...row.slice(2)]],
    });
    machine.ioreport!.push({
      ...energySet(set.driver[0], UNITS.ticks, [['GPUPH', 1, 2, 3, 4]]),
      group: 'GPU Stats',
      subgroup: set.subgroup,
    });
    set.channels = [];
    machine.ioreport = machine.ioreport!.filter(({ channels }) => channels.length > 0);
  });
  await withExporter(wrong, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.has(joules('dram'))).toBe(false);
    expect(page.has('gpu_utilization')).toBe(false);
    expect(page.get(watts('cpu'))).toBeGreaterThan(0);
  });
});

test('trap 12: a group that cannot be subscribed to takes no other group with it', async () => {
  const refused = variant(M5_MAX, (machine) => {
    for (const set of setsOf(machine, ENERGY)) set.subscribable = false;
  });
  const whole = await withExporter(M5_MAX, (exporter) => scrapeAfter(exporter, 12));
  await withExporter(refused, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get(success('energy'))).toBe(0);
    expect(seriesOf(page, 'mac_energy_joules_total')).toEqual([]);
    for (const collector of ['gpu', 'cpu', 'memory', 'os']) expect(page.get(success(collector))).toBe(1);
    for (const [series, value] of whole)
      if (/^(mac_(gpu|cpu)|gpu_)/.test(series)) expect([series, page.get(series)]).toEqual([series, value]);
    const { sources } = await exporter.sampler.collect(5);
    const failures = sources.flatMap((source) => source.failures);
    const code = failures.find(({ call }) => call.startsWith('IOReportCreateSubscription'))?.code;
    expect(code === undefined ? code : code >>> 0).toBe(0xe00002c2);
  });
});

describe('trap 13: everything is released', () => {
  test.each(machineNames)('trap 13: what is open stays the same from page to page on %s', async (name) => {
    const exporter = new TestExporter(name);
    await exporter.step(1).page();
    const open = await openAtRest(exporter);
    // One right to the host, not one a collection; no array of processor ticks is left mapped, no pool open.
    expect(open).toMatchObject({ ports: portsOf(machineOf(name)), regions: 0, pools: 0 });
    for (let i = 0; i < 50; i++) await exporter.step(1).page();
    expect(await openAtRest(exporter)).toEqual(open);
    expect(exporter.close()).toEqual(CLEAN);
  });

  test('trap 13: a Mac that lacks everything leaves nothing open either', async () => {
    const { format, about, origin, clock } = machineOf(M1);
    const exporter = new TestExporter({ format, about, origin, clock });
    await exporter.pageAfter(12);
    expect(exporter.close()).toEqual(CLEAN);
  });
});

describe('trap 14: the first sample, a reset and a sleep', () => {
  test('trap 14: the first page has counters and no means', async () => {
    await withExporter(M5_MAX, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get(joules('cpu'))).toBeGreaterThan(0);
      expect(means(page)).toEqual([]);
    });
  });

  test('trap 14: a counter that restarts gives no negative and no wild watts', async () => {
    await withExporter(M2_ULTRA, async (exporter) => {
      exporter.plan({ events: [{ at: 20.5, reset: [ENERGY, 'DIE_1_CPU Energy'] }] });
      const pages = await scrapes(exporter, 45, 1);
      expect(pages[21]!.has(watts('cpu'))).toBe(false);
      expect(pages[22]!.get(watts('cpu'))).toBeGreaterThan(0);
      for (const page of pages.slice(1)) {
        expect(page.get(watts('cpu')) ?? 1).toBeGreaterThan(0);
        expect(page.get(watts('cpu')) ?? 1).toBeLessThan(60);
      }
    });
  });

  test('trap 14: a GPU whose states restart gives no negative and no wild utilisation or frequency', async () => {
    await withExporter(M2_ULTRA, async (exporter) => {
      exporter.plan({ events: [{ at: 20.5, reset: ['GPU Stats', 'GPUPH'] }] });
      const pages = await scrapes(exporter, 35, 1);
      expect(pages[21]!.has('gpu_utilization')).toBe(false);
      for (const page of pages.slice(22)) {
        expect(page.get('gpu_utilization')).toBeGreaterThanOrEqual(0);
        expect(page.get('gpu_utilization')).toBeLessThanOrEqual(1);
        expect(page.get('mac_gpu_frequency_hertz')).toBeGreaterThan(444e6 - 1);
        expect(page.get('mac_gpu_frequency_hertz')).toBeLessThan(1398e6 + 1);
      }
    });
  });

  test('trap 14: after a sleep the window starts anew, and its time is not the sleep’s', async () => {
    await withExporter(M1, async (exporter) => {
      exporter.plan({ events: [{ at: 14.5, sleep: 3600 }] });
      await exporter.page();
      const before = await scrape(exporter.step(14));
      const woken = await scrape(exporter.step(1));
      expect(means(woken)).toEqual([]);
      const after = await scrape(exporter.step(12));
      expect(after.get(windowSeconds('gpu'))).toBeCloseTo(12, 9);
      expect(after.get(watts('cpu'))! / before.get(watts('cpu'))!).toBeLessThan(4);
      const slept = 'mac_sleep_seconds_total';
      expect(after.get(slept)! - before.get(slept)!).toBeCloseTo(3600, 6);
    });
  });
});

describe('trap 15: host_statistics64 and its growing number of words', () => {
  const withWords = (count: number, tooLarge: boolean): Machine =>
    variant(M1, (machine) => {
      machine.host!.count = count;
      machine.host!.array_too_large = tooLarge;
    });
  const memory = async (machine: Machine) => {
    return withExporter(machine, async (exporter) => {
      const page = await exporter.page();
      const before = exporter.double.calls()['host_statistics64']!;
      await exporter.step(1).page();
      const calls = exporter.double.calls()['host_statistics64']! - before;
      return { lines: only(page, /^mac_memory/), calls };
    });
  };

  test.each([
    [38, false, 1],
    [40, false, 1],
    [62, false, 1],
    [62, true, 2],
    [104, true, 2],
  ])(
    'trap 15: a kernel of %d words, refusing fewer: %p, is read by %d calls',
    async (count, tooLarge, calls) => {
      const expected = await memory(machineOf(M1));
      expect(expected.lines.length).toBeGreaterThan(10);
      expect(await memory(withWords(count, tooLarge))).toEqual({ lines: expected.lines, calls });
    },
  );

  test('trap 15: a kernel that wants more words than there is room for costs memory and nothing else', async () => {
    await withExporter(withWords(1000, true), async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(success('memory'))).toBe(0);
      expect(page.get(success('cpu'))).toBe(1);
      expect(page.has('mac_memory_used_bytes')).toBe(false);
    });
  });

  test('trap 15: a call that is always refused is not repeated for ever', async () => {
    await withExporter(M5_MAX, async (exporter) => {
      await exporter.page();
      exporter.plan({
        calls: [{ function: 'host_statistics64', nth: 1, forever: true, how: 'fail', code: -307 }],
      });
      const page = await scrape(exporter.step(1));
      expect(page.get(success('memory'))).toBe(0);
      expect(page.get(success('os'))).toBe(1);
    });
  });
});
