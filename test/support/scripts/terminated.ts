// Workers that read all the time, and are terminated in the middle of it.

import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createExporter } from '../../../src/index';

const TIMES = 40;
/** Milliseconds within which one is terminated: some reads. */
const SOON = 30;

async function terminate(machine: string): Promise<void> {
  for (let i = 0; i < TIMES; i++) {
    const worker = new Worker(__filename, { workerData: machine });
    await once(worker, 'message');
    await sleep((i * SOON) / TIMES);
    await worker.terminate();
  }
  console.log(`terminated ${TIMES}`);
}

async function read(machine: string): Promise<never> {
  const exporter = createExporter({ machine });
  await exporter.ready;
  parentPort!.postMessage('ready');
  for (;;) await exporter.registry.metrics();
}

void (isMainThread ? terminate(process.argv[2]!) : read(workerData as string));
