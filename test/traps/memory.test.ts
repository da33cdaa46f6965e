// Trap 16, and the points about memory.

import { withExporter } from '../support/exporter';
import { families } from '../../src/metrics/catalogue';
import { machineOf, type Machine } from '../support/machines';
import { M1, scrape, scrapeAfter, statisticsOf, variant } from '../support/variants';

const PAGE = 16384;

/** Page counts that no two formulas give the same answer for. */
const counts = {
  free_count: 100_000,
  active_count: 200_000,
  inactive_count: 150_000,
  wire_count: 90_000,
  purgeable_count: 7_000,
  speculative_count: 30_000,
  compressor_page_count: 40_000,
  external_page_count: 110_000,
  internal_page_count: 260_000,
  total_uncompressed_pages_in_compressor: 140_000,
};
const counted = variant(M1, (machine) => Object.assign(machine.host!.vm, counts));

const withSysctl = (name: string, layout: string, ...values: number[]): Machine =>
  variant(M1, (machine) => {
    machine.sysctl![name] = [layout, ...values];
  });
const valueOf = (machine: Machine, series: string): Promise<number | undefined> =>
  withExporter(machine, async (exporter) => (await scrape(exporter)).get(series));

test('trap 16: used memory is app, wired and compressed, not what is left beside free', async () => {
  await withExporter(counted, async (exporter) => {
    const page = await scrape(exporter);
    const pages = (name: string) => page.get(`mac_memory_${name}_bytes`)! / PAGE;
    expect(pages('app')).toBe(260_000 - 7_000);
    expect(pages('wired')).toBe(90_000);
    expect(pages('compressed')).toBe(40_000);
    expect(pages('used')).toBe(253_000 + 90_000 + 40_000);
    expect(pages('cached_files')).toBe(110_000 + 7_000);
    expect(pages('compressor_original')).toBe(140_000);
  });
});

test.each([
  [1, 1],
  [2, 2],
  [4, 4],
  // Whatever a later kernel invents is absent rather than taken for a level.
  [0, undefined],
  [3, undefined],
  [8, undefined],
])('trap 16: the kernel’s pressure level %d is exported as %p', async (level, expected) => {
  const machine = withSysctl('kern.memorystatus_vm_pressure_level', 'u32', level);
  expect(await valueOf(machine, 'mac_memory_pressure_kernel_level')).toBe(expected);
});

test('trap 16: the kernel’s level does not follow the percentage, nor the percentage the level', async () => {
  const calm = withSysctl('kern.memorystatus_level', 'u32', 10);
  expect(await valueOf(calm, 'mac_memory_pressure_kernel_level')).toBe(1);
  expect(await valueOf(calm, 'memory_pressure_level')).toBe(2);
});

test('trap 16: swap in use is sticky, so what is swapped in and out is counted beside it', async () => {
  const swapped = variant(M1, (machine) => {
    machine.sysctl!['vm.swapusage'] = ['QQQIi', 3 * 2 ** 30, 2 ** 30, 2 * 2 ** 30, PAGE, 1];
    Object.assign(machine.host!.vm, { swapins: [100, 200, 300, 400], swapouts: 50 });
  });
  await withExporter(swapped, async (exporter) => {
    const before = await scrape(exporter);
    const after = await scrape(exporter.step(12));
    for (const page of [before, after]) {
      expect(page.get('mac_swap_total_bytes')).toBe(3 * 2 ** 30);
      expect(page.get('mac_swap_used_bytes')).toBe(2 * 2 ** 30);
    }
    expect(before.get('mac_memory_swapped_in_bytes_total')).toBe(100 * PAGE);
    expect(after.get('mac_memory_swapped_in_bytes_total')).toBeGreaterThan(100 * PAGE);
    expect(after.get('mac_memory_swapped_out_bytes_total')).toBe(50 * PAGE);
  });
});

test('point 16: a model that idles leaves what is in use and stays in what is allocated', async () => {
  const idling = variant(M1, (machine) =>
    Object.assign(statisticsOf(machine), {
      'Alloc system memory': 21_343_043_584,
      'In use system memory': 507_330_560,
      'In use system memory (driver)': 0,
    }),
  );
  await withExporter(idling, async (exporter) => {
    const page = await scrape(exporter);
    expect(page.get('metal_alloc_bytes')).toBe(21_343_043_584);
    expect(page.get('mac_metal_in_use_bytes')).toBe(507_330_560);
    expect(page.get('mac_metal_driver_in_use_bytes')).toBe(0);
  });
  const help = families.find(({ name }) => name === 'metal_alloc_bytes')!.help;
  expect(help).toContain('Alloc system memory');
});

test.each([
  ['u32', 12_288],
  ['u64', 114_688],
])('point 17: a wired limit in a sysctl of type %s is read in its size', async (layout, megabytes) => {
  const limited = withSysctl('iogpu.wired_limit_mb', layout, megabytes);
  expect(await valueOf(limited, 'mac_metal_wired_limit_bytes')).toBe(megabytes * 2 ** 20);
});

test('point 17: a wired limit of 0 means that macOS decides, and is absent', async () => {
  expect(await valueOf(withSysctl('iogpu.wired_limit_mb', 'u64', 0), 'mac_metal_wired_limit_bytes')).toBe(
    undefined,
  );
});

describe('point 21: memory pressure is by the share that is neither wired nor compressed', () => {
  test.each([
    [100, 0],
    [51, 0],
    [50, 1],
    [25, 1],
    [24, 2],
    [0, 2],
  ])('point 21: memorystatus_level %d is colour %d, however much RAM is free', async (level, colour) => {
    const machine = withSysctl('kern.memorystatus_level', 'u32', level);
    machine.host!.vm['free_count'] = 10;
    machine.host!.vm['speculative_count'] = 5;
    await withExporter(machine, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('memory_pressure_level')).toBe(colour);
      expect(page.get('mac_memory_pressure_free_ratio')).toBe(level / 100);
      const states = ['green', 'yellow', 'red'].map((state) =>
        page.get(`mac_memory_pressure_state{state="${state}"}`),
      );
      expect(states).toEqual([0, 1, 2].map((each) => (each === colour ? 1 : 0)));
    });
  });

  test('point 21: the help says that it is not free RAM', () => {
    const help = families.find(({ name }) => name === 'memory_pressure_level')!.help;
    expect(help).toContain('Not free RAM');
    expect(help).toContain('kern.memorystatus_level');
  });
});

describe('point 22: host_statistics64', () => {
  test('point 22: is called once a collection, for all who ask at the same time', async () => {
    await withExporter(M1, async (exporter) => {
      await exporter.page();
      const calls = () => exporter.double.calls()['host_statistics64']!;
      const before = calls();
      exporter.step(1);
      await Promise.all(Array.from({ length: 10 }, () => exporter.page()));
      expect(calls() - before).toBe(1);
    });
  });

  test('point 22: free memory does not contain the speculative pages', async () => {
    await withExporter(counted, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('mac_memory_free_bytes')! / PAGE).toBe(100_000 - 30_000);
      expect(page.get('mac_memory_speculative_bytes')! / PAGE).toBe(30_000);
    });
  });

  test('point 22: a cached copy, the same twice, is served like any other', async () => {
    const cached = variant(M1, (machine) => {
      for (const [name, series] of Object.entries(machine.host!.vm))
        machine.host!.vm[name] = Array.isArray(series) ? series[0]! : series;
    });
    await withExporter(cached, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const expected = Number((machineOf(M1).host!.vm['faults'] as number[])[0]);
      expect(page.get('mac_memory_faults_total')).toBe(expected);
    });
  });
});
