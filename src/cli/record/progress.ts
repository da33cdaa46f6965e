// How far a recording is, on standard error where that is a terminal.

import type { WriteStream } from 'node:tty';

const WIDTH = 24;
const CLEAR = '\r\x1b[K';

export interface Progress {
  show(frames: number): void;
  end(): void;
}

export function progressOf(out: WriteStream, frames: number): Progress {
  if (!out.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (done) => out.write(`${CLEAR}${barOf(done, frames)}`),
    end: () => out.write(CLEAR),
  };
}

function barOf(done: number, frames: number): string {
  if (done === 0) return 'listing all there is to read …';
  const full = Math.round((WIDTH * done) / frames);
  return `recording ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done} of ${frames} frames; Ctrl-C ends it here`;
}
