import type { Property } from './format';
import { gain, Lifetime, type Sight } from './life';
import { at, fixed, integer, type Machine } from './machine';
import { processWith } from './processes';
import { accelerators, dictionary, numberAt, property, text } from './registry';

/** GPU time of one client of the driver, as far as its reads tell. */
export interface ClientUse {
  /** Of the process that made it; undefined if none had that pid when the client was first seen. */
  readonly process: { readonly name: string; readonly coalition: bigint } | undefined;
  readonly nanoseconds: bigint;
}

/** Nanoseconds that no growth contains. */
export interface Loss {
  /** After a client's last read until its end, and all of one that came and went between two collections. */
  readonly ended: bigint;
  /** Before the first read of a client that is not known to be new. */
  readonly before: bigint;
}

export const clientUses = (machine: Machine, collections: readonly bigint[]): ClientUse[] =>
  seen(machine, collections).map(({ client, sight, isNew }) => ({
    process:
      client.pid === undefined ? undefined : processWith(machine, client.pid, at(collections, sight.first)),
    nanoseconds: client.times.reduce((sum, time) => {
      const read = (ticks: bigint) => client.read(time, sight.k, ticks);
      const first = isNew ? read(at(collections, sight.first)) : 0n;
      return sum + first + gain(read, sight, collections);
    }, 0n),
  }));

export function lost(machine: Machine, collections: readonly bigint[]): Loss {
  let ended = 0n;
  let before = 0n;
  const total = ({ times, read }: Client, k: bigint, ticks: bigint | undefined) =>
    ticks === undefined ? 0n : times.reduce((sum, time) => sum + read(time, k, ticks), 0n);
  for (const { client, sight, isNew } of seen(machine, collections)) {
    const { k, first, last } = sight;
    const isGone = last < collections.length - 1;
    if (isGone) ended += total(client, k, client.lifetime.end(k)) - total(client, k, collections[last]);
    if (first > 0 && !isNew) before += total(client, k, collections[first]);
  }
  for (const client of clients(machine)) {
    for (const k of client.lifetime.unseen(collections)) ended += total(client, k, client.lifetime.end(k));
  }
  return { ended, before };
}

interface Client {
  readonly lifetime: Lifetime;
  readonly id: (k: bigint) => bigint;
  readonly pid: bigint | undefined;
  readonly times: readonly Property[];
  readonly read: (time: Property, k: bigint, ticks: bigint) => bigint;
}

const clients = fixed((machine): readonly Client[] =>
  accelerators(machine)
    .flatMap(({ children = [] }) => children)
    .filter((entry) => entry.class.includes('AGXDeviceUserClient'))
    .map((entry) => {
      const lifetime = new Lifetime(machine, entry.life, entry.seen);
      const [, pid] = /^pid (\d+),/.exec(text(property(entry, 'IOUserClientCreator')) ?? '') ?? [];
      const queues = property(entry, 'AppUsage');
      const list = typeof queues === 'object' && 'list' in queues ? queues.list : [];
      return {
        lifetime,
        id: (k) => lifetime.id(integer(entry.id), k),
        pid: pid === undefined ? undefined : BigInt(pid),
        times: list.map((queue) => dictionary(queue)['accumulatedGPUTime'] ?? 0),
        read: (time, k, ticks) =>
          typeof time === 'object' && 'counter' in time
            ? lifetime.counter(time.counter, k, ticks)
            : (numberAt(machine, time, ticks) ?? 0n),
      };
    }),
);

interface Seen {
  readonly client: Client;
  readonly sight: Sight;
  /** Ids ascend, so what is above all that were there before has come since. */
  readonly isNew: boolean;
}

function seen(machine: Machine, collections: readonly bigint[]): Seen[] {
  const all = clients(machine).flatMap((client) =>
    [...client.lifetime.sights(collections)].map((sight) => ({ client, sight, id: client.id(sight.k) })),
  );
  const highest = collections.map(() => -1n);
  for (const { sight, id } of all) {
    for (let i = sight.first; i <= sight.last; i += 1) if (id > at(highest, i)) highest[i] = id;
  }
  return all.map(({ client, sight, id }) => {
    const isNew = sight.first > 0 && id > at(highest, sight.first - 1);
    return { client, sight, isNew };
  });
}
