// A server as a process: started, and how long its first answer takes.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, ROOT } from '../../support/process';
import type { Target } from '../targets';
import { Client } from './client';

/** Milliseconds. */
const PATIENCE = 20_000;
const BETWEEN_TRIES = 1;

/** Node reads these certificates at its start, which takes it longer than the exporter needs for all the rest. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_EXTRA_CA_CERTS'));

export class Started {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(
    readonly target: Target,
    readonly port: number,
  ) {
    const [program, ...args] = target.command(port);
    this.#child = spawn(program, args, {
      cwd: ROOT,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (data: Buffer) => (this.#output += data.toString()));
  }

  /** Resolves with the first 200, and the milliseconds that it took from the start of the process. */
  static async start(target: Target): Promise<{ readonly server: Started; readonly milliseconds: number }> {
    const port = await freePort();
    const start = performance.now();
    const server = new Started(target, port);
    while (performance.now() - start < PATIENCE && server.#child.exitCode === null) {
      const status = await server.#tried();
      if (status === 200) return { server, milliseconds: performance.now() - start };
      await sleep(BETWEEN_TRIES);
    }
    await server.stop();
    throw new Error(`${target.name} does not answer:\n${server.#output}`);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #tried(): Promise<number | undefined> {
    let client: Client | undefined;
    try {
      client = await Client.open(this.port);
      return (await client.scrape()).status;
    } catch {
      return undefined;
    } finally {
      client?.close();
    }
  }
}
