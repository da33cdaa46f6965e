// One OS call made to fail, and what the page may then say.

import { families } from '../../src/metrics/catalogue';
import { only, TestExporter, type Call } from './exporter';
import type { Machine } from './machines';

/** Seconds of the machine's time between the two collections. */
const AFTER = 12;
const CLEAN = { objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 };

/**
 * Calls whose failure looks exactly like something that this Mac does not have: a property, a node, a label or a name
 * that is not there, or a counter that its driver never filled. What they cost is absent without an alarm, which is also
 * what it should be.
 */
const READS_AS_ABSENT = new Set([
  'IORegistryEntryCreateCFProperty',
  'IORegistryEntryFromPath',
  'IOIteratorNext',
  'IOHIDServiceClientCopyEvent',
  'IOHIDServiceClientCopyProperty',
  'MTLCopyAllDevices',
  'MTLCreateSystemDefaultDevice',
  'IOReportChannelGetSubGroup',
  'IOReportChannelGetUnit',
  'IOReportChannelGetUnitLabel',
  'IOReportChannelGetFormat',
  'IOReportSimpleGetIntegerValue',
  'IOReportStateGetResidency',
  'CFDataGetBytePtr',
  'CFDictionaryGetValue',
  'CFNumberGetValue',
  'CFStringGetCString',
]);

const collectorOf = new Map(families.map(({ name, collector }) => [name, collector]));
const windowed = new Set(families.filter(({ window }) => window !== undefined).map(({ name }) => name));
/**
 * Own sums start at the first collection: a fault in it moves their start. Of apps it also changes who has a label, and a
 * process that cannot be asked is one that has ended.
 */
const OWN_SUM =
  /^mac_energy_joules_total\{rail="(media|display)"|^mac_memory_bandwidth_|^mac_(app|process|ane)_/;
/** The hottest of several sensors: without one of them it may be lower. */
const HOTTEST = /^mac_((soc|cpu|gpu)_temperature_celsius$|temperature_celsius\{)/;
/** Families that take something from a facility of another collector, which says so. */
const OF_ANOTHER = new Set([
  'mac_gpu_info',
  ...families.filter(({ also }) => also !== undefined).map(({ name }) => name),
]);
/** What may come in the place of what did not come. */
const STAND_IN: Readonly<Record<string, RegExp>> = {
  mac_memory_bandwidth_bytes_total: /^mac_memory_bandwidth_estimate_bytes_total/,
};

const nameOf = (line: string) => line.replace(/[{ ].*/, '');
const seriesOf = (line: string) => line.slice(0, line.lastIndexOf(' '));
const valueOf = (line: string) => Number(line.slice(line.lastIndexOf(' ') + 1));

interface Run {
  readonly lines: readonly string[];
  /** Calls of each function that can fail. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Two collections and a page. Nothing may be left open. */
async function run(machine: Machine | string, call?: Call): Promise<Run> {
  const exporter = new TestExporter(machine, call ? { plan: { calls: [call] } } : {});
  const before = exporter.double.calls();
  const page = await exporter.pageAfter(AFTER);
  const calls = exporter.double.calls();
  const live = exporter.close();
  if (JSON.stringify(live) !== JSON.stringify(CLEAN))
    throw new Error(`${JSON.stringify(call)}: left open: ${JSON.stringify(live)}`);
  const counts = Object.fromEntries(
    Object.entries(calls).map(([name, n]) => [name, n - (before[name] ?? 0)]),
  );
  return { lines: only(page, /./), calls: counts };
}

/**
 * Holds the page under a fault against the whole one: every series of the Mac is there byte for byte, or it is missing
 * and its collector says so. A window may have another start or be missing, and is never negative.
 */
function judge(whole: Run, faulty: Run, call: Call): void {
  const fail = (what: string) => {
    throw new Error(`${JSON.stringify(call)}: ${what}`);
  };
  const seen = new Map(faulty.lines.map((line) => [seriesOf(line), line]));
  const admitted = (collector: string) =>
    READS_AS_ABSENT.has(call.function) ||
    seen.get(`metalstat_exporter_collector_success{collector="${collector}"}`)?.endsWith(' 1') !== true;
  const someFailed = faulty.lines.some((line) => /^metalstat_exporter_collector_success\{.* 0$/.test(line));
  for (const line of whole.lines) {
    const collector = collectorOf.get(nameOf(line));
    if (collector === undefined || collector === 'exporter') continue;
    const now = seen.get(seriesOf(line));
    if (now === line) continue;
    if (windowed.has(nameOf(line)) || OWN_SUM.test(line)) {
      if (now !== undefined && !(valueOf(now) >= 0)) fail(now);
      continue;
    }
    const lower = HOTTEST.test(seriesOf(line)) && now !== undefined && valueOf(now) < valueOf(line);
    if (now !== undefined && !lower) fail(`${now} instead of ${line}`);
    const standIn = STAND_IN[nameOf(line)];
    if (standIn && faulty.lines.some((other) => standIn.test(other))) continue;
    if (OF_ANOTHER.has(nameOf(line)) && someFailed) continue;
    if (!admitted(collector)) fail(`${seriesOf(line)} is missing or low and ${collector} succeeded`);
  }
}

/** Makes calls of every function fail, once and for ever; `which` of them, by number. Returns how many faults that were. */
export async function failCalls(
  machine: Machine | string,
  which: (count: number) => readonly number[] = everyCall,
): Promise<number> {
  const whole = await run(machine);
  let faults = 0;
  for (const [called, count] of Object.entries(whole.calls))
    for (const nth of which(count))
      for (const forever of [false, true]) {
        const call: Call = { function: called, nth, forever };
        judge(whole, await run(machine, call), call);
        faults++;
      }
  return faults;
}

const everyCall = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);
