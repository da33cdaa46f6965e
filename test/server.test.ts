// HTTP: the listener and the express app, on a machine file.

import express from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Registry, Counter } from 'prom-client';
import request from 'supertest';
import { gunzipSync } from 'node:zlib';
import { createExporter, type Exporter } from '../src';
import { acceptsGzip } from '../src/server/answer';
import { createListener } from '../src/server/listener';
import { metricsHandler, negotiate, scrapeTimeout } from '../src/server/metrics_handler';
import { TestExporter } from './support/exporter';
import { ask, raw } from './support/http';
import { MACHINES, machineNames } from './support/machines';
import { parse } from './support/parse';

const NAME = machineNames[0]!;
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('createExporter', () => {
  let exporter: Exporter;
  beforeAll(async () => {
    exporter = createExporter({ machine: join(MACHINES, `${NAME}.json`) });
    await exporter.ready;
  });
  afterAll(() => exporter.close());

  test('its app answers /metrics with help that names the origin', async () => {
    const { text } = await request(exporter.app).get('/metrics').expect(200).expect('Content-Type', TEXT);
    for (const name of ['metal_alloc_bytes', 'memory_pressure_level'])
      expect(text).toMatch(new RegExp(`# HELP ${name} .*From .*\\n# TYPE ${name} gauge\\n${name} \\d`));
    expect(() => parse(text, 'text')).not.toThrow();
  });

  test('its app has a status page that says that a machine file is played', async () => {
    const { text } = await request(exporter.app).get('/').expect(200).expect('Content-Type', /html/);
    expect(text).toContain(NAME);
    expect(text).toContain('not\n      values of this computer'.replace(/\s+/g, ' '));
    expect(text).toContain('/metrics');
  });

  test('its app answers 404 to all else, with no trace of what it is made of', async () => {
    for (const path of ['/nothing', '/metrics/', '/%00', '/..%2f..%2fetc/passwd', '//metrics']) {
      const { status, text, headers } = await request(exporter.app).get(path);
      expect([path, status, text]).toEqual([path, 404, 'Not found.\n']);
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  test('its handler can be mounted in an app of the user', async () => {
    const app = express().get('/mac', (incoming, response, next) => {
      exporter.handler(incoming, response).catch(next);
    });
    await request(app)
      .get('/mac')
      .set('Accept', 'application/openmetrics-text')
      .expect('Content-Type', OPENMETRICS);
  });

  test('its registry prints both formats in turn, and the names stay whole', async () => {
    const { registry } = exporter;
    for (let round = 0; round < 3; round++) {
      registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
      const text = await registry.metrics();
      expect(text).toMatch(/\n# TYPE mac_energy_joules_total counter\nmac_energy_joules_total\{/);
      registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
      const open = await registry.metrics();
      expect(open).toMatch(/\n# TYPE mac_energy_joules counter\nmac_energy_joules_total\{/);
      expect(open).not.toContain('_total_total');
      expect(open.endsWith('# EOF\n')).toBe(true);
    }
    registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
  });

  test('its registry merges with one of the user, and gives JSON', async () => {
    const own = new Registry();
    new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [own] }).inc(3);
    await exporter.registry.metrics();
    const merged = await Registry.merge([own, exporter.registry]).metrics();
    expect(merged).toContain('jobs_total 3');
    expect(merged).toContain('metal_alloc_bytes ');
    const json = await exporter.registry.getMetricsAsJSON();
    const level = json.find(({ name }) => name === 'memory_pressure_level')!;
    expect(level.values).toEqual([{ value: expect.any(Number) as number, labels: {} }]);
  });
});

describe('the listener', () => {
  let exporter: TestExporter;
  let server: Server;
  let url = '';
  let port = 0;
  beforeEach(async () => {
    exporter = new TestExporter(NAME);
    const routes = {
      metrics: metricsHandler(exporter.pages, 60),
      metricsPath: '/metrics',
      ready: () => true,
      app: () => undefined,
    };
    server = createListener(routes).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    exporter.close();
  });

  test('answers GET and HEAD alike, but for the body', async () => {
    const get = await ask(`${url}/metrics`);
    const head = await ask(`${url}/metrics`, { method: 'HEAD' });
    expect([get.status, head.status]).toEqual([200, 200]);
    expect(head.headers['content-type']).toBe(TEXT);
    expect(head.text).toBe('');
    expect(Number(get.headers['content-length'])).toBe(get.body.length);
    expect(get.headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const { status, headers } = await ask(`${url}/metrics`, { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test('serves HTTP/1.0, and requests that come in one piece', async () => {
    expect(await raw(port, 'GET /-/healthy HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    const two = await raw(
      port,
      'GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\nGET /-/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(two.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  test('8. compresses for those who ask, and says that it depends', async () => {
    const plain = await ask(`${url}/metrics`);
    const zipped = await ask(`${url}/metrics`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers.vary).toContain('Accept-Encoding');
    expect(() => parse(gunzipSync(zipped.body).toString('utf8'), 'text')).not.toThrow();
    expect(zipped.body.length).toBeLessThan(plain.body.length / 3);
  });

  test('9. collect[] and exclude[] choose collectors; a wrong one is refused by name', async () => {
    const namesOf = async (query: string) => [
      ...parse((await ask(`${url}/metrics?${query}`)).text, 'text').keys(),
    ];
    const ofEnergy = /^mac_(energy|power|system_power|adapter_power)_/;
    expect((await namesOf('collect[]=energy')).every((name) => ofEnergy.test(name))).toBe(true);
    expect(await namesOf('collect[]=metal&collect[]=os')).toEqual(
      expect.arrayContaining(['metal_alloc_bytes', 'mac_info']),
    );
    expect(await namesOf('exclude[]=gpu')).not.toContain('gpu_utilization');
    const unknown = await ask(`${url}/metrics?collect[]=${encodeURIComponent('<x>')}`);
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('"<x>"')]);
    expect((await ask(`${url}/metrics?collect[]=gpu&exclude[]=os`)).status).toBe(400);
  });

  test('26. 50 scrapes that meet a running read share it', async () => {
    await ask(`${url}/metrics`);
    const samplings = () => exporter.double.calls()['IOReportCreateSamples']!;
    const before = samplings();
    await ask(`${url}/metrics`);
    const one = samplings() - before;
    exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] });
    const started = samplings();
    const all = Array.from({ length: 50 }, () => ask(`${url}/metrics`));
    setTimeout(() => exporter.double.releaseHangs(), 300);
    const answers = await Promise.all(all);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(answers.map(({ text }) => text.replace(/^.*duration_seconds.*$/gm, ''))).size).toBe(1);
    expect(samplings() - started).toBe(one);
  });

  test('more at once than allowed are told to come again', async () => {
    exporter.plan({ calls: [{ function: 'host_statistics64', nth: 1, forever: true, how: 'hang' }] });
    const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '0.9' };
    const answers = await Promise.all(Array.from({ length: 70 }, () => ask(`${url}/metrics`, { headers })));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(10);
    expect(refused.every((answer) => answer.headers['retry-after'] === '1')).toBe(true);
  });

  test('says nothing of itself when it fails inside', async () => {
    exporter.pages.collect = () => Promise.reject(new Error(`secret ${__filename}`));
    const { status, text } = await ask(`${url}/metrics`);
    expect([status, text]).toEqual([500, 'Internal error.\n']);
  });
});

test.each([
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text'],
  ['application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.3', 'openmetrics'],
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;q=0.3',
    'text',
  ],
  ['application/openmetrics-text;q=0.2,text/plain;q=0.9', 'text'],
  ['application/openmetrics-text;version=9.9.9', 'text'],
  ['application/openmetrics-text;q=0', 'text'],
  [';;;,,,q=', 'text'],
])('7. Accept: %s is answered in %s', (accept, format) => {
  expect(negotiate(accept)).toBe(format);
});

test.each([
  [undefined, false],
  ['gzip', true],
  ['identity', false],
  ['br, deflate', false],
  ['gzip;q=0', false],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
])('8. Accept-Encoding: %s', (header, zipped) => {
  expect(acceptsGzip(header)).toBe(zipped);
});

test.each([
  [undefined, 10],
  ['10', 9.5],
  ['1', 0.5],
  ['0.3', 0.2],
  ['0', 10],
  ['-1', 10],
  ['NaN', 10],
  ['1e9', 10],
])('10. a scrape timeout of %s leaves %s s', (header, seconds) => {
  expect(scrapeTimeout({ headers: { 'x-prometheus-scrape-timeout-seconds': header } })).toBe(seconds);
});
