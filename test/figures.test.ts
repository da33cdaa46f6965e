// The figures of the terminal: metalstat's keys, with the values of the page.

import { figuresOf, type Figures } from '../src/cli/figures';
import { TopProcesses } from '../src/cli/processes';
import { metaOf, sampleOf, wallClock } from '../src/cli/sample';
import { paint } from '../src/cli/view/ansi';
import { cut, padEnd, printable, span, widthOf } from '../src/cli/view/line';
import { duration } from '../src/cli/view/numbers';
import { SUBJECTS, view, type Subject } from '../src/cli/view/view';
import { samples, withExporter } from './support/exporter';
import { distinctMachines, machineOf } from './support/machines';

const KEYS =
  't elapsed_s gpu_util gpu_freq_mhz cpu_util cpu_p_util cpu_e_util mem_used_gb mem_wired_gb mem_active_gb mem_inactive_gb mem_compressed_gb mem_pressure_pct mem_pressure_level gpu_mem_allocated_gb swap_used_gb cpu_w gpu_w ane_w dram_w pkg_w'.split(
    ' ',
  );
const VM = 'VirtualMac2,1__vm__15.5__compile';
const AFTER = 12;
const GIB = 2 ** 30;

/** Figures, and the pages at the start and the end of their window. */
const read = (machine: string) =>
  withExporter(machine, async (exporter) => {
    const before = samples(await exporter.page());
    const collection = await exporter.step(AFTER).pages.collect(5);
    // One that was never published is not on this Mac.
    const { rails: known = [], ages = [] } = collection.now.power ?? {};
    const rails = known.filter((_, i) => Number.isFinite(ages[i]));
    return { figures: figuresOf(collection), rails, before, page: samples(await exporter.page()) };
  });

type Page = ReadonlyMap<string, number>;

