// An exporter one of whose sources hangs in a call of the OS, and then one way to end: the first argument says which.

import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createExporter } from '../../../src/index';
import { loadDouble } from '../../../src/native/load';
import type { Double, DoubleAddon, Live } from '../../../src/native/native';

const [ending, machine] = (isMainThread ? process.argv.slice(2) : workerData) as [string, string];

/** Opens an exporter and hangs it in a read. */
async function hang(): Promise<{ double: Double; close: () => void; page: Promise<string> }> {
  const addon = loadDouble();
  const open: DoubleAddon['open'] = addon.open.bind(addon);
  let double: Double | undefined;
  addon.open = (...of) => (double = open(...of));
  const exporter = createExporter({ machine });
  addon.open = open;
  await exporter.ready;
  await exporter.registry.metrics();
  double!.plan('{"calls": [{"function": "IOReportCreateSamples", "nth": 1, "how": "hang"}]}');
  const before = double!.calls()['IOReportCreateSamples'];
  const page = exporter.registry.metrics();
  while (double!.calls()['IOReportCreateSamples'] === before) await later(5);
  return { double: double!, close: () => exporter.close(), page };
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Tells the test that it is about to end. */
function announce(): void {
  if (isMainThread) console.log(`ending ${process.pid} ${Date.now()}`);
}

/** Closes what hangs, and keeps two functions of it that hold nothing but the machine. */
async function leave(): Promise<{ releaseHangs: () => void; live: () => Live }> {
  const { double, close, page } = await hang();
  close();
  await page;
  return {
    releaseHangs: Reflect.get(double, 'releaseHangs'),
    live: Reflect.get(double, 'live'),
  };
}

async function inWorker(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const worker = new Worker(__filename, { workerData: ['wait', machine] });
    await new Promise((resolve) => worker.once('message', resolve));
    const start = Date.now();
    const code = await worker.terminate();
    console.log(`terminated ${code} ${Date.now() - start}`);
  }
}

const ENDINGS: Readonly<Record<string, () => Promise<void>>> = {
  async exit() {
    await hang();
    announce();
    process.exit(7);
  },
  async throw() {
    await hang();
    announce();
    throw new Error('thrown on purpose');
  },
  /** The event loop runs out: what still waits for the call that hangs is told. */
  async end() {
    const { close, page } = await hang();
    announce();
    close();
    console.log((await page).includes('memory_pressure_level ') ? 'answered' : 'not answered');
  },
  /** Nothing but the thread that hangs knows the session any more when its call returns. */
  async late() {
    const { releaseHangs, live } = await leave();
    for (let i = 0; i < 5; i++) {
      globalThis.gc!();
      await later(5);
    }
    releaseHangs();
    while (Object.values(live()).some((count) => count !== 0)) await later(5);
    globalThis.gc!();
    announce();
  },
  /** Waits to be ended from outside. */
  async wait() {
    await hang();
    announce();
    parentPort?.postMessage('hung');
    setInterval(() => undefined, 1_000);
  },
  async worker() {
    await inWorker(5);
    announce();
  },
};

void ENDINGS[ending]!();
