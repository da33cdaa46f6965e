// The connections of a server, and how long each may take. They are looked at once a second while there are any: Node's
// own timer for that ticks also when nobody is connected.

import type { Socket } from 'node:net';

/** Milliseconds, kept to within two seconds, and a number. */
export interface Limits {
  /** Until the first byte. */
  readonly idle: number;
  /** From the first byte of a request to the last of its header. */
  readonly header: number;
  /** From there until the answer has been taken. */
  readonly request: number;
  /** From there until the next request. */
  readonly keepAlive: number;
  readonly connections: number;
}

export const LIMITS: Limits = {
  idle: 10_000,
  header: 5_000,
  // A scrape may collect for ten of them.
  request: 20_000,
  // Longer than the interval between two scrapes mostly is.
  keepAlive: 65_000,
  connections: 512,
};

type Phase = keyof Omit<Limits, 'connections'>;

interface Connection {
  phase: Phase;
  since: number;
  /** Bytes that had come when this phase began. */
  bytes: number;
  /** Requests without an answer: more than one where they come in one piece. */
  requests: number;
}

const PAUSE = 1_000;
/** Who goes first when there are too many; who waits for an answer does not. */
const LEAST_MISSED: readonly Phase[] = ['header', 'idle', 'keepAlive'];

export class Connections {
  /** All of them, those that still shake hands too. */
  readonly #all = new Set<Socket>();
  readonly #open = new Map<Socket, Connection>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(private readonly limits: Limits) {}

  /** Whether somebody waits for an answer. */
  get isAnswering(): boolean {
    return [...this.#open.values()].some(({ requests }) => requests > 0);
  }

  /** Those that shake hands included. */
  get most(): number {
    return 2 * this.limits.connections;
  }

  /** Whether this one waits for an answer. */
  isWaiting(socket: Socket): boolean {
    return (this.#open.get(socket)?.requests ?? 0) > 0;
  }

  came(socket: Socket): void {
    this.#all.add(socket);
    socket.once('close', () => this.#all.delete(socket));
  }

  /** Requests can come. */
  opened(socket: Socket): void {
    if (this.#open.size >= this.limits.connections && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, { phase: 'idle', since: performance.now(), bytes: 0, requests: 0 });
    this.#sweep ??= setInterval(() => this.#look(), PAUSE).unref();
    socket.once('close', () => {
      this.#open.delete(socket);
      if (this.#open.size > 0) return;
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    });
  }

  asked(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (!connection) return;
    connection.requests++;
    enter(connection, 'request', socket);
  }

  answered(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (!connection) return;
    connection.requests--;
    enter(connection, connection.requests > 0 ? 'request' : 'keepAlive', socket);
  }

  /** Bytes of a request that is no answer's yet. */
  unanswered(socket: Socket): number {
    return socket.bytesRead - (this.#open.get(socket)?.bytes ?? 0);
  }

  closeAll(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #look(): void {
    const now = performance.now();
    for (const [socket, connection] of this.#open) {
      const { phase, bytes } = connection;
      // Node tells nobody that a request has begun.
      if ((phase === 'idle' || phase === 'keepAlive') && socket.bytesRead !== bytes)
        enter(connection, 'header', socket);
      else if (now - connection.since >= this.limits[phase]) socket.destroy();
    }
  }

  #makeRoom(): boolean {
    for (const wanted of LEAST_MISSED)
      for (const [socket, { phase }] of this.#open)
        if (phase === wanted) {
          this.#open.delete(socket);
          socket.destroy();
          return true;
        }
    return false;
  }
}

function enter(connection: Connection, phase: Phase, socket: Socket): void {
  connection.phase = phase;
  connection.since = performance.now();
  connection.bytes = socket.bytesRead;
}
