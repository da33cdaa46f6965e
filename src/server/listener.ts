// The listener: limits, exact paths, the hot routes. Everything else goes to the express app, which is loaded after the
// server listens.

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Server } from './address';
import { answer, answerReady, secure, type Handler } from './answer';
import { Connections, LIMITS, type Limits } from './connections';
import { MAX_HEADER_SIZE, MAX_URL_SIZE, refuseNonsense, TOO_LONG } from './refusals';
import type { Guard } from './web/guard';

export interface Routes {
  readonly metrics: Handler;
  readonly metricsPath: string;
  readonly ready: () => boolean;
  /** The app, once it is loaded. */
  readonly app: () => RequestListener | undefined;
  /** A scrape that was not let in. */
  readonly refused?: (code: number) => void;
}

export interface ListenerOptions {
  readonly guard?: Guard | undefined;
  /** Whether it is this server that is meant by a Host; without it each is. */
  readonly isMeant?: (host: string | undefined) => boolean;
  readonly limits?: Partial<Limits>;
}

const connectionsOf = new WeakMap<Server, Connections>();

export function createListener(routes: Routes, { guard, isMeant, limits }: ListenerOptions = {}): Server {
  const connections = new Connections({ ...LIMITS, ...limits });
  const listener: RequestListener = (request, response) => {
    const { socket } = request;
    connections.asked(socket);
    response.once('close', () => connections.answered(socket));
    secure(response);
    // A body means nothing here, and nobody waits for the rest of it.
    if (hasBody(request)) response.setHeader('Connection', 'close');
    const answered = async () => {
      if (isMeant && !guard?.hasPasswords && !isMeant(request.headers.host)) refuseHost(response);
      else if (!guard || (await guard.admits(request, response))) {
        await route(routes, request, response);
        return;
      }
      if (pathOf(request) === routes.metricsPath) routes.refused?.(response.statusCode);
    };
    answered().catch(() => {
      // What went wrong inside is nobody's business outside.
      if (!response.headersSent) answer(response, 500, 'Internal error.');
      else response.destroy();
    });
  };
  const server = guard?.hasTls
    ? guard.createServer({ ...OPTIONS, handshakeTimeout: LIMITS.header }, listener)
    : createServer(OPTIONS, listener);
  server.on('connection', (socket: Socket) => connections.came(socket));
  server.on(guard?.hasTls ? 'secureConnection' : 'connection', (socket: Socket) =>
    connections.opened(socket),
  );
  server.on('clientError', refuseNonsense(connections));
  server.maxConnections = connections.most;
  // Called when the server closes; it takes a connection for idle whose answer is still on its way.
  server.closeIdleConnections = () => undefined;
  connectionsOf.set(server, connections);
  return server;
}

/** Node's limits are off: their timer never rests, and a client may stall for up to 30 s more. */
const OPTIONS = {
  maxHeaderSize: MAX_HEADER_SIZE,
  headersTimeout: 0,
  requestTimeout: 0,
  keepAliveTimeout: 0,
  connectionsCheckingInterval: 2 ** 31 - 1,
};

/** Takes no more connections, lets what is being answered end within `grace` milliseconds, and closes all others. */
export function stopListening(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const connections = connectionsOf.get(server);
    const end = performance.now() + grace;
    const closing = setInterval(() => {
      if (!connections?.isAnswering || performance.now() > end) connections?.closeAll();
    }, 10);
    server.close(() => {
      clearInterval(closing);
      resolve();
    });
  });
}

async function route(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  const app = routes.app();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    answer(response, 405, 'Only GET and HEAD.');
  } else if (request.url!.length > MAX_URL_SIZE) {
    answer(response, 414, TOO_LONG);
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

const pathOf = ({ url }: IncomingMessage): string | undefined => url?.split('?', 1)[0];

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function refuseHost(response: ServerResponse): void {
  answer(response, 403, 'The Host of this request is no name of this computer; see --web.allowed-host.');
}
