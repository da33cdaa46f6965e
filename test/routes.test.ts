// The listener's limits and refusals, and what it does before the app is loaded.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { aboutThis } from '../src/exporter';
import { OwnMetrics } from '../src/metrics/own';
import { createApp } from '../src/server/app';
import { listen, parseAddress } from '../src/server/address';
import { createListener, stopListening, type Routes } from '../src/server/listener';
import { metricsHandler } from '../src/server/metrics_handler';
import { cleanUp, SCRATCH } from './support/command';
import { samples, TestExporter } from './support/exporter';
import { ask, raw } from './support/http';
import { parse } from './support/parse';

const M1 = 'Macmini9,1__m1__15.6__idle';
const MAX = 3;
const HANG = { calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] } as const;

let exporter: TestExporter;
let server: Server;
let port = 0;
let loaded = true;

beforeEach(async () => {
  exporter = new TestExporter(M1);
  exporter.pages.own = new OwnMetrics();
  const app = createApp(exporter.pages, { metricsPath: '/metrics', about: aboutThis() });
  loaded = true;
  const routes: Routes = {
    metrics: metricsHandler(exporter.pages, MAX),
    metricsPath: '/metrics',
    ready: () => loaded,
    app: () => (loaded ? app : undefined),
  };
  server = createListener(routes);
  await listen(server, { host: '127.0.0.1', port: 0 });
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  exporter.close();
  await stopListening(server, 0);
});
afterAll(cleanUp);

const get = (path: string, headers: Record<string, string> = {}) =>
  ask(`http://127.0.0.1:${port}${path}`, { headers });

test('before the app is loaded it answers the hot routes, and the others later', async () => {
  loaded = false;
  expect((await get('/metrics')).status).toBe(200);
  expect((await get('/-/healthy')).status).toBe(200);
  expect(await get('/-/ready')).toMatchObject({
    status: 503,
    text: expect.stringContaining('Not ready') as string,
  });
  expect(await get('/')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
});

test.each([
  '/nothing',
  '/metrics/',
  '/METRICS',
  '//metrics',
  '/-/healthy/',
  '/%00',
  '/..%2fmetrics',
  '/%',
  '/metrics%3f',
])('%s is not found, and says nothing of the inside', async (path) => {
  const answered = await raw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answered).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  expect(answered).not.toMatch(/node_modules|\bat .*:\d+|\/work|\.js/);
  expect(answered).toMatch(/x-content-type-options: nosniff/i);
});

