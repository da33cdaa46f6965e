// What the script of the status page makes of snapshots: rates, gaps, sums, words.

import { charts } from '../src/server/page/client/charts';
import * as format from '../src/server/page/client/format';
import { Minutes } from '../src/server/page/client/minutes';
import { Rates } from '../src/server/page/client/rates';
import { Reading, type Sample, type Snapshot } from '../src/server/page/client/snapshot';
import { tiles, withKnownRows } from '../src/server/page/client/tiles';
import { machineNames } from './support/machines';
import { withExporter } from './support/exporter';
import { snapshotOf } from '../src/metrics/json';
import { VIEW_WINDOW } from '../src/sampler/sampler';

type Families = Readonly<Record<string, readonly (readonly [value: number, labels?: Sample['labels']])[]>>;

const snapshot = (monotonic: number | null, families: Families): Snapshot => ({
  version: 1,
  machine: { origin: 'machine-file' },
  time: { monotonic },
  collectors: [],
  families: Object.fromEntries(
    Object.entries(families).map(([name, samples]) => [
      name,
      { samples: samples.map(([value, labels = {}]) => ({ value, labels })) },
    ]),
  ),
});
const reading = (families: Families, known?: ReadonlyMap<string, ReadonlySet<string>>) =>
  new Reading(snapshot(0, families), new Rates([]), known);
const tile = (id: string, of: Reading) => tiles.find((each) => each.id === id)!.read(of);

describe('rates', () => {
  const after = (...counts: readonly (readonly [at: number | null, value: number | undefined])[]) => {
    const rates = new Rates(['x_total']);
    return counts.map(([at, value]) => {
      rates.take(snapshot(at, value === undefined ? {} : { x_total: [[value, { app: 'a' }]] }));
      return rates.of('x_total')[0]?.value;
    });
  };

  test('are growth by the Mac’s own clock', () => {
    expect(after([100, 10], [102, 14], [103, 14])).toEqual([undefined, 2, 0]);
  });

  test('of a counter that falls start anew', () => {
    expect(after([0, 10], [2, 4], [4, 8])).toEqual([undefined, undefined, 2]);
  });

  test('of a counter that was away start anew', () => {
    expect(after([0, 10], [2, undefined], [4, 12], [6, 14])).toEqual([undefined, undefined, undefined, 1]);
  });

  test('need a clock that goes on, and not for long', () => {
    expect(after([0, 1], [0, 2], [11, 3], [null, 4], [13, 5])).toEqual(Array(5).fill(undefined));
    expect(after([50, 1], [3, 2], [5, 6])).toEqual([undefined, undefined, 2]);
  });

  test('of series that differ in a label are not mixed', () => {
    const rates = new Rates(['x_total']);
    rates.take(
      snapshot(0, {
        x_total: [
          [1, { app: 'a' }],
          [5, { app: 'b' }],
        ],
      }),
    );
    rates.take(
      snapshot(2, {
        x_total: [
          [7, { app: 'b' }],
          [5, { app: 'a' }],
          [9, { app: 'c' }],
        ],
      }),
    );
    const of = new Reading(snapshot(2, {}), rates).ratesBy('x_total', 'app');
    expect(of).toEqual(
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
    );
  });

  test('are forgotten when nothing was heard', () => {
    const rates = new Rates(['x_total']);
    rates.take(snapshot(0, { x_total: [[1]] }));
    rates.forget();
    rates.take(snapshot(2, { x_total: [[3]] }));
    expect(rates.of('x_total')).toEqual([]);
  });
});

