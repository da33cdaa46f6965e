// The traps about energy.

import { only, withExporter } from '../support/exporter';
import { machineOf } from '../support/machines';
import {
  age,
  channelOf,
  ENERGY,
  energySet,
  FileTruth,
  joules,
  labelsOf,
  M1,
  M1_IDLE,
  M2_ULTRA,
  M5_MAX,
  scrape,
  scrapeAfter,
  scrapes,
  seriesOf,
  setsOf,
  success,
  UNITS,
  variant,
  watts,
} from '../support/variants';

/** Batches of 2.14 s, the last one 5 s after opening; GPU Energy has no batches and lives on. */
const DYING = variant(M5_MAX, (machine) => {
  for (const set of setsOf(machine, ENERGY)) if (set.publish) set.publish.until = 5 * 24_000_000;
});

test('trap 1: watts are timed by the publications of macOS 27 and held between them', async () => {
  const file = new FileTruth(M5_MAX);
  await withExporter(M5_MAX, async (exporter) => {
    const seconds = Array.from({ length: 31 }, (_, i) => i);
    for (const second of seconds) {
      const page = await scrape(exporter);
      exporter.step(1);
      if (second < 4) continue;
      const collections = seconds.slice(0, second + 1);
      // Timed by the scrapes instead, the watts would miss by up to a batch of 2.14 s in 10.
      for (const rail of ['cpu', 'dram', 'gpu'])
        expect(page.get(watts(rail))).toBeCloseTo(file.watts(rail, collections), 6);
      expect(page.get(joules('cpu'))).toBeCloseTo(file.counter(joules('cpu'), second), 3);
    }
  });
});

test('trap 1: the tail of a batch, 15 ms later, is no window of its own', async () => {
  // The main batch is out at 2.14 s and 4.28 s, its tail 14.8 ms later. A window over the tail alone reads anything.
  await withExporter(M5_MAX, async (exporter) => {
    await exporter.step(2.15).page();
    expect((await scrape(exporter.step(0.01))).has(watts('cpu'))).toBe(false);
    const page = await scrape(exporter.step(2.14));
    const file = new FileTruth(M5_MAX);
    expect(page.get(watts('cpu'))).toBeCloseTo(file.growth(joules('cpu'), 2.15, 4.3) / 2.1548, 3);
  });
});

test('trap 2: a frozen counter is no data: joules and watts go after 10 s, while GPU Energy lives', async () => {
  await withExporter(DYING, async (exporter) => {
    const pages = await scrapes(exporter, 30, 1);
    const died = 2.14 * 2 + 0.0148;
    expect(pages[14]!.get(watts('cpu'))).toBeGreaterThan(0);
    expect(pages[14]!.get(joules('cpu'))).toBeGreaterThan(0);
    for (const page of pages.slice(15)) {
      expect(page.has(watts('cpu'))).toBe(false);
      expect(page.has(joules('cpu'))).toBe(false);
      expect(page.get(watts('gpu'))).toBeGreaterThan(0);
      expect(page.get(joules('gpu'))).toBeGreaterThan(0);
    }
    expect(pages[29]!.get(age('cpu'))).toBeCloseTo(29 - died, 6);
    expect(pages[29]!.get(age('gpu'))).toBe(0);
  });
});

test('trap 2: a rail that is published and did not grow draws a true 0 W', async () => {
  // A zero must not be taken for a dead counter. Its driver publishes; the value is the same.
  await withExporter(M2_ULTRA, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get(watts('isp'))).toBe(0);
    expect(page.get(joules('isp', '0'))).toBe(0);
  });
});

test('trap 3: the rails are exactly those no other contains, whatever else the group lists', async () => {
  await withExporter(M5_MAX, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    const rails = ['ane', 'dram', 'isp', 'media', 'display', 'amcc', 'dcs', 'afr', 'fab', 'cpu', 'gpu'];
    expect(labelsOf(page, 'mac_power_watts', 'rail').sort()).toEqual([...rails].sort());
    expect(labelsOf(page, 'mac_energy_joules_total', 'rail').sort()).toEqual([...rails].sort());
  });
});

