// V8 as it is set up is for programs that work all the time, and takes memory as they need it.

import { setFlagsFromString } from 'node:v8';

/** By major version, those of Node that know `FLAGS`: of one that it does not know, V8 complains on stderr. */
export const KNOWN = ['20', '22', '24'];

const FLAGS = [
  // The memory for what is young stays as small as it begins: the garbage of some scrapes fits in.
  '--semi-space-growth-factor=1',
  // And that for what is old by a fifth between two tidyings. V8 lets it double under load, and keeps it.
  '--heap-growing-percent=20',
  // Milliseconds. Whenever it was quiet for 8 s V8 would look whether there is memory to give back, and find none.
  '--gc-memory-reducer-start-delay-ms=3600000',
  // Bytes of bytecode, instead of 920. What is compiled is smaller and done sooner: where there are few CPUs, a scrape
  // waits while V8 compiles.
  '--max-inlined-bytecode-size-cumulative=200',
];

/** Other versions of Node stay as they are. */
export function tune(version = process.versions.node): void {
  if (!KNOWN.includes(version.split('.')[0]!)) return;
  for (const flag of FLAGS) setFlagsFromString(flag);
}
