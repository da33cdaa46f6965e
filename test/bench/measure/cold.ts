// Scrapes as a Prometheus makes them: one a second to each server, all servers in turn, on connections that stay open.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client';
import { cpuTime, memory, type Memory } from './process';
import type { Started } from './start';

export interface ColdRun {
  readonly rounds: number;
  readonly scrapesARound: number;
  /** Milliseconds between two scrapes of a server. */
  readonly period: number;
  /** Scrapes after which memory is read. */
  readonly memoryAfter: number;
}

/** Of one server; a list of latencies a round, in milliseconds. */
export interface Cold {
  readonly latencies: number[][];
  /** Nanoseconds a scrape, by round: what the process used more than it uses between scrapes. */
  readonly cpu: number[];
  /** Nanoseconds from one scrape to the next, by round. */
  readonly cpuOfAll: number[];
  memory: Memory | undefined;
}

/** Scrapes that are not counted: the first of a process are slower. */
const WARM_UP = 10;

/** Splits the time of a process in two: while it answers and cleans up, and while others are asked. */
class Meter {
  readonly #busy = { cpu: 0, time: 0 };
  readonly #rest = { cpu: 0, time: 0 };
  #last: { cpu: number; time: number } | undefined;

  constructor(private readonly pid: number) {}

  scrapes(): void {
    this.#add(this.#rest);
  }

  rests(): void {
    this.#add(this.#busy);
  }

  /** Nanoseconds of so many scrapes, with and without what it uses anyway; begins anew. */
  take(scrapes: number): { all: number; own: number } {
    this.scrapes();
    const [busy, rest] = [this.#busy, this.#rest];
    const own = busy.cpu - (rest.cpu / rest.time) * busy.time;
    const all = busy.cpu + rest.cpu;
    for (const sum of [busy, rest]) Object.assign(sum, { cpu: 0, time: 0 });
    return { all: all / scrapes, own: own / scrapes };
  }

  #add(to: { cpu: number; time: number }): void {
    const now = { cpu: cpuTime(this.pid), time: performance.now() };
    if (this.#last) {
      to.cpu += now.cpu - this.#last.cpu;
      to.time += now.time - this.#last.time;
    }
    this.#last = now;
  }
}

export async function cold(
  servers: readonly Started[],
  run: ColdRun,
  tell: (line: string) => void,
): Promise<Map<Started, Cold>> {
  const clients = await Promise.all(servers.map(({ port }) => Client.open(port)));
  const meters = servers.map(({ pid }) => new Meter(pid));
  const found = servers.map((): Cold => ({ latencies: [], cpu: [], cpuOfAll: [], memory: undefined }));
  const slot = run.period / servers.length;
  let due = performance.now();
  const scrapeAll = async (each: (server: number, latency: number) => void) => {
    for (const [i, client] of clients.entries()) {
      due = Math.max(due + slot, performance.now());
      await sleep(due - performance.now());
      meters.at(i - 1)!.rests();
      meters[i]!.scrapes();
      const { status, latency } = await client.scrape();
      if (status !== 200) throw new Error(`${servers[i]!.target.name} answers ${status}`);
      each(i, latency);
    }
  };
  for (let i = 0; i < Math.min(WARM_UP, run.scrapesARound); i++) await scrapeAll(() => undefined);
  for (const meter of meters) meter.take(1);
  for (let round = 0; round < run.rounds; round++) {
    for (const { latencies } of found) latencies.push([]);
    for (let i = 1; i <= run.scrapesARound; i++) {
      await scrapeAll((server, latency) => found[server]!.latencies[round]!.push(latency));
      if (round * run.scrapesARound + i === run.memoryAfter)
        for (const [server, { pid }] of servers.entries()) found[server]!.memory = memory(pid);
    }
    // The last one has its time, too.
    await sleep(slot);
    meters.at(-1)!.rests();
    for (const [i, meter] of meters.entries()) {
      const { all, own } = meter.take(run.scrapesARound);
      found[i]!.cpu.push(own);
      found[i]!.cpuOfAll.push(all);
    }
    tell(`1 a second: round ${round + 1} of ${run.rounds}`);
  }
  for (const [i, { pid }] of servers.entries()) found[i]!.memory ??= memory(pid);
  for (const client of clients) client.close();
  return new Map(servers.map((server, i) => [server, found[i]!]));
}
