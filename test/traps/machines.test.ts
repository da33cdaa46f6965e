// Traps 6 to 9 on the machines they were seen on. The numbers are those that owners published, as the guide to
// the machine files says (test/machines/README.md), and not computed with anything of src.

import { withExporter } from '../support/exporter';
import { CHIP, growthOf, spanOf } from '../support/corpus';
import { machineNames, machineOf, type Machine } from '../support/machines';
import { data, word } from '../support/bytes';
import {
  CORES,
  entryOf,
  labelsOf,
  scrape,
  scrapeAfter,
  seriesOf,
  setsOf,
  success,
  variant,
  VIRTUAL,
} from '../support/variants';

const MHZ = 1e6;
const PMGR = 'IODeviceTree:/arm-io/pmgr';
const SGX = 'IODeviceTree:/arm-io/sgx';

/** The frequencies of a table as the device tree has them. */
function rawTable(machine: Machine, where: string, property: string): number[] {
  const bytes = Buffer.from((entryOf(machine, where).properties[property] as { data: string }).data, 'hex');
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readUInt32LE(i * 8));
}
const hasTable = (machine: Machine, number: number): boolean =>
  `voltage-states${number}-sram` in entryOf(machine, PMGR).properties;

describe('trap 6: kHz or Hz, by table', () => {
  interface Clocks {
    readonly cpu: Readonly<Record<string, number>>;
    readonly gpu: number;
    readonly unit: 'kHz' | 'Hz';
  }
  const CLOCKS: readonly (readonly [string, Clocks])[] = [
    [CHIP.M3_ULTRA, { cpu: { efficiency: 2568, performance: 4056 }, gpu: 1380, unit: 'Hz' }],
    [CHIP.M4, { cpu: { efficiency: 2892, performance: 4464 }, gpu: 1470, unit: 'kHz' }],
    [CHIP.M4_PRO, { cpu: { efficiency: 2592, performance: 4512 }, gpu: 1578, unit: 'kHz' }],
    [CHIP.M4_MAX, { cpu: { efficiency: 2592, performance: 4512 }, gpu: 1578, unit: 'kHz' }],
    [CHIP.M5, { cpu: { efficiency: 3048, super: 4608 }, gpu: 1620, unit: 'kHz' }],
    [CHIP.M5_PRO, { cpu: { performance: 4380, super: 4608 }, gpu: 1620, unit: 'kHz' }],
    [CHIP.M5_MAX, { cpu: { performance: 4380, super: 4608 }, gpu: 1620, unit: 'kHz' }],
    // Newer than an M4, and in Hz all the same: the unit is no property of a generation.
    [CHIP.A18_PRO, { cpu: { efficiency: 2424, performance: 4044 }, gpu: 1470, unit: 'Hz' }],
  ];

  test.each(CLOCKS)('trap 6: %s', async (name, { cpu, gpu, unit }) => {
    const machine = machineOf(name);
    const fastest = Math.max(...Object.values(cpu));
    expect(Math.max(...rawTable(machine, PMGR, 'voltage-states5-sram'))).toBe(
      fastest * (unit === 'kHz' ? 1000 : MHZ),
    );
    expect(Math.max(...rawTable(machine, PMGR, 'voltage-states9-sram'))).toBe(gpu * MHZ);
    await withExporter(name, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const tiers = labelsOf(page, 'mac_cpu_frequency_max_hertz', 'tier');
      expect(tiers.sort()).toEqual(Object.keys(cpu).sort());
      for (const [tier, megahertz] of Object.entries(cpu))
        expect(page.get(`mac_cpu_frequency_max_hertz{tier="${tier}"}`)).toBe(megahertz * MHZ);
      expect(page.get('mac_gpu_frequency_max_hertz')).toBe(gpu * MHZ);
      const means = seriesOf(page, 'mac_cpu_frequency_hertz');
      expect(means.length).toBeGreaterThanOrEqual(2);
      for (const series of means) {
        expect(page.get(series)).toBeGreaterThan(700 * MHZ);
        expect(page.get(series)).toBeLessThanOrEqual(fastest * MHZ);
      }
    });
  });

  test('trap 6: steps of an M4 are not lost to a float: 4044 MHz is not 4043', async () => {
    const machine = variant(CHIP.M4_MAX, ({ ioreport }) => {
      for (const set of ioreport!.filter(({ subgroup }) => subgroup === CORES))
        if ((set.channels[0]![1] as string).startsWith('P'))
          for (const row of set.channels)
            row.splice(
              2,
              9,
              ...[0, 1, 2, 3].map((f) => set.states!.map((s) => (s === 'V16P3' ? f * 24e6 : 0))),
            );
    });
    await withExporter(machine, async (exporter) => {
      const page = await scrapeAfter(exporter, spanOf(machine));
      for (const cluster of ['PCPU', 'PCPU1'])
        expect(page.get(`mac_cpu_frequency_hertz{cluster="${cluster}",tier="performance"}`)).toBe(4044 * MHZ);
    });
  });
});

