// A page against what the oracle says of the machine file. Each throws at the first series that differs.

import { growth, toNumber, type Exact } from '../oracle/exact';
import { parsePage } from '../oracle/page';
import type { Gauges } from '../oracle/truth';
import { EVERYTHING, type TestExporter } from './exporter';

const SENSORS = 'collector.thermal.sensors=';
/** What the exporter says of itself. */
const OWN = 'metalstat_exporter_';
/** What apps use depends on all collections before: see apps.test.ts. */
const OF_APPS = /^mac_(app|process|ane)_/;

const ulp = (value: number): number => {
  const exponent = Math.floor(Math.log2(Math.abs(value) || 2 ** -1000));
  return 2 ** (exponent - 52);
};

/** A double of 4 units in the last place off, or a millijoule, is right. */
const tolerance = (series: string, value: number): number =>
  series.startsWith('mac_energy') ? 1e-3 + 4 * ulp(value) : 4 * ulp(value);

export interface Seen {
  readonly samples: ReadonlyMap<string, number>;
  /** Series about the Mac. */
  readonly counters: readonly string[];
  readonly gauges: readonly string[];
}

export async function look(exporter: TestExporter): Promise<Seen> {
  const { samples, types } = parsePage(await exporter.page());
  const ofKind = (kind: string) =>
    [...samples.keys()].filter(
      (series) =>
        types.get(series.replace(/\{.*/, '')) === kind && !series.startsWith(OWN) && !OF_APPS.test(series),
    );
  return { samples, counters: ofKind('counter'), gauges: ofKind('gauge') };
}

export function compareGrowth(
  before: Seen,
  after: Seen,
  old: ReadonlyMap<string, Exact>,
  now: ReadonlyMap<string, Exact>,
): void {
  expect([...after.counters].sort()).toEqual([...now.keys()].sort());
  for (const series of after.counters) {
    const [from, to] = [before.samples.get(series), after.samples.get(series)!];
    const [exactFrom, exactTo] = [old.get(series), now.get(series)!];
    if (from === undefined || exactFrom === undefined) continue;
    const expected = toNumber(growth(exactFrom, exactTo));
    const off = Math.abs(to - from - expected);
    if (off > tolerance(series, to))
      throw new Error(`${series} grew by ${to - from}, the file says ${expected}`);
    if (exactTo.parts) continue;
    const value = toNumber(exactTo);
    if (Math.abs(to - value) > tolerance(series, to))
      throw new Error(`${series} is ${to}, the file says ${value}`);
  }
}

/** On the first page, where no gauge has a window yet. */
export function compareGauges(seen: Seen, { plain, ranges }: Gauges, others: RegExp | undefined): void {
  for (const [series, value] of plain) {
    const have = seen.samples.get(series);
    if (have === undefined) throw new Error(`${series} is missing, the file says ${value}`);
    if (Math.abs(have - value) > 4 * ulp(value))
      throw new Error(`${series} is ${have}, the file says ${value}`);
  }
  for (const [series, { least, greatest }] of ranges) {
    const have = seen.samples.get(series);
    if (have === undefined || have < least || have > greatest)
      throw new Error(`${series} is ${have ?? 'missing'}, the file says ${least} to ${greatest}`);
  }
  const unknown = seen.gauges.filter((series) => !plain.has(series) && !ranges.has(series));
  expect(unknown.filter((series) => !others?.test(series))).toEqual([]);
}

export const ROLE = /^mac_temperature_celsius\{sensor="(\w+)",component="(\w+)"\}$/;

/** Which key has which role is the exporter's own data: here only that each shows a valid value of its component. */
export function compareRoles(
  { samples }: Seen,
  temperatures: (component: string) => ReadonlySet<number>,
): void {
  const roles = [...samples].filter(([series]) => series.startsWith('mac_temperature_celsius'));
  expect(roles.length).toBeLessThanOrEqual(12);
  for (const [series, value] of roles) {
    const component = ROLE.exec(series)?.[2];
    if (component === undefined || !temperatures(component).has(value))
      throw new Error(`${series} is ${value}, which no sensor of the file measures`);
  }
}

/** Quotients of differences lose digits of their large operands. */
export function compareWindows(seen: Seen, expected: ReadonlyMap<string, Exact>): void {
  for (const [series, exact] of expected) {
    const [have, value] = [seen.samples.get(series), toNumber(exact)];
    if (have === undefined) throw new Error(`${series} is missing, the file says ${value}`);
    if (Math.abs(have - value) > 1e-6 * Math.max(1e-3, Math.abs(value)))
      throw new Error(`${series} is ${have}, the file says ${value}`);
  }
}

export const ALL = {
  selection: {
    ...EVERYTHING,
    options: new Set([
      ...[...EVERYTHING.options].filter((option) => !option.startsWith(SENSORS)),
      `${SENSORS}all`,
    ]),
  },
};
