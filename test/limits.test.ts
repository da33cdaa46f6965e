// The limits of the listener: what is slow, long, too many or from a page of the web.

import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aboutThis } from '../src/exporter';
import { listen, type Server } from '../src/server/address';
import { createApp } from '../src/server/app';
import { LIMITS, type Limits } from '../src/server/connections';
import { isOwnName } from '../src/server/hosts';
import { createListener, stopListening, type Routes } from '../src/server/listener';
import { metricsHandler } from '../src/server/metrics_handler';
import { cleanUp } from './support/command';
import { samples, TestExporter } from './support/exporter';
import { ask, raw } from './support/http';
import { serve } from './support/serving';

const M1 = 'Macmini9,1__m1__15.6__idle';
const MOST = 3;
/** Milliseconds that a sweep may come late. */
const LATE = 2_000;

let exporter: TestExporter;
let server: Server;
let port = 0;
let url = '';
const started: (readonly [TestExporter, Server])[] = [];

async function start(limits: Partial<Limits> = {}): Promise<void> {
  exporter = new TestExporter(M1);
  const app = createApp(exporter.pages, { metricsPath: '/metrics', about: aboutThis() });
  const routes: Routes = {
    metrics: metricsHandler(exporter.pages, MOST),
    metricsPath: '/metrics',
    ready: () => true,
    app: () => app,
  };
  server = createListener(routes, { limits });
  started.push([exporter, server]);
  await listen(server, { host: '127.0.0.1', port: 0 });
  ({ port } = server.address() as AddressInfo);
  url = `http://127.0.0.1:${port}`;
}
afterEach(async () => {
  for (const [of, listening] of started.splice(0)) {
    of.close();
    await stopListening(listening, 0);
  }
});
afterAll(cleanUp);

/** A client that sends some bytes and then reads what comes, if it reads. */
class Client {
  text = '';
  readonly socket: Socket;
  readonly #start = performance.now();
  /** Milliseconds until it was closed from the other side. */
  readonly closed: Promise<number>;

  constructor(bytes: string, { reads = true } = {}) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    // Not once() of node:events: a reset is an end too, and once() fails on it.
    this.closed = new Promise((resolve) =>
      this.socket.on('close', () => resolve(performance.now() - this.#start)),
    );
    if (bytes !== '') this.socket.write(bytes);
    if (reads) this.socket.setEncoding('latin1').on('data', (part: string) => (this.text += part));
    else this.socket.pause();
  }
}

const GET = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const openConnections = (): Promise<number> =>
  new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));

