// A real Prometheus scrapes every machine file, in OpenMetrics as it asks for by itself.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createExporter, type Exporter } from '../../src';
import { machineNames, MACHINES } from '../support/machines';
import { freePort, Program } from '../support/process';

const folder = mkdtempSync(join(tmpdir(), 'metalstat-'));
const exporters: Exporter[] = [];
const servers: Server[] = [];
const contentTypes = new Map<string, string>();
let prometheus: Program;
let url = '';

beforeAll(async () => {
  const jobs: string[] = [];
  for (const name of machineNames) {
    const exporter = createExporter({ machine: join(MACHINES, `${name}.json`) });
    exporters.push(exporter);
    await exporter.ready;
    const server = createServer((request, response) => {
      void exporter.handler(request, response).then(() => {
        contentTypes.set(name, String(response.getHeader('content-type')));
      });
    });
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    jobs.push(
      `  - {job_name: '${name}', scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:${port}']}]}`,
    );
  }
  writeFileSync(join(folder, 'prometheus.yaml'), `scrape_configs:\n${jobs.join('\n')}\n`);
  const address = `127.0.0.1:${await freePort()}`;
  url = `http://${address}`;
  prometheus = new Program('prometheus', [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  await prometheus.answers(`${url}/-/ready`);
  // Prometheus hands new targets to its scrapers every 5 s.
  for (let second = 0; second < 30 && contentTypes.size < machineNames.length; second++) await sleep(1_000);
  await sleep(1_000);
}, 60_000);

afterAll(async () => {
  await prometheus.stop();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  for (const exporter of exporters) exporter.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Targets {
  readonly data: {
    readonly activeTargets: readonly { scrapePool: string; health: string; lastError: string }[];
  };
}

test('every target is up, without an error', async () => {
  const { data } = (await (await fetch(`${url}/api/v1/targets`)).json()) as Targets;
  expect(
    data.activeTargets.map(({ scrapePool, health, lastError }) => [scrapePool, health, lastError]).sort(),
  ).toEqual(machineNames.map((name) => [name, 'up', '']));
});

test.each(machineNames)('%s was scraped in OpenMetrics', (name) => {
  expect(contentTypes.get(name)).toContain('application/openmetrics-text');
});
