// What a decoder is: from the channels of one source to one part of the snapshot. Decoding is pure, cumulative and knows
// no time but that of its values.

import type { Channel, FactMap, SourceName } from '../native/native';
import type { Sums } from './sums';

export interface Part {
  /** Seconds of mach_absolute_time at which the source was read. */
  readonly at: number;
  /** Parts of different generations have different channels and are never compared. */
  readonly generation: number;
}

/** Names by id, of all that a reading tells of. */
export type NameMap = ReadonlyMap<number, string>;

export type Fields<P extends Part> = Omit<P, keyof Part>;

export interface Decoder<P extends Part> {
  readonly source: SourceName;
  /** Groups whose failure is a failure of this part. */
  readonly groups: readonly string[];
  /** Every Mac that is no virtual machine has it: where it is not listed, something has failed. */
  readonly expected?: boolean;
  /** The group of facts that every such Mac tells and this one does not. The part is then served as far as it goes. */
  lacks?(chosen: readonly Channel[], facts: FactMap): string | undefined;
  wants(channel: Channel, facts: FactMap): boolean;
  /** Whether `wants` looks at the facts: the channels are then chosen anew when there are more facts. */
  readonly choosesByFacts?: boolean;
  /**
   * Another part of the same source that this one stands in for. It is not read, and counts as something this Mac does
   * not have, while the other one is delivered; and the other way round.
   */
  readonly insteadOf?: string;
  /**
   * Called when the channels or the facts change; the result is called at every read and answers undefined when what it
   * needs was not delivered. Undefined: this Mac has no such thing. `values` is reused: nothing may keep it.
   */
  bind(
    chosen: readonly Channel[],
    facts: FactMap,
  ): ((values: Float64Array, names: NameMap) => Fields<P> | undefined) | undefined;
  /** Of rows: no window starts at them, and earlier ones are not kept. */
  readonly isTable?: boolean;
  /** The column of ids whose names are asked for, each once. */
  readonly named?: string;
  /** Brings in what depends on earlier collections: own sums, timestamps that stand still. */
  follow?(part: P, before: P | undefined, sums: Sums): P;
  /** Cumulative values: one that falls makes earlier parts useless as the start of a window. */
  counters?(part: P): Float64Array;
}

/** The driver's timestamp; undefined where the driver gives none, or one of the future. */
export function stampOf(values: Float64Array, at: number): number | undefined {
  const stamp = values[at]!;
  return stamp <= values[0]! + 1 ? stamp : undefined;
}

/** Where the value of the channel that `is` is; -1 where it is not among the chosen. */
export const slotOf = (chosen: readonly Channel[], is: (channel: Channel) => boolean): number =>
  (chosen.find(is)?.at ?? -2) + 1;

/** NaN at -1. */
export const valueAt = (values: Float64Array, slot: number): number => (slot < 0 ? NaN : values[slot]!);