describe('trap 7: the GPU tables of the M3 are not monotonic', () => {
  const AIR = [338, 618, 796, 836, 928, 952, 1056, 1053, 1170, 1152, 1278, 1204, 1338];
  const PRO = [338, 618, 796, 832, 924, 952, 1056, 1064, 1182, 1182, 1312, 1242, 1380];
  const M4_MAX_GPU = [338, 618, 796, 924, 952, 1056, 1062, 1182, 1182, 1312, 1242, 1380, 1326, 1470, 1578];

  test.each([
    [CHIP.M3, AIR],
    [CHIP.M3_PRO, PRO],
    [CHIP.M3_MAX, PRO],
    [CHIP.M3_ULTRA, PRO],
    [CHIP.M4_MAX_RECOVERY, M4_MAX_GPU],
  ])('trap 7: %s is served in the order of its table, and its mean is of that order', async (name, table) => {
    const machine = machineOf(name);
    const seconds = growthOf(machine, 'GPU Stats', 'GPUPH');
    const meanOf = (megahertz: readonly number[]) => {
      const shares = megahertz.map((_, i) => seconds.get(`P${i + 1}`)!);
      const active = shares.reduce((sum, share) => sum + share, 0);
      return shares.reduce((sum, share, i) => sum + share * megahertz[i]! * MHZ, 0) / active;
    };
    await withExporter(name, async (exporter) => {
      const page = await scrapeAfter(exporter, spanOf(machine));
      const states = labelsOf(page, 'mac_gpu_state_frequency_hertz', 'state');
      expect(states).toEqual(table.map((_, i) => `P${i + 1}`));
      expect(states.map((state) => page.get(`mac_gpu_state_frequency_hertz{state="${state}"}`))).toEqual(
        table.map((megahertz) => megahertz * MHZ),
      );
      expect(page.get('mac_gpu_frequency_max_hertz')).toBe(Math.max(...table) * MHZ);
      expect(page.get('mac_gpu_frequency_hertz')! / meanOf(table)).toBeCloseTo(1, 6);
    });
  });

  test('trap 7: sorted, or without its twin, the table of the M3 Max would give a wrong mean', async () => {
    const machine = machineOf(CHIP.M3_MAX);
    const seconds = growthOf(machine, 'GPU Stats', 'GPUPH');
    await withExporter(CHIP.M3_MAX, async (exporter) => {
      const mean = (await scrapeAfter(exporter, spanOf(machine))).get('mac_gpu_frequency_hertz')!;
      const sorted = [...PRO].sort((a, b) => a - b);
      for (const wrong of [sorted, [...new Set(sorted)]]) {
        let [cycles, active] = [0, 0];
        for (const [i, megahertz] of wrong.entries()) {
          cycles += seconds.get(`P${i + 1}`)! * megahertz * MHZ;
          active += seconds.get(`P${i + 1}`)!;
        }
        expect(Math.abs(mean - cycles / active)).toBeGreaterThan(MHZ);
      }
    });
  });

  test.each([CHIP.M3_MAX, CHIP.M3_ULTRA])(
    'trap 7: of a table that ends at 1242, %s has 1312 as its highest',
    async (name) => {
      const cut = variant(name, (machine) => {
        entryOf(machine, SGX).properties['perf-state-count'] = data(word(13));
      });
      await withExporter(cut, async (exporter) => {
        const page = await scrape(exporter);
        expect(page.get('mac_gpu_state_frequency_hertz{state="P12"}')).toBe(1242 * MHZ);
        expect(page.get('mac_gpu_frequency_max_hertz')).toBe(1312 * MHZ);
      });
    },
  );
});

