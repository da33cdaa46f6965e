// Scrapes of a Mac that stays as it is leave nothing behind: ten thousand of them, on the command as it runs for months.

import { Client } from './bench/measure/client';
import { cleanUp, script } from './support/command';
import { Serving } from './support/serving';
import type { Garbage } from './support/scripts/garbage';

const SCRAPES = 10_000;
/** Until then caches fill and functions are compiled. */
const WARM_UP = 2_000;
/** Bytes, a hundred a scrape: V8's own, such as code that is compiled now or thrown away, goes up and down by half of it. */
const GROWTH = 1_000_000;
/** One in four scrapes; one in five was measured. The young generation has 1 MiB, and a page is text, and windows. */
const SCAVENGES = 2_500;

let serving: Serving;
let client: Client;

beforeAll(async () => {
  serving = new Serving(['--machine', 'any', '--web.listen-address', '127.0.0.1:0'], {
    node: ['--expose-gc', '-r', script('garbage')],
    patience: 240_000,
  });
  await serving.ready();
  client = await Client.open(serving.port);
});
afterAll(() => {
  client.close();
  cleanUp();
});

async function scrape(times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect((await client.scrape()).status).toBe(200);
}

test('10,000 scrapes leave nothing in the old generation, and fill the young one at most 2,500 times', async () => {
  await scrape(WARM_UP);
  const before = await serving.ask<Garbage>({});
  await scrape(SCRAPES);
  const after = await serving.ask<Garbage>({});

  expect(after.old - before.old).toBeLessThan(GROWTH);
  expect(after.scavenges - before.scavenges).toBeLessThanOrEqual(SCAVENGES);
}, 240_000);