describe('the last minutes', () => {
  test('have a gap where a value was not there, and no latest value then', () => {
    const minutes = new Minutes();
    minutes.add(1, new Map([['a', 5]]));
    minutes.add(3, new Map([['b', 7]]), 2);
    minutes.add(
      5,
      new Map([
        ['a', 6],
        ['b', 8],
      ]),
    );
    expect([minutes.times, minutes.column('a'), minutes.column('b'), minutes.strip]).toEqual([
      [1, 3, 5],
      [5, null, 6],
      [null, 7, 8],
      [null, 2, null],
    ]);
    minutes.add(7, new Map());
    expect(minutes.names.map((name) => minutes.latest(name))).toEqual([undefined, undefined]);
  });

  test('are five, and what was not seen in them is forgotten', () => {
    const minutes = new Minutes();
    minutes.add(0, new Map([['gone', 1]]));
    for (let at = 2; at <= 600; at += 2) minutes.add(at, new Map([['here', at]]));
    expect(minutes.names).toEqual(['here']);
    expect([minutes.times[0], minutes.times.length]).toEqual([300, 151]);
    expect(minutes.column('here')).toHaveLength(151);
  });

  test('draw the highest on average, and none that is always 0 beside others', () => {
    const minutes = new Minutes();
    for (let at = 0; at < 10; at++)
      minutes.add(
        at,
        new Map([
          ['low', 1],
          ['zero', 0],
          ['high', 9],
        ]),
      );
    minutes.add(10, new Map([['new', 3]]));
    expect(minutes.highest(2)).toEqual(['high', 'new']);
    expect(minutes.highest(9)).toEqual(['high', 'new', 'low']);
  });

  test('begin anew if the clock is set back', () => {
    const minutes = new Minutes();
    minutes.add(10, new Map([['a', 1]]));
    minutes.add(4, new Map([['a', 2]]));
    expect([minutes.times, minutes.column('a')]).toEqual([[4], [2]]);
  });
});

describe('tiles', () => {
  test.each([
    [0, 1, 'Green', 'good', false],
    [1, 1, 'Yellow', 'warning', false],
    [2, 1, 'Red', 'bad', true],
    [2, 4, 'Red', 'bad', false],
  ])('pressure %d, to the kernel %d, is %s', (level, kernel, value, colour, usual) => {
    const view = tile(
      'pressure',
      reading({ memory_pressure_level: [[level]], mac_memory_pressure_kernel_level: [[kernel]] }),
    )!;
    expect(view).toMatchObject({ value, level: colour });
    expect(view.notes!.some((note) => note.includes('usual on a host with wired model weights'))).toBe(usual);
  });

  test('chip power is the sum of all rails, or nothing', () => {
    const all: Families = {
      mac_power_watts: [
        [2, { rail: 'cpu' }],
        [3.5, { rail: 'gpu' }],
      ],
      metalstat_exporter_rail_publication_age_seconds: [
        [0, { rail: 'cpu' }],
        [0, { rail: 'gpu' }],
      ],
    };
    expect(tile('chip-power', reading(all))).toMatchObject({
      value: '5.50\u00a0W',
      notes: ['Sum of 2 rails'],
    });
    const some = { ...all, mac_power_watts: [[2, { rail: 'cpu' }] as const] };
    expect(tile('chip-power', reading(some))).toBeUndefined();
    const known = new Map([['mac_power_watts', new Set(['cpu', 'gpu', 'dram'])]]);
    expect(tile('chip-power', reading(all, known))).toBeUndefined();
    expect(tile('chip-power', reading({}))).toBeUndefined();
  });

  test('a battery says which way, and until when', () => {
    const battery = (more: Families) =>
      tile('battery', reading({ mac_battery_charge_ratio: [[0.47]], ...more }));
    expect(
      battery({
        mac_battery_charging: [[0]],
        mac_external_power: [[0]],
        mac_battery_power_watts: [[36.78]],
        mac_battery_time_remaining_seconds: [[5040]],
      }),
    ).toMatchObject({
      value: '47\u00a0%',
      notes: ['On battery', '36.8\u00a0W out of it', '1\u00a0h 24\u00a0min until empty'],
    });
    expect(battery({ mac_battery_charging: [[1]], mac_battery_power_watts: [[-20]] })).toMatchObject({
      notes: ['Charging'],
    });
    expect(battery({})).toMatchObject({ notes: [] });
  });

  test('a row that was there and is not is said to be not available', () => {
    const known = new Set<string>();
    const temperatures = (families: Families) =>
      withKnownRows(tile('temperatures', reading(families)), known);
    expect(temperatures({ mac_cpu_temperature_celsius: [[50]] })?.rows).toEqual([
      { name: 'CPU', value: '50\u00a0°C' },
    ]);
    temperatures({ mac_cpu_temperature_celsius: [[50]], mac_gpu_temperature_celsius: [[40]] });
    expect(temperatures({ mac_gpu_temperature_celsius: [[41]] })?.rows).toEqual([
      { name: 'CPU', value: 'not available' },
      { name: 'GPU', value: '41\u00a0°C' },
    ]);
    expect(temperatures({})).toBeUndefined();
  });

  test('a share of nothing is no bar', () => {
    expect(tile('swap', reading({ mac_swap_used_bytes: [[0]], mac_swap_total_bytes: [[0]] }))).toEqual({
      value: '0\u00a0B',
      notes: ['of 0\u00a0B'],
    });
  });

  test('of nothing there is none, nor a chart', () => {
    const nothing = reading({});
    expect(tiles.filter((each) => each.read(nothing))).toEqual([]);
    expect(charts.filter((each) => each.lines(nothing).size > 0)).toEqual([]);
  });
});

