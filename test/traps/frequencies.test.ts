// The traps about frequencies.

import { withExporter } from '../support/exporter';
import type { Machine } from '../support/machines';
import { data, tableBytes, word } from '../support/bytes';
import {
  channelOf,
  CORES,
  entryOf,
  FileTruth,
  GPU_STATES,
  labelsOf,
  M1,
  M2_ULTRA,
  M5_MAX,
  scrape,
  scrapeAfter,
  setsOf,
  variant,
} from '../support/variants';

const PMGR = 'IODeviceTree:/arm-io/pmgr';
const SGX = 'IODeviceTree:/arm-io/sgx';
const MHZ = 1e6;
/** oshi's test constants: voltage-states9 of an M3 Pro, in the order of the table. */
const M3_PRO_GPU = [0, 338, 618, 796, 832, 924, 952, 1056, 1064, 1182, 1182, 1312, 1242, 1380];

const gpuHertz = (page: ReadonlyMap<string, number>): number[] =>
  labelsOf(page, 'mac_gpu_state_frequency_hertz', 'state').map(
    (state, i, states) => (expect(state).toBe(`P${i + 1}`), page.get(stateHertz(states[i]!))!),
  );
const stateHertz = (state: string) => `mac_gpu_state_frequency_hertz{state="${state}"}`;
const tierMax = (tier: string) => `mac_cpu_frequency_max_hertz{tier="${tier}"}`;

/** The M1 with the GPU's table replaced, in pmgr alone. */
const withGpuTable = (megahertz: readonly number[], change?: (machine: Machine) => void): Machine =>
  variant(M1, (machine) => {
    machine.ioregistry = machine.ioregistry!.filter(({ path }) => path !== SGX);
    const { properties } = entryOf(machine, PMGR);
    delete properties['voltage-states9-sram'];
    properties['voltage-states9'] = data(tableBytes(megahertz.map((value) => value * MHZ)));
    change?.(machine);
  });

/** All of the GPU's time is spent in one state. */
function holdGpuIn(machine: Machine, state: string): void {
  const { set, row } = channelOf(machine, 'GPU Stats', 'GPUPH');
  expect(set.subgroup).toBe(GPU_STATES);
  const { absolute } = machine.clock;
  row.splice(
    2,
    9,
    ...absolute.map((ticks) => set.states!.map((name) => (name === state ? ticks - absolute[0]! : 0))),
  );
}

test('trap 6: a CPU table whose largest value is below 1e8 is in kHz, and the GPU table beside it in Hz', async () => {
  await withExporter(M5_MAX, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get(tierMax('super'))).toBe(4608 * MHZ);
    expect(page.get(tierMax('performance'))).toBe(4380 * MHZ);
    expect(page.get('mac_gpu_frequency_max_hertz')).toBe(1620 * MHZ);
  });
});

test('trap 6: the unit is told per table, not per chip: one in kHz beside one in Hz', async () => {
  const halfway = variant(M1, (machine) => {
    const { properties } = entryOf(machine, PMGR);
    properties['voltage-states1-sram'] = data(
      tableBytes([600_000, 972_000, 1_332_000, 1_704_000, 2_064_000]),
    );
  });
  await withExporter(halfway, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.get(tierMax('efficiency'))).toBe(2064 * MHZ);
    expect(page.get(tierMax('performance'))).toBe(3204 * MHZ);
  });
});

test('trap 6: the table of clock periods beside the -sram one is not read as Hz', async () => {
  const periods = variant(M1, (machine) => {
    const { properties } = entryOf(machine, PMGR);
    delete properties['voltage-states1-sram'];
  });
  await withExporter(periods, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(page.has(tierMax('efficiency'))).toBe(false);
    expect(labelsOf(page, 'mac_cpu_frequency_hertz', 'cluster')).toEqual(['PCPU']);
    // The residency is not lost with the frequency.
    expect(labelsOf(page, 'mac_cpu_core_active_seconds_total', 'tier')).toContain('efficiency');
  });
});

test('trap 7: OFF is entry 0 and P<i> is entry i; states past the table have no frequency', async () => {
  await withExporter(M2_ULTRA, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(gpuHertz(page)).toEqual([444, 612, 808, 968, 1110, 1236, 1338, 1398].map((value) => value * MHZ));
    expect(page.get('mac_gpu_frequency_max_hertz')).toBe(1398 * MHZ);
  });
});

test('trap 7: P<i> is entry i - 1 of a table that has no leading 0', async () => {
  const bare = withGpuTable([396, 528, 720, 924, 1128, 1278]);
  await withExporter(bare, async (exporter) => {
    expect(gpuHertz(await scrape(exporter))).toEqual([396, 528, 720, 924, 1128, 1278].map((v) => v * MHZ));
  });
});

