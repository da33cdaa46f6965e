// Prometheus and Alertmanager on the configuration files that are shipped, with the addresses of a test.

import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort, Program, ROOT } from './process';

const DASHBOARDS = join(ROOT, 'dashboards');

/** A shipped file in which names and addresses are replaced by others; each must be there. */
export function shipped(file: string, replaced: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(join(DASHBOARDS, file), 'utf8');
  for (const [from, to] of Object.entries(replaced)) {
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Durations of a configuration, each divided; a second at least where Prometheus would scrape or evaluate. */
export function faster(yaml: string, by: number): string {
  return yaml.replaceAll(
    /^(\s*(?:- )?\w*(?:interval|wait): )(\d+)([smh])$/gm,
    (_, key: string, count: string, unit: string) => {
      const seconds = (Number(count) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h']) / by;
      return `${key}${/(scrape|evaluation)_interval/.test(key) ? '1s' : `${Math.round(seconds * 1000)}ms`}`;
    },
  );
}

export class Stack {
  readonly #programs: Program[] = [];
  /** Exporters by address. */
  readonly #exporters = new Map<string, Program>();

  constructor(private readonly folder: string) {}

  async start(
    command: string,
    args: readonly string[],
    url: string,
    env?: NodeJS.ProcessEnv,
  ): Promise<Program> {
    const program = new Program(command, args, { ...process.env, ...env });
    this.#programs.push(program);
    await program.answers(url);
    return program;
  }

  /** Starts Prometheus; gives its URL. */
  async prometheus(name: string, config: string, flags: readonly string[] = []): Promise<string> {
    const address = `127.0.0.1:${await freePort()}`;
    const storage = join(this.folder, name);
    mkdirSync(storage, { recursive: true });
    await this.start(
      'prometheus',
      [
        `--config.file=${this.write(`${name}.yaml`, config)}`,
        `--storage.tsdb.path=${storage}`,
        `--web.listen-address=${address}`,
        ...flags,
      ],
      `http://${address}/-/ready`,
    );
    return `http://${address}`;
  }

  async alertmanager(config: string): Promise<string> {
    const address = `127.0.0.1:${await freePort()}`;
    await this.start(
      'prometheus-alertmanager',
      [
        `--config.file=${this.write('alertmanager.yaml', config)}`,
        `--storage.path=${join(this.folder, 'alertmanager')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      `http://${address}/-/ready`,
    );
    return address;
  }

  /** Starts an exporter as a user would; gives its address. */
  async exporter(args: readonly string[]): Promise<string> {
    const address = `127.0.0.1:${await freePort()}`;
    const program = await this.start(
      'node',
      [join(ROOT, 'dist', 'main.js'), 'serve', '--web.listen-address', address, ...args],
      `http://${address}/-/ready`,
    );
    this.#exporters.set(address, program);
    return address;
  }

  write(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  async stopExporter(address: string): Promise<void> {
    await this.#exporters.get(address)!.stop();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.splice(0).map((program) => program.stop()));
  }
}

/** What tests change of Prometheus' configuration. */
export interface PrometheusConfig {
  readonly global: { scrape_interval: string };
  readonly scrape_configs: readonly { readonly static_configs: readonly { targets: string[] }[] }[];
}

export function edited(yaml: string, edit: (config: PrometheusConfig) => void): string {
  const value = parse(yaml) as PrometheusConfig;
  edit(value);
  return stringify(value, { lineWidth: 0 });
}

export interface Told {
  readonly receiver: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A pager: keeps what Alertmanager tells it. */
export class Webhook {
  readonly told: Told[] = [];
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        response.end();
        const { alerts } = JSON.parse(body) as { readonly alerts: readonly Omit<Told, 'receiver'>[] };
        for (const alert of alerts) this.told.push({ receiver: request.url!.slice(1), ...alert });
        for (const look of this.#waiting) look();
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The first alert told that is as given. */
  async until(is: (alert: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = this.told.find(is);
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
      this.#waiting.clear();
    }
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
