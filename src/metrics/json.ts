// A page as JSON: families by name, and the snapshot that the status page lives on.

import { decoderOf, readFor, type PartName } from '../decode/parts';
import type { Failure, SourceName } from '../native/native';
import { collectorParts, type About, type CollectorHealth, type Health } from './health';
import type { AnyFamily, PageParts } from './metric';
import type { Collected, Collection } from './page';
import { hasAll } from './write';

export interface JsonFamily {
  readonly kind: 'counter' | 'gauge';
  readonly unit: string;
  readonly help: string;
  /** Never empty: a family without samples is absent. */
  readonly samples: readonly JsonSample[];
}

export interface JsonSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An OS call that failed, and what can be done about it. */
export interface JsonFailure extends Failure {
  readonly source: SourceName;
}

/** What `GET /api/v1/snapshot` answers. Fields may be added; none changes its meaning within a version. */
export interface SnapshotDocument extends About {
  readonly version: 1;
  readonly time: {
    /** Seconds on the Mac's own clock, which stands still while it sleeps; null where it could not be read. */
    readonly monotonic: number | null;
    /** Unix time of the exporter. */
    readonly unix: number;
  };
  readonly collectors: readonly (Omit<CollectorHealth, 'window'> & {
    /** Seconds that its means are over; null while there are none. */
    readonly window: number | null;
    readonly failures: readonly JsonFailure[];
    /** Sources that it needs and that did not answer in time. */
    readonly timedOut: readonly SourceName[];
  })[];
  readonly sources: Health['sources'];
  readonly families: Readonly<Record<string, JsonFamily>>;
}

/** `shown`: the families of the answer. */
export function snapshotOf(shown: readonly AnyFamily[], { now, then }: Collection): SnapshotDocument {
  const { build, machine, sources, collectors } = now.health;
  const needed = collectorParts(shown);
  return {
    version: 1,
    time: { monotonic: timeOf(now) ?? null, unix: Date.now() / 1000 },
    build,
    machine,
    collectors: collectors.flatMap((health) => {
      const parts = needed.get(health.collector)?.parts;
      if (!parts) return [];
      const window = health.window ?? null;
      return [{ ...health, window, ...troubles(parts, now.health) }];
    }),
    sources,
    families: toJson(shown, { now, then }),
  };
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

/** When it was read; the parts are read at once, but for milliseconds. */
function timeOf(now: Partial<PageParts>): number | undefined {
  if (now.clocks) return now.clocks.at;
  const others = Object.values(now as Record<string, { at?: number } | undefined>);
  return others.find((part) => part?.at !== undefined)?.at;
}

/** What went wrong with the sources that some parts are read from. */
function troubles(
  parts: readonly PartName[],
  { sources }: Health,
): { failures: JsonFailure[]; timedOut: SourceName[] } {
  const decoders = parts.flatMap(readFor).map(decoderOf);
  const concerns = (source: SourceName, { group }: Failure) =>
    decoders.some((each) => (group === '' ? each.source === source : each.groups.includes(group)));
  return {
    failures: sources.flatMap(({ source, failures }) =>
      failures.filter((failure) => concerns(source, failure)).map((failure) => ({ source, ...failure })),
    ),
    timedOut: sources
      .filter(({ source, timedOut }) => timedOut && decoders.some((each) => each.source === source))
      .map(({ source }) => source),
  };
}
