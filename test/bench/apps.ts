// npm run bench:apps: what it costs to tell what each app uses, by number of processes. The peer is the same exporter, in
// the same run, without the collector. On the double: its own work is in these times, the kernel's is not.

import { ONLY_APPS, withApps, withoutApps } from './selections';
import { machineOf, type Machine } from '../support/machines';
import { samples, TestExporter } from '../support/exporter';

const CROWD = 'Mac15,14__m3-ultra__26.3__crowded';
const SIZES = [625, 1250, 2500, 5000];
const ROUNDS = 60;
const SOURCES = ['libproc', 'coalition', 'gpu_clients'] as const;

/** The crowd with so many processes and their coalitions, all of which stay. */
function crowdOf(count: number): Machine {
  const machine = machineOf(CROWD);
  const processes = machine
    .libproc!.processes.filter(({ life }) => !life)
    .sort((a, b) => a.unique - b.unique);
  const more = Array.from({ length: Math.max(0, count - processes.length) }, (_, i) => ({
    ...processes[(i % (processes.length - 100)) + 100]!,
    pid: 60_000 + i,
    unique: 5_000_000 + i,
  }));
  machine.libproc!.processes = [...processes, ...more].slice(0, count);
  const used = new Set(machine.libproc!.processes.map(({ coalition }) => coalition));
  machine.coalition!.coalitions = machine.coalition!.coalitions.filter(
    ({ id, life }) => !life && used.has(id),
  );
  return machine;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function timed(exporter: TestExporter): Promise<number> {
  const start = performance.now();
  await exporter.page();
  return performance.now() - start;
}

/** Milliseconds of a scrape, by source and in all, with the collector and without. */
async function measure(count: number) {
  const machine = crowdOf(count);
  const open = (selection: typeof withApps) => new TestExporter(machine, { selection, clock: 'real' });
  const [on, off, only] = [open(withApps), open(withoutApps), open(ONLY_APPS)];
  const exporters = [on, off, only];
  for (const exporter of exporters) for (let i = 0; i < 5; i++) await exporter.page();
  const times: number[][] = [[], [], []];
  const durations = new Map<string, number[]>(SOURCES.map((source) => [source, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, exporter] of exporters.entries()) times[i]!.push(await timed(exporter));
    const page = samples(await only.page());
    for (const source of SOURCES)
      durations
        .get(source)!
        .push(page.get(`metalstat_exporter_source_duration_seconds{source="${source}"}`)! * 1e3);
  }
  const series = samples(await on.page()).size;
  for (const exporter of exporters) exporter.close();
  const [withThem, without, alone] = times.map(median) as [number, number, number];
  return {
    processes: count,
    coalitions: machine.coalition!.coalitions.length,
    series,
    'scrape, ms': round(withThem),
    'without app, ms': round(without),
    ratio: round(withThem / without),
    'apps alone, ms': round(alone),
    ...Object.fromEntries(SOURCES.map((source) => [`${source}, ms`, round(median(durations.get(source)!))])),
    'µs a process': round(((withThem - without) / count) * 1e3),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

async function main(): Promise<void> {
  const rows = [];
  for (const count of SIZES) rows.push(await measure(count));
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows, undefined, 2));
  else console.table(rows);
}

void main();
