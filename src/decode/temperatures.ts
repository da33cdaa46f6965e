// Temperatures of the SMC and of HID sensors, without the values that are none.

import type { Channel } from '../native/native';
import {
  clusterOf,
  componentOf,
  isBatteryKey,
  isCalibration,
  isDieSensor,
  PARKED,
  rejectionOf,
  REJECTIONS,
  roleOf,
  ROLES,
  TEMPERATURE_TYPES,
} from '../chips/sensors';
import type { Decoder, Part } from './decoder';
import { IDENTITY_TEXTS } from './os';
import { SMC } from './smc';

const HID = 'HID';

export const SMC_PREFIX = 'T';

/** What sensors measured: celsius by label, and how many values were none. */
export interface Temperatures extends Part {
  readonly labels: readonly { readonly sensor: string; readonly component: string }[];
  /** By label; NaN where nothing valid came. */
  readonly celsius: Float64Array;
  /** Values rejected, by REJECTIONS. */
  readonly rejected: Float64Array;
}

interface Sensor {
  readonly at: number;
  readonly name: string;
  /** Index of its label. Several sensors of one label give the hottest. */
  readonly label: number;
  /** Sensors that are switched off together; empty for one that never is. */
  readonly cluster: string;
}

const isSmcTemperature = ({ group, name, subgroup }: Channel): boolean =>
  group === SMC && name.startsWith(SMC_PREFIX) && TEMPERATURE_TYPES.has(subgroup);

/** The hottest sensor of each role that this chip has. */
export const temperatures: Decoder<Temperatures> = {
  source: 'smc',
  groups: [SMC],
  expected: true,
  choosesByFacts: true,
  lacks: (_chosen, facts) => (brandOf(facts) === '' ? IDENTITY_TEXTS.chip : undefined),
  wants: (c, facts) => isSmcTemperature(c) && roleOf(c.name, brandOf(facts)) !== undefined,
  bind(chosen, facts) {
    const found = chosen.map((channel) => ({ channel, ...roleOf(channel.name, brandOf(facts))! }));
    const roles = ROLES.filter((role) => found.some((sensor) => sensor.role === role));
    const labels = roles.map((sensor) => ({
      sensor,
      component: found.find(({ role }) => role === sensor)!.component,
    }));
    return measuring(
      labels,
      found.map(({ channel, role }) => ({
        at: channel.at + 1,
        name: channel.name,
        label: roles.indexOf(role),
        cluster: clusterOf(channel.name),
      })),
    );
  },
};

/** Every temperature key for itself. */
export const allTemperatures: Decoder<Temperatures> = {
  source: 'smc',
  groups: [SMC],
  wants: isSmcTemperature,
  bind: (chosen) =>
    measuring(
      chosen.map(({ name }) => ({ sensor: name, component: componentOf(name) })),
      chosen.map(({ at, name }, label) => ({
        at: at + 1,
        name,
        label,
        cluster: clusterOf(name),
      })),
    ),
};

/** The battery's own sensors. */
export const batteryTemperature: Decoder<Temperatures> = {
  source: 'smc',
  groups: [SMC],
  wants: (c) => isSmcTemperature(c) && isBatteryKey(c.name),
  bind: (chosen) =>
    measuring(
      [{ sensor: 'battery', component: 'battery' }],
      chosen.map(({ at, name }) => ({ at: at + 1, name, label: 0, cluster: '' })),
    ),
};

/** The hottest sensor on the die, whatever the chip. */
export const dieTemperature: Decoder<Temperatures> = {
  source: 'hid',
  groups: [HID],
  expected: true,
  wants: (c) => c.group === HID && (isDieSensor(c.name) || isCalibration(c.name)),
  bind: (chosen) =>
    measuring(
      chosen.some(({ name }) => isDieSensor(name)) ? [{ sensor: 'soc', component: 'soc' }] : [],
      chosen.map(({ at, name }) => ({ at: at + 1, name, label: 0, cluster: '' })),
    ),
};

/** Every HID sensor for itself. Names repeat: the second one of a name is `PMU tdie1 #2`. */
export const allHidTemperatures: Decoder<Temperatures> = {
  source: 'hid',
  groups: [HID],
  wants: (c) => c.group === HID,
  bind(chosen) {
    const seen = new Map<string, number>();
    const labels = chosen.map(({ name }) => {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return { sensor: times === 1 ? name : `${name} #${times}`, component: isDieSensor(name) ? 'soc' : '' };
    });
    return measuring(
      labels,
      chosen.map(({ at, name }, label) => ({ at: at + 1, name, label, cluster: '' })),
    );
  },
};

const brandOf = (facts: Readonly<Record<string, unknown>>): string => {
  const brand = facts[IDENTITY_TEXTS.chip];
  return typeof brand === 'string' ? brand : '';
};

function measuring(labels: Temperatures['labels'], sensors: readonly Sensor[]) {
  if (sensors.length === 0) return undefined;
  const clusters = [...new Set(sensors.map(({ cluster }) => cluster))];
  const index = sensors.map(({ cluster }) => (cluster === '' ? -1 : clusters.indexOf(cluster)));
  const parked = new Int32Array(clusters.length);
  return (values: Float64Array) => {
    let delivered = 0;
    parked.fill(0);
    for (let i = 0; i < sensors.length; i++) {
      const value = values[sensors[i]!.at]!;
      if (!Number.isNaN(value)) delivered++;
      if (value === PARKED && index[i]! >= 0) parked[index[i]!]!++;
    }
    if (delivered === 0) return undefined;
    const celsius = new Float64Array(labels.length).fill(NaN);
    const rejected = new Float64Array(REJECTIONS.length);
    for (let i = 0; i < sensors.length; i++) {
      const { at, name, label } = sensors[i]!;
      const value = values[at]!;
      if (Number.isNaN(value)) continue;
      // One sensor alone may well read 40.
      const reason =
        value === PARKED && index[i]! >= 0 && parked[index[i]!]! > 1 ? 'parked' : rejectionOf(value, name);
      if (reason) rejected[REJECTIONS.indexOf(reason)]!++;
      else if (!(celsius[label]! >= value)) celsius[label] = value;
    }
    return { labels, celsius, rejected };
  };
}
