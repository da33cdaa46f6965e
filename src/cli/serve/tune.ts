// V8 as it is set up is for programs that work all the time. A server that is asked every few seconds pays for that.

import { setFlagsFromString } from 'node:v8';

export function tune(): void {
  // How much a function runs until it is optimised: not before a scraper comes a hundred times a second. Measured over
  // the first hundred scrapes, optimising took a third of all CPU time.
  setFlagsFromString('--interrupt-budget=2000000');
  // The memory for what is young stays as small as it begins: the garbage of some scrapes fits in.
  setFlagsFromString('--semi-space-growth-factor=1');
  // Milliseconds. Whenever it was quiet for 8 s V8 would look whether there is memory to give back, and find none.
  setFlagsFromString('--gc-memory-reducer-start-delay-ms=3600000');
}
