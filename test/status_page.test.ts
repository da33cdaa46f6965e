// The status page and its snapshot over HTTP, without a browser.

import express from 'express';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { gunzipSync } from 'node:zlib';
import { createExporter, type Exporter, type SnapshotDocument } from '../src';
import { aboutThis } from '../src/exporter';
import { COLLECTORS } from '../src/metrics/metric';
import { createApp } from '../src/server/app';
import type { Snapshot } from '../src/server/page/client/snapshot';
import { cleanUp, Process, ROOT, SCRATCH } from './support/command';
import { samples, TestExporter, withExporter } from './support/exporter';
import { ask, raw } from './support/http';
import { MACHINES } from './support/machines';
import { parse } from './support/parse';
import { serve } from './support/serving';

const M1 = 'Macmini9,1__m1__15.6__load';
const M5_MAX = 'Mac17,6__m5-max__27.0__load';
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

afterAll(cleanUp);

/** What the document refers to: scripts, styles, links. */
const referred = (document: string): readonly string[] =>
  [...document.matchAll(/ (?:src|href)="([^"]+)"/g)]
    .map(([, url]) => url!)
    .filter((url) => !/^(data:|#)/.test(url));

const appOf = (exporter: TestExporter) =>
  createApp(exporter.pages, { metricsPath: '/metrics', about: aboutThis() });

describe('the page', () => {
  let exporter: Exporter;
  beforeAll(async () => {
    exporter = createExporter({ machine: join(MACHINES, `${M1}.json`) });
    await exporter.ready;
  });
  afterAll(() => exporter.close());

  test('has a strict policy, and nothing in it that the policy would refuse', async () => {
    const { text, headers } = await request(exporter.app).get('/').expect(200).expect('Content-Type', /html/);
    expect(headers['content-security-policy']).toBe(CSP);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(text).not.toMatch(/<style|<script(?![^>]* src=)| style="| on\w+="/);
    expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });

  test('says that a machine file is played before any script runs', async () => {
    const { text } = await request(exporter.app).get('/').expect(200);
    expect(text).toContain(`Playing the machine file <b>${M1}</b>. These are not values of this computer.`);
    const live = createApp(exporterOf().pages, { metricsPath: '/metrics', about: aboutThis() });
    expect((await request(live).get('/')).text).not.toContain('Playing');
  });

  test('has a row for every collector: on with a link to its metrics, or off', async () => {
    const { text } = await request(exporter.app).get('/');
    for (const name of COLLECTORS.filter((each) => each !== 'exporter' && each !== 'app'))
      expect(text).toContain(`<a href="./metrics?collect[]=${name}">${name}</a></th><td>on</td>`);
    expect(text).toContain('<th scope="row">app</th><td>off</td>');
  });

  test.each(['', '/mac', '/a/b'])('below %j all that it refers to is there', async (mount) => {
    const app = mount === '' ? exporter.app : express().use(mount, exporter.app);
    const { text } = await request(app).get(`${mount}/`).expect(200);
    const urls = referred(text);
    expect(urls).toEqual(expect.arrayContaining(['page/main.js', 'page/uplot.js', 'api/v1/snapshot']));
    for (const url of urls) {
      expect(url).not.toMatch(/^\/|^\w+:/);
      const { pathname, search } = new URL(url, `http://x${mount}/`);
      const answer = await request(app).get(pathname + search);
      expect([url, answer.status]).toEqual([url, 200]);
    }
  });

  test('mounted, is asked for with a slash at its end', async () => {
    const app = express().use('/mac', exporter.app);
    await request(app).get('/mac').expect(308).expect('Location', 'mac/');
    await request(app).get('/mac/?x').expect(200);
  });

  test('a script imports only scripts that are there', async () => {
    const { text } = await request(exporter.app).get('/');
    for (const url of referred(text).filter((each) => /^page\/(?!uplot).*\.js$/.test(each))) {
      const script = await request(exporter.app)
        .get(`/${url}`)
        .expect('Content-Type', /^text\/javascript/);
      for (const [, imported] of script.text.matchAll(/ from '([^']+)'/g))
        await request(exporter.app).get(join('/page', imported!)).expect(200);
    }
  });

  test('files are compressed, answered to HEAD, and not sent again to who has them', async () => {
    const page = await request(exporter.app).get('/').set('Accept-Encoding', 'gzip').expect(200);
    expect(page.headers['content-encoding']).toBe('gzip');
    const plain = await request(exporter.app).get('/page/uplot.js').set('Accept-Encoding', 'identity');
    const head = await request(exporter.app)
      .head('/page/uplot.js')
      .set('Accept-Encoding', 'gzip')
      .expect(200);
    expect(head.headers['content-encoding']).toBe('gzip');
    expect(Number(head.headers['content-length'])).toBeLessThan(plain.text.length / 2);
    expect(head.headers['etag']).toBe(plain.headers['etag']);
    const again = await request(exporter.app)
      .get('/page/uplot.js')
      .set('If-None-Match', plain.headers['etag']!)
      .expect(304);
    expect(again.text).toBe('');
    await request(exporter.app).get('/page/uplot.js').set('If-None-Match', '"other"').expect(200);
  });

  test('only GET and HEAD', async () => {
    for (const path of ['/', '/page/main.js', '/api/v1/snapshot'])
      await request(exporter.app).post(path).expect(405).expect('Allow', 'GET, HEAD');
  });
});

test('nothing but its own files is served, whatever the path', async () => {
  const server = await serve().ready();
  const paths = [
    '/page/',
    '/page',
    '/page/nothing.js',
    '/page/../page/main.js',
    '/page/../../../package.json',
    '/page/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/page/..%2f..%2f..%2fpackage.json',
    '/page/..\\..\\package.json',
    '/page//main.js',
    '/page/main.js/',
    '/page/main.js%00',
    '/PAGE/main.js',
    '/docs/../package.json',
    '/docs/CHANGELOG.md',
    '/api/v1/',
    '/api/v2/snapshot',
    '/api/v1/snapshot/',
  ];
  try {
    for (const path of paths) {
      const answered = await raw(server.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([path, answered.split('\r\n', 1)[0]]).toEqual([path, 'HTTP/1.1 404 Not Found']);
      expect(answered).toMatch(/\r\n\r\nNot found\.\n$/);
    }
  } finally {
    await server.stop('SIGTERM');
  }
});

test('once it is ready it needs none of its files any more', async () => {
  const copy = join(SCRATCH, 'copy');
  mkdirSync(join(copy, 'src', 'metrics'), { recursive: true });
  for (const path of ['dist', 'package.json', 'README.md', 'src/metrics/METRICS.md'])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  for (const folder of ['build', 'node_modules', 'test']) symlinkSync(join(ROOT, folder), join(copy, folder));
  const server = new Process(join(copy, 'dist', 'main.js'), [
    ...['serve', '--machine', 'any', '--web.listen-address', '127.0.0.1:0'],
  ]);
  const [, url] = await server.until(/^Listening on (\S+)\/metrics/m);
  while ((await ask(`${url!}/-/ready`)).status !== 200);
  rmSync(copy, { recursive: true });
  const page = await ask(`${url!}/`);
  const urls = referred(page.text);
  expect(urls.length).toBeGreaterThan(15);
  for (const each of urls) expect([each, (await ask(`${url!}/${each}`)).status]).toEqual([each, 200]);
  expect(await server.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
});

test('a page that was never built is said to be so', async () => {
  jest.resetModules();
  jest.doMock('node:fs', () => ({
    ...jest.requireActual<typeof import('node:fs')>('node:fs'),
    readdirSync: () => {
      throw new Error('ENOENT: no such file or directory');
    },
  }));
  const { readAssets } = await import('../src/server/page/assets');
  expect(readAssets).toThrow(
    /^the status page is not complete \(ENOENT.*\); build it with npm run build:ts$/,
  );
  jest.dontMock('node:fs');
});

let open: TestExporter[] = [];
function exporterOf(machine = M1): TestExporter {
  const exporter = new TestExporter(machine);
  open.push(exporter);
  return exporter;
}
afterEach(() => {
  for (const exporter of open) exporter.close();
  open = [];
});

const SNAPSHOT = '/api/v1/snapshot';
const snapshotOf = async (exporter: TestExporter, query = ''): Promise<SnapshotDocument> =>
  (
    await request(appOf(exporter))
      .get(SNAPSHOT + query)
      .expect(200)
  ).body as SnapshotDocument;

describe('the snapshot', () => {
  test('has a version, its times, and what the exporter is', async () => {
    const exporter = exporterOf();
    const before = Date.now() / 1000;
    const snapshot = await snapshotOf(exporter);
    expect(Object.keys(snapshot)).toEqual([
      ...['version', 'time', 'build', 'machine', 'collectors', 'sources', 'families'],
    ]);
    expect(snapshot.version).toBe(1);
    expect(snapshot.time.monotonic).toBeCloseTo(exporter.double.now(), 6);
    expect(snapshot.time.unix).toBeGreaterThanOrEqual(before);
    expect(snapshot.machine).toEqual({ origin: 'machine-file', name: M1 });
    expect(snapshot.build.node).toBe(process.version);
    // What the page's script reads of it is there.
    expect(snapshot satisfies Snapshot).toBe(snapshot);
  });

  test.each([M1, M5_MAX, 'VirtualMac2,1__vm__15.5__compile'])(
    'says of %s what /metrics says',
    async (name) => {
      const exporter = exporterOf(name);
      await exporter.page();
      exporter.step(12);
      const snapshot = await snapshotOf(exporter);
      const page = parse(await exporter.page(), 'text');
      const pick = ({ kind, help, samples: of }: { kind: string; help: string; samples: unknown }) => ({
        kind,
        help,
        samples: of,
      });
      const changing = /_duration_seconds$|^mac_(app|process)_/;
      const compare = (families: readonly (readonly [string, Parameters<typeof pick>[0]])[]) =>
        Object.fromEntries(
          families.filter(([family]) => !changing.test(family)).map(([family, of]) => [family, pick(of)]),
        );
      expect(compare(Object.entries(snapshot.families))).toEqual(compare([...page]));
    },
  );

  test('tells of each collector whether it is on this Mac, and the window of its means', async () => {
    const exporter = exporterOf('VirtualMac2,1__vm__15.5__compile');
    await snapshotOf(exporter);
    exporter.step(2);
    const { collectors } = await snapshotOf(exporter);
    const of = (name: string) => collectors.find(({ collector }) => collector === name);
    expect(of('gpu')).toMatchObject({ supported: false, window: null, failures: [], timedOut: [] });
    expect(of('cpu')).toMatchObject({ supported: true, success: true });
    expect(of('cpu')?.window).toBeCloseTo(2, 9);
  });

  test('names what failed, with its code and the remedy, at the collectors that it costs', async () => {
    const exporter = exporterOf();
    await snapshotOf(exporter);
    exporter.plan({
      calls: [{ function: 'host_statistics64', nth: 1, forever: true, how: 'fail', code: 5 }],
    });
    const { collectors, sources, families } = await snapshotOf(exporter);
    const failed = collectors.filter(({ success }) => !success);
    expect(failed.map(({ collector }) => collector)).toEqual(['memory']);
    expect(failed[0]!.failures).toEqual([
      expect.objectContaining({
        source: 'host',
        code: 5,
        call: expect.stringContaining('host_statistics64') as string,
        remedy: expect.stringMatching(/\w/) as string,
      }),
    ]);
    expect(sources.find(({ source }) => source === 'host')).toMatchObject({
      success: false,
      timedOut: false,
    });
    expect(families['mac_memory_used_bytes']).toBeUndefined();
    for (const { success, failures } of collectors) if (success) expect(failures).toEqual([]);
  });

  test('names the sources that did not answer in time', async () => {
    const exporter = exporterOf();
    await snapshotOf(exporter);
    exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] });
    const answer = await request(appOf(exporter))
      .get(SNAPSHOT)
      .set('X-Prometheus-Scrape-Timeout-Seconds', '0.7');
    const { collectors } = answer.body as SnapshotDocument;
    expect(collectors.find(({ collector }) => collector === 'energy')).toMatchObject({
      success: false,
      timedOut: ['ioreport'],
    });
    expect(collectors.find(({ collector }) => collector === 'memory')).toMatchObject({ timedOut: [] });
  });

  test('takes collect[] and exclude[], and refuses what is not on', async () => {
    const exporter = exporterOf();
    const energy = await snapshotOf(exporter, '?collect[]=energy');
    expect(energy.collectors.map(({ collector }) => collector)).toEqual(['energy']);
    expect(Object.keys(energy.families).every((name) => /^mac_(energy|.*power)_/.test(name))).toBe(true);
    const without = await snapshotOf(exporter, '?exclude[]=energy');
    expect(Object.keys(without.families)).not.toContain('mac_energy_joules_total');
    expect(without.collectors.length).toBeGreaterThan(5);
    const app = appOf(exporter);
    const unknown = await request(app).get(`${SNAPSHOT}?collect[]=nothing`).expect(400);
    expect(unknown.text).toMatch(/^No collector "nothing" is on; there are: gpu, /);
    await request(app).get(`${SNAPSHOT}?collect[]=gpu&exclude[]=os`).expect(400);
  });

  test('is JSON that nobody keeps, compressed for who asks, and answered to HEAD', async () => {
    const server = await serve().ready();
    try {
      const plain = await server.get(SNAPSHOT);
      expect(plain.headers['content-type']).toBe('application/json');
      expect(plain.headers['cache-control']).toBe('no-store');
      expect(plain.headers['x-content-type-options']).toBe('nosniff');
      const zipped = await server.get(SNAPSHOT, { headers: { 'Accept-Encoding': 'gzip' } });
      expect(zipped.headers['content-encoding']).toBe('gzip');
      expect(JSON.parse(gunzipSync(zipped.body).toString())).toHaveProperty('version', 1);
      expect(zipped.body.length).toBeLessThan(plain.body.length / 3);
      const head = await server.get(SNAPSHOT, { method: 'HEAD' });
      expect([head.status, head.text]).toEqual([200, '']);
      expect(Number(head.headers['content-length'])).toBeGreaterThan(1000);
    } finally {
      await server.stop('SIGTERM');
    }
  });

  test('more at once than allowed are told to come again', async () => {
    const exporter = exporterOf();
    await snapshotOf(exporter);
    exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] });
    const app = createApp(exporter.pages, { metricsPath: '/metrics', about: aboutThis(), maxRequests: 2 });
    const asked = Array.from({ length: 4 }, () =>
      request(app).get(SNAPSHOT).set('X-Prometheus-Scrape-Timeout-Seconds', '1.5'),
    );
    const codes = (await Promise.all(asked)).map(({ status }) => status).sort();
    expect(codes).toEqual([200, 200, 503, 503]);
  });
});

