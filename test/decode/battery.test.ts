// The battery's figures, from properties of its driver.

import { battery, batteryPower } from '../../src/decode/battery';
import { decoded, wanted, type Listed } from './listed';

const property = (subgroup: string, value: number): Listed => ({
  group: 'AppleSmartBattery',
  subgroup,
  name: subgroup,
  value,
});
const telemetry = (value: number, name = 'BatteryPower'): Listed => ({
  ...property('PowerTelemetryData', value),
  name,
});

const HALF_FULL = [
  property('CurrentCapacity', 50),
  property('MaxCapacity', 100),
  property('AppleRawMaxCapacity', 4500),
  property('DesignCapacity', 5000),
  property('CycleCount', 120),
  property('IsCharging', 0),
  property('ExternalConnected', 1),
  property('TimeRemaining', 90),
];

test('charge and health are shares, the time that remains is in seconds', () => {
  expect(decoded(battery, HALF_FULL)).toEqual({
    charge: 0.5,
    health: 0.9,
    cycles: 120,
    charging: 0,
    external: 1,
    remaining: 5400,
  });
});

test('65535 minutes are not known yet', () => {
  expect(decoded(battery, [property('TimeRemaining', 65535)])).toMatchObject({ remaining: NaN });
});

test('what the driver does not tell is unknown, and nothing else', () => {
  const some = [property('IsCharging', 1), property('CycleCount', NaN)];
  expect(decoded(battery, some)).toEqual({
    charge: NaN,
    health: NaN,
    cycles: NaN,
    charging: 1,
    external: NaN,
    remaining: NaN,
  });
});

test('a battery that tells nothing at all was not delivered, and a Mac without one has none', () => {
  expect(decoded(battery, [property('IsCharging', NaN), property('CycleCount', NaN)])).toBeUndefined();
  expect(decoded(battery, [])).toBeUndefined();
});

test('properties of others, and others of its own, are not read', () => {
  const others = [
    { ...property('CurrentCapacity', 1), group: 'AppleSmartCharger', name: 'of another' },
    property('Voltage', 1),
    telemetry(1),
    telemetry(1, 'SystemLoad'),
    { ...telemetry(1), group: 'AppleSmartCharger' },
    { ...property('Voltage', 1), name: 'BatteryPower' },
  ];
  expect(wanted(battery, [...HALF_FULL, ...others])).toEqual(HALF_FULL.map(({ name }) => name));
  expect(wanted(batteryPower, [...HALF_FULL, ...others])).toEqual(['BatteryPower']);
});

describe('power', () => {
  test.each([
    ['flows in while it charges', 26_700, -26.7],
    ['flows out as a negative number of 64 bits', -26_700, 26.7],
    ['flows out as a negative number of 32 bits', 2 ** 32 - 26_700, 26.7],
    ['at the smallest number of 32 bits', 2 ** 31, 2 ** 31 / 1000],
  ])('%s', (_, milliwatts, watts) =>
    expect(decoded(batteryPower, [telemetry(milliwatts)])).toEqual({ watts }),
  );

  test('none is 0 and not -0', () => {
    expect(Object.is(decoded(batteryPower, [telemetry(0)])!.watts, 0)).toBe(true);
  });

  test('that was not delivered, or is not there, is nothing', () => {
    expect([decoded(batteryPower, [telemetry(NaN)]), decoded(batteryPower, [])]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
