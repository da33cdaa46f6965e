// Residency of cores and clusters, ticks of the scheduler, and how many cores there are.

import { coreCounts, offline, residency, ticks } from '../../src/decode/cpu';
import type { FactMap } from '../../src/native/native';
import { tableBytes } from '../support/bytes';
import { decoded, lackOf, SECOND, TICKS, wanted, type Listed } from './listed';

const CPUS = 'IODeviceTree:/cpus';
const PMGR = 'IODeviceTree:/arm-io/pmgr';

/** Two efficiency cores in one cluster, then a performance core. */
const MAP: FactMap = {
  [`${CPUS}/cpu0 cluster-type`]: Buffer.from('E'),
  [`${CPUS}/cpu1 cluster-type`]: Buffer.from('E'),
  [`${CPUS}/cpu2 cluster-type`]: Buffer.from('P'),
  ...Object.fromEntries(
    [0, 1, 0].flatMap((core, i) => [
      [`${CPUS}/cpu${i} die-cluster-id`, 0],
      [`${CPUS}/cpu${i} cluster-core-id`, core],
    ]),
  ),
};
const LEVELS = { 'hw.perflevel0.name': 'Performance', 'hw.perflevel1.name': 'Efficiency' };
const TABLES = {
  [`${PMGR} voltage-states1-sram`]: tableBytes([600e6, 1_000e6]),
  [`${PMGR} voltage-states5-sram`]: tableBytes([700e6, 3_000e6]),
};
const FACTS: FactMap = { ...MAP, ...LEVELS, ...TABLES };

const STATES = ['DOWN', 'IDLE', 'V0P1', 'V1P0'];
const stats = (subgroup: string, name: string, seconds: readonly number[], states = STATES): Listed => ({
  group: 'CPU Stats',
  subgroup,
  name,
  unit: TICKS,
  states,
  value: seconds.map((each) => each * SECOND),
});
const core = (name: string, seconds: readonly number[], states?: string[]) =>
  stats('CPU Core Performance States', name, seconds, states);
const complex = (name: string, seconds: readonly number[], states?: string[]) =>
  stats('CPU Complex Performance States', name, seconds, states);
const LOST = [NaN, NaN, NaN, NaN];

const M1 = [
  core('ECPU0', [1, 2, 3, 4]),
  core('ECPU1', [9, 1, 0, 0]),
  core('PCPU0', [0, 8, 1, 1]),
  complex('ECPU', [1, 2, 3, 4]),
  complex('PCPU', [5, 3, 1, 1]),
];

describe('residency', () => {
  test('is the time in each state, that in active ones, and cycles at the frequency of each', () => {
    expect(decoded(residency, M1, FACTS)).toMatchObject({
      labels: [
        { core: '0', cluster: 'ECPU', tier: 'efficiency' },
        { core: '1', cluster: 'ECPU', tier: 'efficiency' },
        { core: '2', cluster: 'PCPU', tier: 'performance' },
      ],
      seconds: Float64Array.of(1, 2, 3, 4, 9, 1, 0, 0, 0, 8, 1, 1),
      starts: [0, 4, 8],
      active: Float64Array.of(7, 0, 2),
      cycles: Float64Array.of(3 * 600e6 + 4 * 1_000e6, 0, 3_700e6),
      clusters: [
        { cluster: 'ECPU', tier: 'efficiency', cores: [0, 1] },
        { cluster: 'PCPU', tier: 'performance', cores: [2] },
      ],
      fastest: new Map([
        ['efficiency', 1_000e6],
        ['performance', 3_000e6],
      ]),
    });
  });

  test('of a core that was not delivered is unknown, and of none is nothing', () => {
    const some = decoded(residency, [M1[0]!, core('ECPU1', LOST), ...M1.slice(2)], FACTS)!;
    expect([...some.active]).toEqual([7, NaN, 2]);
    expect([...some.cycles].map(Number.isNaN)).toEqual([false, true, false]);
    expect(decoded(residency, [core('ECPU0', LOST), core('ECPU1', LOST)], FACTS)).toBeUndefined();
  });

  test('of a core without a time in one of its states is unknown', () => {
    const { active, cycles } = decoded(residency, [core('ECPU0', [NaN, 2, 3, 4]), ...M1.slice(1)], FACTS)!;
    expect([active[0], cycles[0]]).toEqual([NaN, NaN]);
  });

  test('has cycles without the frequency of a state that was never used, and none if it was', () => {
    const states = [...STATES, 'TURBO'];
    const cycles = (turbo: number) =>
      decoded(residency, [core('ECPU0', [1, 2, 3, 4, turbo], states)], {
        ...FACTS,
        [`${PMGR} voltage-states1-sram`]: tableBytes([600e6, 1_000e6, 1_100e6]),
      })!.cycles[0];
    expect([cycles(0), cycles(1)]).toEqual([5_800e6, NaN]);
  });

  test('is there without a table of frequencies, and has no cycles then', () => {
    const told = decoded(residency, M1, { ...MAP, ...LEVELS })!;
    expect([...told.active]).toEqual([7, 0, 2]);
    expect([...told.cycles].map(Number.isNaN)).toEqual([true, false, true]);
    expect(told.fastest.size).toBe(0);
  });

  test('is none where a state has no name: it may be an idle one', () => {
    const nameless = ['DOWN', 'IDLE', '', 'V1P0'];
    expect(
      decoded(residency, [...M1.slice(1), core('ECPU0', [1, 2, 3, 4], nameless)], FACTS),
    ).toBeUndefined();
  });

  test('is none without a core that counts in time', () => {
    expect(decoded(residency, M1.slice(3), FACTS)).toBeUndefined();
    expect(decoded(residency, [{ ...M1[0]!, unit: 'events' }], FACTS)).toBeUndefined();
  });

  test('is that of cores and clusters', () => {
    const others = [
      core('PCPM', [1, 2, 3, 4]),
      stats('CPU Requested Performance States', 'PCPU0', [1, 2, 3, 4]),
      { ...M1[0]!, group: 'GPU Stats' },
      complex('PCPU_CPU1', [1, 2, 3, 4]),
    ];
    expect(wanted(residency, [...others, ...M1])).toEqual(M1.map(({ name }) => name));
  });

  test('falls back if a time does, and no other figure of it', () => {
    const part = { ...decoded(residency, M1, FACTS)!, at: 1, generation: 1 };
    expect(residency.counters!(part)).toBe(part.seconds);
  });

  test('lacks the map of the CPUs, or the tables of frequencies, if there are cores', () => {
    expect(lackOf(residency, M1, FACTS)).toBeUndefined();
    expect(lackOf(residency, M1, { ...LEVELS, ...TABLES })).toBe(CPUS);
    expect(lackOf(residency, M1, { ...MAP, ...LEVELS })).toBe(PMGR);
    const ofOneTier = { [`${PMGR} voltage-states1-sram`]: tableBytes([600e6, 1_000e6]) };
    expect(lackOf(residency, M1, { ...MAP, ...LEVELS, ...ofOneTier })).toBe(PMGR);
    expect(lackOf(residency, M1.slice(3), {})).toBeUndefined();
  });
});

