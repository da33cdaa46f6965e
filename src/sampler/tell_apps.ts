// The sums of apps as parts of a snapshot, in base units.

import {
  USAGE,
  type AneWork,
  type AppMemory,
  type AppUsage,
  type Dropped,
  type GpuTime,
} from '../decode/apps';
import type { Accumulator, Rows } from './accumulate';
import { ANE, GPU } from './app_counters';
import { OTHER } from './labels';
import type { Account, Roster } from './roster';

/** Parts made of rows; without the rows a part is made of it is not there. */
export interface Apps {
  readonly aneWork: AneWork | undefined;
  readonly appUsage: AppUsage | undefined;
  readonly appGpu: GpuTime | undefined;
  readonly appMemory: AppMemory | undefined;
  readonly processGpu: GpuTime | undefined;
  readonly droppedSeries: Dropped | undefined;
}

const NANO = 1e9;

export function tellApps(sums: Accumulator, { coalitions, processes, gpuClients }: Rows): Apps {
  const apps = inOrder(sums, sums.apps);
  const labels = [...apps.map(({ name }) => sums.labels.of(name)), OTHER];
  const part = (at: number) => ({ at, generation: 0 });
  return {
    aneWork:
      coalitions && sums.counted.has(ANE)
        ? { ...part(coalitions.at), seconds: inUnits(sums, ANE, sums.aneWork) }
        : undefined,
    appUsage: coalitions && {
      ...part(coalitions.at),
      apps: labels,
      usage: USAGE.map((_, counter) =>
        sums.counted.has(counter)
          ? told(sums.apps, apps, counter, (raw) => inUnits(sums, counter, raw))
          : new Float64Array(0),
      ),
    },
    appGpu:
      gpuClients && sums.knowsProcesses
        ? { ...part(gpuClients.at), names: labels, seconds: told(sums.apps, apps, GPU, (raw) => raw / NANO) }
        : undefined,
    appMemory: processes && {
      ...part(processes.at),
      apps: labels,
      bytes: memoryOf(sums, apps),
    },
    processGpu: gpuClients && sums.knowsProcesses ? programsOf(sums, gpuClients.at) : undefined,
    droppedSeries: {
      ...part(coalitions?.at ?? gpuClients?.at ?? processes?.at ?? 0),
      ...dropped(sums),
    },
  };
}

/** By label and not by name: the order of hashes must not tell that of the names. */
const inOrder = ({ labels }: Accumulator, roster: Roster): readonly Account[] =>
  [...roster.labelled].sort((a, b) => (labels.of(a.name) < labels.of(b.name) ? -1 : 1));

function programsOf(sums: Accumulator, at: number): GpuTime {
  const { programs, labels } = sums;
  const labelled = inOrder(sums, programs);
  return {
    at,
    generation: 0,
    names: [...labelled.map(({ name }) => labels.of(name)), OTHER],
    seconds: told(programs, labelled, 0, (raw) => raw / NANO),
  };
}

/** One counter of all with a label, and of the others together. */
function told(
  roster: Roster,
  labelled: readonly Account[],
  counter: number,
  convert: (raw: number) => number,
): Float64Array {
  const values = new Float64Array(labelled.length + 1);
  labelled.forEach(({ sums }, i) => (values[i] = convert(sums[counter]!)));
  values[labelled.length] = convert(roster.other[counter]!);
  return values;
}

function inUnits({ timebase: { numer, denom } }: Accumulator, counter: number, raw: number): number {
  switch (USAGE[counter]) {
    case 'cpu':
    case 'ane':
      return (raw * numer) / (denom * NANO);
    case 'read':
    case 'write':
      return raw;
    default:
      return raw / NANO;
  }
}

/** Of those without a label together only where each of them could be read. */
function memoryOf({ footprints }: Accumulator, labelled: readonly Account[]): Float64Array {
  const bytes = Float64Array.from([...labelled, undefined], (account) =>
    account ? (footprints.get(account) ?? NaN) : 0,
  );
  const isLabelled = new Set(labelled);
  let isAny = false;
  for (const [account, footprint] of footprints) {
    if (isLabelled.has(account)) continue;
    isAny = true;
    bytes[labelled.length]! += footprint;
  }
  if (!isAny) bytes[labelled.length] = NaN;
  return bytes;
}

function dropped({ apps, programs, counted }: Accumulator): Pick<Dropped, 'reasons' | 'series'> {
  // An app has its GPU time, too.
  const perApp = counted.size + 1;
  const [app, program] = [apps.dropped, programs.dropped];
  return {
    reasons: ['top', 'cap', 'pattern'],
    series: (['top', 'cap', 'pattern'] as const).map((reason) => app[reason] * perApp + program[reason]),
  };
}
