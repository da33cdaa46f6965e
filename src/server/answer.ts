// Answers: short texts, bodies that are compressed for those who ask, and refusals of too many at once.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The policy of what is no page. */
export const LOADS_NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** Of every answer, unless the web configuration has others. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Content-Security-Policy', LOADS_NOTHING],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];

export function secure(response: ServerResponse): void {
  for (const [name, value] of SECURITY_HEADERS)
    if (!response.hasHeader(name)) response.setHeader(name, value);
}

export function answer(response: ServerResponse, code: number, text: string): void {
  response.statusCode = code;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${text}\n`);
}

export function answerReady(response: ServerResponse, ready: boolean): void {
  if (ready) answer(response, 200, 'Ready.');
  else answer(response, 503, 'Not ready: the sources are being listed.');
}

/** Fast to compress rather than small: what it is now is read once. A thread for it costs more than the work. */
export const compressed = (plain: Buffer): Buffer => gzipSync(plain, { level: 1 });

/** 200 with `text` as it is now. */
export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  text: string,
): void {
  const plain = Buffer.from(text, 'utf8');
  const zipped = acceptsGzip(request.headers['accept-encoding']);
  send(request, response, { type, body: zipped ? compressed(plain) : plain, zipped });
}

export interface Body {
  readonly type: string;
  readonly body: Buffer;
  readonly zipped: boolean;
}

export function send(request: IncomingMessage, response: ServerResponse, { type, body, zipped }: Body): void {
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', body.length);
  response.statusCode = 200;
  response.end(request.method === 'HEAD' ? undefined : body);
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

/** Tells those to come again who come while `most` others are being answered. */
export function limited(most: number, handler: Handler): Handler {
  let inFlight = 0;
  return async (request, response) => {
    if (inFlight >= most) {
      response.setHeader('Retry-After', '1');
      answer(response, 503, `More than ${most} requests at once.`);
      return;
    }
    inFlight++;
    try {
      await handler(request, response);
    } finally {
      inFlight--;
    }
  };
}
