// Preloaded into the command with `node --expose-gc -r`: says, when it is asked, what was allocated.

import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

export interface Garbage {
  /** Bytes that live in the old generation, after all garbage was collected. */
  readonly old: number;
  /** Collections of the young generation so far. */
  readonly scavenges: number;
}

interface Collection extends PerformanceEntry {
  readonly detail: { readonly kind: number };
}

let scavenges = 0;

new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if ((entry as Collection).detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) scavenges++;
}).observe({ entryTypes: ['gc'] });

process.on('message', () => {
  // Twice: what the first one finds ended may have held on to more.
  globalThis.gc!();
  globalThis.gc!();
  const spaces = getHeapSpaceStatistics().filter(({ space_name: name }) => !name.startsWith('new_'));
  const old = spaces.reduce((sum, space) => sum + space.space_used_size, 0);
  // The observer hears of a collection in a later turn.
  setTimeout(() => process.send!({ old, scavenges } satisfies Garbage), 50);
});
process.channel?.unref();
