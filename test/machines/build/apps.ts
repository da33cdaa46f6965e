// Who is there: the coalitions of a machine, their processes, and what shares they have of what it does.
import { lives, type Lived } from './life';
import { ORDINARY } from './ordinary';
import type { App, Client, Life, Member, Share, Stay, Workload } from './types';
import { at, sum } from './workload';

/** What somebody had since boot, of the share that it has in the first step. */
export const PAST = 0.3;
/** Ids of those that come and go are above those of all others; the first of them may be older than the first frame. */
const MORTAL = 10_000_000;

/** A process, or all of its kind that come and go. */
export interface Resident {
  member: Member;
  unique: number;
  life?: Life;
  shares: Shares;
}
/** Since boot and in each step: of the busy time of the CPUs, of what the ANE does, of what the GPU does for anybody. */
export type Shares = Readonly<Record<'cpu' | 'ane' | 'gpu', readonly number[]>>;
export interface Group<R = Resident> {
  id: number;
  life?: Life;
  residents: readonly R[]; // the leader first
}
export interface Connected {
  pid: number;
  name: string;
  client: Client;
  stay?: Stay;
}

/** In the order of their ids; the kernel's is the first. */
export function groups(workload: Workload): Group[] {
  const { apps, usual } = everybody(workload);
  const shares = sharing(workload, apps.flatMap(membersOf), usual);
  const coalitions = mortal(
    apps.map((app) => [app, app.stay]),
    workload,
  );
  const processes = mortal(
    apps.flatMap((app) => membersOf(app).map((member) => [member, member.stay ?? app.stay])),
    workload,
  );
  const group = (app: App): Group => {
    const { first = coalitionOf(app), life } = coalitions.get(app) ?? {};
    const resident = (member: Member): Resident => {
      const { first: unique = uniqueOf(member), life: own } = processes.get(member) ?? {};
      const lasts = own && { life: { ...own, ...(life && { coalitions: life.step }) } };
      return { member, unique, ...lasts, shares: shares(member) };
    };
    return { id: first, ...(life && { life }), residents: membersOf(app).map(resident) };
  };
  return apps.map(group).sort((a, b) => a.id - b.id);
}

/** The AGX user clients, in the order of the workload: one for each pid, as their creators do not change. */
export const connected = ({ apps }: Workload): Connected[] =>
  apps.flatMap((app) =>
    membersOf(app).flatMap((member) => {
      const { gpu: client, pid } = member;
      const stay = client?.stay ?? member.stay ?? app.stay;
      const connect = (turn: Partial<Connected>, n = 0) =>
        client ? [{ pid: pid + n, name: nameOf(member), client, ...turn }] : [];
      return stay ? turns(stay).flatMap((turn, n) => connect({ stay: turn }, n)) : connect({});
    }),
  );

export const membersOf = ({ leader, members = [] }: App): Member[] => [leader, ...members];
export const shareIn = (share: Share, step: number) => (typeof share === 'number' ? share : at(share, step));
export const nameOf = ({ path, name }: Member) => (name ?? path?.replace(/^.*\//, '') ?? '').slice(0, 16);
export const keyOf = ({ member }: Pick<Resident, 'member'>) => `${nameOf(member)}/${member.pid}`;

const turns = ({ from, to, every = 0, pids = 1 }: Stay): Stay[] =>
  Array.from({ length: pids }, (_, n) => ({
    from: from + n * every,
    to: to + n * every,
    ...(every && { every: pids * every }),
  }));

/** A quarter of the pids were somebody else's before. */
const uniqueOf = ({ pid, unique }: Member) => unique ?? pid + Math.floor(pid / 4);
/** Of the type resource; the next one is that of the type jetsam. */
const coalitionOf = ({ leader }: App) => Math.max(1, 2 * uniqueOf(leader) - 1);

/** All apps, and the members that share what the others leave. */
function everybody(workload: Workload): { apps: App[]; usual: ReadonlySet<Member> } {
  const usual = new Set<Member>();
  const taken = new Set<App>();
  const ordinary = ORDINARY.map((app): App => {
    const [given, another] = workload.apps.filter(({ leader }) => leader.path === app.leader.path);
    if (another)
      throw new Error(`${workload.name}: two apps of ${app.leader.path}, which is an ordinary one`);
    const leader = { ...app.leader, ...given?.leader };
    const members = given?.members ?? app.members ?? [];
    if (given) taken.add(given);
    if (given?.leader.cpu === undefined) usual.add(leader);
    if (given?.members === undefined) for (const member of members) usual.add(member);
    return { leader, members };
  });
  return { apps: [...ordinary, ...workload.apps.filter((app) => !taken.has(app))], usual };
}

function mortal<T>(all: readonly (readonly [T, Stay | undefined])[], workload: Workload): Map<T, Lived> {
  const stays = all.flatMap(([whose, stay]) => (stay ? [[whose, stay] as const] : []));
  const lived = lives(
    stays.map(([, stay]) => stay),
    workload,
    MORTAL,
  );
  return new Map(stays.map(([whose], n) => [whose, at(lived, n)]));
}

function sharing(workload: Workload, all: readonly Member[], usual: ReadonlySet<Member>) {
  const spans = [0, ...workload.steps.map((_, step) => step + 1)];
  const asGiven = (share: Share = 0) => {
    const [first, ...others] = spans.slice(1).map((_, step) => shareIn(share, step));
    return first === undefined ? [0] : [PAST * first, first, ...others];
  };
  const others = all.filter((member) => !usual.has(member));
  const gpu = ({ gpu }: Member) =>
    workload.steps.map((_, step) => sum((gpu?.shares ?? []).map((share) => shareIn(share, step))));
  const drawing = all.map(gpu);
  const drawn = workload.steps.map((_, step) => sum(drawing.map((shares) => at(shares, step))) || 1);
  const share = (of: 'cpu' | 'ane') => {
    const given = new Map(others.map((member) => [member, asGiven(member[of])]));
    const left = spans.map((span) => 1 - sum([...given.values()].map((shares) => at(shares, span))));
    return (member: Member) =>
      given.get(member) ?? asGiven(member[of]).map((part, span) => part * at(left, span));
  };
  const [cpu, ane] = [share('cpu'), share('ane')];
  return (member: Member): Shares => ({
    cpu: cpu(member),
    ane: ane(member),
    gpu: asGiven(gpu(member).map((share, step) => share / at(drawn, step))),
  });
}
