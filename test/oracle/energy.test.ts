import { rails, railWatts } from './energy';
import { growth, toNumber } from './exact';
import { M1_ULTRA, M5_MAX } from './inventories';
import { ULTRA_PUBLICATIONS } from './published';
import { energies, SECOND, small, UNIT, windowOf } from './small';
import { truth } from './truth';

describe('rails', () => {
  it.each([
    [
      'M1 Ultra',
      M1_ULTRA,
      [310, 10, 1],
      ['cpu:0,1', 'gpu:', 'ane:0,1', 'dram:0,1', 'isp:0,1', 'media:0,0,1,1'],
    ],
    ['M5 Max', M5_MAX, [358, 5, 1], ['cpu:', 'gpu:', 'ane:', 'dram:', 'isp:', 'media:,', 'display:,']],
  ] as const)(
    '%s: of hundreds of channels only those that no other contains',
    (_, names, counts, expected) => {
      expect([names.mJ.length, names.uJ.length, names.nJ.length]).toEqual(counts);
      const ioreport = (['mJ', 'uJ', 'nJ'] as const).map((unit) =>
        energies(
          unit,
          names[unit].map((name) => [name, 1000]),
        ),
      );
      const machine = small({ ioreport });
      const found = [...rails(machine)].map(
        ([rail, feeds]) => `${rail}:${feeds.map(({ die }) => die).join()}`,
      );
      expect(found.slice(0, expected.length)).toEqual(expected);
      expect(found.join()).not.toMatch(/pcie|dtl/i);
      const value = truth(machine).counters(0n).get('mac_energy_joules_total{rail="gpu",die=""}');
      expect(value && toNumber(value)).toBe(1e-6);
    },
  );

  it('M5 Max: "CPU" is in 334 names (lablup/all-smi #410: 106.68 W instead of 36.17 W)', () => {
    expect(M5_MAX.mJ.filter((name) => name.includes('CPU'))).toHaveLength(334);
  });

  it('energy per step (PCPUDTL010 = PACC0_CPU0, vladkens/macmon #68) and per core is in no rail or detail', () => {
    const machine = small({
      ioreport: [
        energies('mJ', [
          ['PCPUDTL010', 0, 1820],
          ['PCPUDTL110', 0, 1510],
          ['DIE_0_PACC0_CPU0', 0, 1820],
          ['DIE_0_PACC0_CPU1', 0, 1510],
          ['DIE_0_PACC0_CPM', 0, 60],
          ['GPU CS0_0', 0, 6070],
          ['GPU0_0', 0, 28380],
          ['DCS0_0', 0, 5300],
          ['DRAM0_0', 0, 7560],
          ['AMCC0_0', 0, 5010],
        ]),
      ],
    });
    expect([...truth(machine, { detail: true }).counters(SECOND).keys()]).toEqual([
      'mac_energy_joules_total{rail="gpu",die="0"}',
      'mac_energy_joules_total{rail="dram",die="0"}',
      'mac_energy_joules_total{rail="amcc",die="0"}',
      'mac_energy_joules_total{rail="dcs",die="0"}',
      'mac_sleep_seconds_total',
    ]);
    expect(windowOf(truth(machine), 'mac_power_watts{rail="gpu"}')).toBe(28.38);
  });
});

