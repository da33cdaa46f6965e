// The points about IOReport's counters and threads, 8 to 13.

import { readFile } from 'node:fs/promises';
import { families } from '../../src/metrics/catalogue';
import { EVERYTHING, withExporter } from '../support/exporter';
import { machineNames, machineOf, type Json, type Machine } from '../support/machines';
import {
  channelOf,
  CORES,
  ENERGY,
  energySet,
  joules,
  M1,
  M2_ULTRA,
  M5_MAX,
  M5_MAX_LOAD,
  measured,
  pageUnder,
  scrape,
  scrapeAfter,
  seriesOf,
  setsOf,
  success,
  supported,
  UNITS,
  variant,
  watts,
} from '../support/variants';

describe('point 8: where a counter started is not known', () => {
  test('point 8: counters that started at 0 a moment ago give the same means', async () => {
    const fresh = variant(M5_MAX, (machine) => {
      for (const set of machine.ioreport!)
        for (const row of set.channels)
          row.splice(2, 9, ...row.slice(2).map((value) => less(value, row[2]!)));
    });
    const page = await pageUnder(fresh, {});
    for (const [series, value] of await pageUnder(M5_MAX, {}))
      if (/^(gpu_utilization|mac_power|mac_[cg]pu_frequency)/.test(series))
        expect(Math.abs(page.get(series)! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, value));
  });

  test('point 8: no help says that an IOReport counter counts since boot', () => {
    const ofIOReport = families.filter(({ help }) => help.includes('IOReport'));
    expect(ofIOReport.length).toBeGreaterThan(10);
    for (const { help } of ofIOReport) expect(help).not.toMatch(/since (the )?(last )?boot/i);
  });
});

describe('point 9: ticks are in the unit that the channel names', () => {
  const withGpu = machineNames.filter((name) => setsOf(machineOf(name), 'GPU Stats').length > 0);

  const gpuIn = (unit: [string, string | null], change?: (machine: Machine) => void): Machine =>
    variant(M1, (machine) => {
      channelOf(machine, 'GPU Stats', 'GPUPH').set.unit = unit;
      change?.(machine);
    });
  const active = async (machine: Machine | string) =>
    (await withExporter(machine, scrape)).get('mac_gpu_active_seconds_total');

  test.each([
    ['microseconds', ((1n << 56n) | (121n << 32n)).toString(), 24],
    ['1/24 of a microsecond', UNITS.ticks[0], 1],
    ['milliseconds', ((1n << 56n) | (124n << 32n)).toString(), 24_000],
  ])('point 9: a channel in %s', async (_, unit, times) => {
    const expected = (await active(M1))! * times;
    expect((await active(gpuIn([unit, null])))! / expected).toBeCloseTo(1, 12);
  });

  test('point 9: 24Mticks are 24e6 a second whatever the clock of the Mac', async () => {
    const other = variant(M1, (machine) => {
      machine.clock.timebase = [1, 1];
    });
    expect(await active(other)).toBe(await active(M1));
  });

  test('point 9: a unit of the kernel’s own ticks is not taken for seconds', async () => {
    const kernel = gpuIn([((1n << 56n) | (1n << 48n)).toString(), null]);
    await withExporter(kernel, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.has('mac_gpu_active_seconds_total')).toBe(false);
      expect(page.get(success('gpu'))).toBe(0);
    });
  });

  test.each(withGpu)('point 9: the states of the GPU of %s fill the wall', async (name) => {
    await withExporter(name, async (exporter) => {
      const [before, after] = [await scrape(exporter), await scrape(exporter.step(30))];
      const grown = seriesOf(after, 'mac_gpu_state_seconds_total').reduce(
        (sum, series) => sum + after.get(series)! - (before.get(series) ?? 0),
        0,
      );
      expect(Math.abs(grown / 30 - 1)).toBeLessThan(0.005);
    });
  });
});

describe('point 10: timestamps are of each element', () => {
  test('point 10: the time of a state channel is that of the state that changed last', async () => {
    const still = variant(M1, (machine) => {
      const { set, row } = channelOf(machine, 'GPU Stats', 'GPUPH');
      // P1 grows up to frame 1, P2 up to frame 2, then nothing does.
      const grown = [
        [0, 0],
        [7, 0],
        [7, 7],
        [7, 7],
      ];
      row.splice(
        2,
        9,
        ...grown.map(([p1, p2]) => set.states!.map((_, i) => (i === 1 ? p1! : i === 2 ? p2! : 5))),
      );
    });
    await withExporter(still, async ({ double }) => {
      const { ioreport } = double.sources;
      const { channels } = await ioreport.list();
      await ioreport.select(Uint32Array.of(channels.findIndex(({ name }) => name === 'GPUPH')));
      const { absolute } = still.clock;
      const seconds = (frame: number) => (absolute[frame]! * 125) / 3e9;
      double.step(seconds(3) - seconds(0) - 0.001);
      const { values } = await ioreport.read();
      expect(values[0]! - values[1]!).toBeCloseTo(seconds(3) - 0.001 - seconds(2), 5);
    });
  });

  test('point 10: dead is told by the time since a channel was published, rail by rail', async () => {
    const one = variant(M5_MAX, (machine) => {
      const { set, row } = channelOf(machine, ENERGY, 'DRAM0');
      set.channels = set.channels.filter((channel) => channel !== row);
      machine.ioreport!.push({ ...set, channels: [row], publish: { ...set.publish!, until: 24_000_000 } });
    });
    await withExporter(one, async (exporter) => {
      const page = await scrapeAfter(exporter, 14);
      expect(page.has(joules('dram'))).toBe(false);
      expect(page.get(joules('ane'))).toBeGreaterThan(0);
      expect(page.get(watts('cpu'))).toBeGreaterThan(0);
    });
  });
});

