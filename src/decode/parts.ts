// All parts of a snapshot, by name, and what their decoders want of the OS.

import { CPU_FACTS, LEVEL_NUMBERS, LEVEL_TEXTS } from '../chips/topology';
import { FREQUENCY_FACTS } from '../chips/frequencies';
import { GROUPS } from '../chips/channels';
import type { Wants } from '../native/native';
import {
  coalitions,
  GPU_CLIENTS,
  gpuClients,
  processes,
  type AneWork,
  type AppMemory,
  type AppUsage,
  type Dropped,
  type GpuTime,
} from './apps';
import { bandwidth, bandwidthEstimate } from './bandwidth';
import { battery, BATTERY_LIVE, batteryPower } from './battery';
import { coreCounts, offline, residency, ticks } from './cpu';
import type { Decoder, Part } from './decoder';
import { energy, energyDetail, type Power } from './energy';
import {
  accelerator,
  ACCELERATOR_FACTS,
  ACCELERATOR_LIVE,
  cltm,
  gpu,
  gpuCores,
  gpuIdentity,
  throttler,
} from './gpu';
import { load, LOAD_SYSCTLS, memory, MEMORY_SYSCTLS, pressure, swap, wiredLimit } from './memory';
import { metalDevice } from './metal';
import { lowPowerMode, NOTIFY_KEYS, thermalPressure } from './notify';
import { boot, clocks, identity, memorySize, OS_NUMBERS, OS_TEXTS } from './os';
import { FAN_PREFIX, fans, POWER_KEYS, systemPower } from './smc';
import {
  allHidTemperatures,
  allTemperatures,
  batteryTemperature,
  dieTemperature,
  SMC_PREFIX,
  temperatures,
} from './temperatures';

export const decoders = {
  gpu,
  cltm,
  throttler,
  accelerator,
  gpuIdentity,
  gpuCores,
  metalDevice,
  memory,
  memorySize,
  pressure,
  swap,
  wiredLimit,
  residency,
  offline,
  ticks,
  coreCounts,
  load,
  energy,
  energyDetail,
  systemPower,
  bandwidth,
  bandwidthEstimate,
  temperatures,
  allTemperatures,
  dieTemperature,
  allHidTemperatures,
  thermalPressure,
  fans,
  battery,
  batteryPower,
  batteryTemperature,
  identity,
  boot,
  clocks,
  lowPowerMode,
  coalitions,
  processes,
  gpuClients,
} as const;

type Decoded = {
  readonly [Name in keyof typeof decoders]: (typeof decoders)[Name] extends Decoder<infer P> ? P : never;
};

/** Parts that are made of others: `power` of several `energy` ones, what apps use of rows of several sources. */
interface Derived {
  readonly power: Power;
  readonly aneWork: AneWork;
  readonly appUsage: AppUsage;
  readonly appGpu: GpuTime;
  readonly appMemory: AppMemory;
  readonly processGpu: GpuTime;
  readonly droppedSeries: Dropped;
}
export interface Parts extends Decoded, Derived {}
export type DecodedName = keyof Decoded;
export type PartName = keyof Parts;

/** What each derived part cannot do without. */
export const MADE_OF: Readonly<Record<keyof Derived, readonly DecodedName[]>> = {
  power: ['energy'],
  aneWork: ['coalitions'],
  appUsage: ['coalitions', 'processes'],
  appGpu: ['gpuClients', 'processes'],
  appMemory: ['processes'],
  processGpu: ['gpuClients', 'processes'],
  droppedSeries: [],
};

/**
 * The parts of a Mac of which nothing was read. Copied and filled in: of an object that gets so many properties one by
 * one V8 makes a hash table.
 */
export const NOTHING = absent({ ...decoders, ...MADE_OF } satisfies Record<PartName, unknown>);

function absent<Name extends string>(parts: Record<Name, unknown>): Readonly<Record<Name, undefined>> {
  for (const name of Object.keys(parts) as Name[]) parts[name] = undefined;
  return parts as Record<Name, undefined>;
}

/** What a part is read as: itself, or what it is derived from. */
export const readFor = (part: PartName): readonly DecodedName[] =>
  part in MADE_OF ? MADE_OF[part as keyof Derived] : [part as DecodedName];

export const decoderOf = (name: DecodedName): Decoder<Part> => decoders[name];
export const DECODED_NAMES = Object.keys(decoders) as readonly DecodedName[];

export const WANTS: Wants = {
  ioreport: Object.values(GROUPS),
  ioregistry: { live: ACCELERATOR_LIVE, facts: [...ACCELERATOR_FACTS, ...CPU_FACTS, ...FREQUENCY_FACTS] },
  sysctl: {
    live: [...MEMORY_SYSCTLS, ...LOAD_SYSCTLS],
    numbers: [...OS_NUMBERS, ...LEVEL_NUMBERS],
    texts: [...OS_TEXTS, ...LEVEL_TEXTS],
  },
  smc: { prefixes: [SMC_PREFIX, FAN_PREFIX], keys: POWER_KEYS },
  power_sources: { live: BATTERY_LIVE, facts: [] },
  notify: NOTIFY_KEYS,
  gpu_clients: GPU_CLIENTS,
};
