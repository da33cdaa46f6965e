// One collection of everything, by the sampler that serves scrapes, with an eye on each source.

import type { DecodedName } from '../../decode/parts';
import { checkMac, StartError } from '../../exporter';
import { families, partsFor } from '../../metrics/catalogue';
import type { FactMap, Native, SourceName } from '../../native/native';
import { Sampler } from '../../sampler/sampler';
import type { Snapshot } from '../../sampler/snapshot';
import { observe, type Observation } from './observe';

/** Seconds that each source has. All are asked at once: one that hangs costs the others nothing. */
export const DEADLINE = 10;

export interface Gathered {
  readonly snapshot: Snapshot;
  readonly facts: FactMap;
  readonly observations: Readonly<Record<SourceName, Observation>>;
  /** The parts of all families. */
  readonly parts: readonly DecodedName[];
  /** Why the exporter would not start here, in one line. */
  readonly refusal: string | undefined;
  readonly deadline: number;
}

export async function gather(native: Native, deadline = DEADLINE): Promise<Gathered> {
  const observed = observe(native);
  const parts = partsFor(families);
  const sampler = new Sampler(observed.native, { parts });
  const snapshot = await sampler.collect(deadline);
  return {
    snapshot,
    facts: sampler.facts,
    observations: observed.observations,
    parts,
    refusal: await refusalOf(native),
    deadline,
  };
}

async function refusalOf(native: Native): Promise<string | undefined> {
  try {
    await checkMac(native);
    return undefined;
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}
