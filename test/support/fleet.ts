// A fleet of simulated Macs, served over HTTP on this computer: an exporter for each, the real addon, the real page.
// Every page says origin="machine-file".

import type { Scraped } from './fleet/mac';
import { freePort, Program } from './process';

export interface Cost {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly threads: number;
  readonly descriptors: number;
}

export class Fleet {
  private constructor(
    private readonly programs: readonly Program[],
    private readonly urls: readonly string[],
  ) {}

  /** `parts` processes share the Macs: each Mac has about ten threads. */
  static async start(macs: number, parts = Math.ceil(macs / 150)): Promise<Fleet> {
    const programs: Program[] = [];
    const urls: string[] = [];
    const fleet = new Fleet(programs, urls);
    try {
      for (let part = 0; part < parts; part++) {
        const port = await freePort();
        const given = Object.entries({ port, macs, part, parts }).flatMap(([key, value]) => [
          `--${key}`,
          `${value}`,
        ]);
        programs.push(
          new Program(process.execPath, ['--import', 'tsx', 'test/support/fleet/serve.ts', ...given]),
        );
        urls.push(`http://127.0.0.1:${port}`);
      }
      for (const [part, program] of programs.entries()) await program.answers(`${urls[part]!}/sd`, 120);
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  /** Where Prometheus finds the Macs: for `http_sd_configs`. */
  get discovery(): readonly string[] {
    return this.urls.map((url) => `${url}/sd`);
  }

  /** When each Mac was scraped, in seconds of its file's life, by its instance. */
  async clocks(): Promise<ReadonlyMap<string, readonly Scraped[]>> {
    const all = await this.ask<Readonly<Record<string, readonly Scraped[]>>>('clocks');
    return new Map(all.flatMap((part) => Object.entries(part)));
  }

  /** Of each process. */
  costs(): Promise<Cost[]> {
    return this.ask<Cost>('cost');
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
  }

  private ask<T>(what: string): Promise<T[]> {
    return Promise.all(this.urls.map(async (url) => (await (await fetch(`${url}/${what}`)).json()) as T));
  }
}
