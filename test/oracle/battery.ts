import { exact, toNumber } from './exact';
import type { Property } from './format';
import type { Machine } from './machine';
import { dictionary, entries, numberAt, property } from './registry';

const ratio = (part: bigint | undefined, whole: bigint | undefined): number | undefined =>
  part === undefined || !whole ? undefined : toNumber(exact(part, whole));

const flag = (value: Property | undefined): number | undefined =>
  typeof value === 'boolean' ? Number(value) : undefined;

/** The gauge has no estimate of the time (yet). */
const UNKNOWN_MINUTES = 65_535n;

export function* batteryGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const battery = entries(machine).find(({ entry }) => entry.class.includes('AppleSmartBattery'))?.entry;
  const number = (name: string) => numberAt(machine, property(battery, name), ticks);
  const telemetry = dictionary(property(battery, 'PowerTelemetryData'));
  const power = numberAt(machine, telemetry['BatteryPower'], ticks);
  const minutes = number('TimeRemaining');
  const cycles = number('CycleCount');
  const found = {
    mac_battery_charge_ratio: ratio(number('CurrentCapacity'), number('MaxCapacity')),
    mac_battery_health_ratio: ratio(number('AppleRawMaxCapacity'), number('DesignCapacity')),
    mac_battery_cycles: cycles === undefined ? undefined : Number(cycles),
    mac_battery_charging: flag(property(battery, 'IsCharging')),
    mac_external_power: flag(property(battery, 'ExternalConnected')),
    mac_battery_time_remaining_seconds:
      minutes === undefined || minutes === UNKNOWN_MINUTES ? undefined : Number(minutes) * 60,
    // SystemLoad = SystemPowerIn - BatteryPower in every published sample: what flows in is positive there.
    mac_battery_power_watts: power === undefined ? undefined : toNumber(exact(-power, 1000n)),
  };
  for (const [family, value] of Object.entries(found)) if (value !== undefined) yield [family, value];
}
