// Machines made in a test from those of test/machines, and what the machine file itself says of them.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Live } from '../../src/native/native';
import type { MachineFile } from '../oracle/format';
import { toNumber } from '../oracle/exact';
import { Machine as OracleMachine } from '../oracle/machine';
import { truth, type Truth } from '../oracle/truth';
import { samples, withExporter, type FaultPlan, type TestExporter } from './exporter';
import { machineOf, type ChannelSet, type Json, type Machine, type RegistryEntry } from './machines';

export const M1 = 'Macmini9,1__m1__15.6__mixed';
export const M1_IDLE = 'Macmini9,1__m1__15.6__idle';
export const M2_ULTRA = 'Mac14,14__m2-ultra__15.2__mixed';
export const M5_MAX = 'Mac17,6__m5-max__27.0__mixed';
export const M5_MAX_LOAD = 'Mac17,6__m5-max__27.0__load';
export const VIRTUAL = 'VirtualMac2,1__vm__15.5__compile';

/** IOReportChannelUnit and label, as machines report them. */
export const UNITS = {
  ticks: ['72058115876454424', '24Mticks'],
  mJ: ['216173314689728512', 'mJ'],
  uJ: ['216173301804826624', 'uJ'],
  nJ: ['216173288919924736', 'nJ'],
} satisfies Record<string, [string, string]>;

/** A machine of test/machines, changed. */
export function variant(name: string, change: (machine: Machine) => void): Machine {
  const machine = machineOf(name);
  change(machine);
  return machine;
}

/** The sets of a group, or of one subgroup of it. */
export const setsOf = ({ ioreport = [] }: Machine, group: string, subgroup?: string): ChannelSet[] =>
  ioreport.filter((set) => set.group === group && (subgroup === undefined || set.subgroup === subgroup));

export const ENERGY = 'Energy Model';
export const CORES = 'CPU Core Performance States';
export const COMPLEXES = 'CPU Complex Performance States';
export const GPU_STATES = 'GPU Performance States';

/** The set and the row of a channel. */
export function channelOf(machine: Machine, group: string, name: string): { set: ChannelSet; row: Json[] } {
  for (const set of setsOf(machine, group)) {
    const row = set.channels.find((channel) => channel[1] === name);
    if (row) return { set, row };
  }
  throw new Error(`no channel ${name} in ${group}`);
}

/** A set of simple channels in Energy Model; each row is a name and its series. */
export function energySet(
  driver: number,
  unit: [string, string | null],
  rows: readonly (readonly [name: string, ...series: (number | null)[]])[],
): ChannelSet {
  const channels = rows.map(([name, ...series], i) => [
    (i + 1).toString(16).padStart(16, '0'),
    name,
    ...series,
  ]);
  return { group: ENERGY, subgroup: '', driver: [driver, 'a driver'], unit, format: 'simple', channels };
}

/** The entry of the device tree at a path, or the first of a class. */
export function entryOf(machine: Machine, where: string): RegistryEntry {
  const found = machine.ioregistry?.find(
    ({ path, class: classes }) => path === where || classes.includes(where),
  );
  if (!found) throw new Error(`no entry ${where}`);
  return found;
}

/** Key and value of the accelerator's PerformanceStatistics. */
export function statisticsOf(machine: Machine): Record<string, Json> {
  const statistics = entryOf(machine, 'IOAccelerator').properties['PerformanceStatistics'];
  return (statistics as { dict: Record<string, Json> }).dict;
}

/** What the file says at `seconds` after opening; never computed with code of src. */
export class FileTruth {
  readonly machine: OracleMachine;
  readonly #truth: Truth;
  readonly #counters = new Map<bigint, ReturnType<Truth['counters']>>();

  constructor(machine: string | Machine) {
    const file = typeof machine === 'string' ? machineOf(machine) : machine;
    this.machine = new OracleMachine(file as unknown as MachineFile);
    this.#truth = truth(this.machine, { states: true, detail: true });
  }

