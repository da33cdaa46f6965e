import { exact, ownSum, sum, times, type Exact } from './exact';
import { byteChannels, stateChannels } from './ioreport';
import { fixed, type Machine } from './machine';
import { series, type Labels } from './series';

const GIGA = 1_000_000_000n;

/** One counter of an agent, in bytes; undefined where the driver tells none. */
interface Meter {
  readonly labels: Labels;
  readonly read: (ticks: bigint) => Exact | undefined;
}

/** The die in front of a name: DIE_0_ on an Ultra, DIE0 and PRIM in betas of macOS 27 (kennss/SiliconScope #14). */
const withoutDie = (name: string): string => name.replace(/^(?:DIE_\d+_|DIE\d+ |PRIM )/, '');

export function* bandwidthCounters(machine: Machine, ticks: bigint): Generator<[string, Exact]> {
  const counted = byteMeters(machine);
  if (counted.some(({ read }) => read(ticks) !== undefined)) {
    yield* totals('mac_memory_bandwidth_bytes_total', counted, ticks);
  } else {
    yield* totals('mac_memory_bandwidth_estimate_bytes_total', estimates(machine), ticks);
  }
}

/** Bytes on the DRAM's side. `GFX RD` without DCS is in front of the cache; `DCS` alone is both directions together. */
const byteMeters = fixed((machine): readonly Meter[] => {
  const meters = byteChannels(machine, 'AMC Stats', 'Perf Counters').flatMap(({ name, read }) => {
    const [, agent = '', way] = /^(.*?) ?DCS (RD|WR)$/.exec(withoutDie(name)) ?? [];
    return way
      ? [{ agent, labels: { agent: agent || 'all', direction: way === 'RD' ? 'read' : 'write' }, read }]
      : [];
  });
  return partsFirst(meters, '');
});

/** Of an agent's three histograms RD+WR holds the other two. A label is a rate: time in its state is bytes. */
const estimates = fixed((machine): readonly Meter[] => {
  const channels = ['PMP', 'PMP0', 'PMP1'].flatMap((group) => stateChannels(machine, group, 'DCS BW'));
  const meters = channels.flatMap(({ name, states, unit, read: residencies }) => {
    const agent = /^(.+) RD\+WR$/.exec(withoutDie(name))?.[1];
    const rates = states.map((state) => /^\s*(\d+)GB\/s$/.exec(state)?.[1]);
    if (agent === undefined || rates.includes(undefined)) return [];
    const read = (ticks: bigint) => {
      const all = residencies(ticks);
      return all && sum(all.map((value, i) => times(exact(value * BigInt(rates[i] ?? 0) * GIGA), unit)));
    };
    return [{ agent, labels: { agent }, read }];
  });
  return partsFirst(meters, 'AMCC');
});

/** What all agents share one channel for counts only where they have none of their own. */
function partsFirst(
  meters: readonly (Meter & { readonly agent: string })[],
  whole: string,
): readonly Meter[] {
  const parts = meters.filter(({ agent }) => agent !== whole);
  return parts.length > 0 ? parts : meters;
}

/** Several counters of one agent, such as one a die, are a sum that the exporter keeps itself. */
function* totals(family: string, meters: readonly Meter[], ticks: bigint): Generator<[string, Exact]> {
  const byAgent = new Map<string, Meter[]>();
  for (const meter of meters) {
    const key = series(family, meter.labels);
    byAgent.set(key, [...(byAgent.get(key) ?? []), meter]);
  }
  for (const [key, members] of byAgent) {
    const parts = members.flatMap(({ read }) => read(ticks) ?? []);
    if (parts.length === members.length) yield [key, parts.length === 1 ? parts[0]! : ownSum(parts)];
  }
}
