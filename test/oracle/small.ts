import { growth, toNumber } from './exact';
import type { MachineFile, Properties, Publish, SimpleBlock, StateBlock } from './format';
import { Machine } from './machine';
import type { Truth } from './truth';

/** IOReportChannelUnit as machines report it. */
export const UNIT = {
  ticks: ['72058115876454424', '24Mticks'],
  mJ: ['216173314689728512', 'mJ'],
  uJ: ['216173301804826624', 'uJ'],
  nJ: ['216173288919924736', 'nJ'],
} as const;

export const SECOND = 24_000_000n;

/** A machine of two frames a second apart, unless `seconds` says where they are. */
export function small(parts: Partial<MachineFile>, seconds: readonly number[] = [0, 1]): Machine {
  const absolute = seconds.map((s) => 1_000_000_000 + Math.round(s * 24e6));
  return new Machine({
    format: 1,
    about: 'a machine of a test',
    origin: 'built',
    clock: { timebase: [125, 3], absolute, continuous: absolute },
    ...parts,
  });
}

export function states(
  group: string,
  subgroup: string,
  names: readonly string[],
  channels: Readonly<Record<string, readonly (readonly (number | string)[])[]>>,
): StateBlock {
  return {
    group,
    subgroup,
    driver: [1, 'AppleT8103PMGR'],
    unit: UNIT.ticks,
    format: 'state',
    states: names,
    channels: Object.entries(channels).map(([name, frames]) => [id(name), name, ...frames] as const),
  };
}

export function energies(
  unit: 'mJ' | 'uJ' | 'nJ',
  channels: readonly (readonly [name: string, ...values: (number | string | null)[]])[],
  publish?: Publish,
): SimpleBlock {
  return {
    group: 'Energy Model',
    subgroup: '',
    driver: [1, 'AppleT8103PMGR'],
    unit: UNIT[unit],
    format: 'simple',
    ...(publish && { publish }),
    channels: channels.map(([name, ...values]) => [id(name), name, ...values] as const),
  };
}

const id = (name: string): string => Buffer.from(name.padEnd(8, '\0')).subarray(0, 8).toString('hex');

/** The power manager's node with tables of frequencies, in Hz or kHz as given. */
export function pmgr(tables: Readonly<Record<string, readonly number[]>>) {
  const properties: Properties = Object.fromEntries(
    Object.entries(tables).map(([key, values]) => [key, { data: values.map(pair).join('') }]),
  );
  return { id: 2, class: ['AppleARMIODevice'], name: 'pmgr', path: 'IODeviceTree:/arm-io/pmgr', properties };
}

const pair = (frequency: number): string => word(frequency) + word(800);

export function word(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
}

/** A window gauge over the first second. */
export function windowOf(oracle: Truth, key: string): number {
  const value = oracle.gauges(SECOND, 0n).window.get(key);
  return value ? toNumber(value) : NaN;
}

/** Growth of a counter in the first second. */
export function grown(oracle: Truth, key: string): number {
  const [before, after] = [oracle.counters(0n).get(key), oracle.counters(SECOND).get(key)];
  return before && after ? toNumber(growth(before, after)) : NaN;
}
