// A Prometheus that finds a fleet by HTTP service discovery and has the project's rules, if they are there.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Program, ROOT } from '../process';
import { ask, query, queryRange, type Series } from '../prometheus_api';

const RULES = ['recording.yaml', 'alerts.yaml']
  .map((file) => join(ROOT, 'dashboards', 'prometheus', file))
  .filter(existsSync);

/** Clock ticks a second, in which Linux counts CPU time. */
const USER_HZ = 100;

export class FleetPrometheus {
  private constructor(
    private readonly folder: string,
    private readonly server: Program,
    private readonly url: string,
  ) {}

  /** `interval` in seconds, of scrapes and of rules. */
  static async start(discovery: readonly string[], interval: number): Promise<FleetPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'metalstat-fleet-'));
    const config = join(folder, 'prometheus.json'); // which is YAML
    const every = `${interval}s`;
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
        rule_files: RULES,
        scrape_configs: [
          {
            job_name: 'mac',
            http_sd_configs: discovery.map((url) => ({ url, refresh_interval: '30s' })),
          },
        ],
      }),
    );
    const address = `127.0.0.1:${await freePort()}`;
    const server = new Program('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ]);
    const prometheus = new FleetPrometheus(folder, server, `http://${address}`);
    try {
      await server.answers(`http://${address}/-/ready`);
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
    return prometheus;
  }

  query(promql: string): Promise<readonly Series[]> {
    return query(this.url, promql);
  }

  /** Of the last so many seconds. */
  queryRange(promql: string, seconds: number, step: number): Promise<readonly Series[]> {
    const end = Date.now() / 1000;
    return queryRange(this.url, promql, { start: end - seconds, end }, step);
  }

  /** The rules that could not be evaluated, and how many there are. */
  async rules(): Promise<{ readonly all: number; readonly failed: readonly string[] }> {
    interface Group {
      readonly rules: readonly { readonly name: string; readonly lastError?: string }[];
    }
    const { groups } = await ask<{ groups: readonly Group[] }>(this.url, 'rules');
    const rules = groups.flatMap((group) => group.rules);
    return {
      all: rules.length,
      failed: rules.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : [])),
    };
  }

  /** One of its own metrics, over all labels. */
  async own(name: string): Promise<number> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    const values = [...page.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
    if (values.length === 0) throw new Error(`Prometheus has no metric ${name}`);
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  cost(): { readonly cpuSeconds: number; readonly rssBytes: number } {
    const proc = (file: string) => readFileSync(`/proc/${this.server.child.pid}/${file}`, 'utf8');
    const [user, system] = proc('stat')
      .replace(/^.*\) /, '')
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return {
      cpuSeconds: (user! + system!) / USER_HZ,
      rssBytes: 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(proc('status'))?.[1]),
    };
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