test('trap 7: the highest frequency is the largest of the table, not its last', async () => {
  const table = [0, 338, 1398, 1380];
  await withExporter(withGpuTable(table), async (exporter) => {
    expect((await scrape(exporter)).get('mac_gpu_frequency_max_hertz')).toBe(1398 * MHZ);
  });
});

describe('known wrong answers', () => {
  test('sorted M3 GPU tables: the M3 Pro table is served in its own order, twins included', async () => {
    await withExporter(withGpuTable(M3_PRO_GPU), async (exporter) => {
      expect(gpuHertz(await scrape(exporter))).toEqual(M3_PRO_GPU.slice(1).map((value) => value * MHZ));
    });
  });

  test.each([
    // Sorted, P11 would be 1242 and P12 1312; without its twin 1182, P11 would be 1242 or 1312 one step early.
    ['P11', 1312],
    ['P12', 1242],
    ['P13', 1380],
    ['P10', 1182],
  ])('sorted M3 GPU tables: a GPU held in %s runs at %d MHz', async (state, megahertz) => {
    const held = withGpuTable(M3_PRO_GPU, (machine) => holdGpuIn(machine, state));
    await withExporter(held, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get('mac_gpu_frequency_hertz')).toBeCloseTo(megahertz * MHZ, 0);
      expect(page.get('gpu_utilization')).toBeCloseTo(1, 9);
    });
  });

  test('kHz read as Hz: no frequency of a busy M5 Max is below 100 MHz or above 10 GHz', async () => {
    const file = new FileTruth(M5_MAX);
    await withExporter(M5_MAX, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      const hertz = [...page].filter(([series]) => /^mac_(cpu|gpu)_(state_)?frequency/.test(series));
      expect(hertz.length).toBeGreaterThan(15);
      for (const [, value] of hertz) {
        expect(value).toBeGreaterThan(100e6);
        expect(value).toBeLessThan(10e9);
      }
      const cluster = 'mac_cpu_frequency_hertz{cluster="PCPU",tier="super"}';
      expect(page.get(cluster)! / file.window(cluster, 0, 12)).toBeCloseTo(1, 6);
    });
  });

  test('kHz read as Hz: a GPU table is in Hz even where its clocks are slow', async () => {
    // Below 1e8 the rule for CPU tables would multiply by 1000.
    await withExporter(withGpuTable([0, 24, 48, 96]), async (exporter) => {
      expect((await scrape(exporter)).get('mac_gpu_frequency_max_hertz')).toBe(96 * MHZ);
    });
  });
});

test('frequencies of the GPU come from its own node rather than from pmgr', async () => {
  const both = variant(M1, (machine) => {
    const { properties } = entryOf(machine, SGX);
    // One table a voltage bin follows the other; the count says where the first ends.
    properties['perf-states'] = data(tableBytes([0, 111, 222, 333, 0, 777, 888, 999].map((v) => v * MHZ)));
    properties['perf-state-count'] = data(word(4));
  });
  await withExporter(both, async (exporter) => {
    expect(gpuHertz(await scrape(exporter))).toEqual([111, 222, 333].map((value) => value * MHZ));
  });
});

test.each([
  ['never used', true, 0],
  ['used', false, 1000],
])('a core state without an entry that was %s: a frequency is there: %p', async (_, there, residency) => {
  // As many states as the table has entries, but one of them by a name that says no index.
  const odd = variant(M1, (machine) => {
    for (const set of setsOf(machine, 'CPU Stats', CORES)) {
      if (!(set.channels[0]![1] as string).startsWith('E')) continue;
      set.states![1] = 'TURBO';
      for (const row of set.channels)
        row.forEach((value, frame) => {
          if (Array.isArray(value)) value[1] = residency * frame;
        });
    }
  });
  await withExporter(odd, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    const clusters = labelsOf(page, 'mac_cpu_frequency_hertz', 'cluster');
    expect(clusters).toEqual(there ? ['ECPU', 'PCPU'] : ['PCPU']);
    expect(labelsOf(page, 'mac_cpu_core_active_seconds_total', 'cluster')).toContain('ECPU');
  });
});

test('a table of another length than the states costs the frequency and nothing else', async () => {
  const other = variant(M1, (machine) => {
    const { properties } = entryOf(machine, PMGR);
    properties['voltage-states5-sram'] = data(tableBytes([600e6, 1200e6]));
  });
  await withExporter(other, async (exporter) => {
    const page = await scrapeAfter(exporter, 12);
    expect(labelsOf(page, 'mac_cpu_frequency_hertz', 'cluster')).toEqual(['ECPU']);
    expect(labelsOf(page, 'mac_cpu_core_cycles_total', 'cluster')).not.toContain('PCPU');
    const cores = setsOf(other, 'CPU Stats', CORES).flatMap(({ channels }) => channels);
    expect(labelsOf(page, 'mac_cpu_core_active_seconds_total', 'core')).toHaveLength(cores.length);
  });
});