test('trap 3: cores, per-state channels, managers and SRAM change nothing in the CPU rail', async () => {
  const inflated = variant(M5_MAX, (machine) => {
    for (const set of setsOf(machine, ENERGY))
      for (const row of set.channels)
        if (/DTL|CPM|SRAM|[MP]CPU|PACC/.test(row[1] as string)) row.splice(2, 9, 0, 1e9, 2e9, 3e9);
  });
  const cpu = (page: ReadonlyMap<string, number>) => [page.get(watts('cpu')), page.get(joules('cpu'))];
  const expected = await withExporter(M5_MAX, async (exporter) => cpu(await scrapeAfter(exporter, 12)));
  await withExporter(inflated, async (exporter) => {
    expect(cpu(await scrapeAfter(exporter, 12))).toEqual(expected);
  });
});

test('trap 4: an Ultra has one series a die, their sum is the rail, and GPU Energy is one for both', async () => {
  const file = new FileTruth(M2_ULTRA);
  await withExporter(M2_ULTRA, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    for (const rail of ['cpu', 'ane', 'dram']) {
      const dies = ['0', '1'].map((die) => joules(rail, die));
      for (const die of dies) expect(page.get(die)).toBeCloseTo(file.counter(die, 12), 2);
      const both = dies.reduce((sum, die) => sum + file.growth(die, 0, 12), 0);
      expect(page.get(watts(rail))).toBeCloseTo(both / 12, 6);
      expect(seriesOf(page, 'mac_energy_joules_total').filter((key) => key.includes(`"${rail}"`))).toEqual(
        dies,
      );
    }
    expect(page.has(joules('gpu'))).toBe(true);
    expect(labelsOf(page, 'mac_energy_joules_total', 'rail').filter((rail) => rail === 'gpu')).toHaveLength(
      1,
    );
  });
});

test('trap 4: channels of one name are told apart by driver and id', async () => {
  // Both drivers number their channels from 1; one grows by 1 J/s or so, the other by 10. Keyed by name or by id alone,
  // one would be read twice or their differences taken across each other.
  const twins = variant(M1, (machine) => {
    machine.ioreport = [
      ...setsOf(machine, 'CPU Stats'),
      energySet(900, UNITS.mJ, [['DRAM', 0, 6_000, 12_000, 20_000]]),
      energySet(901, UNITS.mJ, [['DRAM', 5_000_000, 5_060_000, 5_120_000, 5_200_000]]),
    ];
  });
  const file = new FileTruth(twins);
  await withExporter(twins, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get(joules('dram'))).toBeCloseTo(file.growth(joules('dram'), 0, 12), 3);
    expect(page.get(joules('dram'))).toBeGreaterThan(60);
    expect(page.get(joules('dram'))).toBeLessThan(120);
  });
});

test('trap 5: mJ, uJ and nJ of one group are told apart by each channel, blanks after the label or not', async () => {
  const mixed = variant(M1, (machine) => {
    machine.ioreport = [
      energySet(900, UNITS.mJ, [['CPU Energy', 0, 7_000, 14_000, 21_000]]),
      energySet(901, UNITS.uJ, [['ANE', 0, 7_000_000, 14_000_000, 21_000_000]]),
      energySet(902, UNITS.nJ, [['GPU Energy', 0, 7_000_000_000, 14_000_000_000, 21_000_000_000]]),
      // No unit number: the label is all there is.
      energySet(903, ['0', 'mJ  '], [['DRAM', 0, 7_000, 14_000, 21_000]]),
      energySet(904, ['0', 'uJ'], [['DCS', 0, 7_000_000, 14_000_000, 21_000_000]]),
    ];
  });
  await withExporter(mixed, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    const [cpu, ...others] = ['cpu', 'ane', 'gpu', 'dram', 'dcs'].map((rail) => page.get(watts(rail))!);
    expect(cpu).toBeGreaterThan(0.5);
    for (const other of others) expect(other / cpu!).toBeCloseTo(1, 3);
  });
});

test('trap 5: a channel whose unit is not known is left out, and its group goes on', async () => {
  const odd = variant(M1, (machine) => {
    const { set, row } = channelOf(machine, ENERGY, 'DRAM');
    set.channels = set.channels.filter((channel) => channel !== row);
    machine.ioreport!.push({ ...set, unit: ['0', 'hogsheads'], channels: [row] });
  });
  await withExporter(odd, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.has(joules('dram'))).toBe(false);
    expect(page.get(watts('cpu'))).toBeGreaterThan(0);
    expect(page.get(success('energy'))).toBe(1);
  });
});

