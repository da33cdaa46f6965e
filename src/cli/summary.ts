// What a command has cost, in one line: from the counters at its start and its end.

import { families } from '../metrics/catalogue';
import { samplesOf } from '../metrics/json';
import type { Collection } from '../metrics/page';
import type { Figures } from './figures';

const ENERGY = families.find(({ name }) => name === 'mac_energy_joules_total')!;
const GIB = 2 ** 30;

export class Summary {
  #peakGpu: number | undefined;
  #peakMetal: number | undefined;

  constructor(private readonly first: Collection) {}

  /** One reading, for the peaks. */
  take({ gpuUtil, metalInUse }: Figures): void {
    this.#peakGpu = larger(this.#peakGpu, gpuUtil);
    this.#peakMetal = larger(this.#peakMetal, metalInUse);
  }

  /** `seconds`: how long it ran. What is not known is left out. */
  tell(last: Collection, seconds: number): string {
    const mean = meanGpu(this.first, last);
    const gpu = [
      ...(mean === undefined ? [] : [`mean ${mean.toFixed(1)}%`]),
      ...(this.#peakGpu === undefined ? [] : [`peak ${this.#peakGpu.toFixed(1)}%`]),
    ];
    const joules = joulesBetween(this.first, last).map(([rail, value]) => `${rail} ${value.toFixed(1)} J`);
    return [
      `ran ${seconds.toFixed(1)} s`,
      ...(gpu.length > 0 ? [`GPU ${gpu.join(', ')}`] : []),
      ...(this.#peakMetal === undefined ? [] : [`Metal peak ${(this.#peakMetal / GIB).toFixed(2)} GiB`]),
      ...(joules.length > 0 ? [`energy ${joules.join(', ')}`] : []),
    ].join('; ');
  }
}

/** Percent of the time between two readings in which the GPU was awake. */
function meanGpu(
  { now: { gpu: first } }: Collection,
  { now: { gpu: last } }: Collection,
): number | undefined {
  if (!first || first.generation !== last?.generation) return undefined;
  const share = (last.active - first.active) / (last.total - first.total);
  return share >= 0 && share <= 1 ? share * 100 : undefined;
}

/** By rail, over all dies. A rail with a counter that is missing or was reset in between is left out. */
export function joulesBetween(first: Collection, last: Collection): readonly (readonly [string, number])[] {
  const before = new Map(
    samplesOf(ENERGY, first).map(({ labels, value }) => [`${labels['rail']!} ${labels['die']!}`, value]),
  );
  const rails = new Map<string, number>();
  for (const { labels, value } of samplesOf(ENERGY, last)) {
    const start = before.get(`${labels['rail']!} ${labels['die']!}`) ?? NaN;
    const grown = value >= start ? value - start : NaN;
    rails.set(labels['rail']!, (rails.get(labels['rail']!) ?? 0) + grown);
  }
  return [...rails].filter(([, value]) => !Number.isNaN(value));
}

const larger = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
