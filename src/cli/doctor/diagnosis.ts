// What doctor says, as `--json` prints it.

import type { About, CollectorHealth } from '../../metrics/health';
import type { Failure, SourceName } from '../../native/native';
import type { LoadedAddon } from './addon';

export type SourceState = 'ok' | 'failed' | 'not on this Mac';

/** An OS call that failed, so many times. */
export interface ToldFailure extends Failure {
  /** The code as macOS headers write it, such as 0xe00002c2; null where the call gives none. */
  readonly hex: string | null;
  readonly times: number;
}

export interface ToldSource {
  readonly source: SourceName;
  readonly state: SourceState;
  /** The call that had not returned at the deadline; null for a source that answered. */
  readonly hangsIn: string | null;
  /** Channels, keys or properties that it lists, wanted or not; null if it did not list. */
  readonly listed: number | null;
  readonly facts: number;
  /** Processes and the like, of a source of rows. */
  readonly rows: number | null;
  readonly listSeconds: number | null;
  readonly readSeconds: number | null;
  readonly failures: readonly ToldFailure[];
  /** Families that cannot be had without it. */
  readonly families: readonly string[];
  /** Families that it costs now, in whole or in part, though such a Mac should have them. */
  readonly lost: readonly string[];
}

/** Channels of one kind that no metric is made of. Digits of names are written as #. */
export interface UnreadKind {
  readonly source: SourceName;
  readonly group: string;
  readonly subgroup: string;
  readonly channels: number;
  readonly names: readonly string[];
  /** Whether others of the same kind are read: such a name may be of a grammar that is not known. */
  readonly beside: boolean;
}

export interface ToldUnit {
  /** IOReport's encoded unit as a decimal string, or its label. */
  readonly unit: string;
  readonly channels: number;
  /** Null for a unit that is not known. */
  readonly quantity: string | null;
  /** Base units in one count. */
  readonly scale: number | null;
}

export interface Diagnosis extends About {
  readonly version: 1;
  /** Whether all can be read that such a Mac has. */
  readonly ok: boolean;
  /** Why the exporter would not start here. */
  readonly refusal: string | null;
  readonly addon: LoadedAddon;
  readonly mac: {
    readonly model: string | null;
    readonly chip: string | null;
    readonly osVersion: string | null;
    readonly osBuild: string | null;
    readonly virtualMachine: boolean | null;
    readonly rosetta: boolean | null;
  };
  /** What each source had. */
  readonly deadlineSeconds: number;
  readonly sources: readonly ToldSource[];
  readonly collectors: readonly Omit<CollectorHealth, 'window'>[];
  readonly unread: readonly UnreadKind[];
  readonly units: readonly ToldUnit[];
  /** Values of temperature sensors that were none, by reason; empty where there are no sensors. */
  readonly sensorsRejected: Readonly<Record<string, number>>;
  readonly rails: readonly {
    readonly rail: string;
    /** Since the driver last published its counter; null where it never did. */
    readonly ageSeconds: number | null;
    readonly dead: boolean;
  }[];
  /** What no test could show. */
  readonly note: string;
}
