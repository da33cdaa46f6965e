import { growth, toNumber } from './exact';
import type { SimpleBlock, StateBlock } from './format';
import { SECOND, small } from './small';
import { truth } from './truth';

const BYTES = ['648661282852962304', 'B'] as const;
const TICKS = ['72058115876454424', '24Mticks'] as const;
const RATES = Array.from({ length: 32 }, (_, i) => `${String(i + 1).padStart(4)}GB/s`);

type Count = number | string | null;

const amc = (counters: Readonly<Record<string, readonly Count[]>>, subscribable = true): SimpleBlock => ({
  group: 'AMC Stats',
  subgroup: 'Perf Counters',
  driver: [1, 'AppleT6000AMC'],
  unit: BYTES,
  format: 'simple',
  subscribable,
  channels: Object.entries(counters).map(([name, values], i) => [
    String(i).padStart(16, '0'),
    name,
    ...values,
  ]),
});

/** Ticks by GB/s in the last second, of histograms that were at 7 in every state before. */
const dcs = (
  histograms: Readonly<Record<string, Readonly<Record<number, number>>>>,
  { group = 'PMP', subgroup = 'DCS BW', states = RATES } = {},
): StateBlock => ({
  group,
  subgroup,
  driver: [2, 'AppleT6000PMP'],
  unit: TICKS,
  format: 'state',
  states,
  channels: Object.entries(histograms).map(([name, ticks], i) => [
    String(i).padStart(16, '0'),
    name,
    states.map(() => 7),
    states.map((state) => 7 + (ticks[Number.parseInt(state)] ?? 0)),
  ]),
});

/** Growth of the bandwidth counters in the first second. */
function grown(...ioreport: readonly (SimpleBlock | StateBlock)[]): Record<string, number> {
  const oracle = truth(small({ ioreport }));
  const [before, after] = [oracle.counters(0n), oracle.counters(SECOND)];
  return Object.fromEntries(
    [...after]
      .filter(([key]) => key.startsWith('mac_memory_bandwidth'))
      .map(([key, value]) => [
        key.replace('mac_memory_bandwidth_', '').replace('bytes_total', ''),
        toNumber(growth(before.get(key)!, value)),
      ]),
  );
}

describe('bytes that the memory controller counts', () => {
  it('are those of the DRAM by agent and direction: no totals, and not those in front of the cache', () => {
    const counters = {
      'PCPU0 DCS RD': [10, 1010],
      'PCPU0 DCS WR': [20, 520],
      'GFX DCS RD': ['9007199254740993', '9007199254740998'],
      'STRM CODEC DCS WR': [null, null],
      'PCPU0 RD': [0, 99_999],
      'DCS RD': [0, 1005],
      'DCS WR': [0, 500],
      DCS: [0, 1505],
    };
    expect(grown(amc(counters), dcs({ 'AGX RD+WR': { 4: 24e6 } }))).toEqual({
      '{agent="PCPU0",direction="read"}': 1000,
      '{agent="PCPU0",direction="write"}': 500,
      '{agent="GFX",direction="read"}': 5,
    });
  });

  it('are the totals where no agent has counters, and of them RD and WR: DCS is both (op06072/NeoAsitop #2)', () => {
    const totals = { 'DCS RD': [0, 3], 'DCS WR': [0, 4], DCS: [0, 7] };
    expect(grown(amc(totals))).toEqual({
      '{agent="all",direction="read"}': 3,
      '{agent="all",direction="write"}': 4,
    });
  });

  it('of several dies are one agent, a sum that starts at 0', () => {
    const dies = amc({ 'DIE_0_GFX DCS RD': [100, 130], 'DIE_1_GFX DCS RD': [1000, 1007] });
    expect(grown(dies)).toEqual({ '{agent="GFX",direction="read"}': 37 });
    const value = truth(small({ ioreport: [dies] })).counters(0n);
    expect(value.get('mac_memory_bandwidth_bytes_total{agent="GFX",direction="read"}')?.parts).toHaveLength(
      2,
    );
  });
});

describe('the estimate of the power manager', () => {
  // kennss/SiliconScope's tests: ticks by GB/s, and the mean rate.
  const EACC0 = { 1: 338, 2: 54, 3: 49, 4: 34, 5: 21, 6: 19, 7: 5, 8: 4, 9: 1 };
  const AGX = {
    ...{ 1: 319, 2: 16, 3: 4, 7: 1, 11: 1, 16: 2, 18: 3, 19: 1, 20: 2, 21: 3, 22: 2, 26: 1, 29: 2, 30: 1 },
    32: 21,
  };
  const ticksOf = (histogram: Readonly<Record<number, number>>) =>
    Object.values(histogram).reduce((a, b) => a + b, 0);

  it.each([
    ['EACC0', EACC0, 1.95],
    ['AGX', AGX, 3.744],
  ])('%s: its mean rate is the published one', (agent, histogram, rate) => {
    const bytes = grown(dcs({ [`${agent} RD+WR`]: histogram }))[`estimate_{agent="${agent}"}`]!;
    const seconds = ticksOf(histogram) / 24e6;
    expect(bytes / seconds / 1e9).toBeCloseTo(rate, agent === 'AGX' ? 3 : 2);
  });

  it.each(['PMP', 'PMP0', 'PMP1'])('%s: of RD+WR only, without the controller’s own channel', (group) => {
    const histograms = {
      'AGX RD': { 3: 24e6 },
      'AGX WR': { 1: 24e6 },
      'AGX RD+WR': { 4: 24e6 },
      'AMCC RD+WR': { 32: 24e6 },
    };
    const fabric = dcs({ 'AGX RD+WR': { 9: 24e6 } }, { group, subgroup: 'AF BW' });
    expect(grown(dcs(histograms, { group }), fabric)).toEqual({ 'estimate_{agent="AGX"}': 4e9 });
  });

  it('is the controller’s own where there is no other', () => {
    const states = Array.from({ length: 12 }, (_, i) => `${String((i + 1) * 32).padStart(4)}GB/s`);
    const channel = dcs({ 'AMCC RD+WR': { 32: 12e6, 384: 12e6 } }, { group: 'PMP0', states });
    expect(grown(channel)).toEqual({ 'estimate_{agent="AMCC"}': 16e9 + 192e9 });
  });

  it.each([
    ['cannot be subscribed to', amc({ 'GFX DCS RD': [1, 2] }, false)],
    ['tells no value', amc({ 'GFX DCS RD': [null, null], 'GFX DCS WR': [null, null] })],
  ])('stands in where the controller %s', (_, controller) => {
    expect(grown(controller, dcs({ 'AGX RD+WR': { 2: 24e6 } }))).toEqual({ 'estimate_{agent="AGX"}': 2e9 });
  });
});
