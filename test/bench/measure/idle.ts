// What servers do while nobody asks.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client';
import { cpuTime, wakeups } from './process';
import type { Started } from './start';

export interface Idle {
  readonly wakeupsASecond: number;
  /** Nanoseconds of CPU a second. */
  readonly cpu: number;
}

/** For `seconds`, once `settles` milliseconds have passed. */
export async function idle(
  servers: readonly Started[],
  seconds: number,
  settles: number,
): Promise<Map<Started, Idle>> {
  for (const { port } of servers) {
    const client = await Client.open(port);
    for (let i = 0; i < 3; i++) await client.scrape();
    client.close();
  }
  await sleep(settles);
  const counted = () =>
    servers.map(({ pid }) => ({ at: performance.now(), woken: wakeups(pid), cpu: cpuTime(pid) }));
  const before = counted();
  await sleep(seconds * 1000);
  const after = counted();
  return new Map(
    servers.map((server, i) => {
      const [from, to] = [before[i]!, after[i]!];
      const passed = (to.at - from.at) / 1000;
      return [
        server,
        { wakeupsASecond: (to.woken - from.woken) / passed, cpu: (to.cpu - from.cpu) / passed },
      ];
    }),
  );
}
