// libproc: the processes, and what each has used.
import { nameOf, type Group } from './apps';
import { inOneLife } from './life';
import { PAGE } from './host';
import type { Libproc, Process, Series, Usage, Workload } from './types';
import type { Accounted } from './used';
import { absolute, at, constant, HZ, vary } from './workload';

const USER = 501;
const LOGGED_IN = 820; // p_uniqueid
const EACH = HZ / 20; // ticks from one start to the next, until then

export function libproc(workload: Workload, groups: readonly Group<Accounted>[]): Libproc {
  const all = groups.flatMap(({ id, residents }) => residents.map((resident) => ({ id, ...resident })));
  const youngest = Math.max(...all.map(({ life, unique }) => (life ? 0 : unique)));
  const processes = all.map((process): Process => {
    const { id: coalition, member, unique, life } = process;
    const { pid, uid = USER, path } = member;
    return {
      pid,
      unique,
      coalition,
      uid,
      path,
      comm: nameOf(member),
      ...(path !== null && !life && { start: started(workload, unique, youngest) }),
      ...(path !== null && { usage: usageOf(workload, process) }),
      ...(life && { life }),
    };
  });
  return { uid: USER, rusage: 6, processes: processes.sort((a, b) => a.unique - b.unique) };
}

/** The lowest began with the Mac or with the login, the others between that and some time before the first frame. */
function started(workload: Workload, unique: number, youngest: number): number {
  if (unique <= LOGGED_IN) return Math.floor(unique * EACH);
  const rank = (unique - LOGGED_IN) / (youngest - LOGGED_IN);
  const login = LOGGED_IN * EACH;
  return Math.floor(login + rank ** 2 * 0.6 * (at(absolute(workload), 0) - login));
}

/** Shared pages are on top of the footprint, and what is compressed is not in it; neither matters in a large one. */
const residentOf = (footprint: number, member: Accounted['member']): number =>
  Math.floor((footprint * 0.9 * vary(footprint < 2 ** 30 ? 0.3 : 0.05, nameOf(member), 'resident')) / PAGE) *
  PAGE;

function usageOf(workload: Workload, { member, life, used }: Accounted): Usage {
  const inKernel = (member.uid === undefined ? 0.16 : 0.35) * vary(0.3, nameOf(member), 'system');
  const user = used.cpu.map((ticks) => Math.floor(ticks * (1 - inKernel)));
  const counter = (values: readonly number[]): Series =>
    life ? inOneLife(life, workload, values) : constant(values);
  return {
    user: counter(user),
    system: counter(used.cpu.map((ticks, frame) => ticks - at(user, frame))),
    read: counter(used.read),
    written: counter(used.written),
    resident: constant(used.footprint.map((bytes) => residentOf(bytes, member))),
    footprint: constant(used.footprint),
    energy: counter(used.energy),
  };
}
