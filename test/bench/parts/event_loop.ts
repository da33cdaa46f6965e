// How long JavaScript is kept waiting while a source takes as long as one did on a Mac: 14 ms a sample, ten a second.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestExporter } from '../../support/exporter';
import { median, ratioOf } from '../figures';
import { MACS } from '../targets';

const MILLISECONDS = 14;
const EVERY = 100;
const SLOW = {
  calls: [{ function: 'IOReportCreateSamples', nth: 1, forever: true, how: 'slow', ms: MILLISECONDS }],
} as const;

export interface EventLoop {
  /** p99 of the delay in milliseconds. */
  readonly none: number;
  /** One slow source is read. */
  readonly read: number;
  /** A whole page is collected and written, with the slow source in it. */
  readonly page: number;
  readonly readRatio: number;
  readonly pageRatio: number;
}

export async function eventLoop(rounds: number, seconds: number): Promise<EventLoop> {
  const exporter = new TestExporter(MACS['m2-ultra'], { clock: 'real' });
  await exporter.page();
  exporter.plan(SLOW);
  const delays = { none: [] as number[], read: [] as number[], page: [] as number[] };
  const works = {
    none: () => Promise.resolve(),
    read: () => exporter.double.sources.ioreport.read(),
    page: () => exporter.page(),
  };
  for (let round = 0; round < rounds; round++)
    for (const name of ['none', 'read', 'page'] as const)
      delays[name].push(await delayDuring(works[name], seconds));
  exporter.close();
  return {
    none: median(delays.none),
    read: median(delays.read),
    page: median(delays.page),
    readRatio: ratioOf(delays.read, delays.none),
    pageRatio: ratioOf(delays.page, delays.none),
  };
}

async function delayDuring(work: () => Promise<unknown>, seconds: number): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const running = new Set<Promise<unknown>>();
  const timer = setInterval(() => {
    const run = work().finally(() => running.delete(run));
    running.add(run);
  }, EVERY);
  delay.enable();
  await sleep(seconds * 1000);
  delay.disable();
  clearInterval(timer);
  await Promise.all(running);
  return delay.percentile(99) / 1e6;
}