describe('an open page', () => {
  /** Scrapes every 15 s, with or without somebody who asks for a snapshot every other second. */
  const scraped = (machine: string, watched: boolean): Promise<readonly string[]> =>
    withExporter(machine, async (exporter) => {
      const pages = [await exporter.page()];
      for (let i = 0; i < 6; i++) {
        for (let second = 1; second <= 15; second++) {
          exporter.step(1);
          if (watched && second % 2 === 0) await snapshotOf(exporter);
        }
        pages.push(await exporter.page());
      }
      return pages;
    });

  /** What apps use is seen more often, and so is what is between two readings; the rest must be the same. */
  const lines = (page: string) =>
    page
      .split('\n')
      .filter((line) => !/^(# |mac_(app|process)_|metalstat_exporter_source_duration)/.test(line));

  test.each([M1, 'Mac15,12__m3__26.3__runs-out', M5_MAX])(
    'changes nothing of a scrape of %s',
    async (machine) => {
      const alone = await scraped(machine, false);
      const watched = await scraped(machine, true);
      for (const [i, page] of watched.entries()) expect(lines(page)).toEqual(lines(alone[i]!));
      expect(samples(alone[3]!).get('metalstat_exporter_window_seconds{collector="gpu"}')).toBeCloseTo(15, 6);
    },
  );

  test('has windows of its own, of a second or two, and one at once where somebody scrapes', async () => {
    const exporter = exporterOf();
    await exporter.page();
    exporter.step(14);
    const windowOf = async () =>
      (await snapshotOf(exporter)).collectors.find(({ collector }) => collector === 'gpu')?.window;
    expect(await windowOf()).toBeCloseTo(14, 6);
    for (let i = 0; i < 5; i++) {
      exporter.step(2);
      expect(await windowOf()).toBeCloseTo(2, 6);
    }
    exporter.step(61);
    expect(await windowOf()).toBeNull();
  });

  test('is the only one that asks: nothing is read after it is closed', async () => {
    const exporter = exporterOf();
    for (let i = 0; i < 3; i++) await snapshotOf(exporter);
    const calls = exporter.double.calls();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(exporter.double.calls()).toEqual(calls);
  });
});
