// Opens and closes an exporter many times, and says what the process holds after the first ones and at the end.

import { readdirSync, readFileSync } from 'node:fs';
import { assemble, aboutThis, openMachine, readMachine } from '../../../src/exporter';
import { EVERYTHING_DEFAULT } from '../../../src/metrics/catalogue';

const TIMES = 700;
/** Until then the allocator still finds room for so many threads. */
const WARM = 300;
/** Milliseconds for a close that a busy computer gave no time. */
const AGAIN = 5;

const machine = readMachine(process.argv[2]!);

async function held(): Promise<{ threads: number; files: number; resident: number; live: number }> {
  // A thread is gone shortly after its source is closed.
  for (let i = 0; i < 5; i++) {
    globalThis.gc!();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]);
  return {
    threads: readdirSync('/proc/self/task').length,
    files: readdirSync('/proc/self/fd').length,
    resident: pages * 4096,
    live,
  };
}

let live = 0;

async function main(): Promise<void> {
  let early;
  for (let i = 0; i < TIMES; i++) {
    const native = openMachine(machine);
    const { pages } = assemble(native, EVERYTHING_DEFAULT, aboutThis(machine));
    await pages.render({ format: 'text', timeout: 5 });
    for (let attempt = 0; !native.close(); attempt++) {
      if (attempt === 100) throw new Error('a source hangs');
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
    for (const count of Object.values(native.live()) as number[]) live += count;
    // The double's memory is nothing that V8 knows of.
    if (i % 10 === 0) {
      globalThis.gc!();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (i === WARM) early = await held();
  }
  console.log(JSON.stringify({ early, late: await held() }));
}

void main();
