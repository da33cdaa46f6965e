// The battery, as its gauge tells the driver about once a minute.

import type { Channel } from '../native/native';
import { slotOf, valueAt, type Decoder, type Part } from './decoder';

const BATTERY = 'AppleSmartBattery';
const TELEMETRY = 'PowerTelemetryData';

/** Charge is in percent on Apple Silicon; the raw capacities are in mAh. */
const PROPERTIES = {
  charge: 'CurrentCapacity',
  full: 'MaxCapacity',
  rawFull: 'AppleRawMaxCapacity',
  design: 'DesignCapacity',
  cycles: 'CycleCount',
  charging: 'IsCharging',
  external: 'ExternalConnected',
  remaining: 'TimeRemaining',
} as const;
const POWER = 'BatteryPower';

export const BATTERY_LIVE: readonly string[] = [...Object.values(PROPERTIES), TELEMETRY].map(
  (property) => `${BATTERY} ${property}`,
);

export interface Battery extends Part {
  /** 0 to 1; NaN, like all below, where the driver does not tell. */
  readonly charge: number;
  /** What a full charge is of what it was by design. */
  readonly health: number;
  readonly cycles: number;
  /** 0 or 1. */
  readonly charging: number;
  readonly external: number;
  /** Seconds until empty, or until full while it charges. */
  readonly remaining: number;
}

/** 65535 minutes: not known yet. */
const UNKNOWN_TIME = 65535;

const isProperty = (c: Channel): boolean =>
  c.group === BATTERY && (Object.values(PROPERTIES) as string[]).includes(c.subgroup);

export const battery: Decoder<Battery> = {
  source: 'power_sources',
  groups: [BATTERY],
  wants: isProperty,
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const slot = (key: keyof typeof PROPERTIES) =>
      slotOf(chosen, ({ subgroup }) => subgroup === PROPERTIES[key]);
    const at = {
      charge: slot('charge'),
      full: slot('full'),
      rawFull: slot('rawFull'),
      design: slot('design'),
      cycles: slot('cycles'),
      charging: slot('charging'),
      external: slot('external'),
      remaining: slot('remaining'),
    };
    return (values) => {
      if (chosen.every((channel) => Number.isNaN(values[channel.at + 1]!))) return undefined;
      const value = (of: number) => valueAt(values, of);
      const minutes = value(at.remaining);
      return {
        charge: value(at.charge) / value(at.full),
        health: value(at.rawFull) / value(at.design),
        cycles: value(at.cycles),
        charging: value(at.charging),
        external: value(at.external),
        remaining: minutes === UNKNOWN_TIME ? NaN : minutes * 60,
      };
    };
  },
};

export interface BatteryPower extends Part {
  /** Watts out of the battery, negative while it charges. */
  readonly watts: number;
}

export const batteryPower: Decoder<BatteryPower> = {
  source: 'power_sources',
  groups: [BATTERY],
  wants: (c) => c.group === BATTERY && c.subgroup === TELEMETRY && c.name === POWER,
  bind(chosen) {
    const slot = chosen[0]?.at;
    if (slot === undefined) return undefined;
    // Published samples tell the sign: SystemLoad is SystemPowerIn less BatteryPower.
    return (values) => {
      const watts = -signed(values[slot + 1]!) / 1000;
      return Number.isNaN(watts) ? undefined : { watts: watts || 0 };
    };
  },
};

/** The addon reads integers as signed ones of 64 bits; drivers also have negative ones of 32 bits, 2^32 - 26700. */
const signed = (value: number): number => (value >= 2 ** 31 ? value - 2 ** 32 : value);
