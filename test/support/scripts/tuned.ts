// Tuned as the server of some version of Node is, makes garbage, and says how much memory is set aside for it.

import { getHeapSpaceStatistics } from 'node:v8';
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
