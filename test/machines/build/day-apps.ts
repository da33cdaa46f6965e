// The apps of a day: those of all its doings, each at work only in its own.
import { membersOf, shareIn } from './apps';
import type { Doing, DoingName } from './doings';
import { ORDINARY } from './ordinary';
import type { App, Client, Member, Share } from './types';

/** What is done in a span: which doing, and which of the stretch's steps. */
export interface Turn {
  readonly doing: DoingName;
  readonly step: number;
}
type Seen = Partial<Record<DoingName, Member>>;

/** MiB, while it has nothing to do. */
const AT_REST = 24;

/** They stay: what comes and goes in a doing is one process here, which has what they have together. */
export function allApps(doings: ReadonlyMap<DoingName, Doing>, turns: readonly Turn[]): App[] {
  const found = new Map<string, Map<string, Seen>>();
  for (const [name, { apps }] of doings)
    for (const app of apps) {
      const members = entry(found, app.leader.path ?? '', () => new Map<string, Seen>());
      membersOf(app).forEach((member, n) => {
        entry(members, n === 0 ? 'leader' : `${member.path}/${member.pid}`, (): Seen => ({}))[name] = member;
      });
    }
  const taken = new Set(ORDINARY.flatMap(membersOf).map(({ pid }) => pid));
  const own = new Map(ORDINARY.map(({ leader }) => [leader.path, leader.pid]));
  return [...found].map(([path, members]): App => {
    let above = 0;
    const all = [...members.values()].map((seen) => {
      const given = whole(seen, turns);
      const usual = above === 0 ? own.get(path) : undefined;
      const pid = usual ?? free(Math.max(given.pid, above + 1), taken);
      above = Math.max(above, pid);
      return { ...given, pid };
    });
    const [leader, ...others] = all;
    if (leader === undefined) throw new Error(`${path} has no leader`);
    return { leader, ...(others.length > 0 && { members: others }) };
  });
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function free(pid: number, taken: Set<number>): number {
  while (taken.has(pid)) pid++;
  taken.add(pid);
  return pid;
}

function whole(seen: Seen, turns: readonly Turn[]): Member {
  const all = Object.values(seen);
  const [first] = all;
  if (first === undefined) throw new Error('a member of no app');
  const { path, pid, name, unique, uid } = first;
  const over = (share: (member: Member) => Share | undefined): readonly number[] | undefined =>
    all.some((member) => share(member) !== undefined)
      ? turns.map(({ doing, step }) => {
          const member = seen[doing];
          return member ? shareIn(share(member) ?? 0, step) : 0;
        })
      : undefined;
  const [cpu, ane] = [over((member) => member.cpu), over((member) => member.ane)];
  const [read, written] = [over(({ disk }) => disk?.[0]), over(({ disk }) => disk?.[1])];
  const held = over((member) =>
    member.footprint === undefined ? undefined : shareIn(member.footprint, 0) * atOnce(member),
  );
  const clients = all.flatMap(({ gpu }) => (gpu ? [gpu] : []));
  return {
    path,
    pid,
    ...(name !== undefined && { name }),
    ...(unique !== undefined && { unique }),
    ...(uid !== undefined && { uid }),
    ...(cpu && { cpu }),
    ...(ane && { ane }),
    ...(read && written && { disk: [read, written] as const }),
    ...(held && { footprint: footprints(held) }),
    ...(clients.length > 0 && { gpu: client(clients, over) }),
  };
}

/** How many of its kind there are at a moment. */
const atOnce = ({ stay }: Member) =>
  stay?.every === undefined ? 1 : Math.max(1, Math.round((stay.to - stay.from) / stay.every));

/** For each frame: that of the last span is shown for an instant more. */
const footprints = (held: readonly number[]) =>
  [...held, held.at(-1) ?? 0].map((mib) => (mib === 0 ? AT_REST : mib));

const client = (
  clients: readonly Client[],
  over: (share: (member: Member) => Share | undefined) => readonly number[] | undefined,
): Client => ({
  queues: Math.max(...clients.map(({ queues }) => queues)),
  shares: Array.from(
    { length: Math.max(...clients.map(({ shares }) => shares.length)) },
    (_, n) => over(({ gpu }) => gpu?.shares[n]) ?? 0,
  ),
});
