// 20,000 scrapes and 4,000 over TLS with a password: by connections that are kept and by new ones, plain and gzip. What the
// servers hold after the first quarter is what they hold at the end.
//
// Of Linux: /proc.

import { hashSync } from 'bcryptjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, Process, scratch, script } from '../support/command';
import { heldBy, weighable, type Held } from '../support/held';
import type { Scraped, ScrapeOrder } from '../support/scripts/scraper';
import { serve, type Serving } from '../support/serving';
import { certificate } from '../support/tls';

const PATIENCE = 200_000;
/** Of each server, between two looks at what it holds. */
const PLAIN = 1_000;
const TLS = 200;
const LOOKS = 20;
/** Looks while caches fill: 5,000 scrapes of the first server. */
const WARM = 5;
const MB = 2 ** 20;

afterAll(cleanUp);

interface Target {
  readonly server: Serving;
  readonly client: Process;
  readonly order: ScrapeOrder;
  readonly held: Held[];
}

async function targetOf(args: readonly string[], order: Omit<ScrapeOrder, 'url'>): Promise<Target> {
  const server = await serve(args, { node: weighable(), patience: PATIENCE }).listening();
  const client = new Process(script('scraper'), [], { patience: PATIENCE });
  return { server, client, order: { ...order, url: `${server.url}/metrics` }, held: [] };
}

async function scrapeAndLook({ server, client, order, held }: Target): Promise<void> {
  const { statuses } = await client.ask<Scraped>(order);
  expect(statuses).toEqual({ 200: order.scrapes });
  // The last connections are closed then.
  await sleep(100);
  held.push(await heldBy(server));
}

/** From the first to the last, by least squares: no single value decides. */
function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const weights = values.map((_, i) => i - middle);
  const along = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  const square = weights.reduce((sum, weight) => sum + weight * weight, 0);
  return (along / square) * (values.length - 1);
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

test('20,000 scrapes leave nothing behind', async () => {
  const { cert, key } = certificate('server');
  const file = scratch(
    'soak.yml',
    `tls_server_config:\n  cert_file: ${cert}\n  key_file: ${key}\nbasic_auth_users:\n  alice: ${hashSync('secret', 10)}\n`,
  );
  const kinds = { together: 4, fresh: 3, gzip: 2 };
  const targets = [
    await targetOf([], { scrapes: PLAIN, ...kinds }),
    await targetOf(['--web.config.file', file], { scrapes: TLS, ...kinds, auth: 'alice:secret' }),
  ];
  for (let i = 0; i < LOOKS; i++) await Promise.all(targets.map(scrapeAndLook));
  for (const { held, client, server } of targets) {
    const warm = held.slice(WARM);
    // One connection may wait to be closed.
    expect(spread(warm.map(({ files }) => files))).toBeLessThanOrEqual(1);
    expect(spread(warm.map(({ sockets }) => sockets))).toBeLessThanOrEqual(1);
    // 100 bytes a scrape of the first server would be 1.5 MB in its heap; 3 KB would be 45 MB in its memory.
    expect(growth(warm.map(({ heap, external }) => heap + external))).toBeLessThan(MB);
    expect(growth(warm.map(({ resident }) => resident))).toBeLessThan(16 * MB);
    client.send({ stop: true });
    expect((await server.stop('SIGTERM')).code).toBe(0);
  }
}, 180_000);
