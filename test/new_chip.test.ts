// A new chip costs no code: one that nobody has made, of which there is a machine file and nothing else. Every expected
// number is worked out by hand from what test/support/new_chip.ts says the chip does.

import { families } from '../src/metrics/catalogue';
import { EVERYTHING, only, samples, withExporter } from './support/exporter';
import type { Machine } from './support/machines';
import { GPU_MHZ, newChip } from './support/new_chip';
import { data, tableBytes } from './support/bytes';
import {
  entryOf,
  joules,
  labelsOf,
  scrape,
  scrapeAfter,
  seriesOf,
  success,
  supported,
  watts,
} from './support/variants';

const MHZ = 1e6;
const SPAN = 12;
const PMGR = 'IODeviceTree:/arm-io/pmgr';

let before: ReadonlyMap<string, number>;
let page: ReadonlyMap<string, number>;
let text: string;
beforeAll(async () => {
  await withExporter(
    newChip(),
    async (exporter) => {
      before = await scrape(exporter);
      text = await exporter.step(SPAN).page();
      page = samples(text);
    },
    { selection: EVERYTHING },
  );
});

const grown = (series: string) => page.get(series)! - before.get(series)!;
const expectGrowth = (series: string, by: number) =>
  expect([series, Math.round(grown(series) * 1e6) / 1e6]).toEqual([series, by]);

test('no collector has failed, and none is missing', () => {
  const collectors = new Set(
    families.map(({ collector }) => collector).filter((name) => name !== 'exporter'),
  );
  expect(collectors.size).toBe(12);
  for (const collector of collectors)
    expect([collector, page.get(supported(collector)), page.get(success(collector))]).toEqual([
      collector,
      1,
      1,
    ]);
  for (const series of seriesOf(page, 'metalstat_exporter_source_success'))
    expect([series, page.get(series)]).toEqual([series, 1]);
});

test('every family is there, but for the estimate that nothing has to stand in for', () => {
  const missing = families.filter(({ name }) => only(text, new RegExp(`^${name}$`)).length === 0);
  expect([...new Set(missing.map(({ name }) => name))]).toEqual([
    'mac_memory_bandwidth_estimate_bytes_total',
  ]);
});

describe('three tiers, tables 31, 27 and 3', () => {
  const CLUSTERS = [
    { cluster: 'ECPU', tier: 'efficiency', cores: [0, 1, 2, 3, 4], active: 1.5, megahertz: 1100 },
    { cluster: 'MCPU0', tier: 'performance', cores: [5, 6], active: 6, megahertz: 3200 },
    { cluster: 'MCPU1', tier: 'performance', cores: [7, 8], active: 12, megahertz: 1950 },
    // Half of its active time at the lowest step, 800 MHz, and half at the highest, 4760.
    { cluster: 'PCPU', tier: 'super', cores: [9, 10, 11], active: 6, megahertz: 2780 },
  ];

  test('tiers have their names, their cores and their highest clocks, two in kHz and one in Hz', () => {
    const tiers = { super: [3, 4760], performance: [4, 3200], efficiency: [5, 2400] } as const;
    expect(labelsOf(page, 'mac_cpu_cores', 'tier').sort()).toEqual(Object.keys(tiers).sort());
    for (const [tier, [cores, megahertz]] of Object.entries(tiers)) {
      expect(page.get(`mac_cpu_cores{tier="${tier}"}`)).toBe(cores);
      expect(page.get(`mac_cpu_frequency_max_hertz{tier="${tier}"}`)).toBe(megahertz * MHZ);
    }
  });

  test.each(CLUSTERS)(
    '$cluster: cores, active seconds, cycles, mean frequency',
    ({ cluster, tier, cores, active, megahertz }) => {
      expect(page.get(`mac_cpu_frequency_hertz{cluster="${cluster}",tier="${tier}"}`)).toBeCloseTo(
        megahertz * MHZ,
        -1,
      );
      for (const core of cores) {
        const labels = `{core="${core}",cluster="${cluster}",tier="${tier}"}`;
        expectGrowth(`mac_cpu_core_active_seconds_total${labels}`, active);
        expect(grown(`mac_cpu_core_cycles_total${labels}`) / (active * megahertz * MHZ)).toBeCloseTo(1, 9);
      }
    },
  );

  test('there are no other cores and clusters', () => {
    expect(labelsOf(page, 'mac_cpu_frequency_hertz', 'cluster').sort()).toEqual(
      CLUSTERS.map(({ cluster }) => cluster),
    );
    expect(seriesOf(page, 'mac_cpu_core_active_seconds_total')).toHaveLength(12);
  });

  test('utilisation is the scheduler’s, by tier and CPU number', () => {
    for (const [tier, ratio] of [
      ['super', 0.75],
      ['performance', 0.5],
      ['efficiency', 0.1],
    ] as const)
      expect(page.get(`mac_cpu_utilization_ratio{tier="${tier}"}`)).toBeCloseTo(ratio, 9);
    expectGrowth('mac_cpu_seconds_total{core="4",tier="efficiency",mode="idle"}', 10.8);
    expectGrowth('mac_cpu_seconds_total{core="5",tier="performance",mode="system"}', 1.2);
    expectGrowth('mac_cpu_seconds_total{core="9",tier="super",mode="user"}', 6);
    expect(seriesOf(page, 'mac_cpu_seconds_total')).toHaveLength(12 * 3);
  });

  test('a cluster that can be powered down says how long it was', () => {
    expectGrowth('mac_cpu_cluster_offline_seconds_total{cluster="ECPU",tier="efficiency"}', 6);
    expectGrowth('mac_cpu_cluster_offline_seconds_total{cluster="PCPU",tier="super"}', 0);
    expect(seriesOf(page, 'mac_cpu_cluster_offline_seconds_total')).toHaveLength(2);
  });
});

