// How the report of the servers is printed.

import { FIGURES, type Bar, type Figure, type Verdict } from './bars';
import type { Limit, Mac } from './targets';

export interface Row extends Bar {
  readonly mac: Mac;
  /** The ratio, or the figure itself where it is against nobody; null where there is none, or by 0. */
  readonly value: number | null;
  /** The same of those who do less: a bar below it is out of reach of who is made with these. */
  readonly limits: Readonly<Record<Limit, number | null>>;
  readonly verdict: Verdict;
  readonly own: number;
  readonly peer: number | undefined;
}

export interface Report {
  readonly conditions: Readonly<Record<string, unknown>>;
  /** On the page of each server. */
  readonly series: Readonly<Record<string, number>>;
  /** Medians over the rounds, by server. */
  readonly figures: Readonly<Record<string, Partial<Record<Figure, number>>>>;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export function printReport({ figures, rows, notes, series }: Report): void {
  console.table(
    rows.map(({ mac, figure, against, value, limits, most, verdict, own, peer }) => ({
      mac,
      what: FIGURES[figure].title,
      against: against ?? '',
      ratio: value ?? '',
      'at most': most ?? '',
      'http and reads': limits.read ?? '',
      'and decoding': limits.decode ?? '',
      verdict,
      own,
      peer: peer ?? '',
      unit: FIGURES[figure].unit,
    })),
  );
  const titled = (found: Partial<Record<Figure, number>>) =>
    Object.fromEntries(
      Object.entries(found).map(([figure, value]) => {
        const { title, unit } = FIGURES[figure as Figure];
        return [unit ? `${title}, ${unit}` : title, value];
      }),
    );
  console.log('\nMedians of the rounds:');
  for (const [name, found] of Object.entries(figures)) {
    console.log(`\n${name}, ${series[name] ?? 0} series`);
    console.table(titled(found));
  }
  for (const note of notes) console.log(note);
}