describe('publication in batches (macOS 27)', () => {
  it.each(ULTRA_PUBLICATIONS)('M1 Ultra: %d mJ and %d mJ in %d ms are %d W', (die0, die1, ms, watts) => {
    const span = Math.round(ms * 24_000);
    const publish = { period: 100 * 24_000_000, at: [0, span] };
    const machine = small(
      {
        ioreport: [
          energies(
            'mJ',
            [
              ['DIE_0_CPU Energy', '123456789012345', String(123456789012345n + BigInt(die0))],
              ['DIE_1_CPU Energy', 5, 5 + die1],
            ],
            publish,
          ),
        ],
      },
      [0, span / 24e6],
    );
    // Seen 0.4 s after the publication: the window ends where the driver says, not where it was read.
    const seen = BigInt(span) + machine.ticks(0.4);
    const value = railWatts(machine, 'cpu', seen, 0n);
    expect(value && toNumber(value)).toBeCloseTo(watts, 2);
  });

  it('M5 Max: 4969 mJ over 2043 ms are 2.43 W whenever it is read', () => {
    const span = 2043 * 24_000;
    const machine = small(
      {
        ioreport: [
          energies('mJ', [['CPU Energy', 0, 4969 * 4]], { period: span, at: [0] }),
          energies('nJ', [['GPU Energy', 0, 4724130]]),
        ],
      },
      [0, 2.043 * 4],
    );
    for (const ms of [2043, 2500, 4000, 5000, 8000]) {
      const value = railWatts(machine, 'cpu', machine.ticks(ms / 1000), 0n);
      expect(value && toNumber(value)).toBeCloseTo(2.43, 2);
    }
    expect(railWatts(machine, 'cpu', machine.ticks(2.042), 0n)).toBeUndefined();
  });

  it('a rail that died has neither watts nor joules after 10 s', () => {
    const machine = small(
      {
        ioreport: [
          energies('mJ', [['ANE0', 0, 4000]], { period: 48_000_000, at: [0], until: 96_000_000 }),
          energies('nJ', [['GPU Energy', 0, 40_000_000_000]]),
        ],
      },
      [0, 40],
    );
    const oracle = truth(machine);
    const key = 'mac_energy_joules_total{rail="ane",die=""}';
    const at = (seconds: number) => oracle.counters(machine.ticks(seconds)).get(key);
    expect(at(3.9)).toMatchObject({ n: 200n, d: 1000n });
    expect(at(14)).toMatchObject({ n: 400n, d: 1000n });
    expect(at(14.1)).toBeUndefined();
    const watts = oracle.gauges(machine.ticks(14.1), 0n).window;
    expect([...watts.keys()]).toEqual(['mac_power_watts{rail="gpu"}']);
  });

  it('a window starts at what a sample held that was published 10 s before its end', () => {
    // 1 W, then 3 W from 20 s on; published every 2 s, collected every second.
    const channel = ['CPU Energy', 0, 20_000, 80_000] as const;
    const publish = { period: 48_000_000, at: [0] };
    const machine = small({ ioreport: [energies('mJ', [channel], publish)] }, [0, 20, 40]);
    const watts = (last: number, every = 1) => {
      const collections = Array.from({ length: last / every + 1 }, (_, i) => machine.ticks(i * every));
      const value = truth(machine).power(collections).get('mac_power_watts{rail="cpu"}');
      return value && toNumber(value);
    };
    // Nothing is published before 2 s; just after start any second will do; then 10 s, held between publications.
    expect([1, 2, 3, 19, 20, 21, 22, 23, 24, 30].map((last) => watts(last))).toEqual([
      undefined,
      1,
      1,
      1,
      1,
      1,
      1.4,
      1.4,
      1.8,
      3,
    ]);
  });

  it('GPU Energy is never late: lablup/all-smi PR #424 prints .02, .04 and .25 W', () => {
    const printed = [
      [2205550, 116.6, 0.02],
      [4724130, 118.0, 0.04],
      [29429590, 119.4, 0.25],
    ] as const;
    for (const [nanojoules, ms, watts] of printed) {
      const machine = small({ ioreport: [energies('nJ', [['GPU Energy', 0, nanojoules]])] }, [0, ms / 1000]);
      const value = railWatts(machine, 'gpu', machine.period, 0n);
      expect(value && toNumber(value)).toBeCloseTo(watts, 2);
    }
  });
});

it('units are what the kernel header makes of them', () => {
  const joules = (unit: keyof typeof UNIT & ('mJ' | 'uJ' | 'nJ')) => {
    const machine = small({ ioreport: [energies(unit, [['CPU Energy', 1_000_000_000]])] });
    const value = truth(machine).counters(0n).get('mac_energy_joules_total{rail="cpu",die=""}');
    return value && toNumber(value);
  };
  expect([joules('mJ'), joules('uJ'), joules('nJ')]).toEqual([1e6, 1e3, 1]);
});

describe('a rail of several channels', () => {
  const machine = small({
    ioreport: [
      energies('mJ', [
        ['AVE0', 5000, 6000],
        ['MSR0', 9000, 1000],
      ]),
    ],
  });
  const key = 'mac_energy_joules_total{rail="media",die=""}';

  it('grows by what its channels grew, whatever one of them lost', () => {
    const [before, after] = [0n, SECOND].map((ticks) => truth(machine).counters(ticks).get(key));
    expect(before && after && toNumber(growth(before, after))).toBe(1);
  });

  it('has no watts while a channel of it fell', () => {
    expect(truth(machine).gauges(SECOND, 0n).window.size).toBe(0);
  });

  it('is absent while one is unpopulated', () => {
    const half = small({
      ioreport: [
        energies('mJ', [
          ['AVE0', 5000, 6000],
          ['MSR0', null],
        ]),
      ],
    });
    expect(truth(half).counters(0n).has(key)).toBe(false);
  });
});
