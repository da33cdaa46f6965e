// What a Mac is, its clocks, fans and power, and the states that macOS posts.

import { metalDevice } from '../../src/decode/metal';
import { lowPowerMode, thermalPressure } from '../../src/decode/notify';
import { boot, clocks, identity, isVirtual, memorySize } from '../../src/decode/os';
import { fans, systemPower } from '../../src/decode/smc';
import { gpuCores, gpuIdentity } from '../../src/decode/gpu';
import { Sums } from '../../src/decode/sums';
import { decoded, wanted, type Listed } from './listed';

describe('identity', () => {
  test('is model, chip and macOS; what is not told is empty', () => {
    const facts = {
      'hw.model': 'Mac16,8',
      'machdep.cpu.brand_string': 'Apple M4 Pro',
      'kern.osproductversion': '27.0',
      'kern.osversion': 7,
    };
    expect(decoded(identity, [], facts)).toEqual({
      model: 'Mac16,8',
      chip: 'Apple M4 Pro',
      version: '27.0',
      build: '',
    });
    expect(decoded(identity, [], { ...facts, 'kern.osversion': '26A1' })).toMatchObject({ build: '26A1' });
  });

  test('there is none without a model', () => {
    expect(decoded(identity, [], { 'machdep.cpu.brand_string': 'Apple M4 Pro' })).toBeUndefined();
  });

  test('a Mac is virtual if its kernel says so', () => {
    expect([{}, { 'kern.hv_vmm_present': 0 }, { 'kern.hv_vmm_present': 1 }].map(isVirtual)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

test('the time of the boot and the size of memory are numbers, or not known', () => {
  expect(decoded(boot, [], { 'kern.boottime': 1_700_000_000 })).toEqual({ seconds: 1_700_000_000 });
  expect(decoded(memorySize, [], { 'hw.memsize': 2 ** 34 })).toEqual({ bytes: 2 ** 34 });
  for (const value of ['16', NaN]) expect(decoded(memorySize, [], { 'hw.memsize': value })).toBeUndefined();
  expect(decoded(memorySize, [])).toBeUndefined();
});

describe('sleep', () => {
  const asleep = (value: number): Listed => ({ group: 'clock', name: 'asleep', value });

  test('is told to the millisecond', () => {
    expect(decoded(clocks, [asleep(12.3456)])).toEqual({ asleep: 12.346 });
    expect(decoded(clocks, [asleep(NaN)])).toBeUndefined();
    expect(decoded(clocks, [])).toBeUndefined();
    expect(wanted(clocks, [asleep(0), { group: 'vm', name: 'asleep' }])).toEqual(['asleep']);
  });

  test('never falls: ticks pass between the readings of two clocks', () => {
    const at = (seconds: number) => ({ at: seconds, generation: 1, asleep: seconds });
    const follow = (now: number, before?: number) =>
      clocks.follow!(at(now), before === undefined ? undefined : at(before), new Sums()).asleep;
    expect([follow(5), follow(4.999, 5), follow(5, 5), follow(60, 5)]).toEqual([5, 5, 5, 60]);
  });
});

describe('states', () => {
  const THERMAL = 'com.apple.system.thermalpressurelevel';
  const LOW_POWER = 'com.apple.system.lowpowermode';
  const posted = (name: string, value: number): Listed => ({ group: 'notify', name, value });

  test.each([0, 1, 2, 3, 4])('thermal pressure %i', (state) =>
    expect(decoded(thermalPressure, [posted(THERMAL, state)])).toEqual({ state }),
  );

  test.each([-1, 5, 1.5, NaN])('%p is no thermal pressure', (state) =>
    expect(decoded(thermalPressure, [posted(THERMAL, state)])).toBeUndefined(),
  );

  test('low power mode is on or off', () => {
    expect([0, 1, 2].map((state) => decoded(lowPowerMode, [posted(LOW_POWER, state)]))).toEqual([
      { state: 0 },
      { state: 1 },
      undefined,
    ]);
  });

  test('each has a key of its own, and in a virtual machine nobody posts thermal pressure', () => {
    const listed = [
      posted(THERMAL, 0),
      posted(LOW_POWER, 0),
      { ...posted(THERMAL, 0), group: 'other' },
      { ...posted(LOW_POWER, 0), group: 'other' },
    ];
    expect(wanted(thermalPressure, listed)).toEqual([THERMAL]);
    expect(wanted(lowPowerMode, listed)).toEqual([LOW_POWER]);
    expect(wanted(thermalPressure, listed, { 'kern.hv_vmm_present': 1 })).toEqual([]);
    expect([decoded(thermalPressure, []), decoded(lowPowerMode, [])]).toEqual([undefined, undefined]);
  });
});

const key = (name: string, value: number): Listed => ({ group: 'SMC', name, value });

describe('fans', () => {
  const TWO = [
    key('F0Ac', 1_350),
    key('F0Mn', 1_200),
    key('F0Mx', 4_900),
    key('F0Tg', 1_400),
    key('F1Ac', 1_300),
    key('F1Mx', 5_000),
  ];

  test('each has its speed, its limits and what it is to reach; unknown where there is no key', () => {
    expect(decoded(fans, TWO)).toEqual({
      fans: ['0', '1'],
      actual: Float64Array.of(1_350, 1_300),
      lowest: Float64Array.of(1_200, NaN),
      highest: Float64Array.of(4_900, 5_000),
      target: Float64Array.of(1_400, NaN),
    });
  });

  test('one that is not delivered leaves the other', () => {
    expect(decoded(fans, [key('F0Ac', NaN), key('F1Ac', 1_300)])!.actual).toEqual(
      Float64Array.of(NaN, 1_300),
    );
  });

  test('none where no key is, or none delivered', () => {
    expect(decoded(fans, [])).toBeUndefined();
    expect(decoded(fans, [key('F0Ac', NaN), key('F1Ac', NaN)])).toBeUndefined();
  });

  test('other keys are none of a fan', () => {
    const others = [key('FNum', 2), key('F0Md', 1), key('F0Act', 1), key('XF0Ac', 1), key('FxAc', 1)];
    expect(wanted(fans, [...others, { ...key('F0Ac', 1), group: 'HID' }, ...TWO])).toEqual(
      TWO.map(({ name }) => name),
    );
  });
});

describe('power of the whole Mac', () => {
  test('is that of the system and of its adapter, or one of them', () => {
    expect(decoded(systemPower, [key('PSTR', 12.5), key('PDTR', 14)])).toEqual({ system: 12.5, adapter: 14 });
    expect(decoded(systemPower, [key('PSTR', 12.5)])).toEqual({ system: 12.5, adapter: NaN });
    expect(decoded(systemPower, [key('PSTR', NaN), key('PDTR', 14)])).toEqual({ system: NaN, adapter: 14 });
  });

  test('is nothing without either', () => {
    expect(decoded(systemPower, [key('PSTR', NaN), key('PDTR', NaN)])).toBeUndefined();
    expect(decoded(systemPower, [])).toBeUndefined();
    expect(
      wanted(systemPower, [key('PSTR', 1), key('PHPC', 1), { ...key('PDTR', 1), group: 'HID' }]),
    ).toEqual(['PSTR']);
  });
});

describe('Metal', () => {
  const size = (value: number): Listed => ({ group: 'Metal', name: 'recommendedMaxWorkingSetSize', value });

  test('recommends some bytes, or nothing', () => {
    expect([size(11e9), size(0), size(NaN)].map((one) => decoded(metalDevice, [one]))).toEqual([
      { recommended: 11e9 },
      undefined,
      undefined,
    ]);
    expect(decoded(metalDevice, [])).toBeUndefined();
    const others = [
      { group: 'Metal', name: 'currentAllocatedSize' },
      { ...size(1), group: 'other' },
    ];
    expect(wanted(metalDevice, [...others, size(1)])).toEqual(['recommendedMaxWorkingSetSize']);
  });
});

describe('the GPU', () => {
  const MODEL = 'IOAccelerator model';

  test('has the name of its driver, else that of Metal, and the family of Metal', () => {
    const metal = { 'Metal name': 'Apple M4', 'Metal family': 5001 };
    expect(decoded(gpuIdentity, [], { [MODEL]: 'Apple M4 Pro', ...metal })).toEqual({
      name: 'Apple M4 Pro',
      metalFamily: 'Metal 3',
    });
    expect(decoded(gpuIdentity, [], { ...metal, 'Metal family': 5002 })).toEqual({
      name: 'Apple M4',
      metalFamily: 'Metal 4',
    });
  });

  test('has one without the other, and of a family that nobody knows no name', () => {
    expect(decoded(gpuIdentity, [], { 'Metal family': 5001 })).toEqual({ name: '', metalFamily: 'Metal 3' });
    expect(decoded(gpuIdentity, [], { [MODEL]: 'Apple M4', 'Metal family': 5003 })).toEqual({
      name: 'Apple M4',
      metalFamily: '',
    });
    expect(decoded(gpuIdentity, [], { [MODEL]: 4 })).toBeUndefined();
  });

  test('has a number of cores, if that is a number', () => {
    expect(decoded(gpuCores, [], { 'IOAccelerator gpu-core-count': 16 })).toEqual({ cores: 16 });
    expect(decoded(gpuCores, [], { 'IOAccelerator gpu-core-count': '16' })).toBeUndefined();
  });
});
