// What a web configuration does to a server: TLS for each connection; headers, rate limit and passwords for each request.

import type { IncomingMessage, RequestListener, ServerOptions, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { answer } from '../answer';
import { startBcrypt, type Bcrypt } from './bcrypt';
import { Bucket } from './bucket';
import type { WebConfig } from './config';
import { LiveConfig } from './live';
import { loginOf, Passwords } from './passwords';
import { isAllowed, type Tls } from './tls';

export class Guard {
  readonly #passwords: Passwords;
  #bucket: Bucket | undefined;

  private constructor(
    readonly live: LiveConfig,
    private readonly bcrypt: Bcrypt,
  ) {
    this.#passwords = new Passwords(bcrypt.compare);
  }

  /** All that it may ever need is loaded then. */
  static async start(file: string): Promise<Guard> {
    const live = new LiveConfig(file, (line) => console.error(`metalstat-exporter: ${line}`));
    return new Guard(live, await startBcrypt());
  }

  get hasTls(): boolean {
    return this.live.get().tls !== undefined;
  }

  get hasPasswords(): boolean {
    return this.live.get().users.size > 0;
  }

  close(): void {
    this.bcrypt.close();
  }

  /** A server that gives every connection that comes the newest certificates and rules. */
  createServer(options: ServerOptions & { handshakeTimeout: number }, listener: RequestListener): Server {
    const server = createServer(options, listener);
    let applied: Tls | undefined;
    server.prependListener('connection', () => {
      const { tls } = this.live.get();
      if (!tls || tls === applied) return;
      applied = tls;
      server.setSecureContext(tls.context);
      // Read by node:tls at each connection; whether what came is enough is decided below.
      Object.assign(server, { requestCert: tls.clientAuth !== 'NoClientCert', rejectUnauthorized: false });
    });
    server.prependListener('secureConnection', (socket: TLSSocket) => {
      if (!applied || !isAllowed(applied, socket)) socket.destroy();
    });
    return server;
  }

  /** Whether the request may pass; otherwise it has been answered. */
  async admits(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const config = this.live.get();
    for (const [name, value] of config.headers) response.setHeader(name, value);
    const address = addressOf(request);
    if (request.url !== '/-/healthy' && !this.#hasRoom(config, address)) return tooMany(response);
    if (config.users.size === 0) return true;
    const login = loginOf(request.headers.authorization);
    const verdict = login && (await this.#passwords.check(config.users, login, address));
    if (verdict === 'right') return true;
    if (verdict === 'busy') return tooMany(response);
    response.setHeader('WWW-Authenticate', 'Basic');
    answer(response, 401, 'Unauthorized');
    return false;
  }

  #hasRoom({ rateLimit }: WebConfig, address: string): boolean {
    const { limit } = this.#bucket ?? {};
    if (limit?.interval !== rateLimit?.interval || limit?.burst !== rateLimit?.burst)
      this.#bucket = rateLimit && new Bucket(rateLimit);
    return this.#bucket?.take(address) ?? true;
  }
}

function tooMany(response: ServerResponse): false {
  response.setHeader('Retry-After', '1');
  answer(response, 429, 'Too many requests.');
  return false;
}

/** Of IPv6 the network: one client has all of it. */
function addressOf({ socket: { remoteAddress } }: IncomingMessage): string {
  if (remoteAddress === undefined) return 'unix';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(remoteAddress);
  if (mapped) return mapped[1]!;
  return remoteAddress.includes(':') ? networkOf(remoteAddress) : remoteAddress;
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
