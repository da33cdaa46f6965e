// Units of IOReport channels. A channel says its own unit; one group mixes mJ, uJ and nJ.

/** xnu iokit/IOKit/IOReportTypes.h: 8 bits quantity, 8 unused, 8 cardinal, 8 IEC, 8 SI, 32 constant. */
const QUANTITY: Readonly<Record<number, Quantity>> = { 1: 'seconds', 3: 'joules', 9: 'bytes', 100: 'events' };

export type Quantity = 'seconds' | 'joules' | 'bytes' | 'events';
export interface Unit {
  readonly quantity: Quantity;
  /** Base units (seconds, joules, bytes, events) in one count of the channel. */
  readonly scale: number;
  /** Counts in one base unit, where that is an integer: dividing by it is exact, multiplying by 0.001 is not. */
  readonly divisor?: number;
}

const LABELS: ReadonlyMap<string, Unit> = new Map(
  Object.entries<Unit>({
    J: { quantity: 'joules', scale: 1, divisor: 1 },
    mJ: { quantity: 'joules', scale: 1e-3, divisor: 1e3 },
    uJ: { quantity: 'joules', scale: 1e-6, divisor: 1e6 },
    nJ: { quantity: 'joules', scale: 1e-9, divisor: 1e9 },
    '24Mticks': { quantity: 'seconds', scale: 1 / 24e6, divisor: 24e6 },
    B: { quantity: 'bytes', scale: 1, divisor: 1 },
    bytes: { quantity: 'bytes', scale: 1, divisor: 1 },
    events: { quantity: 'events', scale: 1, divisor: 1 },
  }),
);

/** The unit of a channel (`Channel.unit`), or undefined for one that is not known. */
export function parseUnit(text: string): Unit | undefined {
  const label = text.trim();
  return /^\d+$/.test(label) ? decodeUnit(BigInt(label)) : LABELS.get(label);
}

function decodeUnit(code: bigint): Unit | undefined {
  const quantity = QUANTITY[Number(code >> 56n)];
  // A cardinal multiplies by something that only the kernel knows, such as ticks of its clock. No channel of ours has one.
  const cardinal = (code >> 48n) & 0xffn;
  if (!quantity || cardinal !== 0n) return undefined;
  const constant = Number(code & 0xffffffffn);
  const oneOver = constant >= 0x80000000;
  const factor = oneOver ? constant - 0x80000000 : constant || 1;
  // Exponents are biased by 127; 0 stands for none.
  const exponent = (shift: bigint) => {
    const byte = Number((code >> shift) & 0xffn);
    return byte === 0 ? 0 : byte - 127;
  };
  const ten = exponent(32n);
  const two = exponent(40n);
  // Data is counted in bits: a byte is 2^3 of them.
  const bits = quantity === 'bytes' ? two - 3 : two;
  if (oneOver && factor === 0) return undefined;
  const scale = (oneOver ? 1 / factor : factor) * 10 ** ten * 2 ** bits;
  const divisor = (oneOver ? factor : 1 / factor) * 10 ** -ten * 2 ** -bits;
  return Number.isInteger(divisor) ? { quantity, scale, divisor } : { quantity, scale };
}

/** `count` of a channel in base units. */
export function inBaseUnits(count: number, unit: Unit): number {
  return unit.divisor === undefined ? count * unit.scale : count / unit.divisor;
}

/** The unit of a channel if it measures `quantity`. */
export function unitOf(channel: { readonly unit: string }, quantity: Quantity): Unit | undefined {
  const unit = parseUnit(channel.unit);
  return unit?.quantity === quantity ? unit : undefined;
}
