// What Linux knows of a process: its CPU time, its memory, its wake-ups.

import { readdirSync, readFileSync } from 'node:fs';

/** Nanoseconds of all threads that live. */
export const cpuTime = (pid: number): number =>
  sumOfThreads(pid, 'schedstat', (text) => Number(text.split(' ', 1)[0]));

/** Times that a thread went to sleep, and was woken again. */
export const wakeups = (pid: number): number =>
  sumOfThreads(pid, 'status', (text) => numberAfter(text, 'voluntary_ctxt_switches'));

export interface Memory {
  /** Bytes that are the process's own. */
  readonly anonymous: number;
  /** With the pages of the program's file, which all processes of it share. */
  readonly resident: number;
}

export function memory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    anonymous: 1024 * numberAfter(status, 'RssAnon'),
    resident: 1024 * numberAfter(status, 'VmRSS'),
  };
}

const numberAfter = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);

function sumOfThreads(pid: number, file: string, read: (text: string) => number): number {
  const folder = `/proc/${pid}/task`;
  let sum = 0;
  for (const thread of readdirSync(folder)) {
    try {
      sum += read(readFileSync(`${folder}/${thread}/${file}`, 'utf8'));
    } catch {
      // It has ended since it was listed.
    }
  }
  return sum;
}
