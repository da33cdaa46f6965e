// The end, with and without a call of the OS that hangs: soon, clean and without a crash.

import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, Process, script, type Ended } from './support/command';
import { samples, TestExporter, withExporter } from './support/exporter';
import { MACHINES, machineNames } from './support/machines';
import { parse } from './support/parse';

const M1 = 'Macmini9,1__m1__15.6__idle';
const FILE = join(MACHINES, `${M1}.json`);

/** Seconds. */
const SOON = 1;

afterAll(cleanUp);

/** Seconds from the moment a script announced its end. */
function sinceAnnounced({ stdout, at }: Ended): number {
  const [, announced] = /^ending \d+ (\d+)$/m.exec(stdout) ?? [];
  return (at - Number(announced)) / 1000;
}

describe('while a call hangs', () => {
  const hung = (ending: string, node: readonly string[] = []) =>
    new Process(script('hung'), [ending, FILE], { node });

  test('process.exit() ends the process at once', async () => {
    const ended = await hung('exit').ended;
    expect(ended).toMatchObject({ code: 7, signal: null, stderr: '' });
    expect(sinceAnnounced(ended)).toBeLessThan(SOON);
  });

  test('an error that nobody catches ends the process at once', async () => {
    const ended = await hung('throw').ended;
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.stderr).toContain('thrown on purpose');
    expect(sinceAnnounced(ended)).toBeLessThan(SOON);
  });

  test('close() answers what waits, and then the event loop runs out', async () => {
    const ended = await hung('end').ended;
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(ended.stdout).toMatch(/^answered$/m);
    expect(sinceAnnounced(ended)).toBeLessThan(SOON);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends a process that does not handle it', async (signal) => {
    const process = hung('wait');
    await process.until(/^ending/m);
    const { signal: by, seconds, stderr } = await process.stop(signal);
    expect({ by, stderr }).toEqual({ by: signal, stderr: '' });
    expect(seconds).toBeLessThan(SOON);
  });

  test('worker.terminate() ends its thread at once, over and over', async () => {
    const ended = await hung('worker').ended;
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const terminated = [...ended.stdout.matchAll(/^terminated 1 (\d+)$/gm)].map(
      ([, took]) => Number(took) / 1000,
    );
    expect(terminated).toHaveLength(5);
    expect(Math.max(...terminated)).toBeLessThan(SOON);
    expect(sinceAnnounced(ended)).toBeLessThan(SOON);
  }, 15_000);

  test('node --watch restarts', async () => {
    const file = script('hung');
    const watcher = new Process(file, ['wait', FILE], { node: ['--watch'] });
    const [first, pid] = await watcher.until(/^ending (\d+) \d+$/m);
    utimesSync(file, new Date(), new Date());
    const touched = Date.now();
    while (isAlive(Number(pid))) await sleep(5);
    // The watcher itself waits 200 ms for more changes.
    expect((Date.now() - touched) / 1000).toBeLessThan(SOON + 0.5);
    await watcher.until(new RegExp(`${first}[^]*^ending`, 'm'));
    expect((await watcher.stop('SIGTERM')).seconds).toBeLessThan(SOON);
  }, 15_000);

  test('the call may return when all else is gone', async () => {
    const ended = await hung('late', ['--expose-gc']).ended;
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(sinceAnnounced(ended)).toBeLessThan(SOON);
  });

  test('close() says that it left something behind, and after the call returned nothing is', async () => {
    const exporter = new TestExporter(M1);
    await exporter.page();
    exporter.plan({ calls: [{ function: 'host_statistics64', nth: 1, how: 'hang' }] });
    const calls = () => exporter.double.calls()['host_statistics64'];
    const before = calls();
    const page = exporter.page('text', 5);
    while (calls() === before) await sleep(5);
    const start = Date.now();
    expect(exporter.double.close()).toBe(false);
    await page;
    expect(Date.now() - start).toBeLessThan(300);
    exporter.double.releaseHangs();
    while (!exporter.double.close()) await sleep(5);
    expect(Object.values(exporter.double.live())).toEqual([0, 0, 0, 0, 0]);
  });
});

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a source that hangs', () => {
  const CALLS = [
    ['ioreport', 'IOReportCreateSamples', 'mac_energy_joules_total', 'energy'],
    ['ioregistry', 'IORegistryEntryCreateCFProperty', 'metal_alloc_bytes', 'metal'],
    ['host', 'host_statistics64', 'mac_memory_wired_bytes', 'memory'],
    ['sysctl', 'sysctlbyname', 'memory_pressure_level', 'memory'],
    ['smc', 'IOConnectCallStructMethod', 'mac_cpu_temperature_celsius', 'thermal'],
    ['hid', 'IOHIDServiceClientCopyEvent', 'mac_soc_temperature_celsius', 'thermal'],
    ['notify', 'notify_get_state', 'mac_thermal_pressure_level', 'thermal'],
  ] as const;
  const other = (source: string) =>
    source === 'ioregistry' ? 'mac_energy_joules_total' : 'metal_alloc_bytes';
  const DEADLINE = 0.4;

  test.each(CALLS)(
    '%s: a scrape has the others at its deadline, the next does not wait, and the late result is dropped',
    async (source, call, family, collector) => {
      await withExporter(M1, async (exporter) => {
        const scrape = async () => {
          const start = performance.now();
          const text = await exporter.page('text', DEADLINE);
          return { text, page: parse(text, 'text'), took: (performance.now() - start) / 1000 };
        };
        const whole = [...(await scrape()).page.keys()];
        expect(whole).toContain(family);
        // For ever: another source, which is not looked at, may make the same call.
        exporter.plan({ calls: [{ function: call, nth: 1, forever: true, how: 'hang' }] });
        const first = await scrape();
        expect(first.took).toBeGreaterThanOrEqual(DEADLINE - 0.01);
        expect(first.took).toBeLessThan(DEADLINE + 0.2);
        const called = exporter.double.calls()[call];
        const second = await scrape();
        expect(second.took).toBeLessThan(0.2);
        for (const { text, page } of [first, second]) {
          expect(page.has(family)).toBe(false);
          expect(page.has(other(source))).toBe(true);
          const found = samples(text);
          for (const [name] of CALLS) {
            expect(found.get(`metalstat_exporter_source_timeout{source="${name}"}`)).toBe(
              name === source ? 1 : 0,
            );
            expect(found.get(`metalstat_exporter_source_success{source="${name}"}`)).toBe(
              name === source ? 0 : 1,
            );
          }
          expect(found.get(`metalstat_exporter_collector_success{collector="${collector}"}`)).toBe(0);
        }
        expect(exporter.double.calls()[call]).toBe(called);
        exporter.plan({});
        exporter.step(20).double.releaseHangs();
        // The call returns, and what it brought is nobody's.
        const late = exporter.sampler.collect(0.2);
        await sleep(50);
        await late;
        const after = await scrape();
        expect([...after.page.keys()]).toEqual(expect.arrayContaining(whole));
        expect(
          samples(after.text).get(`metalstat_exporter_collector_success{collector="${collector}"}`),
        ).toBe(1);
        expect(samples(after.text).get(`metalstat_exporter_source_timeout{source="${source}"}`)).toBe(0);
      });
    },
  );

  test('what it read before it hung is of its own time when it returns, never of the next scrape', async () => {
    const counter = 'mac_energy_joules_total{rail="cpu",die=""}';
    const [late, direct] = await Promise.all([
      withExporter(M1, async (exporter) => {
        await exporter.page();
        exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] });
        await exporter.step(10).page('text', 0.2);
        exporter.step(10).double.releaseHangs();
        await sleep(50);
        return samples(await exporter.step(10).page());
      }),
      withExporter(M1, async (exporter) => {
        await exporter.page();
        return samples(await exporter.step(30).page());
      }),
    ]);
    expect(direct.get(counter)).toEqual(expect.any(Number));
    expect(late.get(counter)).toBe(direct.get(counter));
  });

  test('in its first listing leaves the others on the page', async () => {
    const plan = { calls: [{ function: 'IOReportCopyChannelsInGroup', nth: 1, how: 'hang' }] } as const;
    await withExporter(
      M1,
      async (exporter) => {
        const found = samples(await exporter.page('text', 1.5));
        expect(found.get('metalstat_exporter_source_timeout{source="ioreport"}')).toBe(1);
        expect(found.get('memory_pressure_level')).toEqual(expect.any(Number));
        expect(found.has('gpu_utilization')).toBe(false);
        exporter.double.releaseHangs();
        await sleep(50);
        expect(samples(await exporter.page()).has('mac_gpu_active_seconds_total')).toBe(true);
      },
      { plan },
    );
  });
});

