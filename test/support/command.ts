// The built command, and scripts that use the built exporter, as processes of their own.

import { transformFileSync } from '@swc/core';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
export const MAIN = join(ROOT, 'dist', 'main.js');
export const SCRATCH = mkdtempSync(join(tmpdir(), 'metalstat-exporter-'));

/** A process that does not end by itself is killed after so many milliseconds, unless it has more. */
const PATIENCE = 25_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Date.now() when it was gone. */
  readonly at: number;
}

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of node itself. */
  readonly node?: readonly string[];
  /** Milliseconds after which it is killed. */
  readonly patience?: number;
}

const running = new Set<ChildProcess>();

/** What it started may live on and hold its output open. */
function kill(child: ChildProcess): void {
  child.kill('SIGKILL');
  for (const pipe of child.stdio) pipe?.destroy();
}

/** Ends what a failed test left running, and removes what the tests wrote. */
export function cleanUp(): void {
  running.forEach(kill);
  rmSync(SCRATCH, { recursive: true, force: true });
}

export class Process {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #over = false;

  constructor(
    script: string,
    args: readonly string[] = [],
    { env = {}, node = [], patience = PATIENCE }: ProcessOptions = {},
  ) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('METALSTAT_EXPORTER_'));
    const child = fork(script, args, {
      execArgv: [...node],
      env: { ...Object.fromEntries(inherited), ...env },
      silent: true,
    });
    this.#child = child;
    running.add(child);
    const hear = (pipe: NodeJS.ReadableStream, add: (text: string) => void) =>
      pipe.setEncoding('utf8').on('data', (text: string) => {
        add(text);
        this.#look();
      });
    hear(child.stdout!, (text) => (this.stdout += text));
    hear(child.stderr!, (text) => (this.stderr += text));
    const killing = setTimeout(() => kill(child), patience);
    this.ended = new Promise((resolve) => {
      let at = 0;
      child.once('exit', () => (at = Date.now()));
      child.once('close', (code, signal) => {
        clearTimeout(killing);
        running.delete(child);
        this.#over = true;
        this.#look();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr, at });
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it, and says how long that took, in seconds. */
  async stop(signal: NodeJS.Signals): Promise<Ended & { readonly seconds: number }> {
    const start = Date.now();
    this.kill(signal);
    const ended = await this.ended;
    return { ...ended, seconds: (ended.at - start) / 1000 };
  }

  /** The first match in what it printed on standard output. */
  async until(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if (this.#over) throw new Error(`ended without ${pattern.source}:\n${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  send(message: object): void {
    this.#child.send(message);
  }

  /** Sends a message and waits for the answer. */
  ask<T>(message: object): Promise<T> {
    return new Promise((resolve) => {
      this.#child.once('message', (answer) => resolve(answer as T));
      this.#child.send(message);
    });
  }

  #look(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

/** Runs the command to its end. */
export const run = (args: readonly string[], options?: ProcessOptions): Promise<Ended> =>
  new Process(MAIN, args, options).ended;

/** Writes a file that cleanUp() removes. */
export function scratch(name: string, text: string): string {
  const file = join(SCRATCH, name);
  writeFileSync(file, text);
  return file;
}

/** One of test/support/scripts as node itself can run it: on the built exporter in place of its sources. */
export function script(name: string): string {
  const { code } = transformFileSync(join(__dirname, 'scripts', `${name}.ts`), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  return scratch(`${name}.cjs`, code.replaceAll('../../../src/', `${join(ROOT, 'dist')}/`));
}