describe('trap 8: the names of the M5', () => {
  const clustersOf = (page: ReadonlyMap<string, number>) =>
    seriesOf(page, 'mac_cpu_frequency_hertz').map((series) =>
      /cluster="(\w+)",tier="(\w+)"/.exec(series)!.slice(1),
    );

  test.each([
    [CHIP.M5_PRO, 10, 5],
    [CHIP.M5_MAX, 12, 6],
  ])(
    'trap 8: %s has %i Performance cores in MCPU0 and MCPU1 and %i Super cores in PCPU',
    async (name, m, p) => {
      const machine = machineOf(name);
      expect([22, 23, 5, 1].map((number) => hasTable(machine, number))).toEqual([true, true, true, false]);
      await withExporter(name, async (exporter) => {
        const page = await scrapeAfter(exporter, 12);
        expect(clustersOf(page)).toEqual([
          ['MCPU0', 'performance'],
          ['MCPU1', 'performance'],
          ['PCPU', 'super'],
        ]);
        expect(labelsOf(page, 'mac_cpu_cores', 'tier').sort()).toEqual(['performance', 'super']);
        expect(page.get('mac_cpu_cores{tier="performance"}')).toBe(m);
        expect(page.get('mac_cpu_cores{tier="super"}')).toBe(p);
        expect(page.get('mac_cpu_frequency_max_hertz{tier="performance"}')).toBe(4380 * MHZ);
        expect(page.get('mac_cpu_frequency_max_hertz{tier="super"}')).toBe(4608 * MHZ);
        expect([...page.keys()].filter((series) => series.includes('tier="efficiency"'))).toEqual([]);
      });
    },
  );

  test('trap 8: a base M5 has Efficiency and Super cores, and no table 22', async () => {
    const machine = machineOf(CHIP.M5);
    expect([22, 23, 5, 1].map((number) => hasTable(machine, number))).toEqual([false, false, true, true]);
    await withExporter(CHIP.M5, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(clustersOf(page)).toEqual([
        ['ECPU', 'efficiency'],
        ['PCPU', 'super'],
      ]);
      expect(page.get('mac_cpu_cores{tier="efficiency"}')).toBe(6);
      expect(page.get('mac_cpu_cores{tier="super"}')).toBe(4);
      // It knows no DOWN, so there is no time offline.
      expect(seriesOf(page, 'mac_cpu_cluster_offline_seconds_total')).toEqual([]);
      expect(page.get(success('cpu'))).toBe(1);
    });
  });
});

