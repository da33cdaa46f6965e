// GET /metrics, for the listener and for express alike.

import type { IncomingMessage } from 'node:http';
import { COLLECTORS, type Collector } from '../metrics/metric';
import type { Pages } from '../metrics/page';
import { CONTENT_TYPES, type Format } from '../metrics/write';
import { acceptsGzip, answer, limited, send, type Handler } from './answer';
import { PagePool } from './shared_page';

/** Bounds of a scrape in seconds, and what is left of the scraper's own timeout for the way back. */
const SHORTEST = 0.2;
const LONGEST = 10;
const MARGIN = 0.5;

export function metricsHandler(pages: Pages, maxRequests = 40): Handler {
  const pool = new PagePool();
  const scrape = limited(maxRequests, async (request, response) => {
    const chosen = chooseCollectors(request, pages);
    if (typeof chosen === 'string') {
      answer(response, 400, chosen);
      return;
    }
    const format = negotiate(request.headers.accept);
    const timeout = scrapeTimeout(request);
    const key = `${format} ${timeout} ${chosen ? [...chosen].join() : ''}`;
    const page = await pool.share(key, (memory) =>
      pages.write({ format, timeout, collectors: chosen }, memory),
    );
    response.once('close', () => page.taken());
    response.setHeader('Vary', 'Accept, Accept-Encoding');
    const zipped = acceptsGzip(request.headers['accept-encoding']);
    send(request, response, {
      type: CONTENT_TYPES[format],
      body: zipped ? page.zipped : page.plain,
      zipped,
    });
  });
  return async (request, response) => {
    try {
      await scrape(request, response);
      pages.own?.scrapes.inc({ code: String(response.statusCode) });
    } catch (error) {
      pages.own?.scrapes.inc({ code: '500' });
      throw error;
    }
  };
}

/** OpenMetrics if it is asked for with at least the weight of plain text. */
export function negotiate(accept: string | undefined): Format {
  let best: { format: Format; q: number } = { format: 'text', q: 0 };
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    const version = parameters.find((parameter) => parameter.startsWith('version='))?.slice(8) ?? '1.0.0';
    const openmetrics = type === 'application/openmetrics-text' && /^(1\.0\.0|0\.0\.1)$/.test(version);
    const format = openmetrics
      ? 'openmetrics'
      : type === 'text/plain' || type === 'text/*'
        ? 'text'
        : undefined;
    if (format && q > 0 && (q > best.q || (q === best.q && format === 'openmetrics'))) best = { format, q };
  }
  return best.format;
}

/** Seconds this scrape may take: Prometheus says how long it waits. */
export function scrapeTimeout(request: Pick<IncomingMessage, 'headers'>): number {
  const seconds = Number(request.headers['x-prometheus-scrape-timeout-seconds'] ?? NaN);
  if (!Number.isFinite(seconds) || seconds <= 0) return LONGEST;
  return Math.min(LONGEST, Math.max(SHORTEST, seconds - MARGIN));
}

/** The collectors that `collect[]` and `exclude[]` leave; undefined for all, a string for a refusal. */
export function chooseCollectors(
  { url }: Pick<IncomingMessage, 'url'>,
  pages: Pages,
): ReadonlySet<Collector> | string | undefined {
  const query = new URLSearchParams(url?.split('?')[1] ?? '');
  const collect = query.getAll('collect[]');
  const exclude = query.getAll('exclude[]');
  if (collect.length === 0 && exclude.length === 0) return undefined;
  if (collect.length > 0 && exclude.length > 0) return 'Use either collect[] or exclude[], not both.';
  const on: readonly string[] = pages.collectors;
  const unknown = [...collect, ...exclude].find((name) => !on.includes(name));
  if (unknown !== undefined)
    return `No collector ${JSON.stringify(unknown)} is on; there are: ${on.join(', ')}.`;
  return new Set(
    COLLECTORS.filter((name) =>
      collect.length > 0 ? collect.includes(name) : on.includes(name) && !exclude.includes(name),
    ),
  );
}
