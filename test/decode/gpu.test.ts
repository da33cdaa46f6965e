// States of the GPU, its thermal limits and its driver's statistics.

import { accelerator, cltm, gpu, throttler } from '../../src/decode/gpu';
import { tableBytes, word } from '../support/bytes';
import { decoded, lackOf, SECOND, TICKS, wanted, type Listed } from './listed';

const SGX = 'IODeviceTree:/arm-io/sgx';
const TABLE = {
  [`${SGX} perf-states`]: tableBytes([0, 400e6, 1_000e6]),
  [`${SGX} perf-state-count`]: word(3),
};

const stats = (subgroup: string, name: string, states: string[], seconds: readonly number[]): Listed => ({
  group: 'GPU Stats',
  subgroup,
  name,
  unit: TICKS,
  states,
  value: seconds.map((each) => each * SECOND),
});
const gpuph = (seconds: readonly number[], states = ['OFF', 'P1', 'P2']) =>
  stats('GPU Performance States', 'GPUPH', states, seconds);

describe('states', () => {
  test('have seconds and frequencies; all but OFF are active', () => {
    expect(decoded(gpu, [gpuph([5, 2, 1])], TABLE)).toEqual({
      states: ['OFF', 'P1', 'P2'],
      frequencies: Float64Array.of(NaN, 400e6, 1_000e6),
      fastest: 1_000e6,
      seconds: Float64Array.of(5, 2, 1),
      active: 3,
      total: 8,
      cycles: 1_800e6,
    });
  });

  test('have cycles as long as no state without a frequency was used', () => {
    const cycles = (third: number) =>
      decoded(gpu, [gpuph([5, 2, 1, third], ['OFF', 'P1', 'P2', 'P3'])], TABLE)!.cycles;
    expect([cycles(0), cycles(1)]).toEqual([1_800e6, NaN]);
  });

  test('are served without a table, which is a lack of this Mac', () => {
    expect(decoded(gpu, [gpuph([5, 2, 1])])).toMatchObject({ active: 3, fastest: NaN, cycles: NaN });
    expect(lackOf(gpu, [gpuph([5, 2, 1])])).toBe(SGX);
    expect(lackOf(gpu, [gpuph([5, 2, 1])], TABLE)).toBeUndefined();
    expect(lackOf(gpu, [])).toBeUndefined();
  });

  test('are nothing if one was not delivered', () => {
    expect(decoded(gpu, [gpuph([NaN, 2, 1])], TABLE)).toBeUndefined();
  });

  test('are nothing without a channel, in another unit, or where one has no name', () => {
    expect(decoded(gpu, [], TABLE)).toBeUndefined();
    expect(decoded(gpu, [{ ...gpuph([5, 2, 1]), unit: 'events' }], TABLE)).toBeUndefined();
    expect(decoded(gpu, [gpuph([5, 2, 1], ['OFF', '', 'P2'])], TABLE)).toBeUndefined();
  });

  test('restart if a time falls', () => {
    const part = { ...decoded(gpu, [gpuph([5, 2, 1])], TABLE)!, at: 1, generation: 1 };
    expect(gpu.counters!(part)).toBe(part.seconds);
  });
});

describe('the thermal controller', () => {
  const limits = (
    seconds: readonly number[],
    states = ['NO_CLTM', 'CLTM1', 'CLTM2'],
    unit = TICKS,
  ): Listed => ({
    ...stats('CLTM-induced GPU Performance States', 'GPU_CLTM', states, seconds),
    unit,
  });

  test('limits in every state but NO_CLTM', () => {
    expect(decoded(cltm, [limits([9, 2, 1])])).toEqual({ limited: 3 });
    expect(decoded(cltm, [limits([2, 9, 1], ['CLTM1', 'NO_CLTM', 'CLTM2'])])).toEqual({ limited: 3 });
  });

  test('tells nothing if it was not delivered, is not there, or counts something else', () => {
    expect(decoded(cltm, [limits([9, NaN, 1])])).toBeUndefined();
    expect(decoded(cltm, [])).toBeUndefined();
    expect(decoded(cltm, [limits([9, 2, 1], undefined, 'events')])).toBeUndefined();
    expect(decoded(cltm, [limits([9, 2, 1], ['NO_CLTM', '', 'CLTM2'])])).toBeUndefined();
  });
});

describe('throttlers', () => {
  const reason = (name: string, value: number): Listed => ({
    group: 'GPU Stats',
    subgroup: 'GPU Throttler Counters',
    name,
    unit: 'events',
    value,
  });

  test('count by reason, each name once', () => {
    expect(decoded(throttler, [reason('PPM', 3), reason('THERMAL', NaN), reason('PPM', 5)])).toEqual({
      reasons: ['PPM', 'THERMAL'],
      events: Float64Array.of(3, NaN),
    });
    expect(decoded(throttler, [])).toBeUndefined();
  });
});

describe('statistics of the driver', () => {
  const statistic = (name: string, value: number): Listed => ({
    group: 'IOAccelerator',
    subgroup: 'PerformanceStatistics',
    name,
    value,
  });
  const ALL = [
    statistic('Device Utilization %', 50),
    statistic('Renderer Utilization %', 40),
    statistic('Tiler Utilization %', 30),
    statistic('Alloc system memory', 4e9),
    statistic('In use system memory', 2e9),
    statistic('In use system memory (driver)', 1e6),
    statistic('recoveryCount', 7),
  ];

  test('are shares of 1, bytes and a count', () => {
    expect(decoded(accelerator, ALL)).toEqual({
      device: 0.5,
      renderer: 0.4,
      tiler: 0.3,
      allocated: 4e9,
      inUse: 2e9,
      driverInUse: 1e6,
      recoveries: 7,
    });
  });

  test('are unknown each for itself, and nothing if none was delivered', () => {
    expect(
      decoded(accelerator, [statistic('recoveryCount', 7), statistic('Tiler Utilization %', NaN)]),
    ).toEqual({
      device: NaN,
      renderer: NaN,
      tiler: NaN,
      allocated: NaN,
      inUse: NaN,
      driverInUse: NaN,
      recoveries: 7,
    });
    expect(
      decoded(
        accelerator,
        ALL.map((each) => ({ ...each, value: NaN })),
      ),
    ).toBeUndefined();
    expect(decoded(accelerator, [])).toBeUndefined();
  });

  test('of other drivers, in other properties, or others of these are not read', () => {
    const others = [
      { ...ALL[0]!, group: 'IOSurfaceRoot' },
      { ...ALL[0]!, subgroup: 'Statistics' },
      statistic('SplitSceneCount', 1),
    ];
    expect(wanted(accelerator, [...others, ALL[6]!])).toEqual(['recoveryCount']);
  });
});
