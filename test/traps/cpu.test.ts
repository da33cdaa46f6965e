// The traps about cores, clusters and tiers.

import { withExporter, EVERYTHING } from '../support/exporter';
import type { Json, Machine } from '../support/machines';
import { baseM5 } from '../support/base_m5';
import {
  channelOf,
  COMPLEXES,
  CORES,
  entryOf,
  FileTruth,
  labelsOf,
  M1,
  M2_ULTRA,
  M5_MAX,
  scrape,
  scrapeAfter,
  seriesOf,
  setsOf,
  variant,
} from '../support/variants';

const utilization = (tier: string) => `mac_cpu_utilization_ratio{tier="${tier}"}`;
const CPUS = 'IODeviceTree:/cpus';

/** Rows of residencies in which all time since opening is spent in one state. */
const spentIn = ({ clock }: Machine, states: readonly string[], state: string): Json[] =>
  clock.absolute.map((ticks) => states.map((name) => (name === state ? ticks - clock.absolute[0]! : 0)));

const tiersOfCores = (page: ReadonlyMap<string, number>): string[] => {
  const idle = seriesOf(page, 'mac_cpu_seconds_total').filter((series) => series.includes('mode="idle"'));
  return idle.map((series) => /tier="(\w*)"/.exec(series)![1]!);
};

test('trap 8: the M5 Max has Super and Performance tiers, P channels are Super, M channels Performance', async () => {
  await withExporter(M5_MAX, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    const clusters = seriesOf(page, 'mac_cpu_frequency_hertz');
    expect(clusters).toEqual([
      'mac_cpu_frequency_hertz{cluster="MCPU0",tier="performance"}',
      'mac_cpu_frequency_hertz{cluster="MCPU1",tier="performance"}',
      'mac_cpu_frequency_hertz{cluster="PCPU",tier="super"}',
    ]);
    expect(page.get('mac_cpu_cores{tier="super"}')).toBe(6);
    expect(page.get('mac_cpu_cores{tier="performance"}')).toBe(12);
    expect(labelsOf(page, 'mac_cpu_cores', 'tier')).not.toContain('efficiency');
  });
});

test('trap 8: a base M5 has Super and Efficiency tiers and finds its tables without number 22', async () => {
  await withExporter(baseM5(), async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get('mac_cpu_frequency_max_hertz{tier="super"}')).toBe(4608e6);
    expect(page.get('mac_cpu_frequency_max_hertz{tier="efficiency"}')).toBe(3048e6);
    expect(page.get('mac_cpu_frequency_hertz{cluster="PCPU",tier="super"}')).toBeCloseTo(4608e6, -1);
    expect(page.get('mac_cpu_frequency_hertz{cluster="ECPU",tier="efficiency"}')).toBeCloseTo(3048e6, -1);
  });
});

test('trap 8: a tier whose name cannot be read is empty and never takes the name of the next', async () => {
  const nameless = variant(M1, (machine) => {
    delete machine.sysctl!['hw.perflevel0.name'];
  });
  await withExporter(nameless, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(labelsOf(page, 'mac_cpu_frequency_hertz', 'tier')).toEqual(['efficiency', '']);
  });
});

test('trap 9: the top tier has the highest CPU numbers', async () => {
  await withExporter(M5_MAX, async (exporter) => {
    expect(tiersOfCores(await scrape(exporter))).toEqual([
      ...new Array<string>(12).fill('performance'),
      ...new Array<string>(6).fill('super'),
    ]);
  });
});

test('trap 9: the order comes from the device tree and is not assumed', async () => {
  const reversed = variant(M1, (machine) => {
    for (const { properties } of entryOf(machine, CPUS).children!) {
      const { data } = properties['cluster-type'] as { data: string };
      properties['cluster-type'] = { data: data === '4500' ? '5000' : '4500' };
    }
  });
  await withExporter(reversed, async (exporter) => {
    const page = await scrape(exporter);
    expect(tiersOfCores(page).slice(0, 4)).toEqual(new Array<string>(4).fill('performance'));
    const core = 'mac_cpu_core_active_seconds_total{core="0",cluster="PCPU",tier="performance"}';
    expect(page.has(core)).toBe(true);
  });
});

