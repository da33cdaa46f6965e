// The points about what the double must model, 34 to 39, as far as JavaScript sees them: the double
// aborts this process at the first call that a Mac would not forgive.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EVERYTHING, TestExporter, withExporter } from '../support/exporter';
import { machineNames, machineOf } from '../support/machines';
import { WANTS } from '../../src/decode/parts';
import {
  ENERGY,
  entryOf,
  FileTruth,
  joules,
  M1,
  M2_ULTRA,
  M5_MAX,
  openAtRest,
  pageUnder,
  portsOf,
  scrape,
  scrapes,
  seriesOf,
  setsOf,
  statisticsOf,
  success,
  variant,
  watts,
} from '../support/variants';
import { join } from 'node:path';

const CLEAN = { objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 };

test.each(machineNames)('point 34: %s is read, by every family, without a call that aborts', async (name) => {
  const exporter = new TestExporter(name, { selection: EVERYTHING });
  for (let i = 0; i < 30; i++) await exporter.step(1).page();
  expect(exporter.close()).toEqual(CLEAN);
});

describe('point 35: numbers and strings of CoreFoundation', () => {
  test('point 35: a statistic that is a fraction, and one that is a text', async () => {
    const odd = variant(M1, (machine) =>
      Object.assign(statisticsOf(machine), { 'Device Utilization %': 41.5, 'Tiler Utilization %': 'high' }),
    );
    await withExporter(odd, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('mac_gpu_device_utilization_ratio')).toBe(0.415);
      expect(page.has('mac_gpu_tiler_utilization_ratio')).toBe(false);
      expect(page.get('metal_alloc_bytes')).toBeGreaterThan(0);
    });
  });

  test('point 35: a name of several UTF-16 units a character arrives whole', async () => {
    const named = variant(M1, (machine) => {
      entryOf(machine, 'IOAccelerator').properties['model'] = 'Äpple 日本 🖥 "M1"';
    });
    const page = await withExporter(named, (exporter) => exporter.page());
    expect(page).toContain('mac_gpu_info{name="Äpple 日本 🖥 \\"M1\\"",metal_family="Metal 3"} 1');
  });

  test.each(['CFStringGetCString', 'CFNumberGetValue'])(
    'point 35: %s that fails leaves a value out and puts none in its place',
    async (name) => {
      const whole = await pageUnder(M1, {});
      const page = await pageUnder(M1, { calls: [{ function: name, nth: 5, forever: true }] });
      for (const [series, value] of page)
        if (/^(gpu_|metal_|mac_(gpu|metal|memory))/.test(series))
          expect([series, value]).toEqual([series, whole.get(series)]);
    },
  );
});

describe('point 36: references of the kernel', () => {
  test('point 36: one right to the host is held, however many collections', async () => {
    const alone = variant(M1, (machine) => {
      delete machine.smc;
      delete machine.notify;
    });
    await withExporter(alone, async (exporter) => {
      await scrapes(exporter, 20, 1);
      expect((await openAtRest(exporter)).ports).toBe(1);
    });
  });

  test('point 36: one connection to the SMC and a token a notification are held, however many collections', async () => {
    await withExporter(M1, async (exporter) => {
      await scrapes(exporter, 20, 1);
      expect((await openAtRest(exporter)).ports).toBe(portsOf(machineOf(M1)));
      const calls = exporter.double.calls();
      expect([calls['IOServiceOpen'], calls['notify_register_check']]).toEqual([1, 2]);
    });
  });

  test.each([
    'IOServiceGetMatchingServices',
    'IORegistryEntryGetChildIterator',
    'IOReportCreateSubscription',
  ])('point 36: what was handed to or by %s is released also when it fails', async (name) => {
    const exporter = new TestExporter(M1, { plan: { calls: [{ function: name, nth: 1, forever: true }] } });
    await exporter.pageAfter(12);
    expect(exporter.close()).toEqual(CLEAN);
  });

  test('point 36: the array of processor ticks is returned by its address and size', async () => {
    await withExporter(M2_ULTRA, async (exporter) => {
      await scrapes(exporter, 3, 1);
      expect(exporter.double.live().regions).toBe(0);
    });
  });
});

