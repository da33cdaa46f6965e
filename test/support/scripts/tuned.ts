// Tuned as the server of some version of Node is, makes garbage, and says how much memory is set aside for it; and has
// much compiled, and says how much memory the code of it takes.

import { getHeapCodeStatistics, getHeapSpaceStatistics } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { tune } from '../../../src/cli/serve/tune';

tune(process.argv[2]);

const bytesOf = (space: string): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === space)!.space_size;

// Half of it outlives a collection: else V8 sees no reason for more memory.
let kept: object[] = [];
let old = 0;
for (let turn = 0; turn < 100; turn++) {
  kept = [...kept.slice(-150_000), ...Array.from({ length: 20_000 }, (_, i) => ({ i, turn }))];
  old = Math.max(old, bytesOf('old_space'));
}
console.log(`young ${bytesOf('new_space')}`);
console.log(`old ${old}`);

// Each caller calls what would all fit into it.
const steps = (i: number) => Array.from({ length: 12 }, (_, step) => `x = (x * ${step + i + 3} + 1) % 1009;`);
const called = Array.from({ length: 8 }, (_, i) => `function f${i}(x) { ${steps(i).join(' ')} return x; }`);
const calls = called.map((_, i) => `x += f${i}(x);`).join(' ');
const callers = Array.from({ length: 20 }, (_, i) => `(x) => { ${calls} return x % ${i + 99}; }`);
const compiled = runInThisContext(`(() => { ${called.join('\n')} return [${callers.join()}]; })()`) as ((
  x: number,
) => number)[];
const sizeOfCode = () => getHeapCodeStatistics().code_and_metadata_size;
const before = sizeOfCode();
let sum = 0;
for (let i = 0; i < 100_000; i++) for (const caller of compiled) sum += caller(i);
console.log(`code ${sizeOfCode() - before}`);
console.log(`sum ${sum}`);
