// Reads from a machine file whose samples hang, and ends in the way that its last argument names.

import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { WANTS } from '../../../src/decode/parts';
import { readMachine } from '../../../src/exporter';
import { loadDouble } from '../../../src/native/load';

const [file, end] = process.argv.slice(2) as [string, string];

async function hang(): Promise<void> {
  const double = loadDouble().open(WANTS, readMachine(file).text);
  const { ioreport, sysctl } = double.sources;
  const { channels } = await ioreport.list();
  await ioreport.select(Uint32Array.from(channels.keys()));
  double.plan('{"calls": [{"function": "IOReportCreateSamples", "nth": 1, "forever": true, "how": "hang"}]}');
  void ioreport.read().catch(() => undefined);
  // The other facilities go on.
  await sysctl.facts();
  await sleep(50);
}

async function main(): Promise<void> {
  if (!isMainThread) {
    await hang();
    parentPort!.postMessage('hangs');
  } else if (end === 'terminate') {
    const worker = new Worker(__filename, { argv: [file, end] });
    await new Promise((resolve) => worker.once('message', resolve));
    console.log('hangs');
    await worker.terminate();
  } else {
    await hang();
    console.log('hangs');
    if (end === 'exit') process.exit(7);
  }
}

void main();
