// A file of `run`: appended to in whole pieces. When the disk is full that is said once, and nothing else suffers.

import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { StartError } from '../exporter';

export class OutputFile {
  readonly #file: number | undefined;
  #length = 0;
  #hasFailed = false;

  constructor(private readonly path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOSPC' && code !== 'EDQUOT')
        throw new StartError(
          `cannot write ${path}: ${message}; give -o a prefix in a folder that you may write to`,
          {
            cause: error,
          },
        );
      this.#complain(error);
    }
  }

  /** All of it or nothing: half a line would spoil the file. */
  append(piece: string | Buffer): void {
    if (this.#file === undefined) return;
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at, null);
      this.#length += bytes.length;
    } catch (error) {
      this.#complain(error);
      this.#takeBack(this.#file);
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    try {
      closeSync(this.#file);
    } catch (error) {
      // Some file systems tell only now.
      this.#complain(error);
    }
  }

  #takeBack(file: number): void {
    try {
      ftruncateSync(file, this.#length);
    } catch {
      // A device, or a pipe: what is out cannot be taken back.
    }
  }

  #complain(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    warn(
      `cannot write ${this.path}: ${(error as Error).message}; what does not fit is left out, the command runs on`,
    );
  }
}

/**
 * Straight to standard error: a stream of Node would make it non-blocking, for the command that shares it, too, and end
 * this process when its reader has gone.
 */
export function say(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody reads it.
  }
}

export const warn = (text: string): void => say(`metalstat-exporter: ${text}`);
