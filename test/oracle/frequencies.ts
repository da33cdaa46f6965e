import { fixed, type Machine } from './machine';
import { data, entries, numberAt, property } from './registry';

/** Frequencies in Hz, in the table's own order: the tables of M3 GPUs do not ascend. */
export type Table = readonly bigint[];

/** Pairs of little-endian words, frequency and millivolts. M4 and later write CPU frequencies in kHz. */
export function decodeTable(bytes: Buffer, count = Infinity): Table | undefined {
  const raw: bigint[] = [];
  for (let i = 0; i + 8 <= bytes.length && raw.length < count; i += 8)
    raw.push(BigInt(bytes.readUInt32LE(i)));
  const max = raw.reduce((a, b) => (a > b ? a : b), 0n);
  if (max === 0n) return undefined;
  return max < 100_000_000n ? raw.map((kHz) => kHz * 1000n) : raw;
}

/** Where pmgr keeps the table of a core type, by the letter of its channels. */
const CPU_TABLES: Readonly<Record<string, readonly string[]>> = {
  E: ['voltage-states1-sram'],
  P: ['voltage-states5-sram', 'voltage-states13-sram'],
  M: ['voltage-states22-sram', 'voltage-states23-sram'],
};

const pmgr = (machine: Machine) => entries(machine).find(({ entry }) => entry.name === 'pmgr')?.entry;

function pmgrTable(machine: Machine, key: string): Table | undefined {
  const bytes = data(property(pmgr(machine), key));
  return bytes && decodeTable(bytes);
}

/** The table with as many entries as the channel has states: two of the same letter can differ in length. */
export function cpuTable(machine: Machine, letter: string, states: number): Table | undefined {
  return (CPU_TABLES[letter] ?? [])
    .map((key) => pmgrTable(machine, key))
    .find((table) => table?.length === states);
}

/** Index i is state P<i>; index 0 is 0 Hz (OFF). */
export const gpuTable = fixed((machine): Table | undefined => {
  const sgx = entries(machine).find(({ entry, path }) => {
    const isNode = entry.name === 'sgx' || path === 'IODeviceTree:/arm-io/sgx';
    return isNode && property(entry, 'perf-states') !== undefined;
  })?.entry;
  const bytes = data(property(sgx, 'perf-states'));
  const count = numberAt(machine, property(sgx, 'perf-state-count'), 0n);
  const table =
    (bytes && decodeTable(bytes, count === undefined ? Infinity : Number(count))) ??
    pmgrTable(machine, 'voltage-states9-sram') ??
    pmgrTable(machine, 'voltage-states9');
  return table && table[0] !== 0n ? [0n, ...table] : table;
});

export const highest = (table: Table): bigint => table.reduce((a, b) => (a > b ? a : b));
