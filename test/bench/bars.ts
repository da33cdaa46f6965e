// The bars of the servers, as data: what the exporter may cost, by what a peer costs in the same run.

import type { Kind } from './targets';

export const FIGURES = {
  'cold.cpu.all': { title: 'CPU per scrape, 1 a second', unit: 'µs' },
  'cold.cpu': { title: 'the same, without what the process does between scrapes', unit: 'µs' },
  'hot.cpu': { title: 'CPU per scrape, hot (wrk, 8 connections)', unit: 'µs' },
  'hot.rate': { title: 'scrapes a second, hot', unit: '/s' },
  'cold.p50': { title: 'p50 latency at 1 a second', unit: 'ms' },
  'cold.p90': { title: 'p90 latency at 1 a second', unit: 'ms' },
  'cold.p99': { title: 'p99 latency at 1 a second', unit: 'ms' },
  'memory.private': { title: 'private memory (RssAnon)', unit: 'MiB' },
  'memory.resident': { title: 'resident memory', unit: 'MiB' },
  start: { title: 'start to first 200', unit: 'ms' },
  'idle.wakeups': { title: 'wake-ups a second without a scrape', unit: '/s' },
  'idle.cpu': { title: 'CPU a second without a scrape', unit: 'µs' },
  soak: { title: 'resident memory after 12,000 more hot scrapes, by before', unit: '' },
} as const;
export type Figure = keyof typeof FIGURES;

/** A ratio to a peer, or to nobody: the figure itself. */
export interface Bar {
  readonly figure: Figure;
  readonly against: Extract<Kind, 'express' | 'node_exporter'> | undefined;
  /** Undefined: it is told only. */
  readonly most: number | undefined;
}

const against = (
  figure: Figure,
  express: number | undefined,
  nodeExporter: number | undefined,
): readonly Bar[] => [
  { figure, against: 'express', most: express },
  { figure, against: 'node_exporter', most: nodeExporter },
];

export const BARS: readonly Bar[] = [
  ...against('cold.cpu.all', 0.45, 0.15),
  ...against('cold.cpu', undefined, undefined),
  ...against('hot.cpu', 0.15, 0.03),
  ...against('cold.p50', 0.45, 0.12),
  ...against('cold.p90', 0.5, 0.12),
  ...against('cold.p99', undefined, 0.5),
  ...against('memory.private', 0.7, undefined),
  ...against('memory.resident', undefined, undefined),
  ...against('start', 0.5, 5),
  ...against('idle.wakeups', 0.01, undefined),
  { figure: 'idle.wakeups', against: undefined, most: 0.1 },
  ...against('idle.cpu', undefined, undefined),
  { figure: 'soak', against: undefined, most: 1.05 },
];

export type Verdict = 'met' | 'missed' | 'told' | 'not measured';

export function verdictOf(most: number | undefined, value: number): Verdict {
  if (Number.isNaN(value)) return 'not measured';
  if (most === undefined) return 'told';
  return value <= most ? 'met' : 'missed';
}