test('trap 9: a load on the last core of the second die is shown under the last CPU number', async () => {
  const single = variant(M2_ULTRA, (machine) => {
    for (const set of setsOf(machine, 'CPU Stats', CORES))
      for (const row of set.channels) row.splice(2, 9, ...spentIn(machine, set.states!, 'IDLE'));
    const { set, row } = channelOf(machine, 'CPU Stats', 'DIE_1_PCPU1_CPU3');
    row.splice(2, 9, ...spentIn(machine, set.states!, 'V16P0'));
  });
  await withExporter(single, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    const busy = seriesOf(page, 'mac_cpu_core_active_seconds_total').filter(
      (series) => page.get(series)! > 0,
    );
    expect(busy).toEqual([
      'mac_cpu_core_active_seconds_total{core="23",cluster="DIE_1_PCPU1",tier="performance"}',
    ]);
    expect(page.get(busy[0]!)).toBeCloseTo(12, 6);
  });
});

test('trap 10: utilisation is of the scheduler’s ticks, however busy the clusters say they are', async () => {
  const file = new FileTruth(M1);
  const awake = variant(M1, (machine) => {
    for (const set of setsOf(machine, 'CPU Stats', COMPLEXES))
      for (const row of set.channels) row.splice(2, 9, ...spentIn(machine, set.states!, set.states!.at(-1)!));
  });
  await withExporter(awake, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    for (const tier of ['efficiency', 'performance'])
      expect(page.get(utilization(tier))).toBeCloseTo(file.window(utilization(tier), 0, 12), 9);
  });
});

test('trap 10: time in DOWN and IDLE is part of each core’s total, which is the wall', async () => {
  await withExporter(
    M5_MAX,
    async (exporter) => {
      const [before, after] = [await scrape(exporter), await scrape(exporter.step(12))];
      for (const core of ['0', '11', '17']) {
        const states = seriesOf(after, 'mac_cpu_state_seconds_total').filter((series) =>
          series.includes(`core="${core}"`),
        );
        expect(states.some((series) => series.includes('state="DOWN"'))).toBe(true);
        const grown = states.reduce((sum, series) => sum + after.get(series)! - before.get(series)!, 0);
        expect(grown / 12).toBeCloseTo(1, 4);
      }
    },
    { selection: EVERYTHING },
  );
});

describe('known wrong answers', () => {
  test('DOWN counted busy: cores that are powered down are not active, and their clusters are offline', async () => {
    const dark = variant(M5_MAX, (machine) => {
      for (const set of setsOf(machine, 'CPU Stats'))
        if (set.states!.includes('DOWN'))
          for (const row of set.channels) row.splice(2, 9, ...spentIn(machine, set.states!, 'DOWN'));
    });
    await withExporter(dark, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const active = seriesOf(page, 'mac_cpu_core_active_seconds_total');
      expect(active).toHaveLength(18);
      for (const series of active) expect(page.get(series)).toBe(0);
      // 0 cycles in 0 s: no frequency, rather than 0 Hz.
      expect(seriesOf(page, 'mac_cpu_frequency_hertz')).toEqual([]);
      for (const series of seriesOf(page, 'mac_cpu_cluster_offline_seconds_total'))
        expect(page.get(series)).toBeCloseTo(12, 6);
      expect(labelsOf(page, 'mac_cpu_cluster_offline_seconds_total', 'cluster')).toEqual([
        'MCPU0',
        'MCPU1',
        'PCPU',
      ]);
    });
  });

  test('top tier first: a load on CPU 0 of an M1 is a load of the efficiency tier', async () => {
    const loaded = variant(M1, (machine) => {
      const span = machine.clock.absolute.map((ticks) =>
        Math.floor((ticks - machine.clock.absolute[0]!) / 240_000),
      );
      machine.host!.cpu.forEach((cpu, number) => {
        cpu['user'] = number < 4 ? span : 0;
        cpu['idle'] = number < 4 ? 0 : span;
        cpu['system'] = 0;
      });
    });
    await withExporter(loaded, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(utilization('efficiency'))).toBe(1);
      expect(page.get(utilization('performance'))).toBe(0);
    });
  });
});
