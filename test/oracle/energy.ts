import { over, minus, ownSum, sum, toNumber, type Exact } from './exact';
import { energyChannels, stateChannels, type EnergyChannel } from './ioreport';
import { fixed, type Machine } from './machine';
import { series } from './series';

/** A driver that has not published for longer than this is dead, and its counters say nothing. */
const STALE_SECONDS = 10;

const part = (name: string): RegExp => new RegExp(`^${name}\\d*(?:_(\\d+))?$`);

/** Disjoint rails by the names of their channels; a group of the pattern is the die. */
const RAILS: Readonly<Record<string, readonly RegExp[]>> = {
  cpu: [/^(?:DIE_(\d+)_)?CPU Energy$/],
  gpu: [/^GPU Energy$/],
  ane: [part('ANE')],
  dram: [part('DRAM')],
  isp: [part('ISP')],
  media: [part('AVE'), part('MSR'), part('VDEC')],
  display: [part('DISP'), part('DISPEXT')],
  amcc: [part('AMCC')],
  dcs: [part('DCS')],
  afr: [part('AFR')],
  fab: [part('FAB')],
  soc_aon: [part('SOC_AON')],
  soc_rest: [part('SOC_REST')],
};

interface Feed {
  readonly channel: EnergyChannel;
  readonly die: string;
}

/** Feeds of each rail. GPU Energy and GPU0 count the same joules, so the second only stands in for the first. */
export const rails = fixed((machine): ReadonlyMap<string, readonly Feed[]> => {
  const all = energyChannels(machine);
  const found = new Map<string, Feed[]>();
  for (const [rail, patterns] of Object.entries(RAILS)) {
    let feeds = matching(all, patterns);
    if (rail === 'gpu' && feeds.length === 0) feeds = matching(all, [part('GPU')]);
    if (feeds.length > 0) found.set(rail, feeds);
  }
  return found;
});

function matching(channels: readonly EnergyChannel[], patterns: readonly RegExp[]): Feed[] {
  return channels.flatMap((channel) => {
    const match = patterns.map((pattern) => pattern.exec(channel.name)).find((found) => found !== null);
    return match ? [{ channel, die: match[1] ?? '' }] : [];
  });
}

/** What the channel holds, unless its driver fell silent. */
function live(machine: Machine, channel: EnergyChannel, ticks: bigint) {
  const reading = channel.read(ticks);
  if (!reading) return undefined;
  return ticks - reading.published > machine.ticks(STALE_SECONDS) ? undefined : reading;
}

function joules(machine: Machine, feeds: readonly Feed[], ticks: bigint): Exact | undefined {
  const parts = feeds.flatMap(({ channel }) => live(machine, channel, ticks)?.joules ?? []);
  if (parts.length < feeds.length) return undefined;
  return parts.length === 1 ? parts[0] : ownSum(parts);
}

/** Feeds that share a series. */
function* byDie(feeds: readonly Feed[]): Generator<[die: string, Feed[]]> {
  for (const die of new Set(feeds.map((feed) => feed.die))) {
    yield [die, feeds.filter((feed) => feed.die === die)];
  }
}

export function* energyCounters(
  machine: Machine,
  ticks: bigint,
  detail: boolean,
): Generator<[string, Exact]> {
  for (const [rail, feeds] of rails(machine)) {
    for (const [die, ofDie] of byDie(feeds)) {
      const value = joules(machine, ofDie, ticks);
      if (value) yield [series('mac_energy_joules_total', { rail, die }), value];
    }
  }
  if (detail) yield* detailCounters(machine, ticks);
}

const complexNames = (machine: Machine): ReadonlySet<string> =>
  new Set(stateChannels(machine, 'CPU Stats', 'CPU Complex Performance States').map(({ name }) => name));

