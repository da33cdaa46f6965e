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

const bytesOf = (space: string): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === space)!.space_size;

/** Half of it outlives a collection: else V8 sees no reason for more memory. Returns the most that was set aside for it. */
function makeGarbage(): number {
  let kept: object[] = [];
  let most = 0;
  for (let turn = 0; turn < 100; turn++) {
    kept = [...kept.slice(-150_000), ...Array.from({ length: 20_000 }, (_, i) => ({ i, turn }))];
    most = Math.max(most, bytesOf('old_space'));
  }
  return most;
}

async function run(): Promise<number> {
  // In turns: what calls it would be optimised as a whole.
  for (let turn = 0; turn < 200; turn++) {
    callOften();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return makeGarbage();
}

void run().then((old) => {
  console.log(`young ${bytesOf('new_space')}`);
  console.log(`old ${old}`);
});
