import { at, type Machine } from './machine';
import { series } from './series';

/** Keys and their values; a key that cannot be read or holds no number is left out. */
export function smcValues(machine: Machine, ticks: bigint): ReadonlyMap<string, SmcValue> {
  const { entry, keys = [] } = machine.file.smc ?? {};
  if (entry === undefined) return new Map();
  return new Map(
    keys.flatMap(([key, type, ...values]) => {
      const hex = values.length === 1 ? at(values, 0) : machine.gauge(values, ticks);
      const value = hex === null ? NaN : decode(type, Buffer.from(hex, 'hex'));
      return Number.isFinite(value) ? [[key, { type, value }]] : [];
    }),
  );
}

export interface SmcValue {
  readonly type: string;
  readonly value: number;
}

/** The types that fans, watts and degrees have. */
function decode(type: string, bytes: Buffer): number {
  if (type === 'flt ' && bytes.length === 4) return bytes.readFloatLE();
  if (type === 'fpe2' && bytes.length === 2) return bytes.readUInt16BE() / 4;
  if (type === 'sp78' && bytes.length === 2) return bytes.readInt16BE() / 256;
  if (type === 'ioft' && bytes.length === 8) return Number(bytes.readBigInt64LE()) / 65_536;
  return NaN;
}

const FANS: Readonly<Record<string, string>> = {
  Ac: 'mac_fan_speed_rpm',
  Mn: 'mac_fan_speed_min_rpm',
  Mx: 'mac_fan_speed_max_rpm',
  Tg: 'mac_fan_speed_target_rpm',
};
const WATTS: Readonly<Record<string, string>> = {
  PSTR: 'mac_system_power_watts',
  PDTR: 'mac_adapter_power_watts',
};

export function* smcGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  for (const [key, { value }] of smcValues(machine, ticks)) {
    const [, fan, what = ''] = /^F(\d)(..)$/.exec(key) ?? [];
    const family = FANS[what];
    if (fan !== undefined && family) yield [series(family, { fan }), value];
    const watts = WATTS[key];
    if (watts) yield [watts, value];
  }
}
