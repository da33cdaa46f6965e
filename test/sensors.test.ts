// Which SMC key measures what, held against the keys that real Macs have.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHIP_KEYS,
  clusterOf,
  componentOf,
  isCalibration,
  isDieSensor,
  rejectionOf,
  REJECTIONS,
  roleOf,
  ROLES,
  TEMPERATURE_TYPES,
} from '../src/chips/sensors';
import type { Channel } from '../src/native/native';
import { allTemperatures, dieTemperature, temperatures } from '../src/decode/temperatures';

const DUMPS = join(__dirname, 'machines', 'build', 'smc');

/** Dumps that owners published, by chip. */
const CHIP_OF: Readonly<Record<string, string>> = {
  'm1-pro': 'M1 Pro',
  'm1-pro-2': 'M1 Pro',
  'm1-max': 'M1 Max',
  m2: 'M2',
  'm2-max': 'M2 Max',
  m3: 'M3',
  'm3-pro': 'M3 Pro',
  'm3-pro-2': 'M3 Pro',
  'm3-pro-3': 'M3 Pro',
  'm3-max': 'M3 Max',
  m4: 'M4',
  'm4-2': 'M4',
  'm4-3': 'M4',
  'm4-4': 'M4',
  'm4-5': 'M4',
  'm4-6': 'M4',
  'm4-pro': 'M4 Pro',
  'm4-pro-2': 'M4 Pro',
  'm4-max': 'M4 Max',
  'm5-pro': 'M5 Pro',
  'm5-max': 'M5 Max',
  a18: 'A18 Pro',
};

interface Key {
  readonly name: string;
  readonly type: string;
  /** Of `flt ` keys. */
  readonly celsius: number;
}

function dump(name: string): readonly Key[] {
  const lines = readFileSync(join(DUMPS, `${name}.txt`), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [key, type, hex] = line.split(/\s+/);
      return {
        name: key!,
        type: type!.padEnd(4),
        celsius: type === 'flt' ? Buffer.from(hex!, 'hex').readFloatLE(0) : NaN,
      };
    });
}

const dumps = Object.entries(CHIP_OF).map(([file, chip]) => ({ file, chip, keys: dump(file) }));

function decode(
  decoder: typeof temperatures,
  channels: readonly { readonly group: string; readonly name: string; readonly type: string }[],
  values: readonly number[],
  brand = '',
) {
  const facts = { 'machdep.cpu.brand_string': brand };
  const array = [0];
  const chosen: Channel[] = [];
  channels.forEach(({ group, name, type }, i) => {
    const channel = {
      group,
      subgroup: type,
      name,
      unit: '',
      id: '',
      driver: 0,
      states: [],
      at: array.length,
    };
    if (!decoder.wants(channel, facts)) return;
    chosen.push(channel);
    array.push(0, values[i]!);
  });
  return decoder.bind(chosen, facts)?.(Float64Array.from(array), new Map());
}

const ofDump = (decoder: typeof temperatures, { chip, keys }: (typeof dumps)[number]) =>
  decode(
    decoder,
    keys.map(({ name, type }) => ({ group: 'SMC', name, type })),
    keys.map(({ celsius }) => celsius),
    `Apple ${chip}`,
  )!;

const valueOf = (part: ReturnType<typeof ofDump>, sensor: string): number =>
  part.celsius[part.labels.findIndex((label) => label.sensor === sensor)] ?? NaN;

test('every published dump is of a chip in the table, but for those that are derived', () => {
  const files = readdirSync(DUMPS).map((file) => file.replace('.txt', ''));
  expect(files).toEqual(expect.arrayContaining(Object.keys(CHIP_OF)));
  for (const chip of Object.values(CHIP_OF)) expect(CHIP_KEYS).toHaveProperty([chip]);
});

test.each(Object.entries(CHIP_KEYS))('%s: no key has two roles, every role is known', (_chip, keys) => {
  const all = Object.values(keys).flatMap((text) => text.split(' '));
  expect(new Set(all).size).toBe(all.length);
  for (const key of all) expect(key).toMatch(/^T[A-Za-z0-9]{3}$/);
  for (const role of Object.keys(keys)) expect(ROLES).toContain(role);
});

