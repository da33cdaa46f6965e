// Trap 17 on the machines it was seen on: the bytes of the SMC, and temperatures that are none.

import { withExporter } from '../support/exporter';
import { CHIP } from '../support/corpus';
import { machineNames, machineOf } from '../support/machines';
import { ALL, sensor, withKey } from '../support/sensors';
import { labelsOf, scrape, seriesOf, success, variant, VIRTUAL } from '../support/variants';

const M5_MAX_IDLE = 'Mac17,6__m5-max__27.0__idle';
const SOC = 'mac_soc_temperature_celsius';
const CPU = 'mac_cpu_temperature_celsius';
const GPU = 'mac_gpu_temperature_celsius';

const role = (name: string) => sensor(name, name.replace(/_.*/, ''));
const rejected = (page: ReadonlyMap<string, number>) =>
  ['below_15', 'parked', 'calibration', 'above_130'].map((reason) =>
    page.get(`metalstat_exporter_sensors_rejected{reason="${reason}"}`),
  );

describe('trap 17: the SMC’s numbers and its sentinels', () => {
  test('trap 17: floats are little-endian and ioft is a fraction of 65536, as read from an M2 Max', async () => {
    const keys = new Map(machineOf(CHIP.M2_MAX).smc!.keys.map(([key, type, bytes]) => [key, [type, bytes]]));
    expect(keys.get('TB1T')).toEqual(['flt ', '9899cd41']);
    await withExporter(
      CHIP.M2_MAX,
      async (exporter) => {
        const page = await scrape(exporter);
        // The other way round the bytes of TB1T say -4e-24.
        expect(page.get(sensor('TB1T', 'battery'))).toBeCloseTo(25.7, 5);
        expect(page.get(sensor('TCMb', 'soc'))).toBeCloseTo(36.84825, 5);
        expect(keys.get('TR1d')![0]).toBe('ioft');
        expect(page.get(sensor('TR1d', ''))).toBeCloseTo(30.0073, 4);
      },
      { selection: ALL },
    );
  });

  test('trap 17: the count of keys is big-endian: every temperature of an M2 Max is found, and soon', async () => {
    // Read the other way round, 312 keys would be a billion, and no search would end in them.
    const temperatures = machineOf(CHIP.M2_MAX).smc!.keys.filter(([key]) => (key as string).startsWith('T'));
    await withExporter(
      CHIP.M2_MAX,
      async (exporter) => {
        const page = await scrape(exporter);
        const hid = labelsOf(page, 'mac_temperature_celsius', 'sensor').filter((name) => name.includes(' '));
        const smc = seriesOf(page, 'mac_temperature_celsius').length - hid.length;
        // Of 297 keys 92 are switched off and one is a constant.
        expect([temperatures.length, smc]).toEqual([297, 204]);
      },
      { selection: ALL },
    );
  });

  test('trap 17: parked cores of an idle M2 Max, which read 4.6 to 8.4, are not its temperature', async () => {
    await withExporter(
      CHIP.M2_MAX,
      async (exporter) => {
        const page = await scrape(exporter);
        expect(page.has(sensor('Tp09', 'cpu'))).toBe(false);
        // 92 of the SMC, and of HID four unpowered tdev and two without a name.
        expect(rejected(page)).toEqual([98, 0, 3, 0]);
        expect(page.get(sensor('Te05', 'cpu'))).toBeCloseTo(36.15611, 5);
      },
      { selection: ALL },
    );
    await withExporter(CHIP.M2_MAX, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get(CPU)).toBeCloseTo(36.15611, 5);
      expect(page.get(role('cpu_efficiency'))).toBeCloseTo(36.15611, 5);
      expect(page.has(role('cpu_performance'))).toBe(false);
    });
  });

  test('trap 17: an idle M4 Max reads exactly 40 in all of its performance cores and both CPU means', async () => {
    await withExporter(
      CHIP.M4_MAX,
      async (exporter) => {
        const page = await scrape(exporter);
        const found = labelsOf(page, 'mac_temperature_celsius', 'sensor');
        for (const key of ['TCMb', 'TCMz', 'Tp01', 'Tp09']) expect(found).not.toContain(key);
        expect(rejected(page)).toEqual([80, 54, 3, 0]);
      },
      { selection: ALL },
    );
    await withExporter(CHIP.M4_MAX, async (exporter) => {
      const page = await scrape(exporter);
      // What is left are the efficiency cores, which are on: Te0S, the hotter of their two means.
      expect(page.get(CPU)).toBeCloseTo(34.54706, 5);
      expect(page.has(role('cpu_performance'))).toBe(false);
      expect(page.has(sensor('die', 'soc'))).toBe(false);
      expect(page.get(SOC)).toBe(34.7);
      expect(page.get(success('thermal'))).toBe(1);
    });
  });

  test('trap 17: one cluster of an M3 Max is parked at 40, and the other ones are hot', async () => {
    await withExporter(
      CHIP.M3_MAX,
      async (exporter) => {
        const page = await scrape(exporter);
        // 48 keys of a cluster and three beside it; an M3 Max has 47 more that are off.
        expect(rejected(page)).toEqual([47 + 4, 51, 3, 0]);
        expect(page.has(sensor('Tp1h', 'cpu'))).toBe(false);
      },
      { selection: ALL },
    );
    await withExporter(CHIP.M3_MAX, async (exporter) => {
      expect((await scrape(exporter)).get(role('cpu_performance'))).toBeGreaterThan(50);
    });
  });

  test.each(machineNames.filter((name) => name !== VIRTUAL))(
    'trap 17: no sensor of %s shows a sentinel or a constant',
    async (name) => {
      await withExporter(
        name,
        async (exporter) => {
          const page = await scrape(exporter);
          const found = seriesOf(page, 'mac_temperature_celsius');
          expect(found.length).toBeGreaterThan(20);
          for (const series of found) {
            const value = page.get(series)!;
            expect([series, value >= 15 && value <= 130]).toEqual([series, true]);
            expect([series, Math.abs(value - 51.85) < 0.005 || Math.abs(value - 77.42) < 0.005]).toEqual([
              series,
              false,
            ]);
          }
          expect(found.filter((series) => /tcal|TR0Z/.test(series))).toEqual([]);
          const cores = found.filter((series) => /sensor="(T[ep]|TCM)/.test(series));
          expect(cores.filter((series) => page.get(series) === 40)).toEqual([]);
        },
        { selection: ALL },
      );
    },
  );

  test('trap 17: 77.42 is a constant of an M2, 77.43 is a temperature', async () => {
    const read = (celsius: number) =>
      withExporter(withKey(CHIP.M2, 'Tg0f', celsius), async (exporter) => (await scrape(exporter)).get(GPU)!);
    expect(await read(77.42)).toBeLessThan(40);
    expect(await read(77.43)).toBeCloseTo(77.43, 4);
  });

  test.each([
    // The same four characters: an efficiency core of an M1, a performance core of an M4.
    [CHIP.M1, 'Tp09', 'cpu_efficiency'],
    [CHIP.M4, 'Tp09', 'cpu_performance'],
    [CHIP.M1_PRO, 'Tp09', 'cpu_performance'],
    // A Super core of an M5 Max; on an M4 the lowest of three values of a core, which is no role.
    [CHIP.M5_MAX, 'Tp00', 'cpu_super'],
    [CHIP.M4, 'Tp00', undefined],
  ])('trap 17: keys are of a generation: on %s %s is %s', async (name, key, expected) => {
    await withExporter(withKey(name, key, 123.5), async (exporter) => {
      const page = await scrape(exporter);
      const roles = seriesOf(page, 'mac_temperature_celsius');
      expect(roles.filter((series) => page.get(series) === 123.5)).toEqual(expected ? [role(expected)] : []);
    });
  });

  test('trap 17: core keys of a chip that nobody knows are a CPU’s, and of no tier', async () => {
    const unknown = withKey(CHIP.M4, 'Tp09', 123.5, (machine) => {
      machine.sysctl!['machdep.cpu.brand_string'] = ['text', 'Apple M9'];
    });
    await withExporter(unknown, async (exporter) => {
      const page = await scrape(exporter);
      const roles = labelsOf(page, 'mac_temperature_celsius', 'sensor');
      expect(roles).toEqual(expect.arrayContaining(['die', 'cpu', 'gpu']));
      expect(roles.filter((name) => /^cpu_(efficiency|performance|super)$/.test(name))).toEqual([]);
      expect(page.get(CPU)).toBe(123.5);
    });
  });

  test.each([
    // The hottest tdie of each, and on an M1 one of them too: its MTR and SOC Die sensors are below.
    [CHIP.M1, 36.6],
    [CHIP.M2, 33.4],
    [CHIP.M2_MAX, 39.4],
    [CHIP.M3_MAX, 60],
    [CHIP.M4_MAX, 34.7],
    [M5_MAX_IDLE, 38.8],
  ])('trap 17: HID’s hottest die sensor is the portable temperature: %s', async (name, celsius) => {
    await withExporter(name, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get(SOC)).toBe(celsius);
    });
    // It takes no key of the SMC, and no name of a chip.
    const bare = variant(name, (machine) => {
      delete machine.smc;
      machine.sysctl!['machdep.cpu.brand_string'] = ['text', 'Apple Silicon'];
    });
    await withExporter(bare, async (exporter) => {
      expect((await scrape(exporter)).get(SOC)).toBe(celsius);
    });
  });
});
