import type { Process, Series } from './format';
import { Lifetime, type Sight } from './life';
import { fixed, integer, type Machine } from './machine';

/** A process of the file: one, or with a life all that it tells of. */
export interface Program {
  readonly name: string;
  readonly lifetime: Lifetime;
  readonly pid: (k: bigint) => bigint;
  readonly unique: (k: bigint) => bigint;
  readonly coalition: (k: bigint) => bigint;
  /** Undefined where the exporter may not read it or cannot. */
  readonly footprint: Series | undefined;
}

export interface Member extends Sight {
  readonly name: string;
  readonly unique: bigint;
}

export const programs = fixed((machine): readonly Program[] => {
  const { uid = 0, processes = [] } = machine.file.libproc ?? {};
  return processes.map((process) => program(machine, process, uid));
});

function program(machine: Machine, process: Process, user: number): Program {
  const { life, seen, path, comm, usage } = process;
  const lifetime = new Lifetime(machine, life, seen);
  const [pid, pids] = [BigInt(process.pid), BigInt(life?.pids ?? 1)];
  const [unique, coalition] = [integer(process.unique), integer(process.coalition)];
  const step = integer(life?.coalitions ?? seen?.coalitions ?? 0);
  return {
    name: path?.split('/').at(-1) ?? comm,
    lifetime,
    pid: (k) => pid + (k % pids),
    unique: (k) => lifetime.id(unique, k),
    coalition: (k) => coalition + k * step,
    footprint: user === 0 || user === process.uid ? usage?.footprint : undefined,
  };
}

/** How many processes there are. */
export const processesAlive = (machine: Machine, ticks: bigint): number =>
  programs(machine).reduce((count, { lifetime }) => {
    const [first, last] = lifetime.living(ticks);
    return count + Math.max(0, Number(last - first) + 1);
  }, 0);

/** The processes that collections see, by coalition. */
export function members(
  machine: Machine,
  collections: readonly bigint[],
): ReadonlyMap<bigint, readonly Member[]> {
  const found = new Map<bigint, Member[]>();
  for (const { name, lifetime, unique, coalition } of programs(machine)) {
    for (const sight of lifetime.sights(collections)) {
      const id = coalition(sight.k);
      const of = found.get(id) ?? [];
      found.set(id, of);
      of.push({ ...sight, name, unique: unique(sight.k) });
    }
  }
  return found;
}

/** The process that has a pid. */
export function processWith(machine: Machine, pid: bigint, ticks: bigint) {
  for (const program of byPid(machine).get(pid) ?? []) {
    const [first, last] = program.lifetime.living(ticks);
    for (let k = first; k <= last; k += 1n) {
      if (program.pid(k) === pid) return { name: program.name, coalition: program.coalition(k) };
    }
  }
  return undefined;
}

const byPid = fixed((machine): ReadonlyMap<bigint, readonly Program[]> => {
  const found = new Map<bigint, Program[]>();
  for (const [i, program] of programs(machine).entries()) {
    const turns = machine.file.libproc?.processes[i]?.life?.pids ?? 1;
    for (let k = 0n; k < turns; k += 1n) {
      const pid = program.pid(k);
      const of = found.get(pid) ?? [];
      found.set(pid, of);
      of.push(program);
    }
  }
  return found;
});