describe('clusters that are powered down', () => {
  test('count the seconds they were', () => {
    expect(decoded(offline, [...M1, complex('PCPU', [7, 0], ['IDLE', 'DOWN'])], FACTS)).toEqual({
      clusters: [
        { cluster: 'ECPU', tier: 'efficiency' },
        { cluster: 'PCPU', tier: 'performance' },
      ],
      seconds: Float64Array.of(1, 5),
    });
    const last = complex('PCPU', [1, 2, 3], ['IDLE', 'V0P0', 'DOWN']);
    expect(decoded(offline, [last], FACTS)!.seconds).toEqual(Float64Array.of(3));
  });

  test('are none where no cluster has such a state, or one has a state without a name', () => {
    expect(decoded(offline, [complex('PCPU', [1, 2], ['IDLE', 'V0P0'])], FACTS)).toBeUndefined();
    expect(decoded(offline, [M1[3]!, complex('PCPU', [1, 2], ['DOWN', ''])], FACTS)).toBeUndefined();
    expect(decoded(offline, [{ ...M1[3]!, unit: 'events' }], FACTS)).toBeUndefined();
  });
});

describe('ticks', () => {
  const cpu = (name: string, value: readonly number[]): Listed => ({
    group: 'cpu',
    name,
    states: value.map((_, i) => String(i)),
    value,
  });

  test('are seconds of 100 by CPU and mode, each with its tier', () => {
    expect(decoded(ticks, [cpu('0', [100, 200, 300, 0]), cpu('2', [400, 500, 600, 0])], FACTS)).toEqual({
      cores: ['0', '2'],
      tiers: ['efficiency', 'performance'],
      seconds: Float64Array.of(1, 2, 3, 0, 4, 5, 6, 0),
    });
  });

  test('are told without a map, but without tiers; that is a lack', () => {
    const all = [cpu('0', [100, 200, 300, 0])];
    expect(decoded(ticks, all, {})).toMatchObject({ tiers: [''] });
    expect([lackOf(ticks, all, {}), lackOf(ticks, all, FACTS)]).toEqual([CPUS, undefined]);
  });

  test('are nothing where they were not delivered, or are not what they were', () => {
    expect(decoded(ticks, [cpu('0', [NaN, NaN, NaN, NaN])], FACTS)).toBeUndefined();
    expect(decoded(ticks, [], FACTS)).toBeUndefined();
    expect(decoded(ticks, [cpu('0', [1, 2, 3, 4]), cpu('1', [1, 2, 3])], FACTS)).toBeUndefined();
  });

  test('fall back if one of them does', () => {
    const part = { ...decoded(ticks, [cpu('0', [1, 2, 3, 4])], FACTS)!, at: 1, generation: 1 };
    expect(ticks.counters!(part)).toBe(part.seconds);
  });
});

describe('cores by tier', () => {
  const level = (number: number, name: unknown, count: unknown) =>
    ({
      [`hw.perflevel${number}.name`]: name,
      [`hw.perflevel${number}.logicalcpu`]: count,
    }) as FactMap;

  test('are as many as the kernel says of each level', () => {
    expect(decoded(coreCounts, [], { ...level(0, 'Performance', 10), ...level(1, 'Efficiency', 4) })).toEqual(
      {
        tiers: ['performance', 'efficiency'],
        counts: [10, 4],
      },
    );
  });

  test('are not told of a level without a name or a number', () => {
    expect(
      decoded(coreCounts, [], {
        ...level(0, 'Performance', 10),
        'hw.perflevel1.name': 'Efficiency',
        'hw.perflevel2.logicalcpu': 4,
      }),
    ).toEqual({ tiers: ['performance'], counts: [10] });
    expect(decoded(coreCounts, [], {})).toBeUndefined();
  });
});
