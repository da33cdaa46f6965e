// A Prometheus that finds a fleet by HTTP service discovery and has the project's rules, if they are there.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Program, ROOT } from '../process';

export interface Series<Value> {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: Value];
  readonly values: readonly (readonly [at: number, value: Value])[];
}
interface Answer<Data> {
  readonly status: string;
  readonly error?: string;
  readonly data: Data;
}

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

  /** An instant query; of a range vector it gives the samples as they are. */
  async query(query: string): Promise<readonly Series<string>[]> {
    return (await this.ask<{ result: readonly Series<string>[] }>('query', { query })).result;
  }

  async queryRange(query: string, seconds: number, step: number): Promise<readonly Series<string>[]> {
    const end = Date.now() / 1000;
    const span = { start: `${end - seconds}`, end: `${end}`, step: `${step}` };
    return (await this.ask<{ result: readonly Series<string>[] }>('query_range', { query, ...span })).result;
  }

  /** The rules that could not be evaluated, and how many there are. */
  async rules(): Promise<{ readonly all: number; readonly failed: readonly string[] }> {
    interface Group {
      readonly rules: readonly { readonly name: string; readonly lastError?: string }[];
    }
    const { groups } = await this.ask<{ groups: readonly Group[] }>('rules', {});
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

  private async ask<Data>(what: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const body = new URLSearchParams(parameters);
    const response =
      body.size === 0
        ? await fetch(`${this.url}/api/v1/${what}`)
        : await fetch(`${this.url}/api/v1/${what}`, { method: 'POST', body });
    const { status, error, data } = (await response.json()) as Answer<Data>;
    if (status !== 'success') throw new Error(`${parameters['query'] ?? what}: ${error}`);
    return data;
  }
}