/** What the pages say of each key; undefined where they say nothing. */
function told(before: Page, page: Page, rails: readonly string[]): Record<string, number | undefined> {
  const one = (series: string, factor = 1) => {
    const value = page.get(series);
    return value === undefined ? undefined : value * factor;
  };
  const watts = (rail: string) => one(`mac_power_watts{rail="${rail}"}`);
  const tiers = [...page.keys()].flatMap((key) => /^mac_cpu_cores\{tier="(\w+)"/.exec(key)?.[1] ?? []);
  const busy = (of: readonly string[]) => {
    let [active, all] = [0, 0];
    for (const [series, value] of page) {
      const [, tier, mode] = /^mac_cpu_seconds_total\{.*tier="(\w+)",mode="(\w+)"/.exec(series) ?? [];
      if (tier === undefined || !of.includes(tier)) continue;
      const grown = value - before.get(series)!;
      all += grown;
      if (mode !== 'idle') active += grown;
    }
    return all > 0 ? (100 * active) / all : undefined;
  };
  const published = [...page].filter(([series]) => series.startsWith('mac_power_watts{'));
  const free = one('mac_memory_pressure_free_ratio', 100);
  return {
    gpu_util: one('gpu_utilization', 100),
    gpu_freq_mhz: one('mac_gpu_frequency_hertz', 1e-6),
    cpu_util: busy(tiers),
    cpu_p_util: tiers.length > 1 ? busy(tiers.slice(0, 1)) : undefined,
    cpu_e_util: tiers.length > 1 ? busy(tiers.slice(1)) : undefined,
    mem_used_gb: one('mac_memory_used_bytes', 1 / GIB),
    mem_wired_gb: one('mac_memory_wired_bytes', 1 / GIB),
    mem_active_gb: one('mac_memory_active_bytes', 1 / GIB),
    mem_inactive_gb: one('mac_memory_inactive_bytes', 1 / GIB),
    mem_compressed_gb: one('mac_memory_compressed_bytes', 1 / GIB),
    mem_pressure_pct: free === undefined ? undefined : 100 - free,
    gpu_mem_allocated_gb: one('mac_metal_in_use_bytes', 1 / GIB),
    swap_used_gb: one('mac_swap_used_bytes', 1 / GIB),
    cpu_w: watts('cpu'),
    gpu_w: watts('gpu'),
    ane_w: watts('ane'),
    dram_w: watts('dram'),
    pkg_w:
      rails.length > 0 && rails.every((rail) => watts(rail) !== undefined)
        ? published.reduce((all, [, value]) => all + value, 0)
        : undefined,
  };
}

/** Half of the last digit that is printed. */
const ROUNDING: Readonly<Record<string, number>> = { util: 0.05, mhz: 0.5, gb: 0.005, pct: 0.05, w: 0.005 };

describe.each(distinctMachines)('%s', (machine) => {
  test('each key has the value of the page, or is null where the page has none', async () => {
    const { figures, rails, before, page } = await read(machine);
    const sample = sampleOf(figures, 100, 90);
    expect(Object.keys(sample)).toEqual(KEYS);
    expect(sample).toMatchObject({ t: 100, elapsed_s: 10 });
    for (const [key, expected] of Object.entries(told(before, page, rails))) {
      if (expected === undefined) {
        expect([key, sample[key]]).toEqual([key, null]);
        continue;
      }
      const within = ROUNDING[key.slice(key.lastIndexOf('_') + 1)]!;
      expect([key, Math.abs(Number(sample[key] ?? NaN) - expected) <= within * 1.001]).toEqual([key, true]);
    }
    const colour = [...page].find(
      ([series, value]) => series.startsWith('mac_memory_pressure_state{') && value === 1,
    )?.[0];
    expect(colour).toContain(`"${String(sample['mem_pressure_level'])}"`);
  });

  test('what does not change is that of the page', async () => {
    const { figures, page } = await read(machine);
    const meta = metaOf(figures, 'host', new Date(0));
    const of = (pattern: RegExp) => [...page].filter(([series]) => pattern.test(series));
    const cores = of(/^mac_cpu_cores/).map(([, value]) => value);
    const [fastest, ...others] = cores;
    const all = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
    const bytes = (series: string) => {
      const value = page.get(series);
      return value === undefined ? null : (expect.closeTo(value / GIB, 1) as number);
    };
    const name = /\{name="([^"]*)"/.exec(of(/^mac_gpu_info/)[0]?.[0] ?? '')?.[1];
    expect(meta).toEqual({
      hostname: 'host',
      query_time: expect.stringMatching(/^19(69|70)-\d\d-\d\dT\d\d:\d\d:00\.000$/) as string,
      chip: {
        name: name ?? 'Apple M2 Pro (Virtual)',
        cpu_cores: {
          total: all(cores),
          performance: others.length > 0 ? fastest : null,
          efficiency: others.length > 0 ? all(others) : null,
        },
        gpu_cores: page.get('mac_gpu_cores') ?? null,
        metal_family: name === undefined ? null : (expect.stringMatching(/^Metal \d$/) as string),
      },
      memory_total_gb: bytes('mac_memory_total_bytes'),
      swap_total_gb: bytes('mac_swap_total_bytes'),
      gpu_mem_recommended_max_gb: bytes('mac_metal_recommended_max_bytes'),
    });
  });
});

test('a virtual machine has no GPU, rails or kinds of cores: null, never 0', async () => {
  const sample = sampleOf((await read(VM)).figures, 0);
  const missing = KEYS.filter((key) => sample[key] === null);
  expect(missing).toEqual(
    'gpu_util gpu_freq_mhz cpu_p_util cpu_e_util gpu_mem_allocated_gb cpu_w gpu_w ane_w dram_w pkg_w'.split(
      ' ',
    ),
  );
});

test('a line has the same keys where nothing is known at all', async () => {
  await withExporter(
    'Macmini9,1__m1__15.6__load',
    async (exporter) => {
      const sample = sampleOf(figuresOf(await exporter.pages.collect(5)), 1);
      expect(Object.keys(sample)).toEqual(KEYS);
      expect(KEYS.filter((key) => sample[key] !== null)).toEqual(['t', 'elapsed_s']);
    },
    { selection: { collectors: new Set(['exporter']), options: new Set() } },
  );
});

test('a package has no power while one of its rails is not published', async () => {
  const M1 = 'Macmini9,1__m1__15.6__load';
  const take = ['Energy Model', 'DRAM'] as const;
  await withExporter(
    M1,
    async (exporter) => {
      await exporter.page();
      const whole = sampleOf(figuresOf(await exporter.step(AFTER).pages.collect(5)), 0);
      expect(whole).toMatchObject({
        dram_w: expect.any(Number) as number,
        pkg_w: expect.any(Number) as number,
      });
      const part = sampleOf(figuresOf(await exporter.step(AFTER).pages.collect(5)), 0);
      expect(part).toMatchObject({ cpu_w: expect.any(Number) as number, dram_w: null, pkg_w: null });
    },
    { plan: { events: [{ at: AFTER + 1, take }] } },
  );
});

/** What metalstat's README shows, and nothing else. */
const EXAMPLE: Figures = {
  chip: undefined,
  gpuName: 'Apple M1 Max',
  metalFamily: undefined,
  gpuCores: undefined,
  tiers: [],
  gpuUtil: undefined,
  gpuMhz: undefined,
  cpuUtil: undefined,
  memory: {
    total: 32 * GIB,
    used: 15.6 * GIB,
    wired: 2.7 * GIB,
    active: 12.9 * GIB,
    inactive: 12.5 * GIB,
    compressed: undefined,
  },
  pressure: undefined,
  pressureLevel: 'green',
  metalInUse: 3.4 * GIB,
  metalMax: 25 * GIB,
  swapUsed: undefined,
  swapTotal: undefined,
  watts: { cpu: undefined, gpu: undefined, ane: undefined, dram: undefined, package: undefined },
  celsius: { cpu: undefined, gpu: undefined, soc: undefined, battery: undefined },
};

const shown = (figures: Figures, subjects: readonly Subject[], width = 40) =>
  view(figures, { subjects: new Set(subjects), width, header: undefined, machine: undefined }).map((line) =>
    paint(line, false),
  );

test("the lines that metalstat's README shows come out of the same numbers", () => {
  const lines = shown(EXAMPLE, ['memory', 'gpuMem']);
  const words = (line: string) => line.trim().replaceAll(/\s+/g, ' ');
  expect(lines.map(words)).toEqual(
    expect.arrayContaining([
      'Memory 15.6 / 32.0 GB ●green',
      '2.7G wired / 12.9G active / 12.5G inactive / - compressed',
      'Metal 3.4G / 25.0G',
    ]),
  );
});

test('one line tells what is known, and a dash what is not', () => {
  expect(shown(EXAMPLE, [])).toEqual(['Apple M1 Max | GPU - | Metal 3.4 / 25.0 GB | ●green']);
  const busy = {
    ...EXAMPLE,
    gpuUtil: 9.96,
    gpuMhz: 1296,
    watts: { ...EXAMPLE.watts, gpu: 12.34 },
    pressureLevel: undefined,
  };
  expect(shown(busy, [])).toEqual(['Apple M1 Max | GPU  10.0%, 1296 MHz, 12.3W | Metal 3.4 / 25.0 GB | ●-']);
});

test('the header names the host, and the first line what is played', () => {
  const header = { host: 'mac-mini', time: '2026-11-25 07:08:09' };
  const top = (machine: string | undefined, host: string | undefined) =>
    view(EXAMPLE, { subjects: new Set(), width: 80, header: { ...header, host }, machine })
      .slice(0, -1)
      .map((line) => paint(line, false));
  expect(top(undefined, 'mac-mini')).toEqual(['mac-mini  2026-11-25 07:08:09']);
  expect(top('Mac99', undefined)).toEqual([
    'Playing the machine file Mac99: nothing of this computer is measured.',
    '2026-11-25 07:08:09',
  ]);
});

test('each subject that is asked for has its line, and no other', () => {
  const label: Readonly<Record<Subject, RegExp>> = {
    cpu: /^ +CPU {2}/,
    power: /^ +Power {2}Pkg/,
    memory: / wired \//,
    gpuMem: /^ +Metal {2}/,
    swap: /^ +Swap {2}/,
    ane: /^ +Power .*ANE/,
    temp: /^ +Temp {2}/,
    procs: /^ +# {2}Process /,
  };
  for (const subject of SUBJECTS) {
    const lines = shown(EXAMPLE, [subject]);
    const others = SUBJECTS.filter((other) => lines.some((line) => label[other].test(line)));
    expect(others).toEqual([subject]);
    expect(lines.filter((line) => /^ +(GPU|Memory) {2}/.test(line))).toHaveLength(2);
  }
});

describe('processes', () => {
  const BUSY = 'Macmini9,1__m1__15.6__load';
  const GPU = 'Mac14,14__m2-ultra__15.2__mixed';
  const rowsOf = (machine: string, count: number) =>
    withExporter(machine, async (exporter) => {
      const top = new TopProcesses();
      const first = top.take(await exporter.pages.collect(5), count);
      const collection = await exporter.step(2).pages.collect(5);
      return { first, rows: top.take(collection, count), now: collection.now };
    });

  test('are those with the largest footprint', async () => {
    const { rows, now } = await rowsOf(BUSY, 5);
    const footprints = Array.from(now.processes!.footprints).filter((value) => !Number.isNaN(value));
    expect(rows.map(({ footprint }) => footprint)).toEqual(footprints.sort((a, b) => b - a).slice(0, 5));
  });

  test('have what of them is resident, as the file says', async () => {
    const { rows } = await rowsOf(BUSY, 5);
    const always = machineOf(BUSY).libproc!.processes.filter(({ life }) => !life);
    const told = new Map(always.map(({ pid, usage }) => [pid, usage?.resident]));
    const known = rows.filter(({ pid }) => told.has(pid));
    expect(known.length).toBeGreaterThan(1);
    for (const { pid, resident, footprint } of known) {
      expect([told.get(pid)].flat()).toContain(resident);
      expect(resident).not.toBe(footprint);
    }
  });

  test('have CPU time from the second reading on', async () => {
    const { first, rows } = await rowsOf(BUSY, 5);
    expect(first.map(({ cpu }) => cpu)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    const clang = rows.find(({ name, cpu }) => name === 'clang' && cpu !== undefined);
    expect(clang?.cpu).toBeGreaterThan(10);
    expect(clang?.cpu).toBeLessThan(101);
  });

  test('have the GPU time of all their contexts', async () => {
    const { rows, now } = await rowsOf(GPU, 1000);
    const clients = now.gpuClients!;
    const told = new Set([...clients.pids].filter((_, i) => !Number.isNaN(clients.nanoseconds[i]!)));
    const withTime = rows.filter(({ gpuSeconds }) => gpuSeconds !== undefined);
    expect(withTime.length).toBeGreaterThan(1);
    for (const { pid, gpuSeconds } of withTime) {
      expect(told).toContain(pid);
      const own = [...clients.pids].flatMap((of, i) => (of === pid ? [clients.nanoseconds[i]! / 1e9] : []));
      expect(gpuSeconds).toBeCloseTo(own.filter((value) => !Number.isNaN(value)).reduce((a, b) => a + b, 0));
    }
  });

  test('of which nothing may be read come last', async () => {
    const { rows } = await rowsOf(BUSY, 1000);
    const unknown = rows.findIndex(({ footprint }) => footprint === undefined);
    expect(unknown).toBeGreaterThan(0);
    expect(
      rows.slice(unknown).every(({ footprint, cpu }) => footprint === undefined && cpu === undefined),
    ).toBe(true);
  });
});

describe('lines', () => {
  test('are cut to columns, and not inside a character', () => {
    const line = [span('ab', 'bold'), span('編集 x')];
    expect(widthOf('ab編集 x')).toBe(8);
    expect(paint(cut(line, 5), false)).toBe('ab編');
    expect(paint(cut(line, 6), false)).toBe('ab編集');
    expect(paint(cut(line, 80), false)).toBe('ab編集 x');
    expect(padEnd('編', 4)).toBe('編  ');
    expect(widthOf('e\u0301')).toBe(1);
  });

  test('have colours only where they shall', () => {
    const line = [span('x', 'red'), span('y')];
    expect(paint(line, true)).toBe('\x1b[31mx\x1b[0my');
    expect(paint(line, false)).toBe('xy');
  });

  test('show no character of a name that would move the cursor', () => {
    expect(printable('a\x1b[2Jb\u202ec\n')).toBe('a?[2Jb?c?');
  });
});

test('GPU time is told in the unit that fits', () => {
  expect([undefined, 0, 0.85, 12.34, 252, 5400].map(duration)).toEqual([
    '-',
    '0ms',
    '850ms',
    '12.3s',
    '4.2m',
    '1.5h',
  ]);
});

test('times are those of the clock on the wall', () => {
  expect(wallClock(new Date(2026, 10, 25, 7, 8, 9))).toBe('2026-11-25 07:08:09');
});
