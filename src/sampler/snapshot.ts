// What one collection found: cumulative, immutable, and apart from it how each source fared.

import type { Failure, SourceName } from '../native/native';
import type { PartName, Parts } from '../decode/parts';
import type { PartState } from './feed';

export interface SourceHealth {
  readonly source: SourceName;
  readonly success: boolean;
  readonly timedOut: boolean;
  /** Seconds. */
  readonly duration: number;
  readonly failures: readonly Failure[];
}

export interface Snapshot {
  readonly now: Partial<Parts>;
  /** The part at the start of its window, where there is one. */
  readonly then: Partial<Parts>;
  readonly states: ReadonlyMap<PartName, PartState>;
  readonly sources: readonly SourceHealth[];
}
