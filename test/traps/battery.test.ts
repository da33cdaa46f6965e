// Trap 19 on laptops: negative numbers that come as 2^64 - x, 65535 minutes, and two meters of one power.

import { families } from '../../src/metrics/catalogue';
import { withExporter } from '../support/exporter';
import { CHIP } from '../support/corpus';
import { machineOf, type Json, type Machine } from '../support/machines';
import { entryOf, scrape, seriesOf, success, supported, variant } from '../support/variants';

const BATTERY = 'AppleSmartBattery';
const POWER = 'mac_battery_power_watts';
const REMAINING = 'mac_battery_time_remaining_seconds';

const propertiesOf = (machine: Machine): Record<string, Json> => entryOf(machine, BATTERY).properties;
const telemetryOf = (machine: Machine): Record<string, Json> =>
  (propertiesOf(machine)['PowerTelemetryData'] as { dict: Record<string, Json> }).dict;
const first = (series: Json): string => (series as string[])[0]!;

const scraped = (machine: string | Machine) => withExporter(machine, scrape);

describe('trap 19: the battery’s signed numbers', () => {
  test.each([
    [CHIP.M4_PRO, '18446744073709547025', 4.591],
    [CHIP.M5_MAX, '18446744073709514836', 36.78],
    [CHIP.M1_PRO, '18446744073709548291', 3.325],
    [CHIP.A18_PRO, '18446744073709549271', 2.345],
  ])('trap 19: %s runs on its battery: BatteryPower %s is %d W out of it', async (name, wrapped, watts) => {
    const machine = machineOf(name);
    expect(first(telemetryOf(machine)['BatteryPower']!)).toBe(wrapped);
    // Amperage is wrapped as well: no current of 1.8e19 A is anywhere.
    expect(first(propertiesOf(machine)['Amperage']!)).toMatch(/^18446744073709\d{6}$/);
    const page = await scraped(name);
    expect(page.get(POWER)).toBe(watts);
    expect(page.get('mac_battery_charging')).toBe(0);
    expect(page.get('mac_external_power')).toBe(0);
    expect([...page].filter(([series, value]) => /battery|external/.test(series) && value > 1e9)).toEqual([]);
  });

  test('trap 19: an M5 Max that charges shows negative watts, and one that is full 0', async () => {
    const charging = await scraped('Mac17,6__m5-max__27.0__load');
    expect(charging.get(POWER)).toBe(-9.36);
    expect(charging.get('mac_battery_charging')).toBe(1);
    expect(charging.get('mac_external_power')).toBe(1);
    const full = await scraped('Mac17,6__m5-max__27.0__idle');
    expect(Object.is(full.get(POWER), 0)).toBe(true);
  });

  test.each([
    // As published: discharging while plugged in, of 64 bits, and what the same would be of 32.
    ['18446744073709524916', 26.7],
    ['4294940596', 26.7],
    ['18446744073709551615', 0.001],
    ['2270', -2.27],
  ])('trap 19: a BatteryPower of %s mW is %s W out of the battery', async (raw, watts) => {
    const machine = variant(CHIP.M4_PRO, (each) => {
      telemetryOf(each)['BatteryPower'] = each.clock.absolute.map(() => raw);
    });
    expect((await scraped(machine)).get(POWER)).toBe(watts);
  });

  test.each([
    [CHIP.M4_PRO, 586],
    [CHIP.A18_PRO, 807],
    [CHIP.M5_MAX, 84],
    [CHIP.M1_PRO, 619],
  ])('trap 19: %s has %i minutes left', async (name, minutes) => {
    expect((await scraped(name)).get(REMAINING)).toBe(minutes * 60);
  });

  test.each([CHIP.M2, CHIP.M2_MAX, CHIP.M3, CHIP.M3_PRO, CHIP.M3_MAX, CHIP.M5, CHIP.M5_PRO])(
    'trap 19: the 65535 minutes of %s are no time, and no failure',
    async (name) => {
      expect(propertiesOf(machineOf(name))['TimeRemaining']).toBe(65535);
      const page = await scraped(name);
      expect(page.has(REMAINING)).toBe(false);
      expect(page.get('mac_battery_charge_ratio')).toBe(1);
      expect(page.get(success('battery'))).toBe(1);
    },
  );

  test('trap 19: 65534 minutes would be a time', async () => {
    const machine = variant(CHIP.M2, (each) => {
      propertiesOf(each)['TimeRemaining'] = 65534;
    });
    expect((await scraped(machine)).get(REMAINING)).toBe(65534 * 60);
  });

  test('trap 19: health is of the raw capacities, charge of the percents', async () => {
    const page = await scraped(CHIP.M4_PRO);
    expect(page.get('mac_battery_charge_ratio')).toBe(0.63);
    expect(page.get('mac_battery_health_ratio')).toBeCloseTo(6003 / 6249, 12);
    expect(page.get('mac_battery_cycles')).toBe(87);
    // A new battery holds more than it was designed for.
    expect((await scraped(CHIP.A18_PRO)).get('mac_battery_health_ratio')).toBeGreaterThan(1);
  });

  test('trap 19: the SMC’s estimate of the whole Mac is another family than the gauge’s, and says so', async () => {
    const page = await scraped(CHIP.M4_PRO);
    const system = page.get('mac_system_power_watts')!;
    expect(system).toBeGreaterThan(0);
    expect(system).not.toBe(page.get(POWER));
    const { help } = families.find(({ name }) => name === 'mac_system_power_watts')!;
    expect(help).toMatch(/SMC estimates.*13 % above the battery gauge.*PSTR/);
  });

  test.each([CHIP.M1, CHIP.M1_ULTRA, CHIP.M4, CHIP.M4_MAX])(
    'trap 19: %s has no battery, which is no failure',
    async (name) => {
      const page = await scraped(name);
      expect(page.get(supported('battery'))).toBe(0);
      expect(page.has(success('battery'))).toBe(false);
      expect([...page.keys()].filter((series) => series.startsWith('mac_battery_'))).toEqual([]);
      expect(seriesOf(page, 'mac_external_power')).toEqual([]);
      expect(page.get(success('energy'))).toBe(1);
    },
  );
});
