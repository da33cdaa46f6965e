// The frames of what comes and goes: processes, and the coalitions they belong to.

import type { Coalition, Coalitions, Int, Libproc, Process, Series, Usage } from '../../native/machine_file';
import type { Frame } from './frame';
import { presences, seenOf, stepOver, type Presence } from './presence';
import { keysOf, latest, seriesByName, seriesOf } from './series';

export interface RecordedRows {
  readonly libproc: Libproc | undefined;
  readonly coalition: Coalitions | undefined;
}

export function mergeRows(frames: readonly Frame[]): RecordedRows {
  const processes = presences(
    frames.map(({ libproc }) => libproc?.processes ?? []),
    uniqueOf,
  );
  const coalitions = presences(
    frames.map(({ coalition }) => coalition?.coalitions ?? []),
    idOf,
  );
  const mortal = mortalOf(coalitions, processes);
  const step = stepOver(coalitions, idOf, ({ first }) => mortal.has(first.id));
  const rusage = latest(frames.map(({ libproc }) => libproc?.rusage));
  const bytes = frames.flatMap(({ coalition }) => coalition?.bytes ?? []);
  return {
    libproc: rusage && libprocOf(processes, rusage, mortal, step),
    coalition:
      bytes.length === 0
        ? undefined
        : {
            bytes: Math.max(...bytes),
            coalitions: coalitions.map((each) => coalitionOf(each, mortal, step)),
          },
  };
}

const uniqueOf = ({ unique }: Process): number => unique;
const idOf = ({ id }: Coalition): number => id;

/** Ids of the coalitions that come and go. One that has a process all of the time does not, even if a list lacked it. */
function mortalOf(
  coalitions: readonly Presence<Coalition>[],
  processes: readonly Presence<Process>[],
): ReadonlySet<number> {
  const mortal = new Set(coalitions.filter(({ isAlways }) => !isAlways).map(({ first }) => first.id));
  for (const { isAlways, first } of processes) if (isAlways) mortal.delete(first.coalition);
  return mortal;
}

function libprocOf(
  all: readonly Presence<Process>[],
  rusage: 4 | 6,
  mortal: ReadonlySet<number>,
  coalitions: number,
): Libproc {
  const step = stepOver(all, uniqueOf);
  const processes = all.map((one): Process => {
    const { pid, unique, coalition, uid, path, comm } = one.first;
    const usages = one.frames.map((each) => each?.usage);
    const start = latest(one.frames.map((each) => each?.start));
    return {
      pid,
      unique,
      coalition,
      uid,
      path,
      comm,
      ...(start !== undefined && { start }),
      ...(usages.some((usage) => usage) && { usage: seriesByName(usages) as unknown as Usage }),
      ...(!one.isAlways && {
        seen: { ...seenOf(one, step), ...(mortal.has(coalition) && { coalitions }) },
      }),
    };
  });
  return { uid: userOf(processes), rusage, processes };
}

/** The kernel tells a user what his own processes use, and root what all do: so it was he, or root, who recorded. */
function userOf(processes: readonly Process[]): number {
  const readable = new Set(processes.filter(({ usage }) => usage).map(({ uid }) => uid));
  if (readable.size > 1) return 0;
  return [...readable][0] ?? process.getuid?.() ?? 0;
}

function coalitionOf(one: Presence<Coalition>, mortal: ReadonlySet<number>, step: number): Coalition {
  const { id } = one.first;
  const words = one.frames.map((each) => each?.words);
  return {
    id,
    ...(words.some((each) => each) && { words: wordsOf(words) }),
    ...(mortal.has(id) && { seen: seenOf(one, step) }),
  };
}

/** Words that are 0 are left out by the source. */
function wordsOf(frames: readonly Coalition['words'][]): Record<number, Series> {
  const words: Record<number, Series> = {};
  for (const index of keysOf(frames)) {
    const series = seriesOf(frames.map((each) => each && ((each[Number(index)] as Int | undefined) ?? 0)));
    words[Number(index)] = series as Series;
  }
  return words;
}
