// Addresses to listen on, and what is said when one cannot be had.

import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { connect, isIPv6 } from 'node:net';

export type Server = HttpServer | HttpsServer;

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
