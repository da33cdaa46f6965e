// Every OS call made to fail, once and for ever: no crash, nothing left open, no wrong value, and what is missing from
// the page is owned up to by its collector, while all other collectors' families are there byte for byte.

import { families } from '../src/metrics/catalogue';
import { only, TestExporter, type Call } from './support/exporter';
import { machineNames, machineOf, reduced, type Machine } from './support/machines';

const AFTER = 12;
const CLEAN = { objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 };
const collectorOf = new Map(families.map(({ name, collector }) => [name, collector]));
const nameOf = (line: string) => line.replace(/[{ ].*/, '');

/**
 * Calls whose failure looks exactly like something that this Mac does not have: a property, a node, a label or a name
 * that is not there. What they cost is absent without an alarm, which is also what it should be.
 */
const READS_AS_ABSENT = new Set([
  'IORegistryEntryCreateCFProperty',
  'IORegistryEntryFromPath',
  'IOServiceGetMatchingServices',
  'IOIteratorNext',
  'IOReportChannelGetSubGroup',
  'IOReportChannelGetUnit',
  'IOReportChannelGetUnitLabel',
  'IOReportStateGetNameForIndex',
  'IOReportChannelGetFormat',
  'CFDataGetBytePtr',
  'CFDictionaryGetValue',
  'CFNumberGetValue',
  'CFStringGetCString',
]);

interface Run {
  readonly lines: readonly string[];
  readonly calls: Readonly<Record<string, number>>;
}

/** Two collections and a page, as a scraper would see them. The clock stands still between reads of one page. */
async function run(machine: Machine, call?: Call): Promise<Run> {
  const exporter = new TestExporter(machine, call ? { plan: { calls: [call] } } : {});
  const before = exporter.double.calls();
  const page = await exporter.pageAfter(AFTER);
  const calls = exporter.double.calls();
  const live = exporter.close();
  expect(live).toEqual(CLEAN);
  const counts = Object.fromEntries(
    Object.entries(calls).map(([name, n]) => [name, n - (before[name] ?? 0)]),
  );
  return { lines: only(page, /./), calls: counts };
}

/** Compares a page under a fault with the whole one. */
function judge(whole: Run, faulty: Run, call: Call): void {
  const seen = new Map(faulty.lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line]));
  const successOf = (collector: string) =>
    seen.get(`metalstat_exporter_collector_success{collector="${collector}"}`);
  const admitted = (collector: string) =>
    !successOf(collector)?.endsWith(' 1') || READS_AS_ABSENT.has(call.function);
  for (const line of whole.lines) {
    const series = line.slice(0, line.lastIndexOf(' '));
    const name = nameOf(line);
    const collector = collectorOf.get(name);
    if (collector === undefined || collector === 'exporter') continue;
    const now = seen.get(series);
    if (now === line || isWindowed(name)) continue;
    // Missing, and its collector says so; never another value.
    if (now !== undefined) throw new Error(`${JSON.stringify(call)}: ${now} instead of ${line}`);
    if (!admitted(collector))
      throw new Error(`${JSON.stringify(call)}: ${series} is missing and ${collector} succeeded`);
  }
}

const windowed = new Set(families.filter(({ window }) => window !== undefined).map(({ name }) => name));
const isWindowed = (name: string) => windowed.has(name) || name === 'mac_energy_joules_total';

describe.each(machineNames)('%s', (name) => {
  test('every call that can fail, on three channels a group', async () => {
    const machine = reduced(machineOf(name));
    const whole = await run(machine);
    expect(Object.keys(whole.calls).length).toBeGreaterThan(20);
    for (const [function_, count] of Object.entries(whole.calls))
      for (let nth = 1; nth <= count; nth++)
        for (const forever of [false, true]) {
          const call: Call = { function: function_, nth, forever };
          judge(whole, await run(machine, call), call);
        }
  }, 240_000);
});
