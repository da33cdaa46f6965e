// What comes and goes between the frames: each thing by its id, with what each frame says of it.

import type { Seen } from '../../native/machine_file';

export interface Presence<T> {
  /** By frame; undefined where it was not there. */
  readonly frames: readonly (T | undefined)[];
  /** The first that was seen of it. */
  readonly first: T;
  readonly isAlways: boolean;
}

/** One for each id, in the order in which they were met. */
export function presences<T>(
  frames: readonly (readonly T[])[],
  idOf: (item: T) => unknown,
): readonly Presence<T>[] {
  const found = new Map<unknown, (T | undefined)[]>();
  frames.forEach((items, frame) => {
    for (const item of items) {
      const id = idOf(item);
      let of = found.get(id);
      if (!of) found.set(id, (of = new Array<T | undefined>(frames.length).fill(undefined)));
      of[frame] = item;
    }
  });
  return [...found.values()].map((of) => ({
    frames: of,
    first: of.find((item) => item !== undefined)!,
    isAlways: of[0] !== undefined && of.at(-1) !== undefined,
  }));
}

/** In which frames it is there, and by how much its id grows when the workload repeats. */
export function seenOf({ frames }: Presence<unknown>, step: number): Seen {
  const isThere = frames.map((item) => item !== undefined);
  return { frames: [isThere.indexOf(true), isThere.lastIndexOf(true)], step };
}

/** So large that no id of a mortal one that comes with a repetition is one of those in the file. */
export function stepOver<T>(
  all: readonly Presence<T>[],
  idOf: (item: T) => number,
  isMortal = ({ isAlways }: Presence<T>) => !isAlways,
): number {
  const ids = (of: readonly Presence<T>[]) => of.map(({ first }) => idOf(first));
  const mortal = ids(all.filter(isMortal));
  return mortal.length === 0 ? 1 : max(ids(all)) - min(mortal) + 1;
}

const max = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b));
const min = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b));
