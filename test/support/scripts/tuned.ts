// Tuned as the server of some version of Node is, calls a function often and makes garbage; run with `node --trace-opt`.

import { getHeapSpaceStatistics } from 'node:v8';
import { tune } from '../../../src/cli/serve/tune';

tune(process.argv[2]);

function busy(n: number): number {
  let sum = 0;
  for (const each of [n, n + 1, n + 2]) sum += Math.sqrt(each) % 7;
  return sum;
}

const callOften = (): void => {
  for (let i = 0; i < 50; i++) busy(i);
};

/** Half of it outlives a collection: else V8 sees no reason for more memory. */
function makeGarbage(): void {
  let kept: object[] = [];
  for (let turn = 0; turn < 50; turn++)
    kept = [...kept.slice(-50_000), ...Array.from({ length: 20_000 }, (_, i) => ({ i, turn }))];
}

async function run(): Promise<void> {
  // In turns: what calls it would be optimised as a whole.
  for (let turn = 0; turn < 200; turn++) {
    callOften();
    await new Promise((resolve) => setImmediate(resolve));
  }
  makeGarbage();
}

void run().then(() => {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')!;
  console.log(`young ${young.space_size}`);
});