describe('1. what is slow to ask', () => {
  test('is closed within two seconds of its limit, while others are answered', async () => {
    await start({ idle: 600, header: 300 });
    const silent = Array.from({ length: 100 }, () => new Client(''));
    const half = Array.from({ length: 100 }, () => new Client('GET /metrics HTTP/1.1\r\nHo'));
    const drip = new Client('GET /metrics HTTP/1.1\r\nX: ');
    const dripping = setInterval(() => drip.socket.write('x'), 50);
    const answered = await ask(`${url}/metrics`);
    expect(answered.status).toBe(200);
    const closed = await Promise.all([...silent, ...half, drip].map((client) => client.closed));
    clearInterval(dripping);
    expect(Math.max(...closed)).toBeLessThan(600 + LATE + 500);
    // Not before it, either: a sweep that closed everybody would be no limit.
    expect(Math.min(...closed)).toBeGreaterThan(300);
    expect(await openConnections()).toBe(0);
  });

  test('has the same limit on a connection that was answered before', async () => {
    await start({ header: 300, keepAlive: 60_000 });
    const client = new Client(GET('/-/healthy'));
    while (!client.text.includes('Healthy.')) await sleep(5);
    const begun = performance.now();
    client.socket.write('GET /-/healthy HTT');
    await client.closed;
    expect(performance.now() - begun).toBeLessThan(300 + LATE + 500);
  });

  test('or does not ask again, is closed after keepAlive', async () => {
    await start({ keepAlive: 400, idle: 60_000, header: 60_000 });
    const client = new Client(GET('/-/healthy'));
    const closed = await client.closed;
    expect(client.text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(closed).toBeGreaterThan(400);
    expect(closed).toBeLessThan(400 + LATE + 500);
  });

  test('has limits that a scraper keeps to', () => {
    expect(LIMITS).toEqual({
      idle: 10_000,
      header: 5_000,
      request: 20_000,
      keepAlive: 65_000,
      connections: 512,
    });
  });
});

describe('2. what is slow to read', () => {
  test('is closed, and leaves its place to others', async () => {
    await start({ request: 500 });
    // More in one piece than the kernel keeps for who does not read.
    const asked = GET('/page/uplot.js').repeat(400);
    const many = Array.from({ length: MOST }, () => new Client(asked, { reads: false }));
    while ((await openConnections()) < MOST) await sleep(5);
    const before = performance.now();
    while ((await openConnections()) > 0) await sleep(5);
    expect(performance.now() - before).toBeLessThan(500 + LATE + 500);
    expect((await ask(`${url}/metrics`)).status).toBe(200);
    for (const { socket } of many) socket.destroy();
  });

  test('who takes his time is not cut off while he reads', async () => {
    await start({ request: 1_000 });
    const begun = performance.now();
    const client = new Client(GET('/page/uplot.js').repeat(120) + GET('/-/healthy', 'Connection: close\r\n'));
    client.socket.on('data', () => {
      client.socket.pause();
      setTimeout(() => client.socket.resume(), 40);
    });
    await client.closed;
    expect(client.text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(121);
    expect(performance.now() - begun).toBeGreaterThan(1_000 + LATE);
  }, 20_000);

  test.each(['GET', 'POST'])('the body of a %s is not waited for', async (method) => {
    await start({ request: 60_000, header: 60_000, keepAlive: 60_000 });
    const client = new Client(`${method} /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx`);
    expect(await client.closed).toBeLessThan(2_000);
    expect(client.text).toMatch(method === 'GET' ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 405 /);
    expect(client.text).toMatch(/\r\nConnection: close\r\n/i);
  });
});

describe('3. too many', () => {
  const HANG = {
    calls: [{ function: 'IOReportCreateSamples', nth: 1, forever: true, how: 'hang' }],
  } as const;

  test('requests at once are told when to come again, and none waits for ever', async () => {
    await start();
    await ask(`${url}/metrics`);
    exporter.plan(HANG);
    const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '1' };
    const all = await Promise.all(Array.from({ length: 20 }, () => ask(`${url}/metrics`, { headers })));
    const refused = all.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(20 - MOST);
    expect(refused.every((answer) => answer.headers['retry-after'] === '1')).toBe(true);
    expect(all.filter(({ status }) => status === 200)).toHaveLength(MOST);
    exporter.double.releaseHangs();
  });

  test('connections: the newest is served, and who asks nothing makes room for it', async () => {
    await start({ connections: 10 });
    const kept = new Client(GET('/-/healthy'));
    while (!kept.text.includes('Healthy.')) await sleep(5);
    const slow = Array.from({ length: 9 }, () => new Client('GET /'));
    await sleep(50);
    for (let i = 0; i < 5; i++) expect((await ask(`${url}/-/healthy`)).status).toBe(200);
    kept.socket.write(GET('/-/ready', 'Connection: close\r\n'));
    await kept.closed;
    expect(kept.text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(slow.filter(({ socket }) => socket.destroyed).length).toBeGreaterThan(0);
  });

  test('connections that all wait for an answer are not given up for a new one', async () => {
    await start({ connections: MOST });
    await ask(`${url}/metrics`);
    exporter.plan(HANG);
    const waiting = Array.from(
      { length: MOST },
      () => new Client(GET('/metrics', 'X-Prometheus-Scrape-Timeout-Seconds: 1.2\r\nConnection: close\r\n')),
    );
    await sleep(200);
    await expect(ask(`${url}/-/healthy`)).rejects.toThrow();
    await Promise.all(waiting.map((client) => client.closed));
    for (const { text } of waiting) expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    exporter.double.releaseHangs();
  });
});

test('4. HEAD is like GET without the body; all else is refused, with what is allowed', async () => {
  await start();
  for (const path of ['/metrics', '/', '/api/v1/snapshot', '/-/ready', '/page/status.css']) {
    const [get, head] = [await ask(url + path), await ask(url + path, { method: 'HEAD' })];
    expect([path, get.status, head.status, head.text]).toEqual([path, 200, 200, '']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    for (const method of ['POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH'])
      expect(await ask(url + path, { method })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
  }
});

describe('5. what is long', () => {
  test.each([
    ['an address', GET(`/${'x'.repeat(15_500)}`, 'Connection: close\r\n'), 414],
    ['an address that never ends', `GET /${'x'.repeat(100_000)}`, 414],
    ['a header', GET('/metrics', `X: ${'x'.repeat(20_000)}\r\n`), 431],
    ['many headers', GET('/metrics', 'X-Y: z\r\n'.repeat(5_000)), 431],
    ['no request', 'nonsense\r\n\r\n', 400],
    ['a client that speaks TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('%s is refused in one line', async (_what, bytes, code) => {
    await start({ header: 300 });
    const client = new Client(bytes);
    await client.closed;
    const [head, body] = client.text.split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${code} `));
    expect(head).toMatch(/\r\nConnection: close(\r\n|$)/i);
    expect(head).toMatch(/\r\nX-Content-Type-Options: nosniff\r\n/i);
    expect(body).toMatch(/^[^\n]+\n$/);
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1] ?? body.length)).toBe(body.length);
  });

  test('a long one on a connection that was answered before is refused too', async () => {
    await start({ header: 300 });
    const client = new Client(GET('/-/healthy'));
    while (!client.text.includes('Healthy.')) await sleep(5);
    client.socket.write(`GET /${'x'.repeat(100_000)}`);
    await client.closed;
    expect(client.text).toMatch(/Healthy\.\nHTTP\/1\.1 414 /);
  });

  test('nonsense behind a request does not cost its answer', async () => {
    await start();
    const answered = await raw(port, `${GET('/-/healthy')}nonsense\r\n\r\n`);
    expect(answered.match(/HTTP\/1\.1 (200|400) /g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
  });

  test.each(['/%00', '/..%2fmetrics', '//metrics', '/%', '/metrics%3f', '/metrics/../metrics'])(
    '%s is not found',
    async (path) => {
      await start();
      expect(await raw(port, GET(path, 'Connection: close\r\n'))).toMatch(/^HTTP\/1\.1 404 /);
    },
  );
});

test('6. HTTP/1.0, keep-alive, requests in one piece, and Connection: close', async () => {
  await start();
  expect(await raw(port, 'GET /-/healthy HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  const three = await raw(
    port,
    GET('/-/healthy') + GET('/metrics') + GET('/-/ready', 'Connection: close\r\n'),
  );
  expect(three.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  expect(three.indexOf('Healthy.')).toBeLessThan(three.indexOf('memory_pressure_level'));
  expect(three.endsWith('Ready.\n')).toBe(true);
});

describe('14. DNS rebinding', () => {
  test.each([
    ['127.0.0.1:13013', true],
    ['[::1]:13013', true],
    ['localhost:13013', true],
    ['LOCALHOST', true],
    ['mac-studio', true],
    ['mac-studio.local:13013', true],
    ['host.docker.internal:13013', true],
    ['192.168.1.7', true],
    [undefined, true],
    ['proxy.example', true],
    ['proxy.example.:443', true],
    ['evil.example:13013', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['proxy.example.evil.example', false],
    ['[::1].evil.example', true],
  ])('a Host of %s passes: %s', (host, passes) => {
    expect(isOwnName(host, ['proxy.example'])).toBe(passes);
  });

  test('a page of the web is refused on loopback, unless its name is allowed', async () => {
    await start();
    const names = ['evil.example', 'mac.example', 'localhost:1'];
    const codes = async (args: readonly string[]) => {
      const served = await serve(args).ready();
      const found: number[] = [];
      for (const Host of names) found.push((await served.get('/metrics', { headers: { Host } })).status);
      const counted = samples((await served.get('/metrics')).text);
      expect(counted.get('metalstat_exporter_scrapes_total{code="403"}')).toBe(
        found.filter((code) => code === 403).length,
      );
      const { text, headers } = await served.get('/', { headers: { Host: 'evil.example' } });
      expect(text).not.toContain('<html');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      await served.stop('SIGTERM');
      return found;
    };
    expect(await codes([])).toEqual([403, 403, 200]);
    expect(await codes(['--web.allowed-host', 'Mac.example'])).toEqual([403, 200, 200]);
  });
});

test('15. every answer has the security headers, and none says where it is from', async () => {
  await start();
  exporter.pages.collect = () => Promise.reject(new Error(`secret ${__filename}`));
  const paths = [
    '/',
    '/metrics',
    '/nothing',
    '/-/healthy',
    '/api/v1/snapshot',
    '/metrics?collect[]=x',
    '/docs/README.md',
  ];
  for (const path of paths) {
    const { headers, text } = await ask(url + path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    if (path !== '/docs/README.md') expect(text).not.toMatch(/secret|\bat .*:\d+:\d+|node_modules/);
  }
});

test('nobody connected, nothing ticks', async () => {
  await start();
  const ticking = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = ticking();
  const client = new Client(GET('/-/healthy'));
  while (!client.text.includes('Healthy.')) await sleep(5);
  client.socket.destroy();
  while ((await openConnections()) > 0) await sleep(5);
  await sleep(20);
  expect(ticking()).toBe(before);
});