describe('when nothing hangs', () => {
  test.each(machineNames)('%s: nothing is open after close()', async (name) => {
    const exporter = new TestExporter(name);
    await exporter.pageAfter(12);
    expect(exporter.double.live()).not.toEqual({ objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 });
    expect(exporter.close()).toEqual({ objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 });
  });

  test('workers that are terminated while readings arrive end alone', async () => {
    const { code, signal, stdout, stderr } = await new Process(script('terminated'), [FILE]).ended;
    expect({ code, signal, stdout, stderr }).toEqual({
      code: 0,
      signal: null,
      stdout: 'terminated 40\n',
      stderr: '',
    });
  }, 20_000);

  test('700 exporters opened and closed leave no thread, no file and no memory', async () => {
    // V8's own room for what is young, and its threads', would grow meanwhile: in Node 24 by more than is looked for.
    const node = ['--expose-gc', '--max-semi-space-size=2', '--single-threaded-gc'];
    const { code, stdout, stderr } = await new Process(script('many'), [FILE], { node }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    interface Held {
      readonly threads: number;
      readonly files: number;
      readonly resident: number;
      readonly live: number;
    }
    const { early, late } = JSON.parse(stdout) as { early: Held; late: Held };
    expect(late.live).toBe(0);
    expect(late.threads).toBe(early.threads);
    expect(late.files).toBe(early.files);
    // Each holds hundreds of kilobytes while it is open: 400 that leaked a tenth of it would show.
    expect(late.resident - early.resident).toBeLessThan(8e6);
  }, 30_000);
});
