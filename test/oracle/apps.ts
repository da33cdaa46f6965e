import { clientUses } from './clients';
import { hasWord, sightings, type Sighting } from './coalitions';
import { exact, type Exact } from './exact';
import { gain, isSteady } from './life';
import { at, integer, type Machine } from './machine';
import { programs } from './processes';
import { series } from './series';

export { lost, type Loss } from './clients';
export { processesAlive } from './processes';

/** What was used from the first to the last of an exporter's collections. Keys lack the label `app` or `process`. */
export interface Usage {
  /** Of all apps or processes, also of those without a name. */
  readonly totals: ReadonlyMap<string, Exact>;
  /** By the name of the app, then keyed as the totals. */
  readonly byApp: ReadonlyMap<string, ReadonlyMap<string, Exact>>;
  /** mac_process_gpu_seconds_total by the name of the process. */
  readonly byProcess: ReadonlyMap<string, Exact>;
}

/** `collections` are all that the exporter made, in ticks since open: the first is its baseline, the last is now. */
export function appUsage(machine: Machine, collections: readonly bigint[]): Usage {
  const seen = sightings(machine, collections);
  const totals = new Map<string, Exact>();
  const byApp = new Map(seen.flatMap(({ app }) => (app ? [[app.name, new Map<string, Exact>()]] : [])));
  const tell = (key: string, { total, byName }: Tally, unit: Unit) => {
    totals.set(key, unit(machine, total));
    for (const [name, value] of byName) byApp.get(name)?.set(key, unit(machine, value));
  };
  for (const { key, word, unit, always } of seen.length > 0 ? FAMILIES : []) {
    if (!hasWord(machine, word)) continue;
    const { tally, isUsed } = wordGains(seen, word, collections);
    if (always || isUsed) tell(key, tally, unit);
  }
  const ane = totals.get(ANE);
  if (ane) totals.set('mac_ane_work_seconds_total', ane);

  const [apps, processes] = [new Tally(), new Tally()];
  const names = new Map(seen.map(({ id, app }) => [id, app?.name]));
  const clients = clientUses(machine, collections);
  for (const { process, nanoseconds } of clients) {
    apps.add(process && names.get(process.coalition), nanoseconds);
    processes.add(process?.name, nanoseconds);
  }
  if (clients.length > 0) {
    tell('mac_app_gpu_seconds_total', apps, nano);
    totals.set('mac_process_gpu_seconds_total', nano(machine, processes.total));
  }
  const byProcess = new Map([...processes.byName].map(([name, value]) => [name, nano(machine, value)]));
  return { totals, byApp, byProcess };
}

/** Names of the apps that the last collection finds, by the id of the coalition. */
export function appsAlive(machine: Machine, collections: readonly bigint[]): ReadonlyMap<bigint, string> {
  const last = collections.length - 1;
  return new Map(
    sightings(machine, collections).flatMap(({ id, app, sight }) =>
      app && sight.last === last ? [[id, app.name]] : [],
    ),
  );
}

/** mac_app_memory_bytes at the last collection, by app. */
export function appMemory(machine: Machine, collections: readonly bigint[]): ReadonlyMap<string, number> {
  const now = at(collections, collections.length - 1);
  const names = appsAlive(machine, collections);
  const sums = new Map<string, bigint>();
  const unreadable = new Set<string>();
  for (const { lifetime, coalition, footprint } of programs(machine)) {
    const [first, last] = lifetime.living(now);
    for (let k = first; k <= last; k += 1n) {
      const name = names.get(coalition(k));
      if (name === undefined) continue;
      if (footprint === undefined) unreadable.add(name);
      else sums.set(name, (sums.get(name) ?? 0n) + integer(machine.gauge(footprint, now)));
    }
  }
  return new Map([...sums].flatMap(([name, bytes]) => (unreadable.has(name) ? [] : [[name, Number(bytes)]])));
}

/** A key as the page has it: the app or process is the first label. */
export function labelled(key: string, label: 'app' | 'process', name: string): string {
  const [family = '', others] = key.split(/[{}]/);
  const own = series(family, { [label]: name });
  return others === undefined ? own : `${own.slice(0, -1)},${others}}`;
}

type Unit = (machine: Machine, value: bigint) => Exact;

const tick: Unit = (machine, value) => machine.seconds(value);
const nano: Unit = (_, value) => exact(value, 1_000_000_000n);
const byte: Unit = (_, value) => exact(value);

const ANE = 'mac_app_ane_work_seconds_total';

interface Family {
  readonly key: string;
  readonly word: number;
  readonly unit: Unit;
  /** Else only once a value is not 0: not every Mac counts it. */
  readonly always?: true;
}

const FAMILIES: readonly Family[] = [
  { key: 'mac_app_cpu_seconds_total', word: 3, unit: tick, always: true },
  { key: ANE, word: 38, unit: tick },
  { key: series('mac_app_energy_joules_total', { rail: 'cpu' }), word: 11, unit: nano },
  { key: series('mac_app_energy_joules_total', { rail: 'gpu' }), word: 41, unit: nano },
  { key: series('mac_app_energy_joules_total', { rail: 'ane' }), word: 39, unit: nano },
  { key: series('mac_app_disk_bytes_total', { direction: 'read' }), word: 6, unit: byte, always: true },
  { key: series('mac_app_disk_bytes_total', { direction: 'write' }), word: 7, unit: byte, always: true },
];

class Tally {
  total = 0n;
  readonly byName = new Map<string, bigint>();

  add(name: string | undefined, value: bigint): void {
    this.total += value;
    if (name !== undefined) this.byName.set(name, (this.byName.get(name) ?? 0n) + value);
  }
}

function wordGains(seen: readonly Sighting[], word: number, collections: readonly bigint[]) {
  const tally = new Tally();
  let isUsed = false;
  for (const { lifetime, words, sight, app } of seen) {
    const counter = words[word] ?? 0;
    const read = (ticks: bigint) => lifetime.counter(counter, sight.k, ticks);
    // Of what never falls, two reads tell as much as one at each collection, and sooner.
    const gained = (first: number, last: number) =>
      isSteady(counter)
        ? read(at(collections, last)) - read(at(collections, first))
        : gain(read, { first, last }, collections);
    // What it used before it had a name is no app's.
    const named = Math.max(sight.first, (app?.since ?? 0) - 1);
    const [nameless, own] = [gained(sight.first, named), gained(named, sight.last)];
    tally.add(undefined, nameless);
    tally.add(app?.name, own);
    isUsed ||= nameless + own > 0n || read(at(collections, sight.first)) > 0n;
  }
  return { tally, isUsed };
}
