// Temperatures of the SMC and of HID sensors: what is shown, what is rejected and what is not there.

import {
  allHidTemperatures,
  allTemperatures,
  batteryTemperature,
  dieTemperature,
  temperatures,
  type Temperatures,
} from '../../src/decode/temperatures';
import type { Fields } from '../../src/decode/decoder';
import { REJECTIONS } from '../../src/chips/sensors';
import { decoded, lackOf, wanted, type Listed } from './listed';

const BRAND = 'machdep.cpu.brand_string';
const M4_PRO = { [BRAND]: 'Apple M4 Pro' };

const key = (name: string, value: number, rest: Partial<Listed> = {}): Listed => ({
  group: 'SMC',
  subgroup: 'flt ',
  name,
  value,
  ...rest,
});
const hid = (name: string, value: number): Listed => ({ group: 'HID', name, value });

function shown(part: Fields<Temperatures> | undefined) {
  return (
    part && {
      celsius: Object.fromEntries(part.labels.map(({ sensor }, i) => [sensor, part.celsius[i]])),
      rejected: Object.fromEntries(
        REJECTIONS.flatMap((reason, i) => (part.rejected[i] === 0 ? [] : [[reason, part.rejected[i]!]])),
      ) as Record<string, number>,
    }
  );
}

describe('roles', () => {
  test('show their hottest sensor', () => {
    const cores = [key('Tp01', 50), key('Tp05', 70), key('Tp09', 60), key('Te05', 45)];
    expect(shown(decoded(temperatures, cores, M4_PRO))).toEqual({
      celsius: { cpu_performance: 70, cpu_efficiency: 45 },
      rejected: {},
    });
  });

  test('go on without a sensor that was not delivered', () => {
    for (const cores of [
      [key('Tp01', 50), key('Tp05', NaN)],
      [key('Tp05', NaN), key('Tp01', 50)],
    ])
      expect(shown(decoded(temperatures, cores, M4_PRO))!.celsius).toEqual({ cpu_performance: 50 });
    expect(decoded(temperatures, [key('Tp01', NaN), key('Tp05', NaN)], M4_PRO)).toBeUndefined();
    expect(decoded(temperatures, [], M4_PRO)).toBeUndefined();
  });

  test('are those that all chips have while the chip is not known; that is a lack', () => {
    for (const facts of [{}, { [BRAND]: 7 }, { [BRAND]: '' }]) {
      expect(wanted(temperatures, [key('Tp01', 50), key('Tg05', 50), key('TCMb', 50)], facts)).toEqual([
        'Tg05',
        'TCMb',
      ]);
      expect(lackOf(temperatures, [], facts)).toBe(BRAND);
    }
    expect(lackOf(temperatures, [], M4_PRO)).toBeUndefined();
  });

  test('are keys that hold degrees, of the SMC', () => {
    const others = [
      key('Tp01', 50, { subgroup: 'ui8 ' }),
      key('Tp05', 50, { group: 'HID' }),
      key('VP0R', 50, { subgroup: 'flt ' }),
    ];
    expect(wanted(temperatures, others, M4_PRO)).toEqual([]);
    expect(wanted(allTemperatures, [...others, key('TVA0', 50)])).toEqual(['TVA0']);
  });
});

describe('a value that is none', () => {
  test('is counted by its reason and not shown', () => {
    const all = [key('Tp01', 14), key('Te05', 131), key('Tg05', 51.85), key('TCMb', 66)];
    expect(shown(decoded(allTemperatures, all))).toEqual({
      celsius: { Tp01: NaN, Te05: NaN, Tg05: NaN, TCMb: 66 },
      rejected: { below_15: 1, above_130: 1, calibration: 1 },
    });
  });

  test('is 40 in two sensors of a cluster: it is switched off; one alone may well be 40', () => {
    const off = [key('Tp01', 40), key('Tp05', 40), key('Tg05', 40)];
    expect(shown(decoded(allTemperatures, off))).toEqual({
      celsius: { Tp01: NaN, Tp05: NaN, Tg05: 40 },
      rejected: { parked: 2 },
    });
    expect(shown(decoded(temperatures, off, M4_PRO))).toEqual({
      celsius: { cpu_performance: NaN, gpu: 40 },
      rejected: { parked: 2 },
    });
  });

  test('is never 40 of what cannot be switched off', () => {
    expect(shown(decoded(batteryTemperature, [key('TB0T', 40), key('TB1T', 40)]))).toEqual({
      celsius: { battery: 40 },
      rejected: {},
    });
    const tdie = [hid('PMU tdie1', 40), hid('PMU tdie2', 40)];
    expect(shown(decoded(dieTemperature, tdie))).toEqual({ celsius: { soc: 40 }, rejected: {} });
    expect(shown(decoded(allHidTemperatures, tdie))!.rejected).toEqual({});
  });
});

describe('the battery', () => {
  test('has sensors of its own', () => {
    const all = [key('TB0T', 31), key('TB1T', 33), key('TBXT', 90), key('Tp01', 60)];
    expect(decoded(batteryTemperature, all)!.labels).toEqual([{ sensor: 'battery', component: 'battery' }]);
    expect(shown(decoded(batteryTemperature, all))!.celsius).toEqual({ battery: 33 });
    expect(decoded(batteryTemperature, [key('Tp01', 60)])).toBeUndefined();
  });
});

describe('HID', () => {
  test('the hottest sensor on the die is that of the chip', () => {
    const all = [hid('PMU tdie1', 50), hid('PMU tdie2', 61), hid('PMU tdev1', 80), hid('PMU tcal', 51.85)];
    expect(decoded(dieTemperature, all)!.labels).toEqual([{ sensor: 'soc', component: 'soc' }]);
    expect(shown(decoded(dieTemperature, all))).toEqual({
      celsius: { soc: 61 },
      rejected: { calibration: 1 },
    });
  });

  test('a Mac with nothing but the constant for calibration shows nothing, and counts it', () => {
    expect(shown(decoded(dieTemperature, [hid('PMU tcal', 51.85)]))).toEqual({
      celsius: {},
      rejected: { calibration: 1 },
    });
  });

  test('a constant that was not delivered is not counted', () => {
    expect(shown(decoded(dieTemperature, [hid('PMU tdie1', 50), hid('PMU tcal', NaN)]))!.rejected).toEqual(
      {},
    );
  });

  test('every sensor is shown for itself, also those of one name', () => {
    const all = [
      hid('PMU tdie1', 50),
      hid('gas gauge battery', 30),
      hid('PMU tdie1', 52),
      hid('PMU tdie1', 54),
    ];
    expect(decoded(allHidTemperatures, all)!.labels).toEqual([
      { sensor: 'PMU tdie1', component: 'soc' },
      { sensor: 'gas gauge battery', component: '' },
      { sensor: 'PMU tdie1 #2', component: 'soc' },
      { sensor: 'PMU tdie1 #3', component: 'soc' },
    ]);
    expect([...decoded(allHidTemperatures, all)!.celsius]).toEqual([50, 30, 52, 54]);
  });

  test('keys of the SMC are none, whatever their name', () => {
    const smc = { ...hid('PMU tdie1', 50), group: 'SMC' };
    expect([wanted(dieTemperature, [smc]), wanted(allHidTemperatures, [smc])]).toEqual([[], []]);
  });
});
