// What it costs to hand a reading over from C++: into an array that is there, or as objects.

import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadDouble } from '../../../src/native/load';
import { median, ratioOf } from '../figures';

export interface Boundary {
  readonly channels: number;
  /** Nanoseconds a call. */
  readonly fill: number;
  readonly objects: number;
  /** Of the rounds. */
  readonly ratio: number;
  /** Bytes that a call leaves behind, and collections of garbage in all calls. */
  readonly garbage: { readonly calls: number; readonly bytes: number; readonly collections: number };
}

const CALLS = 10_000;

export async function boundary(channels: number, rounds: number): Promise<Boundary> {
  const { fill, objects } = loadDouble().crossing(channels);
  const times = { fill: [] as number[], objects: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.fill.push(timed(fill, CALLS));
    times.objects.push(timed(objects, CALLS / 100));
  }
  return {
    channels,
    fill: median(times.fill),
    objects: median(times.objects),
    ratio: ratioOf(times.fill, times.objects),
    garbage: await garbageOf(fill),
  };
}

function timed(call: () => unknown, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return ((performance.now() - start) * 1e6) / calls;
}

async function garbageOf(call: () => unknown): Promise<Boundary['garbage']> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ['gc'] });
  // Those of before are told, too.
  await sleep(50);
  collections = 0;
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < CALLS; i++) call();
  const bytes = (process.memoryUsage().heapUsed - before) / CALLS;
  await sleep(50);
  observer.disconnect();
  return { calls: CALLS, bytes, collections };
}
