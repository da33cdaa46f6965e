// A page as JSON: families by name.

import type { Collected } from './page';
import type { AnyFamily } from './metric';
import { hasAll } from './write';

export interface JsonFamily {
  readonly kind: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

export function toJson(families: readonly AnyFamily[], { now, then }: Collected): Record<string, JsonFamily> {
  const result: Record<string, JsonFamily> = {};
  for (const family of families) {
    const samples = samplesOf(family, { now, then });
    if (samples.length === 0) continue;
    const { name, kind, unit, help } = family;
    result[name] = { kind, unit, help, samples };
  }
  return result;
}

/** The samples of one family, with their labels by name. */
export function samplesOf(
  { labels, from, read }: AnyFamily,
  { now, then }: Collected,
): { value: number; labels: Record<string, string> }[] {
  const samples: { value: number; labels: Record<string, string> }[] = [];
  if (!hasAll(now, from)) return samples;
  read(
    now,
    (value, ...of) => {
      if (value === undefined || !Number.isFinite(value)) return;
      samples.push({ value, labels: Object.fromEntries(labels.map((label, i) => [label, of[i]!])) });
    },
    then,
  );
  return samples;
}
