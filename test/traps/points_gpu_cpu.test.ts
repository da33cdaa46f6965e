// The points about GPU, CPU and clocks: 14, 15, 18, 23, 24.

import { families } from '../../src/metrics/catalogue';
import { Facts } from '../../src/sampler/facts';
import { withExporter } from '../support/exporter';
import type { Machine } from '../support/machines';
import { baseM5, E_MHZ, GPU_MHZ, SUPER_MHZ } from '../support/base_m5';
import { data, tableBytes } from '../support/bytes';
import {
  channelOf,
  entryOf,
  FileTruth,
  labelsOf,
  M1,
  M5_MAX,
  M5_MAX_LOAD,
  scrape,
  scrapeAfter,
  seriesOf,
  statisticsOf,
  variant,
} from '../support/variants';

const helpOf = (name: string) => families.find((family) => family.name === name)!.help;
const PMGR = 'IODeviceTree:/arm-io/pmgr';

/** Residencies of GPUPH per frame: a share of the time in one state, the rest OFF. */
function runGpu(machine: Machine, state: string, share: number): void {
  const { set, row } = channelOf(machine, 'GPU Stats', 'GPUPH');
  const { absolute } = machine.clock;
  const frames = absolute.map((ticks) => {
    const active = Math.round((ticks - absolute[0]!) * share);
    return set.states!.map((name) =>
      name === state ? active : name === 'OFF' ? ticks - absolute[0]! - active : 0,
    );
  });
  row.splice(2, 9, ...frames);
}

test('point 14: gpu_utilization is the time awake, the driver’s figure of load stands beside it', async () => {
  // An M4 Max at 25 % duty: 57 % not OFF.
  const awake = variant(M1, (machine) => {
    runGpu(machine, 'P3', 0.57);
    statisticsOf(machine)['Device Utilization %'] = 25;
  });
  await withExporter(awake, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get('gpu_utilization')).toBeCloseTo(0.57, 6);
    expect(page.get('mac_gpu_device_utilization_ratio')).toBe(0.25);
  });
});

test('point 14: the help of gpu_utilization says awake and names the driver’s figure', () => {
  expect(helpOf('gpu_utilization')).toMatch(/awake/);
  expect(helpOf('gpu_utilization')).toContain('mac_gpu_device_utilization_ratio');
});

test('point 15: CLTM is exported as time limited, of all states but NO_CLTM, and not called throttling', async () => {
  const file = new FileTruth(M5_MAX_LOAD);
  const series = 'mac_gpu_cltm_limited_seconds_total';
  await withExporter(M5_MAX_LOAD, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get(series)).toBeCloseTo(file.counter(series, 12), 6);
    expect(file.growth(series, 0, 12)).toBeGreaterThan(1);
  });
  expect(helpOf(series)).toMatch(/by itself no sign of trouble/);
  expect(helpOf(series)).not.toMatch(/throttl/i);
});

test('point 15: throttle events are there, by reason, where the chip counts them', async () => {
  const reasons = async (name: string) =>
    labelsOf(await withExporter(name, scrape), 'mac_gpu_throttle_events_total', 'reason');
  expect(await reasons(M5_MAX)).toEqual(['PPM Throttle Events', 'CLTM Throttle Events']);
  expect(await reasons(M1)).toEqual([]);
});

describe('point 18: a base M5', () => {
  test('point 18: has no DOWN, and no cluster is offline for that', async () => {
    await withExporter(baseM5(), async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(seriesOf(page, 'mac_cpu_cluster_offline_seconds_total')).toEqual([]);
      expect(page.get('mac_cpu_core_active_seconds_total{core="7",cluster="PCPU",tier="super"}')).toBeCloseTo(
        6,
        6,
      );
      expect(E_MHZ).toHaveLength(8);
      expect(SUPER_MHZ).toHaveLength(19);
    });
  });

  test('point 18: a table of another rail, as long and as fast as a CPU’s, is not taken for one', async () => {
    const without = baseM5();
    delete entryOf(without, PMGR).properties['voltage-states5-sram'];
    await withExporter(without, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(labelsOf(page, 'mac_cpu_frequency_max_hertz', 'tier')).toEqual(['efficiency']);
      expect(labelsOf(page, 'mac_cpu_frequency_hertz', 'tier')).toEqual(['efficiency']);
    });
  });

  test('point 18: the GPU’s table is that of its own node, up to its count', async () => {
    await withExporter(baseM5(), async (exporter) => {
      const page = await scrape(exporter);
      const hertz = seriesOf(page, 'mac_gpu_state_frequency_hertz').map((series) => page.get(series));
      expect(hertz).toEqual(GPU_MHZ.slice(1).map((megahertz) => megahertz * 1e6));
    });
  });

  test('point 18: time in a state without a frequency leaves no mean, and the time itself stays', async () => {
    const beyond = baseM5();
    runGpu(beyond, 'P15', 0.5);
    await withExporter(beyond, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.has('mac_gpu_frequency_hertz')).toBe(false);
      expect(page.has('mac_gpu_cycles_total')).toBe(false);
      expect(page.get('gpu_utilization')).toBeCloseTo(0.5, 6);
      expect(page.get('mac_gpu_state_seconds_total{state="P15"}')).toBeCloseTo(6, 6);
      expect(page.has('mac_gpu_state_frequency_hertz{state="P15"}')).toBe(false);
    });
  });

  test('point 18: on a chip with two tables of one length and none documented nothing is guessed', async () => {
    const unknown = baseM5();
    const { properties } = entryOf(unknown, PMGR);
    delete properties['voltage-states5-sram'];
    properties['voltage-states30-sram'] = data(tableBytes(SUPER_MHZ.map((v) => v * 1000)));
    properties['voltage-states31-sram'] = data(tableBytes(SUPER_MHZ.map((v) => v * 900)));
    await withExporter(unknown, async (exporter) => {
      expect(labelsOf(await scrapeAfter(exporter, 12), 'mac_cpu_frequency_hertz', 'tier')).toEqual([
        'efficiency',
      ]);
    });
  });
});

