// GET /metrics, for the listener and for express alike.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { COLLECTORS, type Collector } from '../metrics/metric';
import type { Pages } from '../metrics/page';
import { CONTENT_TYPES, type Format } from '../metrics/write';

const gzip = promisify(gzipCallback);

/** Bounds of a scrape in seconds, and what is left of the scraper's own timeout for the way back. */
const SHORTEST = 0.2;
const LONGEST = 10;
const MARGIN = 0.5;

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function metricsHandler(pages: Pages, maxRequests = 40): Handler {
  let inFlight = 0;
  async function scrape(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
    const chosen = chooseCollectors(query, pages);
    if (typeof chosen === 'string') {
      answer(response, 400, chosen);
      return;
    }
    if (inFlight >= maxRequests) {
      response.setHeader('Retry-After', '1');
      answer(response, 503, `More than ${maxRequests} requests at once.`);
      return;
    }
    inFlight++;
    try {
      const format = negotiate(request.headers.accept);
      const text = await pages.render({ format, timeout: scrapeTimeout(request), collectors: chosen });
      response.setHeader('Content-Type', CONTENT_TYPES[format]);
      response.setHeader('Vary', 'Accept, Accept-Encoding');
      let body = Buffer.from(text, 'utf8');
      if (acceptsGzip(request.headers['accept-encoding'])) {
        body = await gzip(body, { level: 1 });
        response.setHeader('Content-Encoding', 'gzip');
      }
      response.setHeader('Content-Length', body.length);
      response.statusCode = 200;
      response.end(request.method === 'HEAD' ? undefined : body);
    } finally {
      inFlight--;
    }
  }
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

export function acceptsGzip(header: string | undefined): boolean {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .some((coding) => {
      const [name, weight] = coding.trim().split(/\s*;\s*q=/);
      return name === 'gzip' && Number(weight ?? 1) > 0;
    });
}

/** Seconds this scrape may take: Prometheus says how long it waits. */
export function scrapeTimeout(request: Pick<IncomingMessage, 'headers'>): number {
  const seconds = Number(request.headers['x-prometheus-scrape-timeout-seconds'] ?? NaN);
  if (!Number.isFinite(seconds) || seconds <= 0) return LONGEST;
  return Math.min(LONGEST, Math.max(SHORTEST, seconds - MARGIN));
}

/** The collectors that `collect[]` and `exclude[]` leave; undefined for all, a string for a refusal. */
function chooseCollectors(query: URLSearchParams, pages: Pages): ReadonlySet<Collector> | string | undefined {
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

export function answer(response: ServerResponse, code: number, text: string): void {
  response.statusCode = code;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${text}\n`);
}