describe('trap 9: the order of the logical CPUs', () => {
  /** Runs of one tier in the order of the CPU numbers. */
  const ORDER: Readonly<Record<string, string>> = {
    m1: '4 efficiency, 4 performance',
    'm1-pro': '2 efficiency, 6 performance',
    'm1-max': '2 efficiency, 8 performance',
    'm1-ultra': '2 efficiency, 8 performance, 2 efficiency, 8 performance',
    m2: '4 efficiency, 4 performance',
    'm2-pro': '4 efficiency, 6 performance',
    'm2-max': '4 efficiency, 8 performance',
    'm2-ultra': '4 efficiency, 8 performance, 4 efficiency, 8 performance',
    m3: '4 efficiency, 4 performance',
    'm3-pro': '6 efficiency, 5 performance',
    'm3-max': '4 efficiency, 12 performance',
    'm3-ultra': '4 efficiency, 12 performance, 4 efficiency, 12 performance',
    m4: '6 efficiency, 4 performance',
    'm4-pro': '4 efficiency, 10 performance',
    'm4-max': '4 efficiency, 12 performance',
    m5: '6 efficiency, 4 super',
    'm5-pro': '10 performance, 5 super',
    'm5-max': '12 performance, 6 super',
    'a18-pro': '4 efficiency, 2 performance',
  };

  function runs(tiers: readonly string[]): string {
    const found: { tier: string; count: number }[] = [];
    for (const tier of tiers)
      if (found.at(-1)?.tier === tier) found.at(-1)!.count++;
      else found.push({ tier, count: 1 });
    return found.map(({ tier, count }) => `${count} ${tier}`).join(', ');
  }

  test.each(machineNames.filter((name) => name !== VIRTUAL))(
    'trap 9: %s: the top tier is last',
    async (name) => {
      const expected = ORDER[name.split('__')[1]!];
      await withExporter(name, async (exporter) => {
        const page = await scrape(exporter);
        const idle = seriesOf(page, 'mac_cpu_seconds_total').filter((series) =>
          series.includes('mode="idle"'),
        );
        expect(idle.map((series) => Number(/core="(\d+)"/.exec(series)![1]))).toEqual([...idle.keys()]);
        expect(runs(idle.map((series) => /tier="(\w*)"/.exec(series)![1]!))).toBe(expected);
        // The same numbers and tiers in the families that come from other channels.
        const cores = seriesOf(page, 'mac_cpu_core_active_seconds_total')
          .map((series) => /core="(\d+)".*tier="(\w*)"/.exec(series)!)
          .sort((a, b) => Number(a[1]) - Number(b[1]));
        expect(cores.map(([, core]) => Number(core))).toEqual([...idle.keys()]);
        expect(runs(cores.map(([, , tier]) => tier!))).toBe(expected);
      });
    },
  );

  const CLUSTERS = [
    ['DIE_0_ECPU', 4],
    ['DIE_0_PCPU', 6],
    ['DIE_0_PCPU1', 6],
    ['DIE_1_ECPU', 4],
    ['DIE_1_PCPU', 6],
    ['DIE_1_PCPU1', 6],
  ] as const;

  test('trap 9: the clusters of an M3 Ultra are numbered E0 P0 P1 E1 P2 P3', async () => {
    await withExporter(CHIP.M3_ULTRA, async (exporter) => {
      const page = await scrape(exporter);
      const cluster = new Map(
        seriesOf(page, 'mac_cpu_core_active_seconds_total').map((series) => {
          const [, core, of] = /core="(\d+)",cluster="(\w+)"/.exec(series)!;
          return [Number(core), of!] as const;
        }),
      );
      expect(Array.from({ length: 32 }, (_, core) => cluster.get(core))).toEqual(
        CLUSTERS.flatMap(([of, cores]) => new Array<string>(cores).fill(of)),
      );
    });
  });

  test.each([
    ['DIE_0_ECPU_CPU0', '0'],
    ['DIE_0_PCPU_CPU5', '9'],
    ['DIE_0_PCPU1_CPU0', '10'],
    ['DIE_1_ECPU_CPU3', '19'],
    ['DIE_1_PCPU_CPU0', '20'],
    ['DIE_1_PCPU1_CPU5', '31'],
  ])('trap 9: a load on %s of an M3 Ultra is one on CPU %s', async (channel, core) => {
    const loaded = variant(CHIP.M3_ULTRA, (machine) => {
      for (const set of setsOf(machine, 'CPU Stats', CORES))
        for (const row of set.channels) {
          const busy = row[1] === channel ? set.states!.at(-1) : 'IDLE';
          row.splice(
            2,
            9,
            ...machine.clock.absolute.map((_, frame) =>
              set.states!.map((s) => (s === busy ? frame * 24e6 : 0)),
            ),
          );
        }
    });
    await withExporter(loaded, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const active = seriesOf(page, 'mac_cpu_core_active_seconds_total').filter(
        (series) => page.get(series)! > 0,
      );
      expect(active.map((series) => /core="(\d+)"/.exec(series)![1])).toEqual([core]);
    });
  });
});
