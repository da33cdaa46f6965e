// Prometheus' storage: blocks that promtool makes of samples, and a server on it.

import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, Program } from '../process';

export async function promtool(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('promtool', args, { maxBuffer: 64 * 2 ** 20 });
}

/** Puts OpenMetrics lines with times into the storage; gives how many lines there were. */
export async function addBlocks(
  folder: string,
  texts: AsyncIterable<string> | Iterable<string>,
): Promise<number> {
  const file = join(folder, 'samples.om');
  const descriptor = openSync(file, 'w');
  let lines = 0;
  try {
    for await (const text of texts) {
      writeSync(descriptor, text);
      lines += text.split('\n').length - 1;
    }
    writeSync(descriptor, '# EOF\n');
    closeSync(descriptor);
    await promtool('tsdb', 'create-blocks-from', '--quiet', 'openmetrics', file, folder);
  } finally {
    rmSync(file, { force: true });
  }
  return lines;
}

export interface Served {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A Prometheus that scrapes nothing, on the storage. */
export async function serveStorage(folder: string): Promise<Served> {
  const config = join(folder, 'empty.yaml');
  writeFileSync(config, 'scrape_configs: []\n');
  const address = `127.0.0.1:${await freePort()}`;
  const server = new Program('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}`,
    `--storage.tsdb.retention.time=10y`,
    `--web.listen-address=${address}`,
  ]);
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(config, { force: true });
  };
  try {
    await server.answers(`http://${address}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${address}`, stop };
}

export async function withPrometheus(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  const { url, stop } = await serveStorage(folder);
  try {
    await use(url);
  } finally {
    await stop();
  }
}