  /** A counter of the page. */
  counter(series: string, seconds: number): number {
    const ticks = this.machine.ticks(seconds);
    const all = this.#counters.get(ticks) ?? this.#truth.counters(ticks);
    this.#counters.set(ticks, all);
    const value = all.get(series);
    if (!value) throw new Error(`the file says nothing of ${series}`);
    return toNumber(value);
  }

  growth(series: string, from: number, to: number): number {
    return this.counter(series, to) - this.counter(series, from);
  }

  /** mac_power_watts after collections at these seconds, the last of them now. */
  watts(rail: string, collections: readonly number[]): number {
    const instants = collections.map((seconds) => this.machine.ticks(seconds));
    const value = this.#truth.power(instants).get(`mac_power_watts{rail="${rail}"}`);
    if (!value) throw new Error(`the file says nothing of ${rail}`);
    return toNumber(value);
  }

  /** A gauge over the window from `from` to `to`. */
  window(series: string, from: number, to: number): number {
    const value = this.#truth.gauges(this.machine.ticks(to), this.machine.ticks(from)).window.get(series);
    if (!value) throw new Error(`the file says nothing of ${series}`);
    return toNumber(value);
  }
}

/** One page as a scraper sees it: samples by series. */
export const scrape = async (exporter: TestExporter): Promise<Map<string, number>> =>
  samples(await exporter.page());

/** Collects, waits and scrapes. */
export async function scrapeAfter(exporter: TestExporter, seconds: number): Promise<Map<string, number>> {
  await exporter.page();
  return scrape(exporter.step(seconds));
}

/** A page 12 s after the first collection, under a fault plan. */
export const pageUnder = (machine: string | Machine, plan: FaultPlan): Promise<Map<string, number>> =>
  withExporter(machine, (exporter) => scrapeAfter(exporter, 12), { plan });

const MEASURED = /^(gpu_|mac_(gpu|cpu|energy|power))/;
/** What a page says of GPU, CPU and energy, in the order of the names. */
export const measured = (page: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...page].filter(([series]) => MEASURED.test(series)).sort());

/** Held for as long as an exporter is open: a right to the host, two notify tokens and the connection to the SMC. */
export const portsOf = ({ smc }: Machine): number => (smc ? 4 : 3);

/** What is open once every thread is at rest: a job's pool is popped just after its result is handed over. */
export async function openAtRest({ double }: TestExporter): Promise<Live> {
  for (let i = 0; i < 400 && double.live().pools > 0; i++) await sleep(5);
  return double.live();
}

/** Scrapes `count` times, `interval` seconds apart, the first one at once. */
export async function scrapes(
  exporter: TestExporter,
  count: number,
  interval: number,
): Promise<readonly ReadonlyMap<string, number>[]> {
  const pages: ReadonlyMap<string, number>[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0) exporter.step(interval);
    pages.push(await scrape(exporter));
  }
  return pages;
}

/** Series of one family. */
export const seriesOf = (page: ReadonlyMap<string, number>, family: string): string[] =>
  [...page.keys()].filter((series) => series === family || series.startsWith(`${family}{`));

/** Values of one label in the series of a family. */
export const labelsOf = (page: ReadonlyMap<string, number>, family: string, label: string): string[] =>
  seriesOf(page, family).map((series) => new RegExp(`[{,]${label}="([^"]*)"`).exec(series)?.[1] ?? '');

export const joules = (rail: string, die = ''): string =>
  `mac_energy_joules_total{rail="${rail}",die="${die}"}`;
export const watts = (rail: string): string => `mac_power_watts{rail="${rail}"}`;
export const success = (collector: string): string =>
  `metalstat_exporter_collector_success{collector="${collector}"}`;
export const supported = (collector: string): string =>
  `metalstat_exporter_collector_supported{collector="${collector}"}`;
export const windowSeconds = (collector: string): string =>
  `metalstat_exporter_window_seconds{collector="${collector}"}`;
export const age = (rail: string): string =>
  `metalstat_exporter_rail_publication_age_seconds{rail="${rail}"}`;
