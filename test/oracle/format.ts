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

interface Block {
  readonly group: string;
  readonly subgroup: string;
  readonly driver: readonly [Int, string];
  readonly unit: readonly [string, string | null];
  readonly publish?: Publish;
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

export interface RegistryEntry {
  readonly id: Int;
  readonly class: readonly string[];
  readonly name: string;
  readonly path?: string;
  readonly properties?: Properties;
  readonly children?: readonly RegistryEntry[];
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
