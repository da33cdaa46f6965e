// --log.file: what serve prints, in files of bounded size. Nothing that goes wrong here ends the server.

import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** Bytes of a file, and files in all: FILE, FILE.1, and so on; the last is the oldest. */
export const LOG_BYTES = 5_000_000;
export const LOG_FILES = 5;

/** FILE and those it was before. */
export const logFiles = (path: string): readonly string[] =>
  Array.from({ length: LOG_FILES }, (_, age) => (age === 0 ? path : `${path}.${age}`));

/** From here on all that this process prints is in the file; SIGHUP opens it anew, for who has moved it away. */
export function logTo(path: string): void {
  const log = new LogFile(path);
  for (const stream of [process.stdout, process.stderr]) redirect(stream, log);
  process.on('SIGHUP', () => log.reopen());
  // Node prints it past the streams.
  process.on('uncaughtExceptionMonitor', (error) => log.append(error.stack ?? error.message));
}

type Fallback = (text: string) => void;

export class LogFile {
  #file: number | undefined;
  #size = 0;
  #hasFailed = false;

  constructor(private readonly path: string) {}

  /** An entry begins with its time and is never torn apart. `fallback` has it where the file cannot be written. */
  append(text: string, fallback: Fallback = () => undefined): void {
    const entry = Buffer.from(`${new Date().toISOString()} ${text.replace(/\n$/, '')}\n`);
    try {
      this.#file ??= this.#open();
      if (this.#size > 0 && this.#size + entry.length > LOG_BYTES) this.#rotate();
      for (let at = 0; at < entry.length;) at += writeSync(this.#file, entry, at);
      this.#size += entry.length;
      this.#hasFailed = false;
    } catch (error) {
      this.#close();
      if (!this.#hasFailed)
        fallback(`metalstat-exporter: cannot write ${this.path}: ${(error as Error).message}; it goes on\n`);
      this.#hasFailed = true;
      fallback(text);
    }
  }

  reopen(): void {
    this.#close();
  }

  #open(): number {
    const file = openSync(this.path, 'a');
    this.#size = fstatSync(file).size;
    return file;
  }

  #rotate(): void {
    this.#close();
    const files = logFiles(this.path);
    for (let age = files.length - 1; age > 0; age--) {
      try {
        renameSync(files[age - 1]!, files[age]!);
      } catch {
        // There are not yet as many; or the folder is read-only, and the file grows.
      }
    }
    this.#file = this.#open();
  }

  #close(): void {
    if (this.#file === undefined) return;
    const file = this.#file;
    this.#file = undefined;
    try {
      closeSync(file);
    } catch {
      // Some file systems tell only now that the disk is full.
    }
  }
}

function redirect(stream: NodeJS.WriteStream, log: LogFile): void {
  const original = stream.write.bind(stream);
  // Who reads the original may have gone.
  stream.on('error', () => undefined);
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    log.append(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(), (text) => original(text));
    const done = rest.find((each) => typeof each === 'function');
    if (done) process.nextTick(done);
    return true;
  };
}
