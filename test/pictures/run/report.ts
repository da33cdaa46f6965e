// What was drawn, one line per panel, and whether all is well.

import type { Drawn } from './draw';

/** Prints the panels and says whether nothing failed. */
export function report(out: string, { panels, errors, bytes }: Drawn): boolean {
  for (const { title, type, drawn, errors: failed, undrawn } of panels) {
    if (type !== 'row')
      console.log(`  ${title || '(no title)'}: ${type}: ${failed.length ? 'error' : drawn}`);
    for (const error of failed) console.log(`    error: ${error}`);
    for (const part of undrawn) console.log(`    not drawn: ${part}`);
  }
  for (const error of errors) console.log(`  error: ${error}`);
  const well =
    !errors.length && panels.every(({ errors: failed, undrawn }) => !failed.length && !undrawn.length);
  const empty = panels.filter(({ drawn }) => drawn === 'no data').length;
  console.log(
    `${out}: ${Math.round(bytes / 1000)} kB, ${panels.length} panels, ${empty} without data, ${well ? 'all drawn' : 'not all is well'}`,
  );
  return well;
}
