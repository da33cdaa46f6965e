// Bytes of the memory controller, and the estimate from histograms: what one channel counts, and which are one counter.

import { bandwidth, bandwidthEstimate } from '../../src/decode/bandwidth';
import { exact, times, toNumber } from '../oracle/exact';
import { decoded, SECOND, TICKS, type Listed } from './listed';

const counter = (name: string, value: number, rest: Partial<Listed> = {}): Listed => ({
  group: 'AMC Stats',
  subgroup: 'Perf Counters',
  name,
  unit: 'B',
  value,
  ...rest,
});
const histogram = (name: string, seconds: readonly number[], rest: Partial<Listed> = {}): Listed => ({
  group: 'PMP',
  subgroup: 'DCS BW',
  name,
  unit: TICKS,
  states: ['   1GB/s', '  10GB/s'],
  value: seconds.map((each) => each * SECOND),
  ...rest,
});

describe('bytes', () => {
  test('are counted by agent and direction, over all dies', () => {
    const told = decoded(bandwidth, [
      counter('GFX DCS RD', 10),
      counter('GFX DCS WR', 20),
      counter('DIE_1_GFX DCS RD', 30),
      counter('DCS RD', 99),
    ])!;
    expect(told.series.map(({ agent, direction, channels }) => [agent, direction, channels])).toEqual([
      ['GFX', 'read', [0, 2]],
      ['GFX', 'write', [1]],
    ]);
    expect([...told.raw]).toEqual([10, 20, 30]);
  });

  test('of channels that count something else are left out', () => {
    const told = decoded(bandwidth, [
      counter('GFX DCS RD', 10, { unit: 'events' }),
      counter('ANE DCS RD', 5),
    ])!;
    expect([told.series.map(({ agent }) => agent), [...told.raw]]).toEqual([['ANE'], [5]]);
    expect(decoded(bandwidth, [counter('GFX DCS RD', 10, { unit: 'events' })])).toBeUndefined();
  });

  test('are there as soon as one channel was delivered', () => {
    const both = (second: number) => [counter('GFX DCS RD', NaN), counter('ANE DCS RD', second)];
    expect([...decoded(bandwidth, both(5))!.raw]).toEqual([NaN, 5]);
    expect(decoded(bandwidth, both(NaN))).toBeUndefined();
    expect(decoded(bandwidth, [])).toBeUndefined();
  });
});

describe('the estimate', () => {
  test('is rate by time, of both directions together', () => {
    const told = decoded(bandwidthEstimate, [histogram('AGX RD+WR', [3, 2])])!;
    expect(told.series).toMatchObject([{ agent: 'AGX', direction: '', channels: [0] }]);
    expect([...told.raw]).toEqual([23e9]);
  });

  test('is the nearest number there is, not one that is rounded for each state', () => {
    const rates = Array.from({ length: 16 }, (_, i) => i + 1);
    const ticks = rates.map((rate) => ((124_161 * (7919 + 104_729 * (rate - 1))) % 1e9) + 124_161);
    const told = decoded(bandwidthEstimate, [
      histogram('AGX RD+WR', [], { states: rates.map((rate) => `${rate}GB/s`), value: ticks }),
    ])!;
    const gigabytes = rates.reduce((sum, rate, i) => sum + rate * ticks[i]!, 0);
    expect([...told.raw]).toEqual([toNumber(times(exact(gigabytes), exact(1e9, SECOND)))]);
  });

  test('leaves out a histogram with a state that is no rate, or that counts no time', () => {
    const odd = histogram('ANE RD+WR', [1, 1], { states: ['   1GB/s', 'IDLE'] });
    const events = histogram('ISP RD+WR', [1, 1], { unit: 'events' });
    const told = decoded(bandwidthEstimate, [odd, events, histogram('AGX RD+WR', [1, 0])])!;
    expect([told.series.map(({ agent }) => agent), [...told.raw]]).toEqual([['AGX'], [1e9]]);
  });
});
