// createExporter() in a program of somebody else: its registry among others, its app, its end.

import express from 'express';
import { join } from 'node:path';
import { Counter, Gauge, Registry } from 'prom-client';
import request from 'supertest';
import { createExporter, type Exporter, type ExporterOptions } from '../src';
import { checkMac, openMachine, readMachine } from '../src/exporter';
import { EVERYTHING_DEFAULT, families, selectFamilies } from '../src/metrics/catalogue';
import { COLLECTORS } from '../src/metrics/metric';
import { loadDouble } from '../src/native/load';
import type { Double, DoubleAddon } from '../src/native/native';
import { cleanUp, scratch } from './support/command';
import { samples } from './support/exporter';
import { MACHINES, machineOf } from './support/machines';
import { parse } from './support/parse';

const M1 = 'Macmini9,1__m1__15.6__idle';
const machine = join(MACHINES, `${M1}.json`);
const OPENMETRICS = Registry.OPENMETRICS_CONTENT_TYPE as never;

const open: Exporter[] = [];
afterEach(() => {
  for (const exporter of open.splice(0)) exporter.close();
});
afterAll(cleanUp);

function exporterOf(options: ExporterOptions = {}): Exporter {
  const exporter = createExporter({ machine, ...options });
  open.push(exporter);
  return exporter;
}

/** An exporter, and the double that it opened. */
function withDouble(options?: ExporterOptions): { exporter: Exporter; double: Double } {
  const addon = loadDouble();
  const opening: DoubleAddon['open'] = addon.open.bind(addon);
  let double: Double | undefined;
  addon.open = (...of) => (double = opening(...of));
  try {
    return { exporter: exporterOf(options), double: double! };
  } finally {
    addon.open = opening;
  }
}

const HANG = '{"calls": [{"function": "IOReportCreateSamples", "nth": 1, "how": "hang"}]}';

describe('the registry', () => {
  test('collects anew whenever a registry that it was merged into is asked', async () => {
    const { exporter, double } = withDouble();
    await exporter.ready;
    const user = new Registry();
    new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [user] }).inc(3);
    const merged = Registry.merge([user, exporter.registry]);
    const calls = () => double.calls()['IOReportCreateSamples'] ?? 0;
    const before = calls();
    const first = samples(await merged.metrics());
    const once = calls() - before;
    expect(once).toBeGreaterThan(0);
    expect(first.get('jobs_total')).toBe(3);
    expect(first.get('memory_pressure_level')).toEqual(expect.any(Number));
    const found = samples(await merged.metrics());
    expect(calls() - before).toBe(2 * once);
    expect(found.size).toBeGreaterThan(100);
  });

  test('merged, prints both formats in turn with whole names', async () => {
    const { registry } = exporterOf();
    for (let round = 0; round < 2; round++) {
      registry.setContentType(OPENMETRICS);
      const user = new Registry();
      user.setContentType(OPENMETRICS);
      new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [user] }).inc();
      const merged = Registry.merge([user, registry]);
      expect(await merged.metrics()).toMatch(/\n# TYPE mac_energy_joules counter\nmac_energy_joules_total\{/);
      registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
      expect(await registry.metrics()).toMatch(
        /\n# TYPE mac_energy_joules_total counter\nmac_energy_joules_total/,
      );
    }
  });

  test('asked twice at once in one format and then the other, mixes nothing up', async () => {
    const { registry } = exporterOf();
    const [a, b] = await Promise.all([registry.metrics(), registry.metrics()]);
    expect(b.length).toBeGreaterThan(1000);
    expect([...samples(a).keys()]).toEqual([...samples(b).keys()]);
    registry.setContentType(OPENMETRICS);
    const [c, d] = await Promise.all([registry.metrics(), registry.getMetricsAsJSON()]);
    expect([...samples(c).keys()]).toEqual([...samples(a).keys()]);
    // The names of apps are told only where they are asked for.
    const told = selectFamilies(EVERYTHING_DEFAULT).filter(({ collector }) => collector !== 'app');
    expect(d.map(({ name }) => name)).toEqual(told.map(({ name }) => name));
  });

  test('gives one metric alone, and JSON with labels by name', async () => {
    const { registry } = exporterOf();
    expect(await registry.getSingleMetricAsString('memory_pressure_level')).toMatch(
      /^# HELP .*\n# TYPE memory_pressure_level gauge\nmemory_pressure_level [012]$/,
    );
    const json = await registry.getMetricsAsJSON();
    const energy = json.find(({ name }) => name === 'mac_energy_joules_total')!;
    expect(energy).toMatchObject({ type: 'counter', help: expect.stringContaining('IOReport') as string });
    expect(energy.values[0]!.labels).toEqual({
      rail: expect.any(String) as string,
      die: expect.any(String) as string,
    });
  });

  test('has the names of the catalogue, and neither process_* nor counts of its own scrapes', async () => {
    const { registry } = exporterOf({
      collectors: COLLECTORS,
      options: ['collector.cpu.states', 'collector.energy.detail'],
    });
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    // Variants of a family that exclude each other are one name.
    expect(names).toEqual([...new Set(families.map(({ name }) => name))]);
    expect(await registry.metrics()).not.toMatch(/^(process_|metalstat_exporter_scrapes)/m);
  });

  test('takes metrics of the user too, but no name twice', async () => {
    const { registry } = exporterOf({ collectors: ['memory'] });
    new Gauge({ name: 'mine', help: 'Mine.', registers: [registry] }).set(1);
    expect(samples(await registry.metrics()).get('mine')).toBe(1);
    expect(() => new Gauge({ name: 'memory_pressure_level', help: 'x', registers: [registry] })).toThrow(
      /already/,
    );
    expect(registry.getSingleMetric('gpu_utilization')).toBeUndefined();
  });

  test('answers at its deadline without a source that hangs', async () => {
    const { exporter, double } = withDouble({ timeout: 0.3 });
    await exporter.ready;
    double.plan(HANG);
    const start = performance.now();
    const found = samples(await exporter.registry.metrics());
    expect(performance.now() - start).toBeLessThan(600);
    expect(found.get('metalstat_exporter_source_timeout{source="ioreport"}')).toBe(1);
    double.releaseHangs();
  });
});

