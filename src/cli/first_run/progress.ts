// Which check runs, on standard error where that is a terminal.

import type { WriteStream } from 'node:tty';
import type { Check } from './check';

const CLEAR = '\r\x1b[K';

export function progressOf(out: WriteStream): { show(check: Check, of: number): void; end(): void } {
  if (!out.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: ({ number }, of) => out.write(`${CLEAR}check ${number} of ${of}; all take about two minutes`),
    end: () => out.write(CLEAR),
  };
}
