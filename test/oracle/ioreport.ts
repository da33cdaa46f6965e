import { exact, times, type Exact } from './exact';
import type { Int, Reading, SimpleBlock, StateBlock } from './format';
import { integer, type Machine } from './machine';

/** Quantities of a channel's unit, from IOReportTypes.h of Apple's published kernel source. */
const TIME = 1n;
const ENERGY = 3n;
const DATA = 9n;
const EVENTS = 100n;
const HARDWARE_TICKS = 1n;
const BITS_A_BYTE = 8n;

/** Seconds or joules in one step of the channel, from the 64 bits of IOReportChannelUnit. */
export function unitScale(machine: Machine, unit: bigint): Exact {
  const constant = unit & 0x7fff_ffffn;
  const si = (unit >> 32n) & 0xffn;
  const iec = (unit >> 40n) & 0xffn;
  const cardinal = (unit >> 48n) & 0xffn;
  let scale = exact(1);
  if (constant > 0n) {
    const oneOver = (unit >> 31n) & 1n;
    scale = oneOver ? exact(1n, constant) : exact(constant);
  }
  // Exponents are biased by 127; 0 stands for no factor at all.
  if (si > 0n) scale = times(scale, power(10n, si - 127n));
  if (iec > 0n) scale = times(scale, power(2n, iec - 127n));
  if (cardinal === HARDWARE_TICKS) scale = times(scale, machine.seconds(1n));
  else if (cardinal > 0n) throw new Error(`unit ${unit}: cardinal ${cardinal}`);
  return scale;
}

function power(base: bigint, exponent: bigint): Exact {
  return exponent < 0n ? exact(1n, base ** -exponent) : exact(base ** exponent);
}

function scaleOf(machine: Machine, block: SimpleBlock | StateBlock, quantity: bigint): Exact {
  const unit = BigInt(block.unit[0]);
  if (unit >> 56n !== quantity) throw new Error(`${block.group} ${block.subgroup}: unit ${unit}`);
  return unitScale(machine, unit);
}

export interface EnergyChannel {
  readonly name: string;
  /** Joules held since `published`; undefined while the channel is unpopulated. */
  readonly read: (ticks: bigint) => { readonly joules: Exact; readonly published: bigint } | undefined;
}

export interface StateChannel {
  readonly name: string;
  readonly states: readonly string[];
  /** Seconds in one step of a residency. */
  readonly unit: Exact;
  /** Residencies in the order of `states`; undefined while one of them is unpopulated. */
  readonly read: (ticks: bigint) => readonly bigint[] | undefined;
}

const subscribable = (machine: Machine) =>
  (machine.file.ioreport ?? []).filter((block) => block.subscribable !== false);

export function energyChannels(machine: Machine): EnergyChannel[] {
  return simpleChannels(machine, 'Energy Model').map(({ block, name, read }) => ({
    name,
    read(ticks) {
      const reading = read(ticks);
      if (!reading) return undefined;
      const { value, published } = reading;
      return { joules: times(exact(value), scaleOf(machine, block, ENERGY)), published };
    },
  }));
}

export interface CountChannel {
  readonly name: string;
  /** Bytes or events; undefined while the channel is unpopulated. */
  readonly read: (ticks: bigint) => Exact | undefined;
}

/** Counters of bytes. The kernel's unit of data is the bit. */
export const byteChannels = (machine: Machine, group: string, subgroup: string): CountChannel[] =>
  counted(machine, group, subgroup, (block) => times(scaleOf(machine, block, DATA), exact(1n, BITS_A_BYTE)));

export const eventChannels = (machine: Machine, group: string, subgroup: string): CountChannel[] =>
  counted(machine, group, subgroup, (block) => scaleOf(machine, block, EVENTS));

const counted = (
  machine: Machine,
  group: string,
  subgroup: string,
  scale: (block: SimpleBlock) => Exact,
): CountChannel[] =>
  simpleChannels(machine, group, subgroup).map(({ block, name, read }) => ({
    name,
    read(ticks) {
      const reading = read(ticks);
      return reading && times(exact(reading.value), scale(block));
    },
  }));

function simpleChannels(machine: Machine, group: string, subgroup?: string) {
  return subscribable(machine).flatMap((block) => {
    if (block.format !== 'simple' || block.group !== group) return [];
    if (subgroup !== undefined && block.subgroup !== subgroup) return [];
    return block.channels.map(([, name, ...values]) => {
      const read = (ticks: bigint) => {
        if (block.stamps) {
          const shown = machine.shown(block.stamps, ticks);
          const value = recorded(values, shown);
          return value === undefined ? undefined : { value, published: shown.published };
        }
        const published = block.publish ? machine.published(block.publish, ticks) : ticks;
        const value = readingAt(machine, values, published);
        return value === undefined ? undefined : { value, published };
      };
      return { block, name, read };
    });
  });
}

export function stateChannels(machine: Machine, group: string, subgroup: string): StateChannel[] {
  return subscribable(machine).flatMap((block) => {
    if (block.format !== 'state' || block.group !== group || block.subgroup !== subgroup) return [];
    const unit = scaleOf(machine, block, TIME);
    return block.channels.map(([, name, ...residencies]) => {
      const read: StateChannel['read'] = (ticks) => {
        const instant = block.publish ? machine.published(block.publish, ticks) : ticks;
        const values = block.states.map((_, state) => {
          const frames = residencies.map((frame) => frame[state] ?? null);
          return block.stamps
            ? recorded(frames, machine.shown(block.stamps, ticks))
            : readingAt(machine, frames, instant);
        });
        return values.every((value) => value !== undefined) ? values : undefined;
      };
      return { name, states: block.states, unit, read };
    });
  });
}

/** Timestamps of the elements of a state channel, in ticks since open; undefined where the driver has none. */
export function stateStamps(machine: Machine, block: StateBlock, channel: number, ticks: bigint) {
  const [, , ...residencies] = block.channels[channel] ?? [undefined, undefined];
  return block.states.map((_, state) => {
    if (block.stamps) return machine.shown(block.stamps, ticks).published;
    if (block.publish) return machine.published(block.publish, ticks);
    const points = residencies.map((frame) => frame[state] ?? 0);
    return points.length === 1 ? undefined : machine.lastGrowth(points, ticks);
  });
}

/** What a frame of a recording says, with what the cycles before have added. */
function recorded(
  values: readonly Reading[],
  { frame, cycle }: { readonly frame: number; readonly cycle: bigint },
): bigint | undefined {
  const value = values.length === 1 ? values[0] : values[frame];
  if (value === undefined || value === null) return undefined;
  const [first, last] = [values[0] ?? null, values.at(-1) ?? null];
  const gain = first === null || last === null ? 0n : integer(last) - integer(first);
  return integer(value) + (gain > 0n ? gain * cycle : 0n);
}

/** One value stands for all frames. A reading grows only between two populated frames. */
function readingAt(machine: Machine, values: readonly Reading[], ticks: bigint): bigint | undefined {
  const [only] = values;
  if (values.length === 1) return only === undefined || only === null ? undefined : integer(only);
  if (machine.gauge(values, ticks) === null) return undefined;
  let held: Reading = values.find((value) => value !== null) ?? null;
  const filled: Int[] = [];
  for (const value of values) {
    held = value ?? held;
    filled.push(held ?? 0);
  }
  return machine.counter(filled, ticks);
}
