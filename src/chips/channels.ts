// The grammar of IOReport channel names.

import type { Channel } from '../native/native';

export const GROUPS = {
  energy: 'Energy Model',
  cpu: 'CPU Stats',
  gpu: 'GPU Stats',
  amc: 'AMC Stats',
  pmp: 'PMP',
  // M5 Max, and M3 Max from macOS 27.
  pmp0: 'PMP0',
  pmp1: 'PMP1',
} as const;

const SUBGROUPS = {
  core: 'CPU Core Performance States',
  complex: 'CPU Complex Performance States',
  gpu: 'GPU Performance States',
  cltm: 'CLTM-induced GPU Performance States',
  throttler: 'GPU Throttler Counters',
  amc: 'Perf Counters',
  dcs: 'DCS BW',
} as const;

/** A CPU core or a cluster ("complex") as its channel names it. */
export interface CpuName {
  /** `0`, `1`; empty where the chip has one die. */
  readonly die: string;
  /** E, P or M. */
  readonly letter: string;
  /** What stands between CPU and _CPU: cluster and core digits on one-die chips, the cluster on others. */
  readonly digits: string;
  /** Core number inside the cluster, where the name says it apart. */
  readonly core: string | undefined;
}

/** Betas of macOS 27 put `DIE0 ` or `PRIM ` before the name, Ultra chips `DIE_0_`. */
const PREFIX = /^(?:DIE_(\d+)_|DIE(\d+) |PRIM )/;
const CPU = /^([A-Z])CPU(\d*)(?:_CPU(\d+))?$/;

export function splitDie(name: string): { die: string; rest: string } {
  const match = PREFIX.exec(name);
  return match
    ? { die: match[1] ?? match[2] ?? '', rest: name.slice(match[0].length) }
    : { die: '', rest: name };
}

/** Undefined for what is no core and no cluster: managers (PCPM) and idle counters (PCPM_IDLE) among them. */
export function parseCpuName(name: string): CpuName | undefined {
  const { die, rest } = splitDie(name);
  const match = CPU.exec(rest);
  return match ? { die, letter: match[1]!, digits: match[2]!, core: match[3] } : undefined;
}

export const isCore = (c: Channel): boolean =>
  c.group === GROUPS.cpu &&
  c.subgroup === SUBGROUPS.core &&
  c.states.length > 0 &&
  parseCpuName(c.name) !== undefined;

export const isComplex = (c: Channel): boolean =>
  c.group === GROUPS.cpu && c.subgroup === SUBGROUPS.complex && c.states.length > 0 && isComplexName(c.name);

function isComplexName(name: string): boolean {
  const cpu = parseCpuName(name);
  return cpu !== undefined && cpu.core === undefined;
}

export const isGpuStates = (c: Channel): boolean =>
  c.group === GROUPS.gpu && c.subgroup === SUBGROUPS.gpu && c.name === 'GPUPH' && c.states.length > 0;

export const isCltm = (c: Channel): boolean =>
  c.group === GROUPS.gpu &&
  c.subgroup === SUBGROUPS.cltm &&
  c.name === 'GPU_CLTM' &&
  (c.states.includes('NO_CLTM') || !hasNamedStates(c));

export const isThrottler = (c: Channel): boolean =>
  c.group === GROUPS.gpu && c.subgroup === SUBGROUPS.throttler && c.states.length === 0;

export interface Traffic {
  /** Who uses the memory: GFX, PCPU0, ANE0, … */
  readonly agent: string;
  /** Empty where both are counted as one. */
  readonly direction: 'read' | 'write' | '';
}

/** Agent of the totals `DCS RD` and `DCS WR`, for chips that count no agents. */
export const ALL_AGENTS = 'all';

/**
 * A byte counter of the memory controller: `GFX DCS RD`. DCS is the side of the DRAM; the same names without DCS count in
 * front of the cache, and would count bytes twice.
 */
export function parseAmc(c: Channel): Traffic | undefined {
  if (c.group !== GROUPS.amc || c.subgroup !== SUBGROUPS.amc || c.states.length > 0) return undefined;
  const match = /^(?:(.+) )?DCS (RD|WR)$/.exec(splitDie(c.name).rest);
  return match
    ? { agent: match[1] ?? ALL_AGENTS, direction: match[2] === 'RD' ? 'read' : 'write' }
    : undefined;
}

const PMP_GROUPS: ReadonlySet<string> = new Set([GROUPS.pmp, GROUPS.pmp0, GROUPS.pmp1]);

/** The controllers together, in wider steps: only where nothing finer is to be had. */
export const ALL_CONTROLLERS = 'AMCC';

/**
 * The agent of a bandwidth histogram of the power manager, `AGX RD+WR`: time by GB/s. `RD` and `WR` of the same agent are
 * contained in it.
 */
export function parseDcs(c: Channel): string | undefined {
  if (!PMP_GROUPS.has(c.group) || c.subgroup !== SUBGROUPS.dcs || c.states.length === 0) return undefined;
  return /^(.+) RD\+WR$/.exec(splitDie(c.name).rest)?.[1];
}

/** Bytes a second of a histogram state: `"   4GB/s"`; NaN for what is none. */
export const rateOf = (state: string): number => Number(/^ *(\d+)GB\/s$/.exec(state)?.[1] ?? NaN) * 1e9;

/** A state without a name may be an idle one: what cannot be told from running is not counted at all. */
export const hasNamedStates = (c: Channel): boolean => c.states.every((state) => state !== '');

/** Names repeat where several drivers publish one group. Two series of one name would spoil the page: one is taken. */
export const firstOfEachName = (channels: readonly Channel[]): readonly Channel[] =>
  channels.filter((channel, i) => {
    const { name, subgroup } = channel;
    return channels.findIndex((other) => other.name === name && other.subgroup === subgroup) === i;
  });

/** In these states a core, a cluster or the GPU does not run. DOWN is powered down: not busy. */
export const IDLE_STATES: ReadonlySet<string> = new Set(['IDLE', 'DOWN', 'OFF']);

/** Table index of a state: `V3P12` is entry 3, `P4` of the GPU is entry 4. Undefined for all other names. */
export function stateIndex(state: string): number | undefined {
  const match = /^V(\d+)P\d+$/.exec(state) ?? /^P(\d+)$/.exec(state);
  return match ? Number(match[1]) : undefined;
}