/** Feeds of each series of details. */
const details = fixed((machine): ReadonlyMap<string, readonly Feed[]> => {
  const parts = new Map<string, Feed[]>();
  const complexes = complexNames(machine);
  for (const channel of energyChannels(machine)) {
    // ECPU0 is a core on an M1, MCPU0 a cluster on an M5: a cluster has a channel of its own among the residencies.
    const named = /^(?:DIE_(\d+)_)?([A-Z]ACC\d*_CPU|[A-Z]CPU\d*)$/.exec(channel.name);
    const cluster = named?.[2]?.endsWith('_CPU') || complexes.has(channel.name) ? named : null;
    const sram = /^GPU SRAM\d*(?:_(\d+))?$/.exec(channel.name);
    const match = cluster ?? sram;
    if (!match) continue;
    const die = match[1] ?? '';
    const labels = cluster
      ? { rail: 'cpu', part: cluster[2] ?? '', die }
      : { rail: 'gpu', part: 'sram', die };
    const key = series('mac_energy_detail_joules_total', labels);
    parts.set(key, [...(parts.get(key) ?? []), { channel, die }]);
  }
  return parts;
});

function* detailCounters(machine: Machine, ticks: bigint): Generator<[string, Exact]> {
  for (const [key, feeds] of details(machine)) {
    const value = joules(machine, feeds, ticks);
    if (value) yield [key, value];
  }
}

/**
 * Watts of one rail between what the older and the newer sample hold, each channel timed by its own
 * publications. Undefined when nothing was published in between: then another older sample must be taken.
 */
export function railWatts(machine: Machine, rail: string, ticks: bigint, since: bigint): Exact | undefined {
  return watts(machine, rails(machine).get(rail) ?? [], ticks, () => since);
}

/** Watts of all rails, each window starting at what `since` held. */
export function* powerWindows(machine: Machine, ticks: bigint, since: bigint): Generator<[string, Exact]> {
  for (const [rail, feeds] of rails(machine)) {
    const value = watts(machine, feeds, ticks, () => since);
    if (value) yield [series('mac_power_watts', { rail }), value];
  }
}

/**
 * Watts of all rails after collections at these instants, the last being now: a window ends at the channel's
 * latest publication and starts at the newest sample published at least `minSeconds` before it, or just after
 * start at the oldest published at least 1 s before it.
 */
export function* powerAfter(
  machine: Machine,
  collections: readonly bigint[],
  minSeconds = 10,
  maxSeconds = 300,
): Generator<[string, Exact]> {
  const now = collections.at(-1) ?? 0n;
  const older = [...collections].reverse().slice(1);
  for (const [rail, feeds] of rails(machine)) {
    const value = watts(machine, feeds, now, (channel) => {
      const end = channel.read(now)?.published ?? 0n;
      const age = (instant: bigint) => end - (channel.read(instant)?.published ?? end);
      const start =
        older.find((instant) => age(instant) >= machine.ticks(minSeconds)) ??
        older.findLast((instant) => age(instant) >= machine.ticks(1));
      return start !== undefined && age(start) <= machine.ticks(maxSeconds) ? start : undefined;
    });
    if (value) yield [series('mac_power_watts', { rail }), value];
  }
}

function watts(
  machine: Machine,
  feeds: readonly Feed[],
  ticks: bigint,
  startOf: (channel: EnergyChannel) => bigint | undefined,
): Exact | undefined {
  const parts = feeds.flatMap(({ channel }) => {
    const start = startOf(channel);
    const before = start === undefined ? undefined : channel.read(start);
    const after = live(machine, channel, ticks);
    if (!before || !after || after.published <= before.published) return [];
    const energy = minus(after.joules, before.joules);
    return energy.n < 0n ? [] : [over(energy, machine.seconds(after.published - before.published))];
  });
  return feeds.length > 0 && parts.length === feeds.length ? sum(parts) : undefined;
}

/** Seconds since the rail's stalest channel was published. */
export function publicationAge(machine: Machine, rail: string, ticks: bigint): number | undefined {
  const ages = (rails(machine).get(rail) ?? []).flatMap(({ channel }) => {
    const reading = channel.read(ticks);
    return reading ? [toNumber(machine.seconds(ticks - reading.published))] : [];
  });
  return ages.length > 0 ? Math.max(...ages) : undefined;
}
