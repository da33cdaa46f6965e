// Rows of what comes and goes, as the addon's sources of rows deliver them: [time, number of rows, rows …].

import type { Channel } from '../native/native';

const FIRST = 2;

/** How many rows were delivered; undefined if that is not known. */
export const rowsOf = (values: Float64Array): number | undefined =>
  Number.isNaN(values[1]!) ? undefined : values[1]!;

/** Where a column is in a row; -1 where the source has none of that name. */
export const columnOf = (chosen: readonly Channel[], name: string): number =>
  chosen.find((channel) => channel.name === name)?.at ?? -1;

export const cellAt = (values: Float64Array, width: number, row: number, column: number): number =>
  values[FIRST + row * width + column]!;

/** A copy of one column; NaN where there is none. */
export function readColumn(values: Float64Array, width: number, rows: number, column: number): Float64Array {
  const copy = new Float64Array(rows);
  if (column < 0) return copy.fill(NaN);
  for (let row = 0; row < rows; row++) copy[row] = cellAt(values, width, row, column);
  return copy;
}
