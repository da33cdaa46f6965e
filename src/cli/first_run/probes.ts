// What `probe()` of each source tells; the C++ file of the source says what each member means.

/** kIOReturnBadArgument. */
export const BAD_ARGUMENT = 0xe00002c2;

export interface IoReportProbe {
  readonly missing: readonly string[];
  readonly absent?: { readonly listed: number | null; readonly subscribed: boolean; readonly code: number };
  readonly groups?: readonly GroupProbe[];
}

/** What follows `code` is there only of a group that was subscribed to. */
export interface GroupProbe {
  readonly group: string;
  readonly listed: number;
  readonly subscribed: boolean;
  readonly code: number;
  readonly asked?: number;
  readonly samples?: number;
  readonly reordered?: number;
  readonly misshapen?: number;
  readonly delivered?: number;
  readonly compared?: number;
  readonly unequal?: number;
  readonly deltas?: number;
  readonly deltas_unequal?: number;
  readonly delta_code?: number;
  /** Whether there was a call before, whose values these are held against. */
  readonly again?: boolean;
  readonly fallen?: readonly (readonly [driver: number, id: string, name: string])[];
}

export interface HostProbe {
  readonly timebase: readonly [number, number];
  readonly absolute: number | bigint;
  /** Code of the call for the words that every macOS has, and the count that it told. */
  readonly first: number;
  readonly told: number;
  /** Code of the last call: the same one, or that for the count that was told. */
  readonly last: number;
  readonly words: readonly number[];
}

export interface SmcProbe {
  readonly name: string;
  /** Code of a call with 80 bytes, and of one with 76. */
  readonly taken: number;
  readonly refused: number;
  readonly keys: number | null;
  readonly watts: number | null;
  /** Of one key. */
  readonly seconds: number | null;
}

export interface LibraryProbe {
  readonly missing: readonly string[];
  readonly optional?: readonly string[];
}
