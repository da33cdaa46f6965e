// Joules of rails, and watts between two publications of a channel.

import { energy, energyDetail, power, type Energy } from '../../src/decode/energy';
import { Sums } from '../../src/decode/sums';
import { decoded, NOW, wanted, type Listed } from './listed';

const rail = (name: string, value: number, rest: Partial<Listed> = {}): Listed => ({
  group: 'Energy Model',
  name,
  unit: 'mJ',
  value,
  ...rest,
});
const cluster: Listed = {
  group: 'CPU Stats',
  subgroup: 'CPU Complex Performance States',
  name: 'PCPU',
  unit: '24Mticks',
  states: ['DOWN'],
  value: [0],
};

describe('rails', () => {
  test('are counters that have the name of one', () => {
    const others = [rail('PCIe Port 0 Energy', 1), rail('ANE', 1, { states: ['ON'] }), rail('ECPU0', 1)];
    const elsewhere = rail('DRAM', 1, { group: 'PMP' });
    expect(wanted(energy, [rail('CPU Energy', 1), ...others, elsewhere])).toEqual(['CPU Energy']);
  });

  test('have joules in the unit of each channel, and none where one was not delivered', () => {
    const told = decoded(energy, [
      rail('CPU Energy', 2_000),
      rail('ANE', 5e9, { unit: 'nJ' }),
      rail('ISP', NaN),
    ]);
    expect([...told!.joules]).toEqual([2, 5, NaN]);
    expect([...told!.rails.keys()]).toEqual(['cpu', 'ane', 'isp']);
  });

  test('are unknown if nothing was delivered, and not there without a channel in joules', () => {
    expect(decoded(energy, [rail('CPU Energy', NaN), rail('ANE', NaN)])).toBeUndefined();
    expect(decoded(energy, [])).toBeUndefined();
    expect(decoded(energy, [rail('CPU Energy', 1, { unit: '24Mticks' })])).toBeUndefined();
  });

  test('the GPU is GPU Energy, else the channel that is nearly all of it, and never both', () => {
    const of = (...names: string[]) => [
      ...decoded(
        energy,
        names.map((name) => rail(name, 1_000)),
      )!.rails.entries(),
    ];
    expect(of('CPU Energy', 'GPU0', 'GPU Energy')).toEqual([
      ['cpu', [0]],
      ['gpu', [1]],
    ]);
    expect(of('CPU Energy', 'GPU0')).toEqual([
      ['cpu', [0]],
      ['gpu', [1]],
    ]);
    expect(decoded(energy, [rail('GPU0', 7_000), rail('GPU Energy', 9_000)])!.joules).toEqual(
      Float64Array.of(9),
    );
  });

  test('of several channels of a die are one counter, and dies are several', () => {
    const told = decoded(energy, [rail('AVE0', 1), rail('MSR0', 1), rail('AVE0_1', 1)])!;
    expect(told.series.map(({ rail, die, channels }) => [rail, die, channels])).toEqual([
      ['media', '', [0, 1]],
      ['media', '1', [2]],
    ]);
  });
});

const READ = 100;

/** Two collections of one channel: what the second knows of its time. */
function stampAfter(
  before: { joules: number; stamp: number; generation?: number } | undefined,
  now: { joules: number; stamp: number },
): number {
  const part = (at: number, joules: number, stamp: number, generation = 1): Energy => ({
    at,
    generation,
    series: [],
    rails: new Map(),
    joules: Float64Array.of(joules),
    stamps: Float64Array.of(stamp),
    totals: new Float64Array(0),
    keys: ['1 1'],
  });
  const earlier = before && part(READ - 10, before.joules, before.stamp, before.generation);
  return energy.follow!(part(READ, now.joules, now.stamp), earlier, new Sums()).stamps[0]!;
}

describe('the time of a value', () => {
  test('is none if its driver says one of the future, and up to a second of it is not', () => {
    const stamp = (ahead: number) =>
      decoded(energy, [rail('CPU Energy', 1, { stamp: NOW + ahead })])!.stamps[0]! - NOW;
    expect([-1, 0, 1, 1.5].map(stamp)).toEqual([-1, 0, 1, NaN]);
  });

  test('is its driver’s', () => {
    expect(stampAfter({ joules: 5, stamp: 89 }, { joules: 6, stamp: 99 })).toBe(99);
    expect(stampAfter(undefined, { joules: 6, stamp: 99 })).toBe(99);
  });

  test('is that of the read where it moves and its driver says no new one', () => {
    expect(stampAfter(undefined, { joules: 6, stamp: NaN })).toBe(READ);
    expect(stampAfter({ joules: 5, stamp: 89 }, { joules: 6, stamp: NaN })).toBe(READ);
    expect(stampAfter({ joules: 5, stamp: 89 }, { joules: 6, stamp: 89 })).toBe(READ);
  });

  test('stays what it was while the value does, or is missing', () => {
    expect(stampAfter({ joules: 5, stamp: 89 }, { joules: 5, stamp: NaN })).toBe(89);
    expect(stampAfter({ joules: 5, stamp: 89 }, { joules: NaN, stamp: NaN })).toBe(89);
    expect(stampAfter(undefined, { joules: NaN, stamp: NaN })).toBeNaN();
  });

  test('has nothing to do with that of other channels that were there before', () => {
    expect(stampAfter({ joules: 6, stamp: 99.5, generation: 0 }, { joules: 6, stamp: 99 })).toBe(99);
  });
});

