// A client that means no good, as a process of its own: sockets that never finish what they begin, and wrong logins.

import { Agent, request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

interface Stop {
  readonly stop: true;
}

export interface FloodOrder {
  readonly port: number;
  readonly slowSockets: number;
  readonly loginsPerSecond: number;
}

export interface Flooded {
  /** Wrong logins that were sent, and their answers by status. */
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Slow sockets that were opened, and those that were open all the time at least. */
  readonly opened: number;
  readonly fewest: number;
}

const HOST = '127.0.0.1';
/** Milliseconds between two bytes of a slow socket. */
const TRICKLE = 500;
const TICK = 20;

let stop = (): Flooded => {
  throw new Error('no flood');
};

process.on('message', (order: FloodOrder | Stop) => {
  if (!('stop' in order)) {
    stop = flood(order);
    return;
  }
  process.send!(stop());
  process.disconnect();
});

function flood({ port, slowSockets, loginsPerSecond }: FloodOrder): () => Flooded {
  const slow = new Set<Socket>();
  let opened = 0;
  let fewest = Infinity;
  const refill = (): void => {
    for (; slow.size < slowSockets; opened++) {
      const socket = slowSocket(port, opened % 2 === 0);
      slow.add(socket);
      socket.on('error', () => undefined).once('close', () => slow.delete(socket));
    }
  };
  refill();
  const refilling = setInterval(() => {
    fewest = Math.min(fewest, slow.size);
    refill();
  }, 100);

  const agent = new Agent({
    keepAlive: true,
    maxSockets: 50,
    rejectUnauthorized: false,
    localAddress: '127.0.0.2',
  });
  const statuses: Record<string, number> = {};
  const start = performance.now();
  let sent = 0;
  const logins = setInterval(() => {
    for (const due = ((performance.now() - start) / 1000) * loginsPerSecond; sent < due; sent++)
      request({ host: HOST, port, path: '/metrics', agent, auth: `alice:wrong${sent}` }, (response) => {
        const code = String(response.statusCode);
        statuses[code] = (statuses[code] ?? 0) + 1;
        response.resume();
      })
        .on('error', () => undefined)
        .end();
  }, TICK);

  return () => {
    clearInterval(refilling);
    clearInterval(logins);
    agent.destroy();
    for (const socket of slow) socket.destroy();
    return { sent, statuses, opened, fewest };
  };
}

/** Half a request line, a byte at a time: as it is, or after the handshake that the server waits for. */
function slowSocket(port: number, shakesHands: boolean): Socket {
  const options = { host: HOST, port, localAddress: '127.0.0.3' };
  const socket = shakesHands
    ? connectTls({ ...options, rejectUnauthorized: false } as never)
    : connect(options);
  const bytes = shakesHands ? 'GET /metrics' : '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';
  let at = 0;
  const trickling = setInterval(() => socket.write(bytes.charAt(at++ % bytes.length)), TRICKLE);
  socket.once('close', () => clearInterval(trickling));
  return socket;
}
