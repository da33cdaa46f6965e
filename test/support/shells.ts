// What bash, zsh and fish offer when Tab is pressed at the end of a line, with the scripts that the command prints.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, run, SCRATCH, scratch } from './command';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const COMPLETE_IN_ZSH = join(__dirname, 'complete.zsh');

/** Prints COMPREPLY after the function has been called as readline calls it. */
const COMPLETE_IN_BASH = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _metalstat_exporter
printf '%s\\n' "\${COMPREPLY[@]}"`;

export class Shells {
  readonly #scripts: Readonly<Record<Shell, string>>;
  readonly #folder = mkdtempSync(join(SCRATCH, 'completing-'));
  readonly #env: NodeJS.ProcessEnv;

  private constructor(scripts: Readonly<Record<Shell, string>>) {
    this.#scripts = scripts;
    const bin = join(this.#folder, 'bin');
    mkdirSync(bin);
    const command = scratch(
      join(this.#folder.slice(SCRATCH.length), 'bin', 'metalstat-exporter'),
      `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
    );
    chmodSync(command, 0o755);
    this.#env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, HOME: this.#folder };
  }

  static async start(): Promise<Shells> {
    const scripts = await Promise.all(
      SHELLS.map(async (shell) => {
        const { code, stdout, stderr } = await run(['completion', shell]);
        if (code !== 0) throw new Error(stderr);
        return [shell, scratch(`completion.${shell}`, stdout)] as const;
      }),
    );
    return new Shells(Object.fromEntries(scripts) as Record<Shell, string>);
  }

  scriptOf(shell: Shell): string {
    return readFileSync(this.#scripts[shell], 'utf8');
  }

  /** What is offered for the last of some words, sorted; of an --option=value the value. */
  offered(shell: Shell, words: readonly string[], cwd = this.#folder): readonly string[] {
    const line = ['metalstat-exporter', ...words];
    const lines = this.#complete(shell, line, cwd).split('\n');
    const found = lines.map((each) =>
      each
        .split('\t')[0]!
        .replace(/^--[^=]+=(?=.)/, '')
        .trim(),
    );
    return [...new Set(found.filter((each) => each !== ''))].sort();
  }

  /** Descriptions that fish shows, by what they describe. */
  described(words: readonly string[]): ReadonlyMap<string, string> {
    const lines = this.#complete('fish', ['metalstat-exporter', ...words], this.#folder).split('\n');
    return new Map(lines.filter((each) => each !== '').map((each) => each.split('\t') as [string, string]));
  }

  #complete(shell: Shell, line: readonly string[], cwd: string): string {
    const script = this.#scripts[shell];
    switch (shell) {
      case 'bash': {
        // readline takes an equals sign for a word of its own, and leaves out an empty word behind it.
        const words = line
          .flatMap((word) => word.split(/(=)/))
          .filter((word, i, all) => word !== '' || all[i - 1] !== '=');
        return this.#run('bash', ['--norc', '-c', COMPLETE_IN_BASH, 'bash', script, ...words], cwd);
      }
      case 'zsh': {
        const own = mkdtempSync(join(SCRATCH, 'zsh-'));
        this.#run('zsh', ['-f', COMPLETE_IN_ZSH, line.join(' '), script, own], cwd);
        const told = readFileSync(join(own, 'offered'), 'utf8');
        if (!told.endsWith('(end)\n')) throw new Error(`zsh did not complete ${line.join(' ')}:\n${told}`);
        return told.replaceAll(/^\((ready|end)\)$/gm, '');
      }
      case 'fish':
        return this.#run('fish', ['-N', '-c', `source '${script}'; complete -C '${line.join(' ')}'`], cwd);
    }
  }

  #run(program: string, args: readonly string[], cwd: string): string {
    const { error, status, stdout, stderr } = spawnSync(program, args, {
      cwd,
      env: this.#env,
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (error) throw error;
    if (status !== 0 || stderr !== '') throw new Error(`${program} ended with ${status}: ${stderr}`);
    return stdout;
  }
}