test.each(machineNames)('on %s there are the tiles and charts that it has values for', async (name) => {
  const shown = await withExporter(name, async ({ pages, double }) => {
    const rates = new Rates(['mac_memory_bandwidth_bytes_total', 'mac_app_cpu_seconds_total']);
    let of!: Reading;
    for (let i = 0; i < 6; i++) {
      const answer = snapshotOf(pages.families, await pages.collect(5, VIEW_WINDOW));
      rates.take(answer);
      of = new Reading(answer, rates);
      double.step(2);
    }
    return {
      tiles: tiles.filter((each) => each.read(of)).map(({ id }) => id),
      charts: charts.filter((each) => each.lines(of).size > 0).map(({ id }) => id),
      has: (family: string) => of.samples(family).length > 0,
      rails: of.samples('mac_power_watts').length,
      published: of.samples('metalstat_exporter_rail_publication_age_seconds').length,
    };
  });
  const agree = (id: string, family: string) =>
    expect([id, shown.tiles.includes(id)]).toEqual([id, shown.has(family)]);
  agree('gpu', 'gpu_utilization');
  agree('cpu', 'mac_cpu_utilization_ratio');
  agree('memory', 'mac_memory_used_bytes');
  agree('metal', 'metal_alloc_bytes');
  agree('fans', 'mac_fan_speed_rpm');
  agree('battery', 'mac_battery_charge_ratio');
  agree('thermal', 'mac_thermal_pressure_level');
  agree('system-power', 'mac_system_power_watts');
  // Of a Mac with dead rails there is no sum.
  expect(shown.tiles.includes('chip-power')).toBe(shown.rails > 0 && shown.rails === shown.published);
  expect(shown.charts.includes('fan')).toBe(shown.has('mac_fan_speed_rpm'));
  expect(shown.charts.includes('gpu')).toBe(shown.has('gpu_utilization'));
  expect(shown.charts).toEqual(expect.arrayContaining(['cpu', 'memory', 'app-cpu']));
});

test.each([
  [format.percent(0.4086), '41 %'],
  [format.percent(0.04), '4.0 %'],
  [format.watts(0.3), '0.30 W'],
  [format.watts(47.25), '47.3 W'],
  [format.celsius(51.2), '51 °C'],
  [format.rpm(2526.01), '2,526 rpm'],
  [format.megahertz(982268099), '982 MHz'],
  [format.memory(137438953472), '128 GiB'],
  [format.memory(51e9), '47.5 GiB'],
  [format.memory(0), '0 B'],
  [format.memory(639844352), '610 MiB'],
  [format.perSecond(31.3e9), '31.3 GB/s'],
  [format.perSecond(999), '999 B/s'],
  [format.perSecond(999.7e6), '1.0 GB/s'],
  [format.duration(5040), '1 h 24 min'],
  [format.duration(300), '5 min'],
  [format.cores(1.3456), '1.35 cores'],
])('%s', (text, expected) => {
  expect(text.replaceAll('\u00a0', ' ')).toBe(expected);
});
