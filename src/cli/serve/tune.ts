// V8 as it is set up is for programs that work all the time. A server that is asked every few seconds pays for that.

import { setFlagsFromString } from 'node:v8';

// How much a function runs until it is optimised: not before a scraper comes a hundred times a second. Measured over the
// first hundred scrapes, optimising took a third of all CPU time.
const BYTES_RUN = ['--interrupt-budget=2000000'];
// Ten times V8's own. It multiplies by the size of the function, at most 60 KB, and must stay below 2^31.
const TIMES_CALLED = ['--invocation-count-for-maglev=30000', '--invocation-count-for-turbofan=30000'];

const MEMORY = [
  // The memory for what is young stays as small as it begins: the garbage of some scrapes fits in.
  '--semi-space-growth-factor=1',
  // And that for what is old by a fifth between two tidyings. V8 lets it double under load, and keeps it.
  '--heap-growing-percent=20',
  // Milliseconds. Whenever it was quiet for 8 s V8 would look whether there is memory to give back, and find none.
  '--gc-memory-reducer-start-delay-ms=3600000',
];

/** By major version of Node. Of a flag that it does not know, V8 complains on stderr: other versions stay as they are. */
export const FLAGS: Readonly<Record<string, readonly string[]>> = {
  20: [...BYTES_RUN, ...MEMORY],
  22: [...TIMES_CALLED, ...MEMORY],
  24: [...TIMES_CALLED, ...MEMORY],
};

export function tune(version = process.versions.node): void {
  for (const flag of FLAGS[version.split('.')[0]!] ?? []) setFlagsFromString(flag);
}
