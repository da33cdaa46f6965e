// What a process of Linux holds: file descriptors, sockets, memory of its own.

import { readdirSync, readlinkSync } from 'node:fs';
import { memory } from '../bench/measure/process';
import type { Process } from './command';
import { script } from './command';

/** Bytes, and counts. */
export interface Held {
  readonly files: number;
  readonly sockets: number;
  /** Anonymous memory that is resident: nothing that is shared, and no file. */
  readonly resident: number;
  readonly heap: number;
  readonly external: number;
}

/** Options of node that let a command be asked for its heap. */
export const weighable = (): readonly string[] => ['--expose-gc', '-r', script('weigh')];

export async function heldBy(process: Process): Promise<Held> {
  const heap = await process.ask<Pick<Held, 'heap' | 'external'>>({});
  const links = linksOf(process.pid);
  return {
    files: links.length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    resident: memory(process.pid).anonymous,
    ...heap,
  };
}

function linksOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((file) => {
    try {
      return [readlinkSync(`${folder}/${file}`)];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}