describe('point 11: one thread for all of IOReport', () => {
  test('point 11: twenty scrapes at a time are one sample of each group', async () => {
    await withExporter(M5_MAX, async (exporter) => {
      await exporter.page();
      const calls = () => exporter.double.calls()['IOReportCreateSamples']!;
      const before = calls();
      exporter.step(12);
      const pages = await Promise.all(Array.from({ length: 20 }, () => exporter.page()));
      // Energy, CPU, GPU and the bandwidth histograms.
      expect(calls() - before).toBe(4);
      expect(new Set(pages.map((page) => page.replace(/.*duration.*/g, '')))).toHaveProperty('size', 1);
    });
  });

  test('point 11: a scrape that comes while channels are still being listed loses none of them', async () => {
    await withExporter(M5_MAX_LOAD, async (exporter) => {
      const discovered = exporter.sampler.discover();
      const first = await scrape(exporter);
      await discovered;
      expect(first.get(supported('energy'))).toBe(1);
      expect((await scrape(exporter.step(12))).get(watts('cpu'))).toBeGreaterThan(0);
    });
  });

  test('point 11: a call that hangs holds neither the other sources nor files', async () => {
    await withExporter(M1, async (exporter) => {
      await exporter.page();
      exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] });
      const page = exporter.step(1).page('text', 0.3);
      await Promise.all(Array.from({ length: 8 }, () => readFile(__filename)));
      expect(await page).toContain('mac_memory_used_bytes');
      expect(await page).not.toContain('mac_energy_joules_total');
      exporter.double.releaseHangs();
    });
  });
});

test('point 12: a collection is one IOReportCreateSamples a group, and raw buffers are not needed', async () => {
  const plan = { without: ['IOReportCreateNewRawSamplesBuffer'] };
  await withExporter(
    M2_ULTRA,
    async (exporter) => {
      await exporter.page();
      const before = { ...exporter.double.calls() };
      for (let i = 0; i < 5; i++) await exporter.step(1).page();
      const after = exporter.double.calls();
      const made = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
      // Five collections of energy, CPU, GPU and memory controller.
      expect(made('IOReportCreateSamples')).toBe(5 * 4);
      // Names are asked for once, not with every sample.
      for (const name of [
        'IOReportChannelGetChannelName',
        'IOReportStateGetNameForIndex',
        'CFStringGetCString',
      ])
        expect([name, made(name)]).toEqual([name, 0]);
    },
    { plan },
  );
});

test('point 13: a core that never ran keeps its series', async () => {
  const idle = variant(M1, (machine) => {
    for (const row of setsOf(machine, 'CPU Stats', CORES).flatMap(({ channels }) => channels))
      if (row[1] === 'PCPU3')
        row.splice(
          2,
          9,
          (row[2] as Json[]).map(() => 0),
        );
  });
  await withExporter(
    idle,
    async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const core = '{core="7",cluster="PCPU",tier="performance"}';
      expect(page.get(`mac_cpu_core_active_seconds_total${core}`)).toBe(0);
      expect(page.get(`mac_cpu_core_cycles_total${core}`)).toBe(0);
      expect(page.get('mac_cpu_state_seconds_total{core="7",state="IDLE"}')).toBe(0);
    },
    { selection: EVERYTHING },
  );
});

test('point 13: two drivers that publish the same cores give each core one series', async () => {
  const twice = variant(M1, (machine) => {
    for (const set of [...setsOf(machine, 'CPU Stats'), ...setsOf(machine, 'GPU Stats')])
      machine.ioreport!.push({ ...set, driver: [set.driver[0] + 1000, set.driver[1]] });
    machine.ioreport!.push(energySet(7777, UNITS.mJ, [['GPU SRAM', 1, 2, 3, 4]]));
  });
  const whole = measured(await withExporter(M1, (exporter) => scrapeAfter(exporter, 12)));
  await withExporter(
    twice,
    async (exporter) => {
      await exporter.page();
      const lines = (await exporter.step(12).page()).split('\n').filter((line) => /^\w/.test(line));
      const series = lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
      expect(series.filter((each, i) => series.indexOf(each) !== i)).toEqual([]);
      const page = await scrape(exporter);
      for (const [each, value] of whole)
        if (!each.includes('rail=')) expect([each, page.get(each)]).toEqual([each, value]);
    },
    { selection: EVERYTHING },
  );
});

/** `value` less `first`, which are numbers, decimal strings or lists of them. */
function less(value: Json, first: Json): Json {
  if (Array.isArray(value)) return value.map((each, i) => less(each, (first as Json[])[i]!));
  if (value === null || first === null) return value;
  return Number(BigInt(value as string) - BigInt(first as string));
}
