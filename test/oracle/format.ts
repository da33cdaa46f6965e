/** The machine file, format 1, as JSON.parse gives it. */

/** Integers above 2^53 are decimal strings. */
export type Int = number | string;
/** One value for all frames, or one for each. */
export type Series<T = Int> = T | readonly T[];
/** null: unpopulated (INT64_MIN on a Mac). */
export type Reading = Int | null;

export interface Publish {
  readonly period: Int;
  readonly at: readonly Int[];
  readonly until?: Int;
}

/** Of a recording: in which frames it was seen, and by how much its id grows with each cycle. */
export interface Seen {
  readonly frames: readonly [first: number, last: number];
  readonly step: Int;
  readonly coalitions?: Int;
}

interface Block {
  readonly group: string;
  readonly subgroup: string;
  readonly driver: readonly [Int, string];
  readonly unit: readonly [string, string | null];
  readonly publish?: Publish;
  /** Of a recording: when the driver had set what each frame shows. */
  readonly stamps?: readonly Int[];
  readonly subscribable?: boolean;
}

export interface SimpleBlock extends Block {
  readonly format: 'simple';
  readonly channels: readonly (readonly [id: string, name: string, ...values: Reading[]])[];
}

export interface StateBlock extends Block {
  readonly format: 'state';
  readonly states: readonly string[];
  readonly channels: readonly (readonly [id: string, name: string, ...residencies: (readonly Reading[])[]])[];
}

export type Property =
  | number
  | readonly Int[]
  | string
  | boolean
  | { readonly data: string }
  | { readonly counter: Series }
  | { readonly dict: Properties }
  | { readonly list: readonly Property[] };

// A record cannot refer to itself.
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style
export interface Properties {
  readonly [name: string]: Property;
}

/** The k-th is there from `from` + k · `every` to `to` + k · `every`, in ticks after the first frame. */
export interface Life {
  readonly from: Int;
  readonly to: Int;
  /** Else the time from the first frame to the last. */
  readonly every?: Int;
  /** From one id to the next. */
  readonly step: Int;
}

export interface RegistryEntry {
  readonly id: Int;
  readonly class: readonly string[];
  readonly name: string;
  readonly path?: string;
  readonly properties?: Properties;
  readonly children?: readonly RegistryEntry[];
  readonly life?: Life;
  readonly seen?: Seen;
}

export interface Process {
  readonly pid: number;
  readonly unique: Int;
  readonly coalition: Int;
  readonly uid: number;
  readonly path: string | null;
  readonly comm: string;
  readonly start?: Int;
  readonly usage?: {
    readonly user: Series;
    readonly system: Series;
    readonly read: Series;
    readonly written: Series;
    readonly resident?: Series;
    readonly footprint: Series;
    readonly energy: Series;
  };
  /** As many pids in turn; and the step of the coalition's id. */
  readonly life?: Life & { readonly pids?: number; readonly coalitions?: Int };
  readonly seen?: Seen;
}

export interface Coalition {
  readonly id: Int;
  /** By their index. */
  readonly words?: Readonly<Record<string, Series>>;
  readonly life?: Life;
  readonly seen?: Seen;
}

export interface CpuTicks {
  readonly user: Series;
  readonly system: Series;
  readonly idle: Series;
  readonly nice: Series;
}

export interface MachineFile {
  readonly format: 1;
  readonly about: string;
  readonly origin: 'built' | 'recorded';
  readonly clock: {
    readonly timebase: readonly [number, number];
    readonly absolute: readonly Int[];
    readonly continuous: readonly Int[];
  };
  readonly ioreport?: readonly (SimpleBlock | StateBlock)[];
  readonly ioregistry?: readonly RegistryEntry[];
  readonly host?: {
    readonly count?: number;
    readonly vm?: Readonly<Record<string, Series>>;
    readonly cpu?: readonly CpuTicks[];
  };
  /** Type letters (or `text`), then a value or series for each member. */
  readonly sysctl?: Readonly<Record<string, readonly [type: string, ...members: Series[]]>>;
  readonly smc?: {
    readonly entry: Int;
    /** Bytes as hex digits; null: the SMC refuses to read it. */
    readonly keys: readonly (readonly [key: string, type: string, ...values: (string | null)[]])[];
  };
  readonly hid?: readonly {
    readonly id: Int;
    readonly page: number;
    readonly usage: number;
    readonly product: string | null;
    readonly value: Series<number | null>;
  }[];
  readonly libproc?: {
    readonly uid: number;
    readonly rusage: number;
    readonly processes: readonly Process[];
  };
  readonly coalition?: {
    readonly bytes: number;
    readonly coalitions: readonly Coalition[];
  };
  readonly notify?: Readonly<Record<string, Series>>;
  readonly metal?: {
    readonly default: boolean;
    readonly listed: boolean;
    readonly devices: readonly {
      readonly name: string;
      readonly recommendedMaxWorkingSetSize: Series;
      readonly families: readonly number[];
    }[];
  };
}