describe('point 23: the scheduler’s ticks', () => {
  const utilization = 'mac_cpu_utilization_ratio{tier="efficiency"}';

  test('point 23: nice is always 0 on a Mac and is no mode', async () => {
    await withExporter(M1, async (exporter) => {
      const page = await scrape(exporter);
      expect(new Set(labelsOf(page, 'mac_cpu_seconds_total', 'mode'))).toEqual(
        new Set(['user', 'system', 'idle']),
      );
    });
  });

  test('point 23: a wrap of 32 bits after 497 days gives no negative and no wild utilisation', async () => {
    const old = variant(M1, (machine) => {
      const frames = machine.clock.absolute.map((ticks) =>
        Math.floor((ticks - machine.clock.absolute[0]!) / 240_000),
      );
      for (const cpu of machine.host!.cpu) {
        // Half idle; wraps 3 s after opening.
        cpu['idle'] = frames.map((ticks) => 2 ** 32 - 150 + Math.floor(ticks / 2));
        cpu['user'] = frames.map((ticks) => Math.floor(ticks / 2));
        cpu['system'] = 0;
      }
    });
    await withExporter(old, async (exporter) => {
      const seen: (number | undefined)[] = [];
      for (let second = 0; second < 25; second++) {
        seen.push((await scrape(exporter)).get(utilization));
        exporter.step(1);
      }
      expect(seen.filter((value) => value === undefined).length).toBeLessThanOrEqual(2);
      for (const value of seen) expect(Math.abs((value ?? 0.5) - 0.5)).toBeLessThan(0.05);
    });
  });

  test('point 23: DOWN is added to no idle time and has a family of its own', async () => {
    const file = new FileTruth(M5_MAX);
    await withExporter(M5_MAX, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const idle = 'mac_cpu_seconds_total{core="17",tier="super",mode="idle"}';
      expect(page.get(idle)).toBeCloseTo(file.counter(idle, 12), 2);
      const offline = 'mac_cpu_cluster_offline_seconds_total{cluster="PCPU",tier="super"}';
      const { row, set } = channelOf(file.machine.file as unknown as Machine, 'CPU Stats', 'PCPU');
      const down = (row[2] as number[])[set.states!.indexOf('DOWN')]!;
      expect(page.get(offline)).toBeGreaterThan(down / 24e6);
      expect(page.get(offline)! - down / 24e6).toBeLessThan(12);
    });
  });
});

describe('point 24: clocks', () => {
  test('point 24: the boot time is read once, however often the kernel moves it', async () => {
    // Setting the clock moves kern.boottime. Without a wired limit the sysctls are looked through again after a while.
    const moved = variant(M1, (machine) => {
      delete machine.sysctl!['iogpu.wired_limit_mb'];
      machine.sysctl!['kern.boottime'] = [
        'qi',
        [1_700_000_000, 1_700_000_100, 1_700_000_200, 1_700_000_300],
        0,
      ];
    });
    let now = 1_000_000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      await withExporter(moved, async (exporter) => {
        for (let i = 0; i < 20; i++) {
          const page = await scrape(exporter);
          expect(page.get('mac_boot_time_seconds')).toBe(1_700_000_000);
          if (i > 0) expect(page.has('gpu_utilization')).toBe(true);
          exporter.step(15);
          now += 15_000;
        }
      });
    } finally {
      clock.mockRestore();
    }
  });

  test('point 24: the first reading of a fact stays, also when others come later', () => {
    const facts = new Facts(['sysctl']);
    facts.add('sysctl', { values: { 'kern.boottime': 1 }, failures: [] });
    facts.add('sysctl', { values: { 'kern.boottime': 2, 'hw.model': 'Macmini9,1' }, failures: [] });
    expect(facts.current).toEqual({ 'kern.boottime': 1, 'hw.model': 'Macmini9,1' });
  });

  test('point 24: time asleep is continuous less absolute time', async () => {
    const { absolute, continuous } = variant(M1, () => undefined).clock;
    await withExporter(M1, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('mac_sleep_seconds_total')).toBeCloseTo(
        ((continuous[0]! - absolute[0]!) * 125) / 3e9,
        3,
      );
    });
  });
});
