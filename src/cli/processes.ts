// The processes that hold the most memory: their CPU time since the last collection, and the GPU time of their contexts.
//
// They are listed by the physical footprint, which Activity Monitor shows too; what is resident, as ps has it, lacks what is
// compressed and the GPU's. A process of another user tells neither, nor its CPU time, to those who are not root.

import { USAGE, type GpuClients, type Processes } from '../decode/apps';
import type { Collection } from '../metrics/page';

export interface ProcessRow {
  readonly pid: number;
  readonly name: string;
  /** Bytes. */
  readonly resident: number | undefined;
  readonly footprint: number | undefined;
  /** Percent of one core. */
  readonly cpu: number | undefined;
  /** Seconds of all GPU contexts that it has open. */
  readonly gpuSeconds: number | undefined;
}

interface Earlier {
  readonly at: number;
  readonly ticks: ReadonlyMap<number, number>;
}

const CPU = USAGE.indexOf('cpu');

export class TopProcesses {
  #earlier: Earlier | undefined;

  /** The first `count` of a collection, those with the largest footprint first. */
  take({ now }: Collection, count: number): readonly ProcessRow[] {
    const { processes, gpuClients, coalitions } = now;
    if (!processes) return [];
    const earlier = this.#earlier;
    const { pids, uniques, usage, residents, footprints, at } = processes;
    const cpu = usage[CPU]!;
    const gpu = gpuClients && secondsByPid(gpuClients);
    const rank = (index: number) => (Number.isNaN(footprints[index]!) ? -1 : footprints[index]!);
    const percent = (index: number) => {
      const before = earlier?.ticks.get(uniques[index]!);
      if (!earlier || before === undefined || !coalitions || at <= earlier.at) return undefined;
      const { numer, denom } = coalitions.timebase;
      return ((cpu[index]! - before) * numer * 100) / (denom * 1e9 * (at - earlier.at));
    };
    const first = Array.from(pids, (_, index) => index)
      .sort((a, b) => rank(b) - rank(a) || pids[a]! - pids[b]!)
      .slice(0, count);
    this.#earlier = { at, ticks: new Map(Array.from(uniques, (unique, index) => [unique, cpu[index]!])) };
    return first.map((index) => ({
      pid: pids[index]!,
      name: nameOf(processes, index),
      resident: known(residents[index]),
      footprint: known(footprints[index]),
      cpu: known(percent(index)),
      gpuSeconds: gpu?.get(pids[index]!),
    }));
  }
}

/** Of those that have a context which has told its time. */
function secondsByPid({ pids, nanoseconds }: GpuClients): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>();
  pids.forEach((pid, row) => {
    const value = nanoseconds[row]! / 1e9;
    if (!Number.isNaN(value)) seconds.set(pid, (seconds.get(pid) ?? 0) + value);
  });
  return seconds;
}

function nameOf({ names, uniques }: Processes, index: number): string {
  const executable = names.get(uniques[index]!) ?? '';
  return executable.slice(executable.lastIndexOf('/') + 1) || '-';
}

const known = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;