describe('point 37: drivers', () => {
  test('point 37: a provider gone in mid-run costs its own families, which come back with it', async () => {
    const rails = setsOf(
      variant(M1, () => undefined),
      ENERGY,
    ).flatMap(({ channels }) => channels);
    const channels = rails.map((row) => [ENERGY, row[1] as string] as const);
    await withExporter(M1, async (exporter) => {
      exporter.plan({
        events: channels.flatMap((channel) => [
          { at: 4.5, take: channel },
          { at: 8.5, give: channel },
        ]),
      });
      const pages = await scrapes(exporter, 16, 1);
      for (const [second, page] of pages.entries()) {
        const gone = second >= 5 && second <= 8;
        expect(page.get(success('energy'))).toBe(gone ? 0 : 1);
        expect(seriesOf(page, 'mac_energy_joules_total').length > 0).toBe(!gone);
        expect(page.get(success('gpu'))).toBe(1);
      }
      const file = new FileTruth(M1);
      expect(pages[9]!.get(watts('cpu'))).toBeCloseTo(file.growth(joules('cpu'), 0, 9) / 9, 6);
      expect(pages[15]!.get(joules('cpu'))).toBeCloseTo(file.counter(joules('cpu'), 15), 3);
    });
  });

  test('point 37: getters write into the dictionaries: channels listed twice are the same, and read the same', async () => {
    await withExporter(M5_MAX, async ({ double }) => {
      const { ioreport } = double.sources;
      const first = await ioreport.list();
      const again = await ioreport.list();
      expect(first.channels.length).toBeGreaterThan(390);
      expect(again).toEqual(first);
      const gpu = again.channels.findIndex(({ name }) => name === 'GPUPH');
      const { channels } = await ioreport.select(Uint32Array.of(gpu));
      expect(channels.map(({ name, at }) => [name, at])).toEqual([['GPUPH', 1]]);
      expect((await ioreport.read()).values).toHaveLength(1 + 1 + channels[0]!.states.length);
    });
  });
});

describe('point 38: errors', () => {
  test('point 38: a sysctl that answers ENOMEM is a failure, and what is in its buffer is not read', async () => {
    const ENOMEM = 12;
    const page = await pageUnder(M1, {
      calls: [{ function: 'sysctlbyname', nth: 1, forever: true, how: 'fail', code: ENOMEM }],
    });
    for (const collector of ['os', 'memory']) expect(page.get(success(collector))).toBe(0);
    for (const family of [
      'mac_info',
      'mac_boot_time_seconds',
      'mac_memory_total_bytes',
      'memory_pressure_level',
    ])
      expect(seriesOf(page, family)).toEqual([]);
    expect(page.get('mac_memory_used_bytes')).toBeGreaterThan(0);
  });

  test('point 38: a service that went away between listing and reading costs its values', async () => {
    await withExporter(M1, async (exporter) => {
      await exporter.page();
      exporter.plan({
        calls: [{ function: 'IORegistryEntryCreateCFProperty', nth: 1, forever: true, how: 'null' }],
      });
      const page = await scrape(exporter.step(12));
      expect(page.has('metal_alloc_bytes')).toBe(false);
      expect(page.get(success('metal'))).toBe(0);
      expect(page.get('gpu_utilization')).toBeGreaterThan(0);
    });
  });

  test('point 38: the time base is the Mac’s own: watts on one whose clock ticks in nanoseconds', async () => {
    const other = variant(M1, (machine) => {
      machine.clock.timebase = [1, 1];
      for (const clock of [machine.clock.absolute, machine.clock.continuous])
        for (const [frame, ticks] of clock.entries()) clock[frame] = Math.round((ticks * 125) / 3);
    });
    const [page, whole] = [await pageUnder(other, {}), await pageUnder(M1, {})];
    for (const series of seriesOf(whole, 'mac_power_watts'))
      expect(page.get(series)).toBeCloseTo(whole.get(series)!, 3);
    expect(page.get('metalstat_exporter_window_seconds{collector="gpu"}')).toBeCloseTo(12, 6);
  });
});

describe('point 39: what only ends with its thread', () => {
  test('point 39: every job opens one pool and closes it', async () => {
    await withExporter(M1, async (exporter) => {
      for (let i = 0; i < 5; i++) {
        await exporter.step(1).page();
        expect((await openAtRest(exporter)).pools).toBe(0);
      }
    });
  });

  /** Opens a machine, hangs in a read and then ends as `end` says. Without Jest, whose own threads would count. */
  const hang = (end: string): string => `
    const addon = require(${JSON.stringify(join(__dirname, '..', '..', 'build', 'Release', 'double.node'))});
    const machine = require('node:fs').readFileSync(process.argv[1], 'utf8');
    const double = addon.open(${JSON.stringify(WANTS)}, machine, { clock: 'manual' });
    const { ioreport } = double.sources;
    ioreport.list().then(({ channels }) => ioreport.select(Uint32Array.from(channels.keys()))).then(() => {
      double.plan('{"calls":[{"function":"IOReportCreateSamples","nth":1,"how":"hang"}]}');
      ioreport.read().catch(() => undefined);
      setTimeout(() => { console.log('hanging'); ${end} }, 100);
    });`;

  test.each([
    ['process.exit', 'process.exit(0)', 0],
    ['a close and nothing left to do', 'double.close()', 0],
    ['SIGTERM', 'process.kill(process.pid, "SIGTERM")', null],
  ])('point 39: a call that hangs holds no process that ends by %s', async (_, end, code) => {
    const file = join(__dirname, '..', 'machines', `${M1}.json`);
    const child = spawn(process.execPath, ['-e', hang(end), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const started = once(child.stdout, 'data');
    const ended = once(child, 'exit');
    await started;
    const from = performance.now();
    expect((await ended)[0]).toBe(code);
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});
