// The part of check.ts for who is there: processes, coalitions and the user clients of the GPU.
import { groups } from './apps';
import type { Coalition, Entry, Life, MachineFile, Process, Workload } from './types';
import { at, elapsed, HZ } from './workload';

type Need = (holds: boolean, what: string) => asserts holds;

/** One life of something; of what always was there and stays, the only one. */
interface Lifetime<T> {
  of: T;
  k: number;
  from: number; // ticks after the first frame
  to: number;
}

const HORIZON = 3600 * HZ;

export function checkApps(file: MachineFile, workload: Workload, need: Need): void {
  const { libproc, coalition } = file;
  need(libproc !== undefined && coalition !== undefined, 'there are no processes or no coalitions');
  const cycle = at(elapsed(workload), workload.at.length - 1);
  const processes = lifetimes(libproc.processes, cycle);
  const coalitions = lifetimes(coalition.coalitions, cycle);
  nobodyIsTwo(processes, coalitions, need);
  leadersAreTheOldest(workload, need);
  everybodyIsAtHome(processes, coalitions, need);
  clientsArePeople(file, processes, cycle, need);
  if (workload.name === 'build-farm')
    need(processes.filter(({ k }) => k > 0).length >= 6000, 'few are started');
  if (workload.name === 'crowded') alwaysAsMany(processes, 5000, need);
}

const pidOf = ({ of: { pid, life }, k }: Lifetime<Process>) => pid + (k % (life?.pids ?? 1));
const homeOf = ({ of: { coalition, life }, k }: Lifetime<Process>) => coalition + k * (life?.coalitions ?? 0);
const stepOf = ({ of: { life }, k }: Lifetime<{ life?: Life }>) => k * (life?.step ?? 0);

/** All that begin within an hour. */
function lifetimes<T extends { life?: Life }>(all: readonly T[], cycle: number): Lifetime<T>[] {
  return all.flatMap((of) => {
    const { life } = of;
    if (life === undefined) return [{ of, k: 0, from: -Infinity, to: Infinity }];
    const every = life.every ?? cycle;
    return Array.from({ length: Math.ceil((HORIZON - life.from) / every) }, (_, k) => ({
      of,
      k,
      from: life.from + k * every,
      to: life.to + k * every,
    }));
  });
}

function nobodyIsTwo(
  processes: readonly Lifetime<Process>[],
  coalitions: readonly Lifetime<Coalition>[],
  need: Need,
): void {
  const distinct = (what: string, ids: readonly number[]) =>
    need(new Set(ids).size === ids.length, `${what} is there twice`);
  distinct(
    'a p_uniqueid',
    processes.map((one) => one.of.unique + stepOf(one)),
  );
  distinct(
    'a coalition',
    coalitions.map((one) => one.of.id + stepOf(one)),
  );
  for (const [pid, all] of grouped(processes, pidOf))
    all
      .toSorted((a, b) => a.from - b.from)
      .forEach(({ from }, n, inOrder) =>
        need(from >= (inOrder[n - 1]?.to ?? from), `pid ${pid} is there twice at once`),
      );
}

function grouped<T>(all: readonly T[], by: (one: T) => number): ReadonlyMap<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group) group.push(one);
    else groups.set(by(one), [one]);
  }
  return groups;
}

function leadersAreTheOldest(workload: Workload, need: Need): void {
  for (const { residents } of groups(workload)) {
    const [leader, ...others] = residents;
    need(
      others.every(({ unique }) => unique > (leader?.unique ?? Infinity)),
      `somebody is older than ${leader?.member.path}, who started it`,
    );
  }
}

/** Each process has a coalition as long as it lives, and each coalition that can be read has a process. */
function everybodyIsAtHome(
  processes: readonly Lifetime<Process>[],
  coalitions: readonly Lifetime<Coalition>[],
  need: Need,
): void {
  const members = grouped(processes, homeOf);
  const homes = new Map(coalitions.map((one) => [one.of.id + stepOf(one), one]));
  for (const [id, all] of members) {
    const { of, from, to } = homes.get(id) ?? { from: Infinity, to: Infinity };
    need(of?.words !== undefined, `coalition ${id} is none, or cannot be read`);
    for (const one of all)
      need(one.from >= from && one.to <= to, `pid ${pidOf(one)} lives without its coalition ${id}`);
  }
  for (const [id, { of, from, to }] of homes)
    if (of.words !== undefined)
      need(covered(members.get(id) ?? [], from, to), `nobody is in coalition ${id}`);
}

/** Whether somebody is there from 0 (or later) to the end of the hour (or earlier). */
function covered(all: readonly Lifetime<Process>[], from: number, to: number): boolean {
  let until = Math.max(0, from);
  for (const one of all.toSorted((a, b) => a.from - b.from))
    if (one.from <= until) until = Math.max(until, one.to);
  return until >= Math.min(HORIZON, to);
}

function clientsArePeople(
  file: MachineFile,
  processes: readonly Lifetime<Process>[],
  cycle: number,
  need: Need,
): void {
  const byPid = grouped(processes, pidOf);
  const all = (entries: readonly Entry[]): Entry[] =>
    entries.flatMap((entry) => [entry, ...all(entry.children ?? [])]);
  const entries = all(file.ioregistry);
  const clients = lifetimes(
    entries.filter(({ name }) => name === 'AGXDeviceUserClient'),
    cycle,
  );
  for (const { of, from, to } of clients) {
    const [, pid, name] = /^pid (\d+), (.*)$/.exec(of.properties['IOUserClientCreator'] as string) ?? [];
    const creator = byPid
      .get(Number(pid))
      ?.some((one) => one.of.comm === name && one.from <= from && one.to >= to);
    need(creator === true, `a client of pid ${pid}, ${name}, who is not there`);
  }
  const ids = lifetimes(entries, cycle).map((one) => one.of.id + stepOf(one));
  need(new Set(ids).size === ids.length, 'an entry of the registry is there twice');
}

/** What ends is followed by another one at the same instant. */
function alwaysAsMany(processes: readonly Lifetime<Process>[], many: number, need: Need): void {
  const changes = new Map<number, number>();
  const change = (when: number, by: number) => changes.set(when, (changes.get(when) ?? 0) + by);
  for (const { from, to } of processes) {
    change(Math.max(0, from), to > 0 ? 1 : 0);
    change(to, to > 0 ? -1 : 0);
  }
  let alive = 0;
  for (const [when, by] of [...changes].toSorted(([a], [b]) => a - b)) {
    alive += by;
    need(alive === many || when >= HORIZON, `${alive} processes ${when / HZ} s after the first frame`);
  }
}
