// A scraper that costs little itself: one connection, one request that is at hand, and no more of HTTP than the end of an
// answer.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const REQUEST = Buffer.from(
  [
    'GET /metrics HTTP/1.1',
    'Host: 127.0.0.1',
    'User-Agent: Prometheus/3.5.0',
    'Accept: text/plain;version=0.0.4;q=0.9,*/*;q=0.1',
    'X-Prometheus-Scrape-Timeout-Seconds: 10',
    '\r\n',
  ].join('\r\n'),
);
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const HEAD_END = '\r\n\r\n';

export interface Scraped {
  /** Milliseconds from the request to the last byte of the answer. */
  readonly latency: number;
  readonly status: number;
  readonly bytes: number;
}

export class Client {
  #parts: Buffer[] = [];
  #size = 0;
  /** Bytes of the whole answer; undefined before its head has come, NaN where it comes in chunks. */
  #whole: number | undefined;
  #over: { resolve: () => void; reject: (reason: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay();
    socket.on('data', (data) => this.#take(data));
    socket.on('close', () => this.#over?.reject(new Error('the server closed the connection')));
    socket.on('error', (error) => this.#over?.reject(error));
  }

  /** Rejects where nobody listens. */
  static async open(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Client(socket);
  }

  async scrape(): Promise<Scraped> {
    this.#parts = [];
    this.#size = 0;
    this.#whole = undefined;
    const over = new Promise<void>((resolve, reject) => (this.#over = { resolve, reject }));
    const start = performance.now();
    this.socket.write(REQUEST);
    await over;
    const latency = performance.now() - start;
    this.#over = undefined;
    return { latency, status: Number(this.#parts[0]!.toString('latin1', 9, 12)), bytes: this.#size };
  }

  /** The last answer. */
  get text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }

  close(): void {
    this.#over = undefined;
    this.socket.destroy();
  }

  #take(data: Buffer): void {
    this.#parts.push(data);
    this.#size += data.length;
    if (this.#whole === undefined) this.#readHead();
    if (Number.isNaN(this.#whole)) {
      // It may come in two pieces.
      const end = Buffer.concat(this.#parts.slice(-2)).subarray(-LAST_CHUNK.length);
      if (end.equals(LAST_CHUNK)) this.#over?.resolve();
    } else if (this.#size >= (this.#whole ?? Infinity)) {
      this.#over?.resolve();
    }
  }

  #readHead(): void {
    const text = Buffer.concat(this.#parts).toString('latin1');
    const end = text.indexOf(HEAD_END);
    if (end < 0) return;
    const length = /^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1];
    this.#whole = length === undefined ? NaN : end + HEAD_END.length + Number(length);
  }
}
