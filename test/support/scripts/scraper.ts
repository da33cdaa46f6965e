// A Prometheus, or many, as a process of its own: scrapes, and how long each took.

import { Agent as PlainAgent, get as getPlain, type Agent, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, get as getTls } from 'node:https';

interface Stop {
  readonly stop: true;
}

export interface ScrapeOrder {
  readonly url: string;
  readonly auth?: string;
  readonly scrapes: number;
  /** How many at once. */
  readonly together?: number;
  /** Milliseconds from one to the next; as fast as it goes without. */
  readonly every?: number;
  /** Every so many scrapes use a new connection. */
  readonly fresh?: number;
  /** Every so many ask for gzip. */
  readonly gzip?: number;
}

export interface Scraped {
  readonly milliseconds: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytes: number;
}

process.on('message', (order: ScrapeOrder | Stop) => {
  if ('stop' in order) process.disconnect();
  else void scrape(order).then((scraped) => process.send!(scraped));
});

/** Connections that are kept are closed at the end. */
async function scrape(order: ScrapeOrder): Promise<Scraped> {
  const options = { keepAlive: true, rejectUnauthorized: false };
  const agent = order.url.startsWith('https:') ? new TlsAgent(options) : new PlainAgent(options);
  const { scrapes, together = 1, every } = order;
  const milliseconds: number[] = [];
  const statuses: Record<string, number> = {};
  let bytes = 0;
  let begun = 0;
  const one = async (): Promise<void> => {
    while (begun < scrapes) {
      const nth = begun++;
      const start = performance.now();
      const { status, length } = await ask(order, agent, nth);
      milliseconds.push(performance.now() - start);
      statuses[status] = (statuses[status] ?? 0) + 1;
      bytes += length;
      const left = every === undefined ? 0 : every - (performance.now() - start);
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    }
  };
  await Promise.all(Array.from({ length: together }, one));
  agent.destroy();
  return { milliseconds, statuses, bytes };
}

function ask(
  { url, auth, fresh, gzip }: ScrapeOrder,
  agent: Agent,
  nth: number,
): Promise<{ readonly status: string; readonly length: number }> {
  const get = url.startsWith('https:') ? getTls : getPlain;
  const isEach = (every: number | undefined) => every !== undefined && nth % every === 0;
  const options: RequestOptions = {
    ...(auth !== undefined && { auth }),
    agent: isEach(fresh) ? false : agent,
    headers: isEach(gzip) ? { 'Accept-Encoding': 'gzip' } : {},
  };
  return new Promise((resolve) => {
    get(url, { ...options, rejectUnauthorized: false } as RequestOptions, (response) => {
      let length = 0;
      response.on('data', (part: Buffer) => (length += part.length));
      response.on('end', () => resolve({ status: String(response.statusCode), length }));
      response.on('error', ({ message }) => resolve({ status: message, length }));
    }).on('error', ({ message }) => resolve({ status: message, length: 0 }));
  });
}
