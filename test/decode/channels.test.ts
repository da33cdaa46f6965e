// Which channels of IOReport are what: one that differs in any one thing is something else.

import {
  firstOfEachName,
  isCltm,
  isComplex,
  isCore,
  isGpuStates,
  isThrottler,
  parseAmc,
  parseCpuName,
  parseDcs,
  rateOf,
  splitDie,
  stateIndex,
} from '../../src/chips/channels';
import type { Channel } from '../../src/native/native';

const channel = (group: string, subgroup: string, name: string, states: string[] = []): Channel => ({
  group,
  subgroup,
  name,
  unit: '',
  id: '',
  driver: 1,
  states,
  at: 1,
});
const CORES = 'CPU Core Performance States';
const CLUSTERS = 'CPU Complex Performance States';
const STEPS = ['OFF', 'P1'];

describe.each([
  ['a core', isCore, channel('CPU Stats', CORES, 'PCPU0', STEPS)],
  ['a cluster', isComplex, channel('CPU Stats', CLUSTERS, 'PCPU', STEPS)],
  ['the GPU', isGpuStates, channel('GPU Stats', 'GPU Performance States', 'GPUPH', STEPS)],
  [
    'the limits of the GPU',
    isCltm,
    channel('GPU Stats', 'CLTM-induced GPU Performance States', 'GPU_CLTM', ['NO_CLTM', 'CLTM1']),
  ],
  [
    'bytes of an agent',
    (c: Channel) => parseAmc(c) !== undefined,
    channel('AMC Stats', 'Perf Counters', 'GFX DCS RD'),
  ],
  [
    'a histogram of an agent',
    (c: Channel) => parseDcs(c) !== undefined,
    channel('PMP', 'DCS BW', 'AGX RD+WR', ['   1GB/s']),
  ],
] as const)('%s', (_, is, right) => {
  test('is known', () => expect(is(right)).toBe(true));

  test.each([
    ['another group', { group: 'Other' }],
    ['another subgroup', { subgroup: 'Other' }],
    ['another name', { name: 'OTHER' }],
    [
      'a value where there are states, or states where there is one',
      { states: right.states[0] ? [] : STEPS },
    ],
  ])('is not what has %s', (__, change) => expect(is({ ...right, ...change })).toBe(false));
});

test('why the GPU is throttled is counted by any name', () => {
  const right = channel('GPU Stats', 'GPU Throttler Counters', 'anything');
  const others = [{ group: 'CPU Stats' }, { subgroup: 'Other' }, { states: STEPS }];
  expect([right, ...others.map((change) => ({ ...right, ...change }))].map(isThrottler)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('limits of the GPU are states one of which is none, or whose names are not known', () => {
  const states = (...names: string[]) =>
    channel('GPU Stats', 'CLTM-induced GPU Performance States', 'GPU_CLTM', names);
  expect([states('A', 'NO_CLTM'), states('A', 'B'), states('A', '')].map(isCltm)).toEqual([
    true,
    false,
    true,
  ]);
});

test('a core is no cluster', () => {
  expect(isComplex(channel('CPU Stats', CLUSTERS, 'DIE_0_PCPU_CPU1', STEPS))).toBe(false);
});

describe('names', () => {
  test('have the die at their start, of any number', () => {
    expect(splitDie('DIE_12_ECPU')).toEqual({ die: '12', rest: 'ECPU' });
    expect(splitDie('DIE12 ECPU')).toEqual({ die: '12', rest: 'ECPU' });
    expect(splitDie('X DIE_0_ECPU')).toEqual({ die: '', rest: 'X DIE_0_ECPU' });
    expect(parseCpuName('PCPU_CPU12')).toMatchObject({ core: '12' });
    expect(parseCpuName('XPCPU0')).toBeUndefined();
  });

  test.each(['GFXDCS RD', 'GFX DCS RDX', 'GFX DCS', ' DCS XX'])('%j counts no bytes of the DRAM', (name) =>
    expect(parseAmc(channel('AMC Stats', 'Perf Counters', name))).toBeUndefined(),
  );

  test.each(['AGX RD', 'AGX RD+WR total', 'RD+WR'])('%j is no histogram of both directions', (name) =>
    expect(parseDcs(channel('PMP', 'DCS BW', name, ['   1GB/s']))).toBeUndefined(),
  );

  test.each(['4MB/s', 'over 4GB/s', '4GB/s and more', 'GB/s', ''])('state %j is no rate', (state) =>
    expect(rateOf(state)).toBeNaN(),
  );

  test.each(['XV0P1', 'V0P1X', 'P1X', 'XP1', 'V0'])('state %j has no entry in a table', (state) =>
    expect(stateIndex(state)).toBeUndefined(),
  );

  test('that repeat in one subgroup are taken once', () => {
    const [a, again, elsewhere] = [channel('g', 's', 'A'), channel('g', 's', 'A'), channel('g', 't', 'A')];
    expect(firstOfEachName([a, again, elsewhere])).toEqual([a, elsewhere]);
  });
});
