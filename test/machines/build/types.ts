// What a machine file is built from: the facts of a machine and what it was doing.

import type { Publication, Value } from '../../../src/native/machine_file';

export type {
  Int,
  Series,
  Value,
  Residencies,
  Channel,
  Publication,
  Report,
  Entry,
  Ticks,
  Host,
  SmcKey,
  Smc,
  HidService,
  Life,
  Usage,
  Process,
  Libproc,
  Coalition,
  Coalitions,
  MetalDevice,
  Metal,
  Sysctl,
  MachineFile,
} from '../../../src/native/machine_file';

export interface Table {
  raw: readonly number[]; // as the property holds it: Hz, kHz or a period
  mv: readonly number[];
}
/** The cores of one letter. `watts` is one core at the top step, all of the time. */
export interface Kind {
  tier: 0 | 1 | 2;
  table: Table;
  idle: readonly string[]; // the states in front of V0…
  watts: number;
  manager: { idle: number; busy: number }; // watts of a cluster's manager, on top of each other
}
export interface Cluster {
  letter: string;
  die: number;
  index: number; // die-cluster-id
  cores: number;
  complex: string;
  manager: string;
  managerIdle?: string;
  core: (n: number) => string;
  energy: {
    core: (n: number) => string;
    detail: (n: number, step: string) => string;
    sram?: (n: number) => string;
    manager: string;
    managerSram?: string;
    cluster: string;
    total: string;
  };
}
export interface Gpu {
  driver: readonly [id: number, name: string];
  class: readonly string[];
  plugin: string;
  cores: number;
  table: Table; // with the leading 0 of OFF
  watts: number; // at the top step, fully busy
  rail: string;
  sram?: string;
  throttlers?: readonly string[];
}
export interface Rail {
  name: string;
  unit: 'mJ' | 'uJ';
  source: string; // key of Step.rails
  share: number;
}
export interface Level {
  name: string;
  l2cachesize?: number;
  cpusperl2?: number;
}
export interface Fan {
  min: number; // rpm
  max: number;
}
/** The SMC's keys. The temperatures are those of a real Mac, read from a file of build/smc. */
export interface SmcFacts {
  dump: string; // its name without .txt
  power: readonly ('PSTR' | 'PDTR' | 'PPBR' | 'PHPC')[];
  base: number; // watts of what no rail counts: PSTR is 1.1 times the rails and this
  fans?: readonly Fan[]; // []: FNum is 0; left out: no such key
  decoy?: true; // a second entry of class AppleSMC, which does not open
}
/** One HID temperature service; `times` of them under the same name. */
export interface Sensor {
  product: string | null;
  celsius: number | null; // at rest; null: no event
  times?: number;
  follows?: 'cpu' | 'gpu' | 'soc'; // what makes it warmer; left out: nothing
}
export interface BatteryFacts {
  design: number; // mAh, as the next two
  full: number;
  nominal?: number;
  cycles: number;
  millivolts: number;
  celsius: number;
}
/** An agent of AMC Stats or DCS BW, and the part of Step.traffic it moves. */
export interface Agent {
  name: string;
  part: TrafficPart;
  share: number; // of that part's bytes
  reads: number; // share of its bytes that are read
}
export type TrafficPart = 'cpu' | 'gpu' | 'ane' | 'media' | 'display' | 'io';
export type Traffic = Readonly<Record<TrafficPart, number>>; // GB/s
export interface BandwidthFacts {
  peak: number; // GB/s
  amc?: {
    driver: readonly [id: number, name: string];
    agents: readonly Agent[];
    dead?: 'no subscription' | 'no value'; // listed all the same
  };
  dcs?: {
    driver: readonly [id: number, name: string];
    group: 'PMP' | 'PMP0' | 'PMP1';
    agents: readonly Agent[];
    fabric?: readonly Agent[]; // the same bytes as "AF BW" counts them
    /** The controller's own channel, AMCC RD+WR: bins of `step` GB/s, the lowest of them at rest. */
    controller?: { step: number; bins: number };
  };
}
export interface MetalFacts {
  families: readonly number[];
  recommended?: number; // bytes; left out: by the published shares of the memory
  hidden?: 'default' | 'list'; // which of the two ways to the device is empty
}
export interface Facts {
  title: string; // for people: the Mac, its year, cores and memory
  model: string;
  chip: string;
  brand: string;
  macos: string;
  build: string;
  bytes: number;
  reserved: number; // MiB of hw.memsize that the kernel does not manage
  boot: { seconds: number; microseconds: number; session: string };
  levels: readonly Level[];
  kinds: Readonly<Record<string, Kind>>;
  clusters: readonly Cluster[]; // in the order of the logical CPUs
  virtual?: true; // inside Virtualization.framework
  totalsHoldManagers: boolean; // whether a cluster's total counts its manager and SRAM
  gpu: Gpu;
  rails: readonly Rail[];
  pmgr: { driver: readonly [id: number, name: string]; properties: Readonly<Record<string, Value>> };
  sgx: boolean;
  counters?: {
    driver: readonly [id: number, name: string];
    label: string;
    of: Readonly<Record<string, string>>;
  };
  labels: Readonly<Record<'mJ' | 'uJ' | 'nJ', string>>;
  publish?: { cpu: Publication; rest?: Publication };
  vm: { count: number; array_too_large?: true };
  wiredLimit: 'u32' | 'u64';
  quiet?: Readonly<Record<string, number>>; // watts of the rails at rest that were published, by Rail.source
  smc?: SmcFacts;
  hid?: readonly Sensor[];
  battery?: BatteryFacts; // a laptop's
  bandwidth?: BandwidthFacts;
  metal?: MetalFacts;
}

