// A Prometheus on hours of history of a simulated fleet.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HERE } from './build';

const ROOT = join(HERE, '..', '..');
const PATIENCE = 60_000;

export interface HistoryServer {
  readonly prometheus: string;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  stop: () => Promise<void>;
}

export async function historyServer(hours: number): Promise<HistoryServer> {
  const folder = mkdtempSync(join(tmpdir(), 'metalstat-exporter-pictures-'));
  try {
    const to = Date.now();
    const storage = join(folder, 'storage');
    await makeHistory(storage, hours);
    const { prometheus, stop } = await startPrometheus(folder, storage);
    const end = async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { prometheus, from: to - hours * 3_600_000, to, stop: end };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** As a process of its own: it is made with the packages of the top level. */
async function makeHistory(storage: string, hours: number): Promise<void> {
  const args = [
    '--import',
    'tsx',
    join('test', 'support', 'history.ts'),
    '--hours',
    String(hours),
    '--out',
    storage,
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error(`test/support/history.ts ended with exit code ${code}: run npm ci at the top level`);
}

async function startPrometheus(folder: string, storage: string) {
  const config = join(folder, 'prometheus.json');
  writeFileSync(config, '{}');
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${storage}`,
      '--storage.tsdb.retention.time=10y',
      `--web.listen-address=${new URL(url).host}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const failed = new Promise<never>((_, reject) =>
    child.once('error', (error) => {
      reject(new Error(`prometheus cannot be started: install it and put it on the PATH (${error.message})`));
    }),
  );
  await Promise.race([ready(url), failed]);
  return {
    prometheus: url,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function ready(url: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const response = await fetch(`${url}/-/ready`).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`${url} is not ready after ${PATIENCE / 1000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
