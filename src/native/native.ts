// The addon's types. Importable from anywhere; the addon itself is loaded by load.ts.

export type SourceName =
  | 'ioreport'
  | 'ioregistry'
  | 'host'
  | 'sysctl'
  | 'smc'
  | 'hid'
  | 'power_sources'
  | 'notify'
  | 'metal'
  | TableName;

/** Sources of rows: what comes and goes. */
export type TableName = 'libproc' | 'coalition' | 'gpu_clients';

/**
 * What the addon lists. A channel's slots in `Reading.values` start at `at`: driver timestamp, then its value(s). The
 * channels of a source of rows are its columns, and `at` is the place of one in a row.
 */
export interface Channel {
  readonly group: string;
  readonly subgroup: string;
  readonly name: string;
  /** IOReport's encoded unit as a decimal string, or the unit's label; empty where the facility has none. */
  readonly unit: string;
  /** Channel id, 16 hexadecimal digits. Names repeat inside a group; (driver, id) does not. */
  readonly id: string;
  /** Registry entry id of the driver. */
  readonly driver: number;
  /** State names of a state channel, one value each; empty for a channel of one value. */
  readonly states: readonly string[];
  readonly at: number;
}

/** One OS call that failed, and the group whose channels it costs. */
export interface Failure {
  readonly group: string;
  readonly call: string;
  /** kern_return_t, errno or CFError code; 0 where the call gives none. */
  readonly code: number;
  readonly remedy: string;
}

export interface Listing {
  readonly channels: readonly Channel[];
  readonly failures: readonly Failure[];
}

/**
 * `values[0]` is the time of the read in seconds of mach_absolute_time; then the slots of the selected channels. NaN is
 * what was not delivered. The array is the same at every read: copy what shall last.
 *
 * Of a source of rows, `values[1]` is their number (NaN if they are not known); the rows follow, and room behind them.
 */
export interface Reading {
  readonly values: Float64Array;
  readonly failures: readonly Failure[];
}

export type Fact = string | number | Uint8Array;
export type FactMap = Readonly<Record<string, Fact>>;

export interface FactsReading {
  readonly values: FactMap;
  readonly failures: readonly Failure[];
}

/** All that a source can tell of its facility, beyond what the exporter reads of it. */
export interface Recording {
  /**
   * Its section of a machine file (machine_file.ts), with the values of one moment; integers beyond 2^53 are bigints.
   * Null: this Mac has no such facility, or another source records it.
   */
  readonly state: unknown;
  readonly failures: readonly Failure[];
}

export interface Source {
  list(): Promise<Listing>;
  /** Indices into the last listing. */
  select(which: Uint32Array): Promise<Listing>;
  /** Single flight: answers the read that runs, if one does. */
  read(): Promise<Reading>;
  facts(): Promise<FactsReading>;
  /**
   * Texts of what the last read told by ids (executables of processes by p_uniqueid): one for each id, empty where it is
   * not known.
   */
  names(ids: Float64Array): Promise<readonly string[]>;
  /** Slow: it lists and reads all there is. */
  record(): Promise<Recording>;
  /**
   * Slow: what shows whether macOS is as the source takes it to be, in a shape of its own (its C++ file has it); null
   * where there is nothing to look at.
   */
  probe(): Promise<Recording>;
}

/**
 * Which names each source shall know. `ioregistry` and `power_sources` names are `<class or path> <property>`. The other
 * sources, `hid`, `metal`, `libproc` and `coalition`, list all that they have.
 */
export interface Wants {
  readonly ioreport: readonly string[];
  readonly ioregistry: { readonly live: readonly string[]; readonly facts: readonly string[] };
  readonly sysctl: {
    readonly live: readonly string[];
    readonly numbers: readonly string[];
    readonly texts: readonly string[];
  };
  /** `prefixes`: every key that starts with one of them; `keys`: keys of four characters. */
  readonly smc: { readonly prefixes: readonly string[]; readonly keys: readonly string[] };
  readonly power_sources: { readonly live: readonly string[]; readonly facts: readonly string[] };
  /** Keys of notify(3) that carry a state. */
  readonly notify: readonly string[];
  /** Children of services, by class, and what is read of each: its creator, and one number of each item of a list. */
  readonly gpu_clients: {
    readonly parent: string;
    readonly child: string;
    readonly creator: string;
    readonly list: string;
    readonly member: string;
  };
}

export interface Native {
  readonly sources: Readonly<Record<SourceName, Source>>;
  /** False if a source hung and was left behind. */
  close(): boolean;
}

/** What is open in the double. All 0 after a close in which nothing hung. */
export interface Live {
  readonly objects: number;
  readonly ioObjects: number;
  readonly ports: number;
  readonly regions: number;
  readonly pools: number;
}

/** A machine file in place of the Mac. */
export interface Double extends Native {
  /** Moves a manual clock on, in seconds. */
  step(seconds: number): void;
  /** Seconds of mach_absolute_time. */
  now(): number;
  /** Replaces the fault plan (JSON, see addon/README.md). */
  plan(json: string): void;
  releaseHangs(): void;
  live(): Live;
  /** Calls so far, by function, of all functions that can fail. */
  calls(): Readonly<Record<string, number>>;
}

export interface MetalstatAddon {
  open(wants: Wants): Native;
}

/** A reading of some channels, made before: what it costs to hand it over. For benchmarks. */
export interface Crossing {
  /** As sources do. */
  fill(this: void): Reading;
  objects(this: void): readonly object[];
}

export interface DoubleAddon {
  crossing(channels: number): Crossing;
  /** Throws an Error of one line, with the JSON path, if `machine` (text of a machine file) is not valid. */
  open(wants: Wants, machine: string, options?: { readonly clock?: 'real' | 'manual' }): Double;
}
