// Serves the built page on loopback, and Prometheus behind it.

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { extname, join, normalize } from 'node:path';
import type { Request } from '../view/model';
import { HERE } from './build';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};
const MODULES = join(HERE, 'node_modules');

/** Where Grafana serves its icons and fonts, and where npm has them. */
const PUBLIC: [RegExp, string][] = [
  [/^\/public\/build\/img\/icons\/(.+)$/, '@grafana/ui/dist/public/img/icons/$1'],
  [/^\/public\/fonts\/inter\/Inter-Regular\.woff2$/, '@fontsource/inter/files/inter-latin-400-normal.woff2'],
  [/^\/public\/fonts\/inter\/Inter-Medium\.woff2$/, '@fontsource/inter/files/inter-latin-500-normal.woff2'],
  [
    /^\/public\/fonts\/roboto\/.+\.woff2$/,
    '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2',
  ],
];

export interface Served {
  readonly url: string;
  close: () => Promise<void>;
}

export async function serve(request: Request, prometheus: string): Promise<Served> {
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? `${error.message}: ${String(error.cause ?? '')}` : String(error));
    });
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(incoming.url ?? '/', 'http://localhost');
    if (pathname === '/request.json') {
      response.writeHead(200, { 'content-type': TYPES['.json'] });
      response.end(JSON.stringify(request));
    } else if (pathname.startsWith('/prometheus/')) {
      const reply = await fetch(
        prometheus.replace(/\/$/, '') + pathname.slice('/prometheus'.length) + search,
      );
      response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/plain' });
      response.end(Buffer.from(await reply.arrayBuffer()));
    } else {
      await file(pathname, response);
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function file(pathname: string, response: ServerResponse): Promise<void> {
  const path = normalize(pathname === '/' ? '/index.html' : decodeURIComponent(pathname));
  const [pattern, packaged] = PUBLIC.find(([known]) => known.test(path)) ?? [];
  const full =
    pattern && packaged ? join(MODULES, path.replace(pattern, packaged)) : join(HERE, 'dist', path);
  try {
    const content = await readFile(full);
    response.writeHead(200, { 'content-type': TYPES[extname(full)] ?? 'application/octet-stream' });
    response.end(content);
  } catch {
    response.writeHead(404);
    response.end();
  }
}