test.each(Object.entries(CHIP_KEYS).filter(([chip]) => chip !== 'M1'))(
  '%s: a Mac with these keys has been seen',
  (chip, keys) => {
    // Chips of one table share the keys; a part with fewer cores lacks some.
    const siblings = dumps.filter((each) => CHIP_KEYS[each.chip] === CHIP_KEYS[chip]);
    expect(siblings.length).toBeGreaterThan(0);
    const seen = new Set(siblings.flatMap((each) => each.keys.map(({ name }) => name)));
    for (const key of Object.values(keys).flatMap((text) => text.split(' '))) {
      expect(seen).toContain(key);
      for (const { name, type } of siblings.flatMap((each) => each.keys))
        if (name === key) expect(TEMPERATURE_TYPES).toContain(type);
    }
  },
);

test.each(dumps)('$file: every role is a temperature', (each) => {
  const part = ofDump(temperatures, each);
  for (const value of part.celsius) if (!Number.isNaN(value)) expect(value).toBeGreaterThan(15);
  for (const value of part.celsius) if (!Number.isNaN(value)) expect(value).toBeLessThan(115);
  expect(part.labels.length).toBeLessThanOrEqual(12);
  expect(part.labels.map(({ sensor }) => sensor)).toEqual(expect.arrayContaining(['die', 'gpu']));
});

/** Macs on which all keys were read at one instant, and a core was the hottest. */
const STEADY = ['a18', 'm1-max', 'm1-pro', 'm1-pro-2', 'm2', 'm3-pro-2', 'm3-pro-3', 'm4-pro'];

test.each(dumps.filter(({ file }) => STEADY.includes(file)))(
  '$file: TCMb is the hottest of the core keys',
  (each) => {
    const part = ofDump(temperatures, each);
    const cores = ['cpu_efficiency', 'cpu_performance'].map((role) => valueOf(part, role));
    expect(Math.max(...cores)).toBeCloseTo(valueOf(part, 'die'), 1);
  },
);

describe('sentinels', () => {
  const rejected = (part: ReturnType<typeof ofDump>) =>
    Object.fromEntries(REJECTIONS.map((reason, i) => [reason, part.rejected[i]]));
  const named = (file: string) => dumps.find((each) => each.file === file)!;

  test('an idle M4 Max: the performance cores and both CPU aggregates are parked, the others are not', () => {
    const part = ofDump(temperatures, named('m4-max'));
    expect(valueOf(part, 'cpu_performance')).toBeNaN();
    expect(valueOf(part, 'die')).toBeNaN();
    expect(valueOf(part, 'cpu_efficiency')).toBeCloseTo(34.5, 1);
    expect(rejected(part)['parked']).toBe(16);
  });

  test('an idle M2 Max: parked cores read 4.6 to 8.4', () => {
    const part = ofDump(temperatures, named('m2-max'));
    expect(valueOf(part, 'cpu_performance')).toBeNaN();
    expect(valueOf(part, 'cpu_efficiency')).toBeCloseTo(36.2, 1);
    expect(rejected(part)).toEqual({ below_15: 18, above_130: 0, parked: 0, calibration: 0 });
  });

  test('an M3 Max with one cluster parked still has the temperature of the other', () => {
    const part = ofDump(temperatures, named('m3-max'));
    expect(valueOf(part, 'cpu_performance')).toBeCloseTo(53.9, 1);
    expect(rejected(part)['parked']).toBe(14);
  });

  test('constants are no temperatures', () => {
    expect(rejectionOf(51.850006, 'PMU tcal')).toBe('calibration');
    expect(rejectionOf(51.820007, 'TR0Z')).toBe('calibration');
    expect(rejectionOf(51.9, 'PMU2 TR0Z')).toBe('calibration');
    expect(rejectionOf(77.42, 'Tf06')).toBe('calibration');
    expect(rejectionOf(77.5, 'Tf06')).toBeUndefined();
  });

  test('below 15, above 130', () => {
    expect(rejectionOf(-21.5, 'PMU tdev4')).toBe('below_15');
    expect(rejectionOf(14.99, 'Tp01')).toBe('below_15');
    expect(rejectionOf(15, 'Tp01')).toBeUndefined();
    expect(rejectionOf(130, 'Tp01')).toBeUndefined();
    expect(rejectionOf(130.1, 'Tp01')).toBe('above_130');
    expect(rejectionOf(9_000, 'PMU tdev4')).toBe('above_130');
  });

  test('one sensor alone may read exactly 40, and so may a battery whose sensors agree', () => {
    const smc = (name: string) => ({ group: 'SMC', name, type: 'flt ' });
    const keys = ['TB0T', 'TB1T', 'TCMb', 'Te05', 'Tg05', 'Tg0D'].map(smc);
    const part = decode(allTemperatures, keys, [40, 40, 40, 38, 40, 40])!;
    expect([...part.celsius]).toEqual([40, 40, 40, 38, NaN, NaN]);
  });
});

