// A terminal: tmux, with a server of its own, in which a command runs and whose screen can be read.

import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { SCRATCH, scratch } from './command';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** No line of its own on the screen; what has ended can still be read. */
const CONFIGURATION = scratch('tmux.conf', 'set -g status off\nset -g remain-on-exit on\n');

let servers = 0;

export class Terminal {
  readonly #server = `metalstat-${process.pid}-${servers++}`;

  /** `command`: for a shell. */
  constructor(command: string, { columns, rows }: Size, env: Readonly<Record<string, string>> = {}) {
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    this.#tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), ...variables, command);
  }

  /** Lines of the screen, without blanks at their ends; with escape sequences if asked for. */
  screen({ coloured = false, joined = false } = {}): readonly string[] {
    const text = this.#tmux('capture-pane', '-p', ...(coloured ? ['-e'] : []), ...(joined ? ['-J'] : []));
    return text
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  }

  /** Waits for a screen that has a match. */
  async until(pattern: RegExp): Promise<readonly string[]> {
    return this.untilIt((lines) => pattern.test(lines.join('\n')), String(pattern));
  }

  async untilIt(is: (lines: readonly string[]) => boolean, what: string): Promise<readonly string[]> {
    const end = Date.now() + 20_000;
    for (;;) {
      const lines = this.screen();
      if (is(lines)) return lines;
      if (Date.now() > end) throw new Error(`the screen has never had ${what}:\n${lines.join('\n')}`);
      await sleep(50);
    }
  }

  /** A variable of tmux, such as `cursor_flag`. */
  state(name: string): string {
    return this.#tmux('display-message', '-p', `#{${name}}`).trim();
  }

  async untilState(name: string, value: string): Promise<void> {
    await this.untilIt(() => this.state(name) === value, `${name} ${value}`);
  }

  /** Keys as tmux names them: `C-c`, `Enter`. */
  keys(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  resize({ columns, rows }: Size): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Writes all that comes from now on into a file, as it comes. */
  record(file: string): void {
    this.#tmux('pipe-pane', `cat >> '${file}'`);
  }

  close(): void {
    this.#tmux('kill-server');
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-u', '-L', this.#server, '-f', CONFIGURATION, ...args], {
      encoding: 'utf8',
      // Its socket is removed with the rest.
      env: { ...process.env, TMUX_TMPDIR: SCRATCH, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
    });
  }
}