describe('known wrong answers', () => {
  test('GPU0 added to GPU Energy: the GPU rail is GPU Energy alone', async () => {
    const file = new FileTruth(M5_MAX);
    const { set, row } = channelOf(machineOf(M5_MAX), ENERGY, 'GPU Energy');
    expect([set.unit[1], row[1]]).toEqual(['nJ', 'GPU Energy']);
    await withExporter(M5_MAX, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      // GPU0 is 96 % of it: added, the rail would be twice as much.
      expect(page.get(watts('gpu'))).toBeCloseTo(file.growth(joules('gpu'), 0, 12) / 12, 6);
    });
  });

  test('GPU0 added to GPU Energy: GPU0 stands in where there is no GPU Energy', async () => {
    const without = variant(M5_MAX, (machine) => {
      machine.ioreport = machine.ioreport!.filter((set) => set.channels[0]![1] !== 'GPU Energy');
    });
    const file = new FileTruth(without);
    await withExporter(without, async (exporter) => {
      await exporter.page();
      const page = await scrape(exporter.step(12));
      expect(page.get(joules('gpu'))).toBeCloseTo(file.counter(joules('gpu'), 12), 3);
    });
  });

  test('*CPU* summed: the CPU draws what CPU Energy says, not three times as much', async () => {
    const file = new FileTruth(M5_MAX);
    await withExporter(M5_MAX, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(watts('cpu'))).toBeCloseTo(file.watts('cpu', [0, 12]), 6);
      // Clusters, cores and states are each a good part of the CPU again.
      const sum = setsOf(machineOf(M5_MAX), ENERGY)
        .flatMap(({ channels }) => channels)
        .filter((row) => (row[1] as string).includes('CPU'))
        .reduce((all, row) => all + Number(row.at(-1)) - Number(row[2]), 0);
      const alone = channelOf(machineOf(M5_MAX), ENERGY, 'CPU Energy').row;
      expect(sum / (Number(alone.at(-1)) - Number(alone[2]))).toBeGreaterThan(2.5);
    });
  });

  test('DIE_1 lost: a load on the second die alone is seen', async () => {
    const second = variant(M2_ULTRA, (machine) => {
      channelOf(machine, ENERGY, 'DIE_0_CPU Energy').row.splice(2, 9, 1_000);
      channelOf(machine, ENERGY, 'DIE_1_CPU Energy').row.splice(2, 9, 0, 100_000, 200_000, 300_000);
    });
    const file = new FileTruth(second);
    await withExporter(second, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(watts('cpu'))).toBeCloseTo(file.growth(joules('cpu', '1'), 0, 12) / 12, 6);
      expect(page.get(watts('cpu'))).toBeGreaterThan(5);
    });
  });

  test('the 0 W saw-tooth of macOS 27: a second apart for a minute, watts are neither 0 nor double', async () => {
    const file = new FileTruth(M5_MAX);
    await withExporter(M5_MAX, async (exporter) => {
      const pages = (await scrapes(exporter, 64, 1)).slice(4);
      // Spans of three frames: what the load itself varies by.
      const mean = file.growth(joules('cpu'), 0, 60) / 60;
      expect(pages).toHaveLength(60);
      for (const page of pages) {
        expect(page.get(watts('cpu'))).toBeGreaterThan(0.4 * mean);
        expect(page.get(watts('cpu'))).toBeLessThan(1.6 * mean);
      }
    });
  });

  test('no value of an unpopulated channel is on any page', async () => {
    // DISPEXT of an idle M1 was never filled by its driver.
    expect(channelOf(machineOf(M1_IDLE), ENERGY, 'DISPEXT').row[2]).toBeNull();
    const page = await withExporter(M1_IDLE, (exporter) => exporter.pageAfter(12));
    expect(page).not.toContain('rail="display"');
    for (const line of only(page, /./)) expect(Math.abs(Number(line.split(' ').at(-1)))).toBeLessThan(1e18);
  });
});
