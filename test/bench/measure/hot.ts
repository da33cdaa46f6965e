// As many scrapes as a server can answer: wrk, 8 connections, the servers in turn.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from './client';
import { cpuTime, memory } from './process';
import type { Started } from './start';

const run = promisify(execFile);
const CONNECTIONS = 8;

export interface Hot {
  /** Nanoseconds of CPU a scrape, by round. */
  readonly cpu: number[];
  readonly scrapesASecond: number[];
}

export async function hot(
  servers: readonly Started[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  tell: (line: string) => void,
): Promise<Map<Started, Hot>> {
  const found = new Map(servers.map((server): [Started, Hot] => [server, { cpu: [], scrapesASecond: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [{ port, pid, target }, { cpu, scrapesASecond }] of found) {
      const before = cpuTime(pid);
      const { stdout } = await run('wrk', [
        '-t1',
        `-c${CONNECTIONS}`,
        `-d${seconds}s`,
        `http://127.0.0.1:${port}/metrics`,
      ]);
      const scrapes = Number(/(\d+) requests in/.exec(stdout)?.[1]);
      const failed = /Non-2xx.*|Socket errors.*/.exec(stdout)?.[0];
      if (failed !== undefined) throw new Error(`${target.name}: ${failed}`);
      cpu.push((cpuTime(pid) - before) / scrapes);
      scrapesASecond.push(scrapes / seconds);
    }
    tell(`wrk: round ${round + 1} of ${rounds}`);
  }
  return found;
}

/**
 * Resident bytes after so many more scrapes, one after the other on each connection, by what they were after as many before
 * them: at rest a server holds less, and gets it back with the first load.
 */
export async function soak({ port, pid }: Started, scrapes: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => Client.open(port)));
  const afterScrapes = async () => {
    let left = scrapes;
    await Promise.all(
      clients.map(async (client) => {
        while (left-- > 0) await client.scrape();
      }),
    );
    return memory(pid).resident;
  };
  const before = await afterScrapes();
  const after = await afterScrapes();
  for (const client of clients) client.close();
  return after / before;
}