export interface Activity {
  busy: number; // mean share of the time a core of the letter runs
  clock: number; // 0 = lowest step, 1 = highest
  system?: number; // share of the busy time spent in the kernel
  down?: number; // share of the time the letter's clusters are powered down
}
export interface Step {
  cpu: Readonly<Record<string, Activity>>;
  gpu: { awake: number; clock: number; activity: number; limited?: number };
  rails: Readonly<Record<string, number>>; // watts
  traffic?: Traffic; // left out: by how busy the parts are
  asleep?: number; // seconds in which the clock stood
  paging: { faults: number; pageins: number; compressions?: number; decompressions?: number; swaps?: number };
}
/** What a frame shows of memory (MiB) and of the GPU driver. */
export interface Moment {
  wired: number;
  compressed: number;
  original: number; // what the compressor's pages held before
  internal: number;
  external: number;
  speculative: number;
  purgeable: number;
  swap?: number;
  utilization: readonly [device: number, renderer: number, tiler: number];
  inUse: number;
  allocated: number;
  load: readonly [number, number, number];
}
/** When something that comes and goes is there: seconds after the first frame, multiples of 0.01; else as Life. */
export interface Stay {
  from: number;
  to: number;
  every?: number;
  pids?: number;
}
/** One for all steps, or one for each. */
export type Share = number | readonly number[];
/** An AGX user client. It stays as long as its process, or comes and goes while that stays. */
export interface Client {
  queues: number;
  shares: readonly Share[]; // of the GPU's awake time, one for each AppUsage entry
  stay?: Stay;
}
/** A process; with a stay, all of its kind that are there at once, and the shares are those of all of them. */
export interface Member {
  path: string | null; // of the executable; its end, cut to 16 bytes, is the name
  name?: string; // where it is not
  pid: number;
  unique?: number; // left out: by the pid
  uid?: number; // left out: 501
  cpu?: Share; // of the busy time of the CPUs
  ane?: Share; // of what the ANE does
  gpu?: Client;
  disk?: readonly [read: Share, written: Share]; // MB/s
  footprint?: number | readonly number[]; // MiB; one for all frames, or one for each
  stay?: Stay;
}
/** A coalition: what began it and what came of that. */
export interface App {
  leader: Member;
  members?: readonly Member[];
  stay?: Stay; // of the coalition, and of all that is in it
}
export type Pressure = 1 | 2 | 4;
export interface Workload {
  name: string;
  about: string;
  awake: number; // seconds since boot at the first frame, sleep excluded
  asleep: number;
  at: readonly number[]; // seconds of the frames after the first; multiples of 0.01
  past: Step; // the mean since boot
  steps: readonly Step[]; // one between two frames
  frames: readonly Moment[];
  pressure: Pressure | readonly Pressure[];
  swapTotal: number | readonly number[]; // MiB
  wiredLimit: number | readonly number[]; // MiB
  apps: readonly App[]; // beside the ordinary ones, and in place of those with the same leader
  unpopulated?: readonly string[];
  asDumped?: true; // the SMC's temperatures are the dump's, byte for byte, in all frames
  thermal?: readonly number[]; // thermal pressure at each frame; left out: nominal
  lowPower?: true;
  recoveries?: readonly number[]; // recoveryCount at each frame
  fans?: readonly number[]; // share of the fans' range at each frame; left out: by the watts
  supply?: { charge: number | readonly number[]; source: 'mains' | 'battery'; charging?: true }; // left out: mains, full
}
/** A workload that fits any Mac: it scales with cores, memory, GPU and fans. */
export type Template = (facts: Facts, detail?: Partial<Workload>) => Workload;
export interface Machine {
  facts: Facts;
  workloads: readonly Workload[];
}
