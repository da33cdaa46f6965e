import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineFile } from './format';
import { SECOND, small } from './small';
import { rejections, smcSensors, type Reason } from './temperatures';
import { truth } from './truth';

const DUMPS = join(__dirname, '..', 'machines', 'build', 'smc');

type Keys = NonNullable<MachineFile['smc']>['keys'];

/** Temperature keys of a real Mac. */
const dumpOf = (name: string): Keys =>
  readFileSync(join(DUMPS, `${name}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [key = '', type = '', hex = ''] = line.split(' ');
      return [key, type.padEnd(4), hex] as const;
    });

const float = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes.toString('hex');
};

const smc = (keys: Readonly<Record<string, number>>) => ({
  entry: 1,
  keys: Object.entries(keys).map(([key, value]) => [key, 'flt ', float(value)] as const),
});

const hid = (values: readonly (readonly [product: string | null, value: number | null])[]) =>
  values.map(([product, value], id) => ({ id, page: 0xff00, usage: 5, product, value }));

const plain = (parts: Partial<MachineFile>, ticks = 0n, sensors = false) =>
  truth(small(parts), { sensors }).gauges(ticks).plain;

describe('the SMC', () => {
  it.each([
    ['flt ', '0000bc41', 23.5],
    ['fpe2', '2710', 2500],
    ['sp78', '1e80', 30.5],
    ['sp78', 'ff80', -0.5],
    ['ioft', '0080240000000000', 36.5],
  ])('%s %s is %d', (type, bytes, value) => {
    const keys = [['F0Ac', type, bytes]] as const;
    expect(plain({ smc: { entry: 1, keys } }).get('mac_fan_speed_rpm{fan="0"}')).toBe(value);
  });

  it('watts and fans step from frame to frame; a key that cannot be read is absent, and 0 is not', () => {
    const keys = [
      ['F0Ac', 'flt ', float(0)],
      ['F0Mn', 'flt ', null],
      ['F0Tg', 'flt ', float(2317), float(2400)],
      ['F1Ac', 'flt ', '0000c07f'],
      ['PDTR', 'flt ', float(60.5)],
      ['PSTR', 'flt ', float(75.5)],
    ] as const;
    const gauges = (ticks: bigint) => [...plain({ smc: { entry: 1, keys } }, ticks)];
    expect(gauges(0n)).toEqual([
      ['mac_fan_speed_rpm{fan="0"}', 0],
      ['mac_fan_speed_target_rpm{fan="0"}', 2317],
      ['mac_adapter_power_watts', 60.5],
      ['mac_system_power_watts', 75.5],
    ]);
    expect(gauges(SECOND)).toContainEqual(['mac_fan_speed_target_rpm{fan="0"}', 2400]);
  });
});

describe('values that are no temperatures', () => {
  const reasons = (keys: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      [...rejections(smcSensors(small({ smc: smc(keys) }), 0n))].map(([{ name }, reason]) => [name, reason]),
    );

  it.each<readonly [string, Readonly<Record<string, number>>, Readonly<Record<string, Reason>>]>([
    ['a parked M2 Max (oshi/oshi #3534)', { Tp09: 6.7, Tp0T: 36.1 }, { Tp09: 'below_15' }],
    ['a parked M4', { Tp01: -4, Tp05: 5.2, Te05: 35 }, { Tp01: 'below_15', Tp05: 'below_15' }],
    ['40 across a cluster', { TCMb: 40, Tp01: 40, Te05: 34 }, { TCMb: 'parked', Tp01: 'parked' }],
    ['40 of one sensor', { TCMb: 39.9, Tp01: 40, Tg05: 40 }, {}],
    ['40 of a battery, which is never parked', { TB0T: 40, TB1T: 40 }, {}],
    ['Tf06 of an M2 Ultra (vladkens/macmon #17)', { Tf06: 77.42 }, { Tf06: 'calibration' }],
    ['a raw register', { Tp01: 8512 }, { Tp01: 'above_130' }],
    ['the hottest and the coolest that are real', { Tp01: 112.09375, Te05: 21 }, {}],
  ])('%s', (_, keys, expected) => {
    expect(reasons(keys)).toEqual(expected);
  });

  // Counted by hand in the published dumps.
  it.each([
    ['m3-max', 51],
    ['m4-pro-2', 51],
    ['m4-max', 54],
    ['m2-max', 0],
  ])('%s: the SMC of an idle Mac answers exactly 40 for %d keys', (name, count) => {
    const sensors = smcSensors(small({ smc: { entry: 1, keys: dumpOf(name) } }), 0n);
    const parked = [...rejections(sensors).values()].filter((reason) => reason === 'parked');
    expect(sensors.filter(({ celsius }) => celsius === 40)).toHaveLength(count);
    // TVD0, the hottest of all, is not on a cluster's switch.
    expect(count - parked.length).toBeLessThanOrEqual(1);
  });
});

describe('the hottest', () => {
  it('of the die: PMU tdie of an M2 Max beside a parked core (oshi/oshi #3534)', () => {
    const services = hid([
      ['PMU tdie0', 38],
      ['PMU tdie1', 38.2],
      ['PMU tdie1', null],
      ['PMU tdie2', -21.5],
      ['PMU tdev1', 44],
      ['PMU tcal', 51.85],
      ['PMU2 TR0Z', 51.9],
      ['noname', 0],
      [null, 99],
    ]);
    const found = plain({ smc: smc({ Tp09: 6.7 }), hid: services }, 0n, true);
    expect(found.get('mac_soc_temperature_celsius')).toBe(38.2);
    expect(found.has('mac_gpu_temperature_celsius')).toBe(false);
    expect([...found].filter(([key]) => key.startsWith('mac_temperature'))).toEqual([
      ['mac_temperature_celsius{sensor="PMU tdie0",component="soc"}', 38],
      ['mac_temperature_celsius{sensor="PMU tdie1",component="soc"}', 38.2],
      ['mac_temperature_celsius{sensor="PMU tdev1",component=""}', 44],
    ]);
    const rejected = (reason: string) => found.get(`metalstat_exporter_sensors_rejected{reason="${reason}"}`);
    expect(['below_15', 'above_130', 'parked', 'calibration'].map(rejected)).toEqual([3, 0, 0, 2]);
  });

  it('of the die, on an M1 mini: the sensors named after its parts are on it (exelban/stats #210)', () => {
    const m1 = hid([
      ['ANE MTR Temp Sensor1', 30],
      ['PMGR SOC Die Temp Sensor0', 39],
      ['PMU tdie1', 37.3],
      ['PMU tdev7', 33.4],
      ['NAND CH0 temp', 68],
    ]);
    expect(plain({ hid: m1 }).get('mac_soc_temperature_celsius')).toBe(39);
  });

  it('of the battery and of the GPU, each of its own keys only', () => {
    const found = plain({ smc: smc({ TB0T: 30.5, TB1T: 31, TG0B: 77, Tg05: 61, Tg0D: 64, Tp01: 90 }) });
    expect(found.get('mac_battery_temperature_celsius')).toBe(31);
    expect(found.get('mac_gpu_temperature_celsius')).toBe(64);
  });

  it('of the CPU is a core, not TCMb: that is the hottest of CPU and GPU', () => {
    const names = readdirSync(DUMPS).map((name) => name.replace(/\.txt$/, ''));
    const ofGpu = names.filter((name) => {
      const keys = dumpOf(name);
      const hottest = keys.find(([key]) => key === 'TCMb')?.[2];
      const same = keys.filter(([key, , bytes]) => /^T[epg]/.test(key) && bytes === hottest);
      return same.length > 0 && same.every(([key]) => key.startsWith('Tg'));
    });
    expect(ofGpu).toEqual(['m2-max', 'm4-pro-2']);
    for (const name of ofGpu) {
      const machine = small({ smc: { entry: 1, keys: dumpOf(name) } });
      const hottest = smcSensors(machine, 0n).find(({ name: key }) => key === 'TCMb')!.celsius;
      const { plain: gauges, ranges } = truth(machine).gauges(0n);
      expect(gauges.get('mac_gpu_temperature_celsius')).toBe(hottest);
      expect(ranges.get('mac_cpu_temperature_celsius')!.least).toBeLessThan(hottest);
    }
  });
});
