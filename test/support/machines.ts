// The machine files, and variants of them made in a test.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const MACHINES = join(__dirname, '..', 'machines');

export const machineNames: readonly string[] = readdirSync(MACHINES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

/** Machines that differ in what they have: dies, tiers, fans, batteries, batches, dead rails, groups that never answer. */
export const distinctMachines: readonly string[] = [
  'Macmini9,1__m1__15.6__idle',
  'Mac13,2__m1-ultra__27.0__idle',
  'Mac14,6__m2-max__13.6__idle',
  'Mac14,14__m2-ultra__15.2__mixed',
  'Mac15,9__m3-max__27.0__llm-browser',
  'Mac16,8__m4-pro__27.0__battery',
  'Mac17,2__m5__27.2__idle',
  'Mac17,5__a18-pro__26.5.2__idle',
  'Mac17,6__m5-max__27.0__load',
  'VirtualMac2,1__vm__15.5__compile',
];

/** The fewest of them: alone and with another die; batched and dead rails, on battery; nothing but the host. */
export const fewMachines: readonly string[] = [
  'Macmini9,1__m1__15.6__idle',
  'Mac14,14__m2-ultra__15.2__mixed',
  'Mac16,8__m4-pro__27.0__battery',
  'Mac17,6__m5-max__27.0__load',
  'VirtualMac2,1__vm__15.5__compile',
];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One entry of `ioreport` in a machine file. */
export interface ChannelSet {
  group: string;
  subgroup: string;
  driver: [number, string];
  unit: [string, string | null];
  format: 'simple' | 'state' | 'histogram';
  states?: string[];
  buckets?: number;
  publish?: { period: number; at: number[]; until?: number };
  subscribable?: boolean;
  channels: Json[][];
}

export interface RegistryEntry {
  id: number;
  class: string[];
  name: string;
  path?: string;
  properties: Record<string, Json>;
  children?: RegistryEntry[];
  life?: Life;
}

/** What comes and goes; ticks after the first frame. */
export interface Life {
  from: number;
  to: number;
  every?: number;
  step: number;
  pids?: number;
  coalitions?: number;
}

export type Counter = number | string | (number | string)[];

export interface Process {
  pid: number;
  unique: number;
  coalition: number;
  uid: number;
  path: string | null;
  comm: string;
  start?: number;
  usage?: Record<'user' | 'system' | 'read' | 'written' | 'footprint' | 'energy', Counter> & {
    resident?: Counter;
  };
  life?: Life;
}

export interface Coalition {
  id: number;
  /** By index. */
  words?: Record<string, Counter>;
  life?: Life;
}

export interface Machine {
  format: number;
  about: string;
  origin: string;
  clock: { timebase: [number, number]; absolute: number[]; continuous: number[] };
  ioreport?: ChannelSet[];
  ioregistry?: RegistryEntry[];
  host?: { count: number; array_too_large?: boolean; vm: Record<string, Json>; cpu: Record<string, Json>[] };
  sysctl?: Record<string, Json[]>;
  smc?: { entry: number; keys: Json[][]; sorted?: boolean };
  hid?: { id: number; page: number; usage: number; product: string | null; value: Json }[];
  libproc?: { uid: number; rusage: number; processes: Process[] };
  coalition?: { bytes: number; coalitions: Coalition[] };
  notify?: Record<string, Json>;
  metal?: {
    default: boolean;
    listed: boolean;
    devices: { name: string; recommendedMaxWorkingSetSize: Json; families: number[] }[];
  };
}

export const machineText = (name: string): string => readFileSync(join(MACHINES, `${name}.json`), 'utf8');
export const machineOf = (name: string): Machine => JSON.parse(machineText(name)) as Machine;

/**
 * A machine file with at most `most` channels a group (and states as they are), one SMC temperature of each kind, `most`
 * HID services, and the processes of `most` coalitions and of GPU clients: small enough to fail every call.
 */
export function reduced(machine: Machine, most = 3): Machine {
  const left = new Map<string, number>();
  const ioreport = machine.ioreport?.map((set) => {
    // Each of the power manager's histograms has 32 states with a name.
    const have = left.get(`${set.group}/${set.subgroup}`) ?? (set.group.startsWith('PMP') ? 1 : most);
    const channels = preferred(set).slice(0, have);
    left.set(`${set.group}/${set.subgroup}`, have - channels.length);
    return { ...set, channels };
  });
  const { smc, hid } = machine;
  return {
    ...machine,
    ...(ioreport && { ioreport: ioreport.filter((set) => set.channels.length > 0) }),
    ...(smc && { smc: { ...smc, keys: smc.keys.filter(isFirstOfItsKind) } }),
    ...(hid && { hid: hid.slice(0, most) }),
    ...reducedApps(machine, most),
  };
}

function reducedApps({ libproc, coalition, ioregistry }: Machine, most: number): Partial<Machine> {
  if (!libproc || !coalition) return {};
  const creators = (ioregistry ?? [])
    .flatMap(({ children = [] }) => children)
    .map(({ properties }) => Number(/^pid (\d+)/.exec(properties['IOUserClientCreator'] as string)?.[1]));
  const first = new Set(coalition.coalitions.slice(0, most).map(({ id }) => id));
  const processes = libproc.processes.filter(
    ({ pid, coalition: of }) => first.has(of) || creators.includes(pid),
  );
  const used = new Set(processes.map((process) => process.coalition));
  return {
    libproc: { ...libproc, processes },
    coalition: {
      ...coalition,
      coalitions: coalition.coalitions.filter(({ id, words }) => used.has(id) || !words),
    },
  };
}

function isFirstOfItsKind([key]: Json[], i: number, keys: Json[][]): boolean {
  const kind = (key as string).slice(0, 2);
  return !kind.startsWith('T') || !keys.slice(0, i).some(([other]) => (other as string).startsWith(kind));
}

/** Channels that are exported come first. */
function preferred(set: ChannelSet): Json[][] {
  const wanted = /(^| |_)CPU Energy$|^GPU Energy$|^ANE|^GPUPH$|^[EPM]CPU|RD\+WR$/;
  const score = (channel: Json[]) => (wanted.test(channel[1] as string) ? 0 : 1);
  return [...set.channels].sort((a, b) => score(a) - score(b));
}