test('die sensors of all generations, and none of the others', () => {
  const die = [
    'PMU tdie1',
    'PMU2 tdie10',
    'PMGR SOC Die Temp Sensor0',
    'pACC MTR Temp Sensor9',
    'sACC MTR Temp Sensor1',
    'GPU MTR Temp Sensor4',
    'PMGR SOC Die Temp Sensor10',
    'eACC MTR Temp Sensor12',
  ];
  const others = [
    'PMU tdie1 raw',
    'PMGR SOC Die Temp Sensor0 raw',
    'pACC MTR Temp Sensor9 raw',
    'PMU tcal2',
    'PMU tdev1',
    'PMU tcal',
    'PMU TP3w',
    'PMU2 TR0Z',
    'NAND CH0 temp',
    'gas gauge battery',
    'noname',
  ];
  expect(die.filter(isDieSensor)).toEqual(die);
  expect(others.filter(isDieSensor)).toEqual([]);
  expect([...die, ...others].filter(isCalibration)).toEqual(['PMU tcal', 'PMU2 TR0Z']);
});

test('the die is as hot as its hottest sensor that measures something', () => {
  const products = ['PMU tcal', 'PMU tdie1', 'PMU tdie1', 'PMU tdie2', 'PMU tdev1', 'gas gauge battery'];
  const services = products.map((name) => ({ group: 'HID', name, type: 'temperature' }));
  const part = decode(dieTemperature, services, [51.85, 36.1, 37.3, 0, 99, 98])!;
  expect([...part.celsius]).toEqual([37.3]);
  expect([...part.rejected]).toEqual([1, 0, 0, 1]);
});

test.each(Object.entries(CHIP_KEYS))('%s has cores of two tiers', (_chip, keys) => {
  const tiers = Object.keys(keys).filter((role) => role.startsWith('cpu_'));
  expect(tiers).toHaveLength(2);
  expect(tiers).toContain('cpu_performance');
});

test.each([
  ['TB0T', 'battery', 'battery'],
  ['TB2T', 'battery', 'battery'],
  ['TH0x', 'storage', 'storage'],
  ['TW0P', 'wireless', 'wireless'],
  ['TaLP', 'airflow_left', 'airflow'],
  ['TaRF', 'airflow_right', 'airflow'],
  ['Ts0P', 'palm_rest', 'enclosure'],
  ['Ts1P', 'palm_rest', 'enclosure'],
])('%s is the role %s of the component %s on every chip', (key, role, component) => {
  for (const chip of [...Object.keys(CHIP_KEYS), 'M9 Hyper'])
    expect(roleOf(key, `Apple ${chip}`)).toEqual({ role, component });
});

test('keys are switched off together by what they measure, unknown ones by their first two letters', () => {
  expect(['Tp01', 'Te05', 'TCMb', 'TVA0'].map(clusterOf)).toEqual(['cpu', 'cpu', 'cpu', 'cpu']);
  expect(['Tg05', 'TgTC', 'Tf06', 'Tf09'].map(clusterOf)).toEqual(['gpu', 'gpu', 'Tf', 'Tf']);
  expect(['TH0x', 'TB0T', 'TaLP', 'TW0P'].map(clusterOf)).toEqual(['', '', '', '']);
});

test('degrees are floats and fixed points of the SMC', () => {
  expect([...TEMPERATURE_TYPES]).toEqual(['flt ', 'sp78', 'ioft']);
});

test('a chip that nobody has seen has the CPU, the GPU and the hottest of all', () => {
  expect(roleOf('TCMb', 'Apple M9 Hyper')).toEqual({ role: 'die', component: 'soc' });
  expect(roleOf('Tp01', 'Apple M9 Hyper')).toEqual({ role: 'cpu', component: 'cpu' });
  expect(roleOf('Te05', 'Apple M9 Hyper')).toEqual({ role: 'cpu', component: 'cpu' });
  expect(roleOf('TgZ9', 'Apple M9 Hyper')).toEqual({ role: 'gpu', component: 'gpu' });
  expect(roleOf('Tp00', 'Apple M1 Pro')).toBeUndefined();
  expect(roleOf('Tp01', '')).toBeUndefined();
  expect(componentOf('Tp01')).toBe('cpu');
});
