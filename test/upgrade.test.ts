// npm and brew upgrade in place: what a server was started from is taken away while it runs.

import { hashSync } from 'bcryptjs';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, ROOT, scratch, SCRATCH } from './support/command';
import { samples } from './support/exporter';
import { Serving } from './support/serving';
import { certificate, curl, handshake } from './support/tls';

const PARTS = [
  'dist',
  'build/Release/double.node',
  'package.json',
  'README.md',
  'src/metrics',
  'test/machines',
];

afterAll(cleanUp);

/** The package with what it depends on, as a user has it. */
function install(): string {
  const folder = join(SCRATCH, 'installed');
  const { stdout } = spawnSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const modules = stdout
    .split('\n')
    .filter((line) => line.includes('node_modules'))
    .map((path) => relative(ROOT, path));
  for (const part of [...PARTS, ...modules])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, dereference: true });
  return folder;
}

test('without its package a server has every route, a reload, logins and new TLS connections', async () => {
  const folder = install();
  const main = join(folder, 'dist', 'main.js');
  const { cert, key } = certificate('before');
  const web = scratch(
    'web.yml',
    `tls_server_config: { cert_file: ${cert}, key_file: ${key} }\nbasic_auth_users: { alice: ${hashSync('secret', 4)} }\n`,
  );
  const config = scratch('config.yml', 'collector.fan: true\n');
  const args = ['--machine', 'any', '--web.listen-address', '127.0.0.1:0', '--config.file', config];
  const server = await new Serving([...args, '--web.config.file', web], { main }).listening();
  const login = ['-u', 'alice:secret'];
  const get = (path: string, ...more: readonly string[]) => curl(server.url + path, ...login, ...more);
  // Nothing but this is asked before: what is loaded by the first of anything would not be there.
  while (curl(`${server.url}/-/ready`, ...login).status !== 200) await sleep(20);

  rmSync(folder, { recursive: true });
  expect(existsSync(main)).toBe(false);

  const page = get('/');
  expect(page.status).toBe(200);
  const linked = [...page.text.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, path]) => `/${path}`);
  expect(linked.length).toBeGreaterThan(5);
  for (const path of [
    ...linked,
    '/-/healthy',
    '/-/ready',
    '/api/v1/snapshot',
    '/docs/README.md',
    '/docs/METRICS.md',
  ])
    expect([path, get(path).status]).toEqual([path, 200]);
  expect(get('/nothing').status).toBe(404);
  expect(get('/metrics', '-X', 'POST').status).toBe(405);
  expect(get('/metrics?collect[]=nothing', '-g').status).toBe(400);
  expect(get('/metrics', '--compressed').text).toContain('mac_fan_speed_rpm');
  expect(get('/metrics', '-H', 'Accept: application/openmetrics-text').text).toMatch(/# EOF\n$/);
  expect(curl(`${server.url}/metrics`, '-u', 'alice:wrong').status).toBe(401);
  expect(curl(`${server.url}/metrics`, '-u', 'nobody:wrong').status).toBe(401);

  writeFileSync(config, 'collector.fan: false\n');
  server.kill('SIGHUP');
  await server.until(/^The configuration was read again\.$/m);
  const { text } = get('/metrics');
  expect(text).not.toContain('mac_fan_speed_rpm');
  expect(samples(text).get('metalstat_exporter_config_last_reload_successful')).toBe(1);
  expect(samples(text).get('memory_pressure_level')).toEqual(expect.any(Number));
  expect(get('/').status).toBe(200);
  writeFileSync(config, 'collector.fun: false\n');
  server.kill('SIGHUP');
  await sleep(500);
  expect(samples(get('/metrics').text).get('metalstat_exporter_config_last_reload_successful')).toBe(0);

  const renewed = certificate('after');
  writeFileSync(cert, readFileSync(renewed.cert));
  writeFileSync(key, readFileSync(renewed.key));
  await sleep(1_200);
  expect(handshake(server.port)).toMatch(/subject=CN = after/);
  expect(get('/metrics').status).toBe(200);

  const { code, stderr } = await server.stop('SIGTERM');
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/the configuration stays as it was: .*collector\.fun/),
  ]);
  expect(code).toBe(0);
}, 60_000);
