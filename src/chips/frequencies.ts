// DVFS tables of the device tree: which frequency a state stands for.

import type { FactMap } from '../native/native';
import { CPU_TABLES, NOT_CPU_TABLES, TABLE_NUMBERS } from './generations';

export const PMGR = 'IODeviceTree:/arm-io/pmgr';
export const SGX = 'IODeviceTree:/arm-io/sgx';

/** Failures to read these cost frequencies. */
export const FREQUENCY_GROUPS: readonly string[] = [PMGR, SGX];

const tableName = (number: number, sram: boolean): string =>
  `${PMGR} voltage-states${number}${sram ? '-sram' : ''}`;

export const FREQUENCY_FACTS: readonly string[] = [
  ...Array.from({ length: TABLE_NUMBERS }, (_, number) => tableName(number, true)),
  tableName(9, false),
  `${SGX} perf-states`,
  `${SGX} perf-state-count`,
];

/** Entry i is the frequency of state i in hertz, in the order of the table: M3's GPU tables are not monotonic. */
export type Table = Float64Array;

/**
 * 8-byte pairs of little-endian u32: frequency, millivolts. `hertz` says that the table is known to be in Hz; else a
 * table whose largest value is below 1e8 is in kHz (CPU tables of M4 and M5; the largest kHz value seen is 4.7e6, the
 * smallest largest Hz value 3.38e8). Undefined for an empty or zero-filled table.
 */
export function parseTable(bytes: Uint8Array, hertz = false): Table | undefined {
  const entries = Math.floor(bytes.length / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const raw = Float64Array.from({ length: entries }, (_, i) => view.getUint32(i * 8, true));
  const largest = raw.reduce((a, b) => Math.max(a, b), 0);
  if (largest === 0) return undefined;
  return !hertz && largest < 1e8 ? raw.map((kilohertz) => kilohertz * 1000) : raw;
}

/**
 * The table of a CPU cluster: the documented one if it has `states` entries, else the only table (or tables of the same
 * content) that has. Undefined rather than a guess: the frequency is lost, the residency is not.
 */
export function cpuTable(facts: FactMap, letter: string, cluster: number, states: number): Table | undefined {
  const tables = (numbers: readonly number[]) =>
    numbers.map((number) => sramTable(facts, number)).filter((table) => table?.length === states) as Table[];
  const documented = CPU_TABLES[letter] ?? [];
  const own = documented[cluster];
  const first = tables(own === undefined ? documented : [own, ...documented])[0];
  if (first) return first;
  const taken = new Set([...NOT_CPU_TABLES, ...Object.values(CPU_TABLES).flat()]);
  const others = tables(
    Array.from({ length: TABLE_NUMBERS }, (_, number) => number).filter((n) => !taken.has(n)),
  );
  return others.every((table) => sameTable(table, others[0]!)) ? others[0] : undefined;
}

/**
 * The GPU's table, always in Hz, with its leading 0 Hz for OFF: the GPU node's own, else pmgr's number 9. P<i> of the
 * GPU is entry i.
 */
export function gpuTable(facts: FactMap): Table | undefined {
  const { sgx, pmgr } = gpuTables(facts);
  return sgx ?? pmgr;
}

/** The same by both nodes, where both tell it. */
export const gpuTables = (facts: FactMap) => ({
  sgx: withOff(sgxTable(facts)),
  pmgr: withOff(pmgrGpuTable(facts)),
});

const withOff = (table: Table | undefined): Table | undefined =>
  table && table[0] !== 0 ? Float64Array.of(0, ...table) : table;

/** Looks up the frequency of each state, NaN where the table has no entry. */
export function frequenciesOf(
  indices: readonly (number | undefined)[],
  table: Table | undefined,
): Float64Array {
  return Float64Array.from(indices, (index) => (index === undefined ? NaN : (table?.[index] ?? NaN)));
}

export const largestOf = (table: Table): number => table.reduce((a, b) => Math.max(a, b), 0);

function sramTable(facts: FactMap, number: number): Table | undefined {
  const bytes = facts[tableName(number, true)];
  return bytes instanceof Uint8Array ? parseTable(bytes) : undefined;
}

function sgxTable(facts: FactMap): Table | undefined {
  const bytes = facts[`${SGX} perf-states`];
  const count = facts[`${SGX} perf-state-count`];
  if (!(bytes instanceof Uint8Array) || !(count instanceof Uint8Array) || count.length < 4) return undefined;
  // One table a die or voltage bin follows the other: the first is the one of the nominal chip.
  const entries = new DataView(count.buffer, count.byteOffset).getUint32(0, true);
  return entries * 8 <= bytes.length ? parseTable(bytes.subarray(0, entries * 8), true) : undefined;
}

function pmgrGpuTable(facts: FactMap): Table | undefined {
  for (const sram of [true, false]) {
    const bytes = facts[tableName(9, sram)];
    const table = bytes instanceof Uint8Array ? parseTable(bytes, true) : undefined;
    if (table) return table;
  }
  return undefined;
}

/** Of tables of one length. */
const sameTable = (a: Table, b: Table): boolean => a.every((value, i) => value === b[i]);
