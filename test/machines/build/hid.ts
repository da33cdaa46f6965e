// HID temperature services: what they are called, and how warm they are.
import type { Draw } from './draw';
import type { Facts, HidService, Sensor, Workload } from './types';
import { at, noise } from './workload';

const FIRST = 4294970001;
const PAGE = 0xff00; // kHIDPage_AppleVendor
const USAGE = 5; // kHIDUsage_AppleVendor_TemperatureSensor
const HOTTEST = 102;

export function hid(facts: Facts, workload: Workload, { heat }: Draw): HidService[] | undefined {
  const services = facts.hid?.flatMap((sensor) =>
    Array.from({ length: sensor.times ?? 1 }, (_, twin) => ({ ...sensor, twin })),
  );
  return services?.map(({ product, celsius, follows, twin }, n) => ({
    id: FIRST + n,
    page: PAGE,
    usage: USAGE,
    product,
    value: follows && celsius !== null ? warmed(celsius + twin * 0.2, heat[follows], workload, n) : celsius,
  }));
}

function warmed(celsius: number, heat: readonly number[], { name }: Workload, n: number) {
  const values = heat.map((load, frame) => {
    const jitter = noise(name, 'hid', String(n), String(frame)) - 0.5;
    return Math.round((celsius + (HOTTEST - celsius) * 0.6 * load + jitter) * 10) / 10;
  });
  return values.every((value) => value === values[0]) ? at(values, 0) : values;
}

const numbered = (name: string, numbers: readonly number[], rest: Omit<Sensor, 'product'>): Sensor[] =>
  numbers.map((n, i) => ({ ...rest, product: `${name}${n}`, celsius: (rest.celsius ?? 0) + (i % 4) * 0.4 }));

const until = (count: number, first = 0) => Array.from({ length: count }, (_, i) => first + i);

const UNPOWERED = -21.5;
const CALIBRATION = 51.85;

const battery = (is: boolean, times: number): Sensor[] =>
  is ? [{ product: 'gas gauge battery', celsius: 29.2, times }] : [];

/** The M1 family: named after the parts, beside the PMU's own. exelban/stats #210, macs-fan-control #435. */
export const m1Sensors = ({
  laptop = false,
  parts = true,
  second = true,
}: { laptop?: boolean; parts?: boolean; second?: boolean } = {}): Sensor[] => [
  ...(parts
    ? [
        { product: 'ANE MTR Temp Sensor1', celsius: 30, follows: 'soc' as const },
        { product: 'GPU MTR Temp Sensor1', celsius: 27, follows: 'gpu' as const },
        { product: 'GPU MTR Temp Sensor4', celsius: 27.6, follows: 'gpu' as const },
        { product: 'ISP MTR Temp Sensor5', celsius: 30, follows: 'soc' as const },
        ...numbered('PMGR SOC Die Temp Sensor', until(3), { celsius: 28.5, follows: 'soc' }),
      ]
    : []),
  ...(laptop && parts
    ? [
        ...numbered('eACC MTR Temp Sensor', [0, 3], { celsius: 30.5, follows: 'cpu' }),
        ...numbered('pACC MTR Temp Sensor', [2, 3, 4, 5, 7, 8, 9], { celsius: 31.2, follows: 'cpu' }),
      ]
    : []),
  { product: 'NAND CH0 temp', celsius: 28, follows: 'soc' },
  { product: 'PMU TP3w', celsius: 37.1, follows: 'soc' },
  { product: 'PMU tcal', celsius: CALIBRATION },
  ...numbered('PMU tdev', [1, 2, 3, 6, 7, 8], { celsius: 29.9, follows: 'soc' }),
  ...until(2, 4).map((n) => ({ product: `PMU tdev${n}`, celsius: UNPOWERED })),
  ...numbered('PMU tdie', [1, 2, 4, 5, 6, 7, 8], { celsius: 35.2, follows: 'soc' }),
  ...(second
    ? [
        { product: 'PMU2 TR0Z', celsius: CALIBRATION },
        ...numbered('PMU2 TR', [1, 2, 3, 4, 5], { celsius: 29.2, follows: 'soc' as const }).map((sensor) => ({
          ...sensor,
          product: `${sensor.product}d`,
        })),
      ]
    : []),
  ...battery(laptop, 2),
];

/** M2 and later: the PMU's only, most names several times. oshi/oshi #3534 (a M2 Max). */
export const pmuSensors = ({
  tdie = 11,
  tdev = 8,
  times = 2,
  laptop = false,
  idle = 38,
}: { tdie?: number; tdev?: number; times?: number; laptop?: boolean; idle?: number } = {}): Sensor[] => [
  ...until(tdie).map((n): Sensor => ({
    product: `PMU tdie${n}`,
    celsius: idle + (n % 4) * 0.1,
    times: n === 1 ? 2 * times : times,
    follows: 'soc',
  })),
  ...['TP0s', 'TP1g', 'TP1s', 'TP2g', 'TP2s', 'TP3g'].map((name): Sensor => ({
    product: `PMU ${name}`,
    celsius: idle - 3,
    times,
    follows: name.endsWith('g') ? 'gpu' : 'cpu',
  })),
  ...until(tdev, 1).map((n): Sensor => ({
    product: `PMU tdev${n}`,
    ...(n % 4 === 0 ? { celsius: UNPOWERED } : { celsius: idle - 8 + (n % 3) * 0.7, follows: 'soc' }),
    times,
  })),
  { product: 'PMU tcal', celsius: CALIBRATION, times },
  { product: 'NAND CH0 temp', celsius: idle - 6, follows: 'soc' },
  { product: 'noname', celsius: 0, times },
  { product: null, celsius: idle - 5 },
  ...battery(laptop, 3 * times),
];
