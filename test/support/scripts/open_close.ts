// Opens, reads and closes a machine file many times in one process, and says what has grown.

import { readdirSync } from 'node:fs';
import { DECODED_NAMES, WANTS } from '../../../src/decode/parts';
import { readMachine } from '../../../src/exporter';
import { loadDouble } from '../../../src/native/load';
import { Sampler } from '../../../src/sampler/sampler';

const [file, times] = process.argv.slice(2) as [string, string];
const { text } = readMachine(file);
const addon = loadDouble();

async function once(): Promise<void> {
  const double = addon.open(WANTS, text);
  await new Sampler(double, { parts: DECODED_NAMES }).collect(5);
  for (let attempt = 0; attempt < 100 && !double.close(); attempt++);
  const live = double.live();
  if (live.objects + live.ioObjects + live.ports + live.regions + live.pools !== 0)
    throw new Error(`left open: ${JSON.stringify(live)}`);
}

const count = (of: string): number => readdirSync(`/proc/self/${of}`).length;

async function main(): Promise<void> {
  // Thread stacks, arenas and heap are cached by those who made them, up to a size of their own.
  for (let i = 0; i < Number(times); i++) await once();
  const before = { threads: count('task'), descriptors: count('fd'), rss: process.memoryUsage.rss() };
  for (let i = 0; i < Number(times); i++) await once();
  const grown = {
    threads: count('task') - before.threads,
    descriptors: count('fd') - before.descriptors,
    mebibytes: (process.memoryUsage.rss() - before.rss) / 2 ** 20,
  };
  console.log(JSON.stringify(grown));
}

void main();
