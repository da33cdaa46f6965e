// Machines whose sensors read what a test wants, and the series of a sensor.

import { withDefaults, type Selection } from '../../src/metrics/catalogue';
import { EVERYTHING } from './exporter';
import type { Machine } from './machines';
import { variant } from './variants';

/** Every sensor for itself. */
export const ALL: Selection = { ...EVERYTHING, options: withDefaults(['collector.thermal.sensors=all']) };

export const sensor = (name: string, component: string) =>
  `mac_temperature_celsius{sensor="${name}",component="${component}"}`;

/** A little-endian float as the SMC holds it. */
export function flt(celsius: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(celsius);
  return bytes.toString('hex');
}

/** A machine with one of its keys at a value of the test's own. */
export const withKey = (
  name: string,
  key: string,
  celsius: number,
  change?: (machine: Machine) => void,
): Machine =>
  variant(name, (machine) => {
    const row = machine.smc!.keys.find(([of]) => of === key);
    if (!row) throw new Error(`no key ${key}`);
    row.splice(1, 9, 'flt ', flt(celsius));
    change?.(machine);
  });
