// The file of a recording: whole or not at all, and never in place of another that is whole before.

import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { StartError } from '../../exporter';

/** Opened before anything is recorded: nobody shall wait for a file that cannot be written. */
export class SavedFile {
  /** A device or a pipe is written to as it is. */
  readonly #isReplaced: boolean;
  readonly #draft: string;
  readonly #file: number;
  #isOpen = true;

  constructor(readonly path: string) {
    this.#isReplaced = !existsSync(path) || statSync(path).isFile();
    this.#draft = this.#isReplaced ? `${path}.${process.pid}.part` : path;
    try {
      this.#file = openSync(this.#draft, 'w');
    } catch (error) {
      throw this.#cannotWrite(error);
    }
  }

  save(text: string): void {
    try {
      writeFileSync(this.#file, text);
      this.#close();
      if (this.#isReplaced) renameSync(this.#draft, this.path);
    } catch (error) {
      this.discard();
      throw this.#cannotWrite(error);
    }
  }

  /** What was there before is there still. */
  discard(): void {
    this.#close();
    if (this.#isReplaced) rmSync(this.#draft, { force: true });
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#file);
  }

  readonly #cannotWrite = (error: unknown): StartError =>
    new StartError(
      `cannot write ${this.path}: ${(error as Error).message}; name a file in a folder that you may write to, with room for some MB`,
      { cause: error },
    );
}
