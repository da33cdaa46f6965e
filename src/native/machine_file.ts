// What a machine file holds, format 1: test/machines/README.md has the meaning of each member. The double reads it (its
// parser is the judge), `record` writes it, and the files of test/machines are built in it.

export type Int = number | bigint;
export type Series = Int | readonly Int[];
export type Value =
  | Series
  | string
  | boolean
  | { data: string }
  | { counter: Series }
  | { dict: Readonly<Record<string, Value>> }
  | { list: readonly Value[] };

export type Residencies = readonly number[];
export type Channel = readonly [id: string, name: string, ...values: (Int | null | Residencies)[]];
export interface Publication {
  period: number;
  at: readonly number[];
  until?: number; // ticks after the first frame: the driver writes no more
}
export interface Report {
  group: string;
  subgroup: string;
  driver: readonly [id: number, name: string];
  unit: readonly [code: string, label: string | null];
  format: 'simple' | 'state' | 'histogram';
  states?: readonly string[];
  buckets?: number; // of each histogram
  publish?: Publication;
  stamps?: readonly Int[]; // of a recording: when the driver had published what each frame shows
  subscribable?: false;
  channels: readonly Channel[];
}
export interface Entry {
  id: number;
  class: readonly string[];
  name: string;
  path?: string;
  properties: Readonly<Record<string, Value>>;
  children?: readonly Entry[];
  life?: Life;
  seen?: Seen;
}
export interface Ticks {
  user: Series;
  system: Series;
  idle: Series;
  nice: Series;
}
export interface Host {
  page_size?: number;
  count?: number;
  array_too_large?: true;
  vm?: Readonly<Record<string, Series>>;
  cpu: readonly Ticks[];
}
export type SmcKey = readonly [key: string, type: string, ...values: string[]]; // hex, in memory order
export interface Smc {
  entry: number;
  keys: readonly SmcKey[];
}
export interface HidService {
  id: number;
  page: number;
  usage: number;
  product: string | null;
  value: number | null | readonly (number | null)[];
}
/** Of a recording: is there in these frames, and again in each repetition under another id. */
export interface Seen {
  frames: readonly [first: number, last: number];
  step: number;
  coalitions?: number;
}
export interface Life {
  from: number; // ticks after the first frame
  to: number;
  every?: number;
  step: number;
  pids?: number;
  coalitions?: number;
}
export interface Usage {
  user: Series;
  system: Series;
  read: Series;
  written: Series;
  resident?: Series; // left out: the footprint
  footprint: Series;
  energy: Series;
}
export interface Process {
  pid: number;
  unique: number;
  coalition: number;
  uid: number;
  path: string | null;
  comm: string;
  start?: number;
  usage?: Usage;
  life?: Life;
  seen?: Seen;
}
export interface Libproc {
  uid: number;
  rusage: 4 | 6;
  processes: readonly Process[];
}
export interface Coalition {
  id: number;
  words?: Readonly<Record<number, Series>>;
  life?: Life;
  seen?: Seen;
}
export interface Coalitions {
  bytes: number;
  coalitions: readonly Coalition[];
}
export interface MetalDevice {
  name: string;
  recommendedMaxWorkingSetSize: Series;
  families: readonly number[];
}
export interface Metal {
  default: boolean;
  listed: boolean;
  devices: readonly MetalDevice[];
}
export type Sysctl = readonly [shape: string, ...values: (string | Series)[]];
export interface MachineFile {
  format: 1;
  about: string;
  origin: 'built' | 'recorded';
  clock: { timebase: readonly [number, number]; absolute: readonly number[]; continuous: readonly number[] };
  ioreport: readonly Report[];
  ioregistry: readonly Entry[];
  host: Host;
  sysctl: Readonly<Record<string, Sysctl>>;
  smc?: Smc;
  hid?: readonly HidService[];
  libproc?: Libproc;
  coalition?: Coalitions;
  notify?: Readonly<Record<string, Series>>;
  metal?: Metal;
}
