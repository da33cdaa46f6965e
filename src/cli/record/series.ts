// From one value a frame to a series of a machine file: a single value where it never changes.

import type { Int, Series } from '../../native/machine_file';

/** Equal by value; for what JSON holds, and bigints. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.length &&
    left.every(([key, value]) => same(value, (b as Record<string, unknown>)[key]))
  );
}

/** What a frame lacks is as in the frame before, and ahead of the first one that has it, as there. */
export function filled<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const first = values.find((value) => value !== undefined);
  if (first === undefined) return undefined;
  let before = first;
  return values.map((value) => (before = value ?? before));
}

export const isConstant = (values: readonly unknown[]): boolean =>
  values.every((value) => same(value, values[0]));

/** Undefined if no frame has a value. */
export function seriesOf<T>(values: readonly (T | undefined)[]): T | readonly T[] | undefined {
  const all = filled(values);
  return all && (isConstant(all) ? all[0] : all);
}

/** The last value, for what a machine file holds once. */
export const latest = <T>(values: readonly (T | undefined)[]): T | undefined =>
  values.findLast((value) => value !== undefined);

/** All keys of some objects, in the order in which they are met first. */
export const keysOf = (objects: readonly (object | null | undefined)[]): readonly string[] => [
  ...new Set(objects.flatMap((each) => Object.keys(each ?? {}))),
];

/** A series for each name of some objects. */
export const seriesByName = (objects: readonly (object | null | undefined)[]): Record<string, Series> =>
  Object.fromEntries(
    keysOf(objects).map((name) => [
      name,
      seriesOf(objects.map((each) => (each as Record<string, Int> | undefined)?.[name])) as Series,
    ]),
  );
