// Tuned as the server of some version of Node is, makes garbage, and says how much memory is set aside for it; and has
// much compiled, and says how much memory the code of it takes.

import { getHeapSpaceStatistics } from 'node:v8';
import { tune } from '../../../src/cli/serve/tune';

tune(process.argv[2]);

const statisticsOf = (space: string) =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === space)!;
const bytesOf = (space: string): number => statisticsOf(space).space_size;

// Half of it outlives a collection: else V8 sees no reason for more memory.
let kept: object[] = [];
let old = 0;
for (let turn = 0; turn < 100; turn++) {
  kept = [...kept.slice(-150_000), ...Array.from({ length: 20_000 }, (_, i) => ({ i, turn }))];
  old = Math.max(old, bytesOf('old_space'));
}
console.log(`young ${bytesOf('new_space')}`);
console.log(`old ${old}`);

type Arithmetic = (x: number) => number;
/* eslint-disable @typescript-eslint/no-implied-eval -- each with bytecode of its own */
const called = Array.from({ length: 8 }, (_, i) => {
  const steps = Array.from({ length: 12 }, (_, step) => `x = (x * ${step + i + 3} + ${step}) % 1009;`);
  return new Function('x', `${steps.join(' ')} return x;`) as Arithmetic;
});
const callers = Array.from({ length: 20 }, (_, i) => {
  const calls = called.map((_, at) => `x += called[${at}](x);`);
  return new Function('called', `return (x) => { ${calls.join(' ')} return x % ${i + 99}; }`) as (
    of: readonly Arithmetic[],
  ) => Arithmetic;
}).map((make) => make(called));
/* eslint-enable @typescript-eslint/no-implied-eval */
let sum = 0;
for (let i = 0; i < 30_000; i++) for (const caller of callers) sum += caller(i);
console.log(`code ${statisticsOf('code_space').space_used_size}`);
console.log(`sum ${sum}`);
