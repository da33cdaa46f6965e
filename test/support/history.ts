// Hours of scrapes of a mixed fleet, as the storage of a Prometheus: what dashboards and pictures are looked at with.
//
//   npx tsx test/support/history.ts --hours 3 --out FOLDER
//   prometheus --storage.tsdb.path=FOLDER …
//
// The Macs are machine files whose work changes (test/machines/README.md, "Days"), and their pages say so.

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HISTORY_MACS } from './history/macs';
import { addAlerts, addRecordings } from './history/rules';
import { scrapesOf } from './history/scrapes';
import { addBlocks } from './history/storage';

/** Prometheus answers 11000 points of a query, and alerts are asked for every 15 s. */
const MOST_HOURS = 45;

export interface History {
  /** Where the storage is made; a folder that is empty, or not there. */
  readonly folder: string;
  readonly hours?: number;
  /** Unix time in seconds; now when left out. */
  readonly end?: number;
  readonly tell?: (line: string) => void;
}

export async function makeHistory({
  folder,
  hours = 3,
  end = Date.now() / 1000,
  tell = () => undefined,
}: History): Promise<void> {
  if (!(hours > 0 && hours <= MOST_HOURS))
    throw new Error(`${hours} hours of history: give a number above 0 and up to ${MOST_HOURS}`);
  const out = resolve(folder);
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new Error(`${out} is not empty: remove it, or name another folder`);
  mkdirSync(out, { recursive: true });
  const started = Date.now();
  const say = (line: string): void =>
    tell(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);

  async function* everybody(): AsyncIterable<string> {
    for (const [n, mac] of HISTORY_MACS.entries()) {
      yield* scrapesOf(mac, hours * 3600, end);
      say(`${n + 1}/${HISTORY_MACS.length} ${mac.host}: ${mac.machine}`);
    }
  }
  const samples = await addBlocks(out, everybody());
  say(`${samples} samples of ${hours} h up to ${new Date(end * 1000).toISOString()} are in ${out}`);
  const span = { start: Math.ceil(end - hours * 3600), end: Math.floor(end) };
  say(`${await addRecordings(out, span)} recording rules were evaluated`);
  const fired = await addAlerts(out, span);
  say(`alerts that fired: ${fired.join(', ') || 'none'}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { hours: { type: 'string' }, out: { type: 'string' } } });
  if (values.out === undefined) throw new Error('--out is missing: name a folder for the storage');
  await makeHistory({
    folder: values.out,
    hours: Number(values.hours ?? 3),
    tell: (line) => console.log(line),
  });
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