describe('the end', () => {
  test('close() ends what still waits, and later pages have nothing of the Mac', async () => {
    const { exporter, double } = withDouble();
    await exporter.ready;
    await exporter.registry.metrics();
    double.plan(HANG);
    const before = double.calls()['IOReportCreateSamples'];
    const page = exporter.registry.metrics();
    while (double.calls()['IOReportCreateSamples'] === before)
      await new Promise((resolve) => setTimeout(resolve, 5));
    exporter.close();
    const start = performance.now();
    expect(samples(await page).get('metalstat_exporter_source_success{source="ioreport"}')).toBe(0);
    expect(performance.now() - start).toBeLessThan(200);
    const after = samples(await exporter.registry.metrics());
    expect([...after.keys()].filter((key) => !key.startsWith('metalstat_exporter_'))).toEqual([]);
    exporter.close();
    double.releaseHangs();
  });

  test('close() right after the start does no harm', async () => {
    const exporter = exporterOf();
    exporter.close();
    await exporter.ready.catch(() => undefined);
    expect(await exporter.registry.metrics()).toContain('metalstat_exporter_build_info');
  });
});

describe('what cannot be read', () => {
  test('is refused when it is opened, in one line', () => {
    expect(() => createExporter({ machine: '/no/such/file' })).toThrow(
      /^cannot read the machine file .*ENOENT/,
    );
    expect(() => createExporter({ machine: scratch('bad.json', '{}') })).toThrow(
      /^the machine file bad is not valid/,
    );
    if (process.platform !== 'darwin') expect(() => createExporter()).toThrow(/^this is not a Mac/);
  });

  test('an Intel Mac or Rosetta is refused by `ready`, and then gives no value', async () => {
    const rosetta = machineOf(M1);
    rosetta.sysctl!['sysctl.proc_translated'] = ['i32', 1];
    const exporter = exporterOf({ machine: scratch('rosetta.json', JSON.stringify(rosetta)) });
    await expect(exporter.ready).rejects.toThrow(/Rosetta/);
    const found = samples(await exporter.registry.metrics());
    expect([...found.keys()].filter((key) => !key.startsWith('metalstat_exporter_'))).toEqual([]);
  });

  test('a call that fails does not make an Intel Mac of it', async () => {
    let calls = 1;
    for (let nth = 1; nth <= calls; nth++) {
      const double = openMachine(readMachine(machine), 'manual');
      double.plan(JSON.stringify({ calls: [{ function: 'sysctlbyname', nth, how: 'fail' }] }));
      await expect(checkMac(double)).resolves.toBeUndefined();
      calls = double.calls()['sysctlbyname']!;
      double.close();
    }
    expect(calls).toBeGreaterThan(10);
  });
});

describe('the app', () => {
  test('refuses other methods, and has its headers wherever it is mounted', async () => {
    const app = express().use('/mac', exporterOf().app);
    const refused = await request(app).post('/mac/metrics').send('x');
    expect([refused.status, refused.headers['allow'], refused.text]).toEqual([
      405,
      'GET, HEAD',
      'Only GET and HEAD.\n',
    ]);
    for (const path of ['/mac/metrics', '/mac/', '/mac/nothing']) {
      const { headers } = await request(app).get(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      // The page has a tag of its own; what changes with every answer has none.
      expect('etag' in headers).toBe(path === '/mac/');
    }
    const page = await request(app).get('/mac/').expect(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const head = await request(app).head('/mac/metrics').expect(200);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1000);
  });

  test('counts its scrapes by code', async () => {
    const { app } = exporterOf();
    await request(app).get('/metrics').expect(200);
    await request(app).get('/metrics?collect[]=nothing').expect(400);
    const { text } = await request(app).get('/metrics').expect(200);
    const found = samples(text);
    expect(found.get('metalstat_exporter_scrapes_total{code="200"}')).toBe(1);
    expect(found.get('metalstat_exporter_scrapes_total{code="400"}')).toBe(1);
    expect(() => parse(text, 'text')).not.toThrow();
    const open = await request(app).get('/metrics').set('Accept', 'application/openmetrics-text');
    expect(parse(open.text, 'openmetrics').get('metalstat_exporter_scrapes_total')?.samples).toHaveLength(2);
  });
});
