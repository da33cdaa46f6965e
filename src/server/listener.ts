// The HTTP listener: limits, exact paths, the hot routes. Everything else goes to the express app, which is loaded after
// the server listens.

import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import {
  createServer,
  Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https';
import { connect, isIPv6, type Socket } from 'node:net';
import { answer, answerReady, type Handler } from './answer';
import type { Guard } from './web/guard';

export interface Address {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
}

export class ListenError extends Error {
  readonly code = 'ERR_METALSTAT_LISTEN';
}

/** `HOST:PORT`, `:PORT`, `[IPv6]:PORT` or `unix:PATH`; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  if (text.startsWith('unix:') && text.length > 5) return { path: text.slice(5) };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535 || (match[1] !== undefined && !isIPv6(match[1]))) return undefined;
  const host = match[1] ?? match[2];
  return host ? { host, port } : { port };
}

export interface Routes {
  readonly metrics: Handler;
  readonly metricsPath: string;
  readonly ready: () => boolean;
  /** The app, once it is loaded. */
  readonly app: () => RequestListener | undefined;
}

export type Server = HttpServer | HttpsServer;

/** Requests that are being answered, by server. */
const answering = new WeakMap<Server, Set<ServerResponse>>();
/** Connections with TLS, by server: node:http does not know of one that is still shaking hands. */
const connections = new WeakMap<Server, Set<Socket>>();

export function createListener(routes: Routes, guard?: Guard): Server {
  const open = new Set<ServerResponse>();
  const listener: RequestListener = (request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const answered = async () => {
      if (!guard || (await guard.admits(request, response))) await route(routes, request, response);
    };
    answered().catch(() => {
      // What went wrong inside is nobody's business outside.
      if (!response.headersSent) answer(response, 500, 'Internal error.');
      else response.destroy();
    });
  };
  const server = guard?.hasTls ? createProtected(guard, listener) : createServer(listener);
  // Node's defaults allow a stalled client 90 s and any number of them.
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = 65_000;
  server.maxRequestsPerSocket = 0;
  server.maxConnections = 512;
  answering.set(server, open);
  return server;
}

function createProtected(guard: Guard, listener: RequestListener): HttpsServer {
  const server = createTlsServer({ handshakeTimeout: 5_000 }, listener);
  const all = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    socket.once('close', () => all.delete(socket));
  });
  connections.set(server, all);
  guard.protect(server);
  return server;
}

/** Takes no more connections, lets what is being answered end within `grace` milliseconds, and closes all others. */
export function stopListening(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const open = answering.get(server);
    const end = performance.now() + grace;
    // Node counts a connection that never asked anything as active, and keeps one alive whose answer was in flight.
    const closing = setInterval(() => {
      if (open?.size && performance.now() <= end) return;
      server.closeAllConnections();
      for (const socket of connections.get(server) ?? []) socket.destroy();
    }, 10);
    server.close(() => {
      clearInterval(closing);
      resolve();
    });
  });
}

async function route(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  const app = routes.app();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    answer(response, 405, 'Only GET and HEAD.');
  } else if (path === routes.metricsPath) {
    await routes.metrics(request, response);
  } else if (path === '/-/healthy') {
    answer(response, 200, 'Healthy.');
  } else if (path === '/-/ready') {
    answerReady(response, routes.ready());
  } else if (app) {
    app(request, response);
  } else {
    response.setHeader('Retry-After', '1');
    answer(response, 503, 'Starting.');
  }
}

/** Resolves when the server listens; rejects with one clear line. */
export async function listen(server: Server, address: Address): Promise<string> {
  if (address.path !== undefined && (await isLeftOver(address.path))) unlinkSync(address.path);
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(new ListenError(explain(error, address), { cause: error }));
    server.once('error', refuse);
    server.listen(address, () => {
      server.off('error', refuse);
      // Such as no file descriptor for one more connection: nothing to end for.
      server.on('error', (error) => console.error(`metalstat-exporter: ${error.message}`));
      resolve(describe(server, address));
    });
  });
}

/** Whether a socket lies there that nobody listens on: a process that was killed cannot take its own away. */
async function isLeftOver(path: string): Promise<boolean> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return false;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}

function explain(error: NodeJS.ErrnoException, address: Address): string {
  const where = address.path ?? `${address.host ?? ''}:${address.port}`;
  if (address.path !== undefined && error.code === 'EACCES')
    return `the socket ${where} cannot be made; its folder must be there and belong to this user`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where} is in use by another program; choose another address with --web.listen-address`;
    case 'EACCES':
      return `${where} is not allowed to this user; choose a port above 1023 with --web.listen-address`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${where} is no address of this machine; see --web.listen-address`;
    default:
      return `cannot listen on ${where}: ${error.message}`;
  }
}

function describe(server: Server, address: Address): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return `unix:${address.path}`;
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  const scheme = server instanceof HttpServer ? 'http' : 'https';
  return `${scheme}://${host}:${bound.port}`;
}
