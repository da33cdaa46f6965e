// What the checks ask besides the sources: clocks, programs of macOS, and what this process holds.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Surroundings } from './mac';

const COLLECTIONS = 1000;
/** Of a machine file, which shows nothing of a Mac. */
const OF_A_FILE = 50;
/** Milliseconds for a program. */
const PATIENCE = 5_000;

export function surroundingsOf(isPlayed: boolean): Surroundings {
  const ask: Surroundings['ask'] = (program, ...args) =>
    isPlayed ? Promise.resolve(undefined) : printed(program, args);
  return {
    isPlayed,
    collections: isPlayed ? OF_A_FILE : COLLECTIONS,
    wait: (seconds) => sleep(seconds * 1000),
    now: () => performance.now() / 1000,
    ask,
    held: async () => {
      const top = await ask('top', '-l', '1', '-pid', String(process.pid), '-stats', 'ports,th');
      return { files: readdirSync('/dev/fd').length, ...(top !== undefined && portsOf(top)) };
    },
  };
}

/** Of the last line that top prints: `212 14/1`, where a sign may stand behind each. */
export function portsOf(top: string): Readonly<Record<string, number>> {
  const match = /^\s*(\d+)\S*\s+(\d+)\S*\s*$/.exec(top.trimEnd().split('\n').at(-1)!);
  return match ? { ports: Number(match[1]), threads: Number(match[2]) } : {};
}

const printed = (program: string, args: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) =>
    execFile(program, args, { timeout: PATIENCE }, (error, stdout) => resolve(error ? undefined : stdout)),
  );