test('TRACE and unknown methods are refused like POST; nonsense is no request', async () => {
  expect(await raw(port, 'TRACE /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 405 [^]*\r\nAllow: GET, HEAD\r\n/,
  );
  expect(await raw(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect((await get('/-/healthy')).status).toBe(200);
});

test('7. OpenMetrics ends with # EOF, zipped or not, with the own counts before it', async () => {
  const headers = { Accept: 'application/openmetrics-text; version=1.0.0', 'Accept-Encoding': 'GZIP;q=0.5' };
  const { body, headers: said } = await get('/metrics', headers);
  expect(said['content-encoding']).toBe('gzip');
  expect(said.vary).toBe('Accept, Accept-Encoding');
  const text = gunzipSync(body).toString('utf8');
  expect(text).toMatch(/[^]process_resident_memory_bytes \d+[^]*\n# EOF\n$/);
  expect(parse(text, 'openmetrics').get('process_cpu_seconds_total')).toMatchObject({ kind: 'counter' });
  expect(said['content-length']).toBe(String(body.length));
});

test('9. a page of some collectors has nothing of the others, however often they are named', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => (i % 9 ? 'collect[]=fan' : 'collect[]=energy')).join(
    '&',
  );
  const { status, text } = await get(`/metrics?${many}`);
  expect(status).toBe(200);
  const names = [...parse(text, 'text').keys()];
  expect(names.filter((name) => !/^mac_(energy|power|system_power|adapter_power|fan)_/.test(name))).toEqual(
    [],
  );
  expect(names).toEqual(expect.arrayContaining(['mac_energy_joules_total', 'mac_system_power_watts']));
  const without = await get('/metrics?exclude[]=exporter&exclude[]=gpu&exclude[]=gpu');
  expect(without.text).not.toMatch(/^(metalstat_exporter|process|gpu|mac_gpu_active)_/m);
  for (const query of ['collect[]=', 'exclude[]=nothing', 'collect[]=gpu&collect[]=nothing'])
    expect(await get(`/metrics?${query}`)).toMatchObject({ status: 400 });
  expect((await get('/metrics?collect[]=nothing')).text).toMatch(/"nothing".*gpu, metal, memory/);
});

test('10. a scrape is answered within the time that Prometheus gives it, by the sources that answered', async () => {
  await get('/metrics');
  exporter.plan(HANG);
  const start = performance.now();
  const { status, text } = await get('/metrics', { 'X-Prometheus-Scrape-Timeout-Seconds': '0.8' });
  const took = performance.now() - start;
  expect(status).toBe(200);
  expect(took).toBeGreaterThan(280);
  expect(took).toBeLessThan(800);
  const found = samples(text);
  expect(found.get('metalstat_exporter_source_timeout{source="ioreport"}')).toBe(1);
  expect(found.get('metalstat_exporter_collector_success{collector="energy"}')).toBe(0);
  expect(found.get('memory_pressure_level')).toEqual(expect.any(Number));
});

test('10. scrapes with different deadlines share one read, and each keeps to its own', async () => {
  await get('/metrics');
  exporter.plan(HANG);
  const patient = get('/metrics', { 'X-Prometheus-Scrape-Timeout-Seconds': '5' });
  const hasty = await get('/metrics', { 'X-Prometheus-Scrape-Timeout-Seconds': '0.6' });
  expect(samples(hasty.text).get('metalstat_exporter_source_timeout{source="ioreport"}')).toBe(1);
  exporter.double.releaseHangs();
  const found = samples((await patient).text);
  expect(found.get('metalstat_exporter_source_timeout{source="ioreport"}')).toBe(0);
  expect(found.has('mac_energy_joules_total{rail="cpu",die=""}')).toBe(true);
});

test('after too many at once the next is answered, and all are counted by code', async () => {
  await get('/metrics');
  exporter.plan(HANG);
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '1' };
  const codes = (await Promise.all(Array.from({ length: MAX + 2 }, () => get('/metrics', headers)))).map(
    ({ status }) => status,
  );
  expect(codes.filter((code) => code === 503)).toHaveLength(2);
  exporter.double.releaseHangs();
  const found = samples((await get('/metrics')).text);
  expect(found.get('metalstat_exporter_scrapes_total{code="503"}')).toBe(2);
  expect(found.get('metalstat_exporter_scrapes_total{code="200"}')).toBe(1 + MAX);
});

test('a client that goes away in mid-scrape leaves its place to others', async () => {
  await get('/metrics');
  exporter.plan(HANG);
  for (let i = 0; i < MAX; i++) {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nX-Prometheus-Scrape-Timeout-Seconds: 0.8\r\n\r\n');
      setTimeout(() => socket.destroy(), 50);
    });
    await once(socket, 'close');
  }
  exporter.double.releaseHangs();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await get('/metrics')).status).toBe(200);
});

test.each([
  ['127.0.0.1:13013', { host: '127.0.0.1', port: 13013 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  [':65535', { port: 65535 }],
  ['[::1]:13013', { host: '::1', port: 13013 }],
  ['unix:/run/exporter.sock', { path: '/run/exporter.sock' }],
  ['13013', undefined],
  ['localhost', undefined],
  ['::1:13013', undefined],
  ['[localhost]:1', undefined],
  [':65536', undefined],
  [':-1', undefined],
  ['unix:', undefined],
  ['http://localhost:1', undefined],
  ['', undefined],
])('the address %j is read as %j', (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test('a file that is no socket is never taken away', async () => {
  const path = join(SCRATCH, 'plain');
  writeFileSync(path, 'mine');
  const other = createListener({
    metrics: () => Promise.resolve(),
    metricsPath: '/metrics',
    ready: () => true,
    app: () => undefined,
  });
  await expect(listen(other, { path })).rejects.toThrow(/is in use/);
});
