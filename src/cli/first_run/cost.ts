// What collecting leaves behind.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { families, partsFor } from '../../metrics/catalogue';
import { Sampler } from '../../sampler/sampler';
import { judged, type Check } from './check';
import { fixed } from './words';

const DEADLINE = 10;
/** Seconds after which no further collection is begun. */
const PATIENCE = 45;
const MOST_BYTES = 1024;
/** Fewer tell nothing of memory: a page of the heap is some kilobytes. */
const ENOUGH = 500;

export const cost: Check = {
  number: 25,
  assumed: 'a collection leaves no port, file or thread behind, and next to no memory',
  expected: `the same ports, files and threads after 1,000 collections, less than ${MOST_BYTES} bytes for each`,
  async run(mac) {
    const { around } = mac;
    const sampler = new Sampler(mac.native, { parts: partsFor(families) });
    const collect = async (times: number): Promise<number> => {
      const begin = around.now();
      let done = 0;
      for (; done < times && around.now() - begin < PATIENCE; done++) await sampler.collect(DEADLINE);
      return done;
    };
    await collect(Math.ceil(around.collections / 10));
    const before = { memory: memory(), held: await around.held() };
    const done = await collect(around.collections);
    const bytes = (memory() - before.memory) / done;
    const after = await around.held();
    const kinds = Object.keys(before.held);
    const grown = kinds.filter((kind) => (after[kind] ?? 0) > before.held[kind]!);
    const told = kinds.map(
      (kind) => `${kind} ${before.held[kind]} before and ${after[kind] ?? 'unknown'} after`,
    );
    return judged(
      grown.length === 0 && (done < ENOUGH || bytes < MOST_BYTES),
      `${done} collections, ${told.join(', ')}, ${fixed(bytes, 0)} bytes for each. Wake-ups at rest: look at powermetrics --show-process-energy for 60 s`,
    );
  },
};

/** Without what is only not collected yet. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage.rss();
}
