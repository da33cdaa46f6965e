// A program, to its end.

import { spawnSync } from 'node:child_process';

export interface Place {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What it printed; throws with all of it if it fails. */
export function run(command: string, args: readonly string[], place: Place = {}): string {
  const { stdout, stderr, status, signal, error } = spawnSync(command, args, {
    ...place,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${status ?? signal}\n${stdout}\n${stderr}`);
  return stdout;
}
