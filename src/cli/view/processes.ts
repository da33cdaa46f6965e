// The table of processes.

import type { ProcessRow } from '../processes';
import { cutText, padEnd, printable, span, type Line } from './line';
import { duration, gibOrMib, whole } from './numbers';

/** Columns of a name: all others are as wide as their numbers get. */
const NAME = 28;

export function processLines(rows: readonly ProcessRow[]): readonly Line[] {
  const heading = `${'#'.padStart(3)}  ${padEnd('Process', NAME)}  ${'PID'.padStart(6)}  ${'RSS'.padStart(7)}  ${'Footprint'.padStart(9)}  ${'CPU%'.padStart(5)}  ${'GPU time'.padStart(8)}`;
  return [[span(heading, 'bold')], ...rows.map(lineOf)];
}

function lineOf({ pid, name, resident, footprint, cpu, gpuSeconds }: ProcessRow, i: number): Line {
  const size = (bytes: number | undefined) => (bytes === undefined ? '-' : gibOrMib(bytes));
  return [
    span(`${String(i + 1).padStart(3)}  `, 'dim'),
    span(padEnd(cutText(printable(name), NAME), NAME), 'bold'),
    span(`  ${String(pid).padStart(6)}`, 'dim'),
    span(
      `  ${size(resident).padStart(7)}  ${size(footprint).padStart(9)}  ${whole(cpu, '%').padStart(5)}  ${duration(gpuSeconds).padStart(8)}`,
    ),
  ];
}