describe('a GPU of 17 steps', () => {
  test('its clocks are those of its own node, in their order', () => {
    const states = labelsOf(page, 'mac_gpu_state_frequency_hertz', 'state');
    expect(states).toEqual(GPU_MHZ.slice(1).map((_, i) => `P${i + 1}`));
    expect(states.map((state) => page.get(`mac_gpu_state_frequency_hertz{state="${state}"}`)! / MHZ)).toEqual(
      GPU_MHZ.slice(1),
    );
    expect(page.get('mac_gpu_frequency_max_hertz')).toBe(1600 * MHZ);
  });

  test('a quarter each at 650, 1600 and 1500 MHz, and off for the rest', () => {
    expect(page.get('gpu_utilization')).toBeCloseTo(0.75, 9);
    expect(page.get('mac_gpu_frequency_hertz')).toBeCloseTo(1250 * MHZ, -1);
    expectGrowth('mac_gpu_active_seconds_total', 9);
    expectGrowth('mac_gpu_state_seconds_total{state="P17"}', 3);
    expect(grown('mac_gpu_cycles_total') / (9 * 1250 * MHZ)).toBeCloseTo(1, 9);
  });

  test('its driver’s figures, its limits and its name', () => {
    expect(page.get('mac_gpu_device_utilization_ratio')).toBe(0.63);
    expect(page.get('metal_alloc_bytes')).toBe(40e9);
    expect(page.get('mac_metal_in_use_bytes')).toBe(10e9);
    expect(page.get('mac_gpu_recoveries_total')).toBe(2);
    expect(page.get('mac_gpu_cores')).toBe(27);
    expectGrowth('mac_gpu_cltm_limited_seconds_total', 1.5);
    expectGrowth('mac_gpu_throttle_events_total{reason="PPM Throttle Events"}', 24);
    expectGrowth('mac_gpu_throttle_events_total{reason="Zone 9 Throttle Events"}', 0);
    expect(page.get('mac_gpu_info{name="Apple M9 Hyper",metal_family="Metal 4"}')).toBe(1);
    // 80 GiB, set by hand, are Metal's advice as well.
    expect(page.get('mac_metal_wired_limit_bytes')).toBe(80 * 2 ** 30);
    expect(page.get('mac_metal_recommended_max_bytes')).toBe(80 * 2 ** 30);
  });
});

describe('rails in mJ, uJ and nJ', () => {
  const WATTS = { cpu: 12, gpu: 20, ane: 1.5, dram: 3, media: 0.75, isp: 0.125, display: 0.5, fab: 0.75 };

  test('watts and joules of each, and no other rail', () => {
    expect(labelsOf(page, 'mac_power_watts', 'rail').sort()).toEqual(Object.keys(WATTS).sort());
    for (const [rail, of] of Object.entries(WATTS)) {
      expect(page.get(watts(rail))).toBeCloseTo(of, 6);
      expect(grown(joules(rail))).toBeCloseTo(of * SPAN, 3);
    }
  });

  test('parts of a rail stay parts: a cluster of 7 W is contained in the 12 W of the CPU', () => {
    expect(grown('mac_energy_detail_joules_total{rail="cpu",part="PCPU",die=""}')).toBeCloseTo(7 * SPAN, 3);
    const parts = labelsOf(page, 'mac_energy_detail_joules_total', 'part').sort();
    expect(parts).toEqual(['ECPU', 'MCPU0', 'MCPU1', 'PCPU', 'sram']);
  });

  test('the whole Mac, its adapter and its battery', () => {
    expect(page.get('mac_system_power_watts')).toBe(48.5);
    expect(page.get('mac_adapter_power_watts')).toBe(0);
    expect(page.get('mac_battery_power_watts')).toBe(48);
  });
});

