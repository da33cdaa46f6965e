// Answers to what is no request: Node hands over the connection instead.

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SECURITY_HEADERS } from './answer';
import type { Connections } from './connections';

/** Bytes of a request's first line and headers, and of its path with the parameters: a thousand of them. */
export const MAX_HEADER_SIZE = 16_384;
export const MAX_URL_SIZE = 15_360;

export const TOO_LONG = `The address is longer than ${MAX_URL_SIZE} bytes.`;

interface ClientError extends Error {
  readonly code?: string;
  /** What came last. */
  readonly rawPacket?: Buffer;
}

/** A connection that was refused stays until the other side closes it, or for as long as a header may take. */
export function refuseNonsense(connections: Connections): (error: ClientError, socket: Socket) => void {
  const refused = new WeakSet<Socket>();
  return (error, socket) => {
    // What follows is not read, but taken: the answer would be lost with it.
    if (refused.has(socket)) return;
    // What failed below HTTP has nobody to tell.
    if (!socket.writable || !error.code?.startsWith('HPE_') || connections.isWaiting(socket)) {
      socket.destroy();
      return;
    }
    refused.add(socket);
    const [code, text] = reasonOf(error, connections.unanswered(socket));
    socket.end(written(code, text));
    socket.resume();
  };
}

function reasonOf({ code, rawPacket }: ClientError, unanswered: number): readonly [number, string] {
  if (code !== 'HPE_HEADER_OVERFLOW') return [400, 'This is no HTTP/1.1 request.'];
  const isFirstLine = rawPacket && unanswered <= rawPacket.length && !rawPacket.includes('\n');
  return isFirstLine ? [414, TOO_LONG] : [431, `The headers are longer than ${MAX_HEADER_SIZE} bytes.`];
}

const written = (code: number, text: string): string =>
  [
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}`,
    ...SECURITY_HEADERS.map(([name, value]) => `${name}: ${value}`),
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text) + 1}`,
    'Connection: close',
    '',
    `${text}\n`,
  ].join('\r\n');