interface Sample {
  readonly at: number;
  /** By channel. */
  readonly joules: readonly number[];
  /** `at`, if it is not said. */
  readonly stamps?: readonly number[];
  readonly generation?: number;
}

/** All channels are of one rail. */
const sample = ({ at, joules, stamps = joules.map(() => at), generation = 1 }: Sample): Energy => ({
  at,
  generation,
  series: [],
  rails: new Map([['cpu', [...joules.keys()]]]),
  joules: Float64Array.from(joules),
  stamps: Float64Array.from(stamps),
  totals: new Float64Array(0),
  keys: [],
});

function powerOf(now: Sample, history: readonly Sample[], [min, max] = [10, 60]) {
  const { watts, ages, window } = power(sample(now), history.map(sample), min, max);
  return { watts: watts[0]!, age: ages[0]!, window };
}
const NONE = { watts: NaN, window: 0 };

describe('watts', () => {
  test('are joules by the time between publications, not between reads', () => {
    const history = [{ at: 18, joules: [40], stamps: [17] }];
    expect(powerOf({ at: 30, joules: [100], stamps: [29] }, history)).toEqual({
      watts: 5,
      age: 1,
      window: 12,
    });
  });

  test('of two channels add up; the longest window and the greatest age count', () => {
    const history = [{ at: 18, joules: [40, 10], stamps: [17, 18] }];
    expect(powerOf({ at: 30, joules: [100, 30], stamps: [29, 28] }, history)).toEqual({
      watts: 7,
      age: 2,
      window: 12,
    });
    const swapped = [{ at: 18, joules: [10, 40], stamps: [18, 17] }];
    expect(powerOf({ at: 30, joules: [30, 100], stamps: [28, 29] }, swapped)).toEqual({
      watts: 7,
      age: 2,
      window: 12,
    });
  });

  test('start at the newest publication that is old enough', () => {
    const history = [0, 10, 20, 25].map((at) => ({ at, joules: [at ** 2] }));
    expect(powerOf({ at: 30, joules: [900] }, history)).toMatchObject({ watts: 50, window: 10 });
    expect(powerOf({ at: 30, joules: [900] }, history, [10.5, 60])).toMatchObject({ watts: 40, window: 20 });
  });

  test('just after start begin at the oldest of a second or more', () => {
    const at = [29, 29.5].map((at) => ({ at, joules: [at ** 2] }));
    expect(powerOf({ at: 30, joules: [900] }, at)).toMatchObject({ watts: 59, window: 1 });
    expect(powerOf({ at: 30, joules: [900] }, at.slice(1))).toMatchObject(NONE);
  });

  test('do not reach over more than the longest window', () => {
    expect(powerOf({ at: 70, joules: [60] }, [{ at: 10, joules: [0] }])).toMatchObject({
      watts: 1,
      window: 60,
    });
    expect(powerOf({ at: 70.5, joules: [60] }, [{ at: 10, joules: [0] }])).toMatchObject(NONE);
  });

  test('do not reach over a reset, a time without the channel, or other channels', () => {
    const now = { at: 30, joules: [10] };
    const after = { at: 25, joules: [5] };
    for (const before of [
      { at: 22, joules: [50] },
      { at: 22, joules: [NaN] },
      { at: 22, joules: [1], generation: 0 },
    ]) {
      const long = { at: 15, joules: [4] };
      expect(powerOf(now, [long, before, after])).toMatchObject({ watts: 1, window: 5 });
      expect(powerOf(now, [long, before])).toMatchObject(NONE);
    }
  });

  test('a counter that stands still uses nothing', () => {
    expect(powerOf({ at: 30, joules: [5] }, [{ at: 20, joules: [5] }])).toMatchObject({
      watts: 0,
      window: 10,
    });
  });

  test('of a rail that was not published for more than 10 seconds are not known', () => {
    const history = [{ at: 8, joules: [0] }];
    expect(powerOf({ at: 30, joules: [12], stamps: [20] }, history)).toMatchObject({ watts: 1, age: 10 });
    expect(powerOf({ at: 30.5, joules: [12], stamps: [20] }, history)).toMatchObject({ ...NONE, age: 10.5 });
  });
});

describe('parts of rails', () => {
  test('are clusters of the CPU and the SRAM of the GPU', () => {
    const all = [rail('EACC_CPU', 1), rail('PCPU', 2), rail('GPU SRAM0', 3), cluster];
    const others = [rail('CPU Energy', 4), rail('PCPU Energy', 5), rail('PCPU', 1, { group: 'PMP' })];
    expect(wanted(energyDetail, [...all, ...others])).toEqual(['EACC_CPU', 'PCPU', 'GPU SRAM0', 'PCPU']);
    expect(decoded(energyDetail, [...all, ...others])).toEqual({
      parts: [
        { rail: 'cpu', part: 'EACC_CPU', die: '' },
        { rail: 'cpu', part: 'PCPU', die: '' },
        { rail: 'gpu', part: 'sram', die: '' },
      ],
      joules: Float64Array.of(0.001, 0.002, 0.003),
    });
  });

  test('a name that is no cluster’s is a core’s, and no part', () => {
    expect(decoded(energyDetail, [rail('PCPU', 2)])).toBeUndefined();
  });

  test('that were not published for more than 10 seconds are not known', () => {
    const joules = (stamp: number) => decoded(energyDetail, [rail('EACC_CPU', 1_000, { stamp })])!.joules[0];
    expect([NOW, NOW - 10, NOW - 10.5].map(joules)).toEqual([1, 1, NaN]);
    // A stamp of the future is none.
    expect(joules(NOW + 5)).toBe(1);
  });
});