test('bandwidth by agent, of one that no list has as well', () => {
  const bytes = (agent: string, direction: string) =>
    `mac_memory_bandwidth_bytes_total{agent="${agent}",direction="${direction}"}`;
  expectGrowth(bytes('GFX', 'read'), 480e9);
  expectGrowth(bytes('GFX', 'write'), 96e9);
  expectGrowth(bytes('QPU', 'read'), 60e9);
  expectGrowth(bytes('QPU', 'write'), 12e9);
  // Neither what the cache answered, nor the totals of the agents.
  const all = seriesOf(page, 'mac_memory_bandwidth_bytes_total').reduce(
    (sum, series) => sum + grown(series),
    0,
  );
  expect(all).toBe(648e9);
  expect(seriesOf(page, 'mac_memory_bandwidth_estimate_bytes_total')).toEqual([]);
});

describe('sensors that no list has', () => {
  test('the die from HID, the CPU and the GPU from what their keys begin with', () => {
    expect(page.get('mac_soc_temperature_celsius')).toBe(63.2);
    expect(page.get('mac_cpu_temperature_celsius')).toBe(68.25);
    expect(page.get('mac_gpu_temperature_celsius')).toBe(57.5);
  });

  test('roles that every chip has; none that cannot be known', () => {
    const roles = seriesOf(page, 'mac_temperature_celsius').map((series) => [
      /sensor="(\w+)"/.exec(series)![1],
      page.get(series),
    ]);
    expect(Object.fromEntries(roles)).toEqual({
      die: 71.5,
      cpu: 68.25,
      gpu: 57.5,
      storage: 41,
      battery: 30.5,
    });
  });

  test('what is switched off or stands still is counted and not shown', () => {
    const rejected = (reason: string) => page.get(`metalstat_exporter_sensors_rejected{reason="${reason}"}`);
    // Tg9y and tdie3; tcal.
    expect([rejected('below_15'), rejected('calibration'), rejected('parked')]).toEqual([2, 1, 0]);
  });

  test('a fan and a battery', () => {
    const fan = (what: string) => page.get(`mac_fan_speed_${what}rpm{fan="0"}`);
    expect([fan(''), fan('target_'), fan('min_'), fan('max_')]).toEqual([2150.5, 2150, 1000, 6000]);
    expect(page.get('mac_battery_charge_ratio')).toBe(0.8);
    expect(page.get('mac_battery_health_ratio')).toBe(0.944);
    expect(page.get('mac_battery_time_remaining_seconds')).toBe(9000);
    expect(page.get('mac_battery_temperature_celsius')).toBe(30.5);
  });
});

test('what it is', () => {
  expect(page.get('mac_info{model="Mac31,4",chip="Apple M9 Hyper",os_version="29.1",os_build="29B77"}')).toBe(
    1,
  );
  expect(page.get('mac_memory_total_bytes')).toBe(96 * 2 ** 30);
});

describe('what nobody can know of it', () => {
  const of = async (change: (machine: Machine) => void) => {
    const machine = newChip();
    change(machine);
    return withExporter(machine, (exporter) => scrapeAfter(exporter, SPAN));
  };

  test('of two other tables of the same length neither is taken, and the CPU says so', async () => {
    const found = await of((machine) => {
      const { properties } = entryOf(machine, PMGR);
      properties['voltage-states44-sram'] = data(
        tableBytes([...Array(23).keys()].map((i) => (i + 1) * 100e6)),
      );
    });
    expect(labelsOf(found, 'mac_cpu_frequency_hertz', 'cluster').sort()).toEqual(['ECPU', 'MCPU0', 'MCPU1']);
    expect(labelsOf(found, 'mac_cpu_frequency_max_hertz', 'tier').sort()).toEqual([
      'efficiency',
      'performance',
    ]);
    expect(seriesOf(found, 'mac_cpu_core_active_seconds_total')).toHaveLength(12);
    expect(found.get(success('cpu'))).toBe(0);
    expect(found.get(success('gpu'))).toBe(1);
  });

  test('a table of the same length and content is no other one', async () => {
    const found = await of((machine) => {
      const { properties } = entryOf(machine, PMGR);
      properties['voltage-states44-sram'] = properties['voltage-states31-sram']!;
    });
    expect(found.get('mac_cpu_frequency_max_hertz{tier="super"}')).toBe(4760 * MHZ);
    expect(found.get(success('cpu'))).toBe(1);
  });
});
