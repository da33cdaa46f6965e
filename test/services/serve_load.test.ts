// 1., 22. and 23. under load: 300 slow sockets, 500 wrong logins a second and 50 scrapes at once, over TLS. A right scrape
// still answers in under a second, and what the server held for all of them is given back.
//
// Each side is a process of its own, so that no other's waiting is measured. Of Linux: /proc, and 127.0.0.2 to 127.0.0.4.

import { hashSync } from 'bcryptjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, Process, scratch, script } from '../support/command';
import { heldBy, weighable, type Held } from '../support/held';
import type { Flooded, FloodOrder } from '../support/scripts/flood';
import type { Scraped, ScrapeOrder } from '../support/scripts/scraper';
import { serve, type Serving } from '../support/serving';
import { certificate } from '../support/tls';

const PATIENCE = 120_000;
const SLOW_SOCKETS = 300;
const LOGINS_PER_SECOND = 500;
const AT_ONCE = 50;
/** Milliseconds, and right scrapes that are looked at. */
const LASTS = 10_000;
const LOOKED_AT = 20;
/** Of the loads before, which fill caches and pools. */
const WARM = 3_000;
const MB = 2 ** 20;

let server: Serving;
let scraper: Process;
let crowd: Process;
let order: Pick<ScrapeOrder, 'url' | 'auth'>;

beforeAll(async () => {
  const { cert, key } = certificate('server');
  const file = scratch(
    'load.yml',
    `tls_server_config:\n  cert_file: ${cert}\n  key_file: ${key}\nbasic_auth_users:\n` +
      ['alice', 'bob'].map((user) => `  ${user}: ${hashSync('secret', 10)}\n`).join(''),
  );
  // By default 40: the others of 50 at once would be told to come again.
  const args = ['--web.config.file', file, '--web.max-requests', '100'];
  server = await serve(args, { node: weighable(), patience: PATIENCE }).listening();
  const client = script('scraper');
  scraper = new Process(client, [], { patience: PATIENCE });
  crowd = new Process(client, [], { patience: PATIENCE });
  order = { url: `${server.url}/metrics`, auth: 'bob:secret' };
}, 30_000);

afterAll(async () => {
  for (const client of [scraper, crowd]) client.send({ stop: true });
  await server.stop('SIGTERM');
  cleanUp();
});

interface Load {
  readonly flooded: Flooded;
  /** Of the scrapes that are looked at, and of those at once. */
  readonly scraped: Scraped;
  readonly crowded: Scraped;
}

async function load(lasts: number, lookedAt: number): Promise<Load> {
  const flood = new Process(script('flood'), [], { patience: PATIENCE });
  flood.send({
    port: server.port,
    slowSockets: SLOW_SOCKETS,
    loginsPerSecond: LOGINS_PER_SECOND,
  } satisfies FloodOrder);
  await sleep(1_000);
  const many: ScrapeOrder = { ...order, scrapes: AT_ONCE, together: AT_ONCE, fresh: 2, gzip: 2 };
  const few: ScrapeOrder = { ...order, scrapes: lookedAt, every: lasts / lookedAt, fresh: 2 };
  const crowds: Scraped[] = [];
  const scraping = scraper.ask<Scraped>(few);
  const end = performance.now() + lasts;
  while (performance.now() < end) {
    crowds.push(await crowd.ask<Scraped>(many));
    await sleep(500);
  }
  const scraped = await scraping;
  const flooded = await flood.ask<Flooded>({ stop: true });
  await flood.ended;
  return { flooded, scraped, crowded: together(crowds) };
}

const together = (all: readonly Scraped[]): Scraped => ({
  milliseconds: all.flatMap(({ milliseconds }) => milliseconds),
  statuses: all
    .flatMap(({ statuses }) => Object.entries(statuses))
    .reduce<Record<string, number>>((sum, [code, n]) => ({ ...sum, [code]: (sum[code] ?? 0) + n }), {}),
  bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
});

/** Once the last connections are closed. */
async function settled(): Promise<Held> {
  await sleep(2_000);
  return heldBy(server);
}

test('23. a right scrape answers in under a second, and what was held is given back', async () => {
  expect((await scraper.ask<Scraped>({ ...order, scrapes: 20 })).statuses).toEqual({ 200: 20 });
  await load(WARM, 6);
  await load(WARM, 6);
  const before = await settled();
  const { flooded, scraped, crowded } = await load(LASTS, LOOKED_AT);
  const after = await settled();

  // The load was what it is said to be; a slow socket is closed by the server, and another opened.
  expect(flooded.sent).toBeGreaterThan((LOGINS_PER_SECOND * LASTS) / 1_000);
  expect(Object.keys(flooded.statuses).sort()).toEqual(['401', '429']);
  expect(flooded.fewest).toBeGreaterThan(SLOW_SOCKETS / 3);
  expect(crowded.statuses).toEqual({ 200: crowded.milliseconds.length });
  expect(crowded.milliseconds.length).toBeGreaterThan(5 * AT_ONCE);

  expect(scraped.statuses).toEqual({ 200: LOOKED_AT });
  expect(Math.max(...scraped.milliseconds)).toBeLessThan(1_000);

  expect([after.files, after.sockets]).toEqual([before.files, before.sockets]);
  expect(after.heap + after.external - before.heap - before.external).toBeLessThan(2 * MB);
  // The allocator keeps some of what it got, and gives back the rest late.
  expect(after.resident - before.resident).toBeLessThan(32 * MB);
}, 90_000);
