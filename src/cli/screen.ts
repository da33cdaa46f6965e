// The terminal in watch mode: drawn over in place, and given back as it was however the command ends.

import { writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import { ENTER, frame, LEAVE } from './view/ansi';
import type { Line } from './view/line';

export type Draw = (width: number) => readonly Line[];

export class Screen {
  #draw: Draw | undefined;
  #isOpen = false;
  readonly #redraw = () => this.#show();
  /** Also where an error ends the process: nothing but a write that is done at once comes through then. */
  readonly #leave = () => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      writeSync(this.out.fd, LEAVE);
    } catch {
      // The terminal has gone.
    }
  };
  readonly #suspend = () => {
    this.#leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  readonly #resume = () => this.#show();

  constructor(
    private readonly out: WriteStream & { readonly fd: number },
    private readonly isColoured: boolean,
  ) {
    process.on('exit', this.#leave);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
    out.on('resize', this.#redraw);
  }

  draw(draw: Draw): void {
    this.#draw = draw;
    this.#show();
  }

  close(): void {
    process.off('exit', this.#leave);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
    this.out.off('resize', this.#redraw);
    this.#leave();
  }

  #show(): void {
    if (!this.#draw) return;
    const text = frame(this.#draw(this.out.columns), this.out, this.isColoured);
    this.out.write(this.#isOpen ? text : ENTER + text);
    this.#isOpen = true;
  }
}
