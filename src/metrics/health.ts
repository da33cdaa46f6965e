// How a collection went, by collector: derived from the parts that its families need.

import type { PartName } from '../decode/parts';
import type { SourceHealth, Snapshot } from '../sampler/snapshot';
import type { AnyFamily, Collector, PagePart } from './metric';

export interface CollectorHealth {
  readonly collector: Collector;
  /** False if this Mac has nothing of it. */
  readonly supported: boolean;
  readonly success: boolean;
  /** Seconds; undefined while there is no window. */
  readonly window: number | undefined;
}

/** What the exporter says of itself on every page. */
export interface About {
  readonly build: {
    readonly version: string;
    readonly node: string;
    readonly platform: string;
    readonly arch: string;
  };
  readonly machine: { readonly origin: 'live' | 'machine-file'; readonly name: string };
}

export interface Health extends About {
  readonly sources: readonly SourceHealth[];
  readonly collectors: readonly CollectorHealth[];
}

/** Collectors and the parts they need, from the families that are on. */
export type CollectorParts = ReadonlyMap<
  Collector,
  { parts: readonly PartName[]; windows: readonly PagePart[] }
>;

export function collectorParts(families: readonly AnyFamily[]): CollectorParts {
  const collectors = new Map<Collector, { parts: PartName[]; windows: PagePart[] }>();
  for (const { collector, from, window } of families) {
    if (collector === 'exporter') continue;
    const known = collectors.get(collector) ?? { parts: [], windows: [] };
    collectors.set(collector, known);
    for (const part of from) if (part !== 'health' && !known.parts.includes(part)) known.parts.push(part);
    if (window && !known.windows.includes(window)) known.windows.push(window);
  }
  return collectors;
}

export function healthOf(snapshot: Snapshot, collectors: CollectorParts, about: About): Health {
  return {
    ...about,
    sources: snapshot.sources,
    collectors: [...collectors].map(([collector, { parts, windows }]) => {
      const states = parts.map((part) => snapshot.states.get(part));
      return {
        collector,
        supported: states.some((state) => state !== 'unsupported'),
        success: states.every((state) => state !== 'failed'),
        window: windowOf(snapshot, windows),
      };
    }),
  };
}

function windowOf(snapshot: Snapshot, windows: readonly PagePart[]): number | undefined {
  const power = snapshot.now.power;
  for (const part of windows) {
    if (part === 'power') return power && power.window > 0 ? power.window : undefined;
    if (part === 'health') continue;
    const now = snapshot.now[part];
    const then = snapshot.then[part];
    if (now && then) return now.at - then.at;
  }
  return undefined;
}
