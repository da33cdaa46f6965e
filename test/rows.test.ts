// Rows of what comes and goes, from the array of a reading to a part: which column is what, and names asked for once.

import { coalitions, countsAne, gpuClients, processes, USAGE } from '../src/decode/apps';
import { DECODED_NAMES, decoderOf } from '../src/decode/parts';
import { columnOf, readColumn, rowsOf } from '../src/decode/rows';
import { Sums } from '../src/decode/sums';
import type { Channel, Source } from '../src/native/native';
import { Facts } from '../src/sampler/facts';
import { Feed } from '../src/sampler/feed';
import { Names } from '../src/sampler/names';
import { DEFAULT_WINDOW } from '../src/sampler/sampler';
import { openMachine } from '../src/exporter';
import { CHIP } from './support/corpus';
import { machineText } from './support/machines';

const columns = (group: string, ...names: string[]): Channel[] =>
  names.map((name, at) => ({ group, subgroup: '', name, unit: '', id: '', driver: 0, states: [], at }));
const reading = (rows: readonly (readonly number[])[], room = 3): Float64Array =>
  Float64Array.from([77, rows.length, ...rows.flat(), ...new Array<number>(room).fill(-1)]);
const usage = (values: readonly Float64Array[]) =>
  Object.fromEntries(USAGE.map((name, i) => [name, [...values[i]!]]));
const TIMEBASE = { 'mach_timebase_info numer': 125, 'mach_timebase_info denom': 3 };
const NOBODY = new Map<number, string>();

describe('rows', () => {
  test('are as many as the reading says, and unknown is not none', () => {
    expect([rowsOf(reading([[1], [2]])), rowsOf(reading([])), rowsOf(Float64Array.of(1, NaN))]).toEqual([
      2,
      0,
      undefined,
    ]);
  });

  test('have columns by name; one that is not there is unknown in every row', () => {
    const chosen = columns('g', 'a', 'b');
    const values = reading([
      [1, 2],
      [3, 4],
    ]);
    expect([...readColumn(values, 2, 2, columnOf(chosen, 'b'))]).toEqual([2, 4]);
    expect([...readColumn(values, 2, 2, columnOf(chosen, 'c'))]).toEqual([NaN, NaN]);
  });
});

describe('coalitions', () => {
  const chosen = columns('coalition', 'id', '3', '6', '7', '11', '38', '39', '41');

  test('each counter is the word that xnu has for it', () => {
    const part = coalitions.bind(chosen, TIMEBASE)!(reading([[612, 3, 6, 7, 11, 38, 39, 41]]), NOBODY)!;
    expect([...part.ids]).toEqual([612]);
    expect(usage(part.usage)).toEqual({
      cpu: [3],
      ane: [38],
      energyCpu: [11],
      energyGpu: [41],
      energyAne: [39],
      read: [6],
      write: [7],
    });
    expect(part.timebase).toEqual({ numer: 125, denom: 3 });
  });

  test('no other word is read', () => {
    const wanted = columns('coalition', 'id', ...Array.from({ length: 45 }, (_, i) => String(i)));
    expect(wanted.filter((c) => coalitions.wants(c, {})).map(({ name }) => name)).toEqual([
      'id',
      '3',
      '6',
      '7',
      '11',
      '38',
      '39',
      '41',
    ]);
  });

  test('without a row, rows or the length of a tick there is nothing', () => {
    const decode = coalitions.bind(chosen, TIMEBASE)!;
    expect([decode(reading([]), NOBODY), decode(Float64Array.of(1, NaN), NOBODY)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(coalitions.bind(chosen, { 'mach_timebase_info numer': 125 })).toBeUndefined();
    expect(coalitions.bind(chosen, { 'mach_timebase_info denom': 3 })).toBeUndefined();
    expect(coalitions.bind(columns('coalition', '3'), TIMEBASE)).toBeUndefined();
    expect([coalitions.lacks!(chosen, {}), coalitions.lacks!(chosen, TIMEBASE)]).toEqual([
      'clock',
      undefined,
    ]);
  });
});

test('processes: CPU time is user and system time, and what a process does not tell is unknown', () => {
  const fields = [
    'ri_user_time',
    'ri_system_time',
    'ri_diskio_bytesread',
    'ri_diskio_byteswritten',
    'ri_energy_nj',
  ];
  const chosen = columns(
    'libproc',
    'pid',
    'p_uniqueid',
    'coalition_id',
    ...fields,
    'ri_phys_footprint',
    'ri_resident_size',
  );
  const decode = processes.bind(chosen, {})!;
  const part = decode(
    reading([
      [450, 11, 7, 100, 20, 3, 4, 5, 6, 7],
      [1, 1, 1, ...new Array<number>(7).fill(NaN)],
    ]),
    NOBODY,
  )!;
  expect([[...part.pids], [...part.uniques], [...part.coalitions]]).toEqual([
    [450, 1],
    [11, 1],
    [7, 1],
  ]);
  expect([...part.footprints]).toEqual([6, NaN]);
  expect([...part.residents]).toEqual([7, NaN]);
  expect(usage(part.usage)).toEqual({
    cpu: [120, NaN],
    ane: [NaN, NaN],
    energyCpu: [5, NaN],
    energyGpu: [NaN, NaN],
    energyAne: [NaN, NaN],
    read: [3, NaN],
    write: [4, NaN],
  });
  expect([decode(reading([]), NOBODY), processes.bind([], {})]).toEqual([undefined, undefined]);
});

test('columns of one source are none of another', () => {
  const [id, pid] = [columns('elsewhere', 'id'), columns('elsewhere', 'pid')].map(([column]) => column!);
  expect([coalitions.wants(id!, {}), processes.wants(pid!, {}), gpuClients.wants(id!, {})]).toEqual([
    false,
    false,
    false,
  ]);
});

test('work of the ANE is counted as soon as one coalition has a word for it', () => {
  const decode = coalitions.bind(columns('coalition', 'id', '38'), TIMEBASE)!;
  const counted = (...ticks: number[]) =>
    countsAne({ ...decode(reading(ticks.map((each) => [1, each])), NOBODY)!, at: 1, generation: 1 });
  expect([counted(NaN, 0), counted(5, 6), counted(NaN, NaN)]).toEqual([true, true, false]);
});

test('GPU clients: none is something else than unknown', () => {
  const decode = gpuClients.bind(
    columns('AGXDeviceUserClient', 'id', 'pid', 'index', 'accumulatedGPUTime'),
    {},
  )!;
  const part = decode(reading([[901, 440, 0, 5]]), NOBODY)!;
  expect([[...part.ids], [...part.pids], [...part.indices], [...part.nanoseconds]]).toEqual([
    [901],
    [440],
    [0],
    [5],
  ]);
  expect(decode(reading([]), NOBODY)!.ids).toHaveLength(0);
  expect(decode(Float64Array.of(1, NaN), NOBODY)).toBeUndefined();
});

describe('names', () => {
  const chosen = columns('libproc', 'pid', 'p_uniqueid');
  const learning = () => {
    const asked: number[][] = [];
    const source = {
      names(ids: Float64Array) {
        asked.push([...ids]);
        return Promise.resolve([...ids].map((id) => `name ${id}`));
      },
    } as unknown as Source;
    const names = new Names();
    const learn = (...ids: number[]) =>
      names.learn(source, reading(ids.map((id) => [0, id])), chosen, 'p_uniqueid');
    return { asked, names, learn, source };
  };

  test('are asked for once, when an id is first seen', async () => {
    const { asked, names, learn } = learning();
    await learn(1, 2);
    await learn(1, 2);
    await learn(2, 3, 4);
    expect(asked).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([...names.known]).toEqual([
      [2, 'name 2'],
      [3, 'name 3'],
      [4, 'name 4'],
    ]);
  });

  test('are forgotten with their ids', async () => {
    const { names, learn } = learning();
    await learn(1, 2, 3);
    await learn(3);
    expect([...names.known.keys()]).toEqual([3]);
    for (let i = 10; i < 1000; i++) await learn(i, i + 1);
    expect(names.known.size).toBeLessThanOrEqual(3);
  });

  test('stay with the reading that told them', async () => {
    const { names, learn } = learning();
    await learn(1, 2);
    const told = names.known;
    await learn(2, 3);
    expect([...told]).toEqual([
      [1, 'name 1'],
      [2, 'name 2'],
    ]);
    expect([...names.known.keys()]).toEqual([2, 3]);
  });

  test('stay as they are while rows are not known, or have no ids', async () => {
    const { asked, names, learn, source } = learning();
    await learn(7);
    await names.learn(source, Float64Array.of(1, NaN), chosen, 'p_uniqueid');
    await names.learn(source, reading([[5]]), columns('libproc', 'pid'), 'p_uniqueid');
    expect(asked).toEqual([[7]]);
    expect([...names.known.keys()]).toEqual([7]);
  });
});

test('of rows no earlier ones are kept: no window starts at them', async () => {
  const double = openMachine({ name: 'x', text: machineText(CHIP.M1) }, 'manual');
  try {
    const kept = new Map<string, number>();
    for (const source of ['libproc', 'coalition', 'gpu_clients', 'notify'] as const) {
      const parts = DECODED_NAMES.filter((name) => decoderOf(name).source === source);
      const facts = new Facts([source]);
      facts.add(source, { values: TIMEBASE, failures: [] });
      const feed = new Feed(
        source,
        double.sources[source],
        parts,
        facts,
        new Sums(),
        DEFAULT_WINDOW,
        () => 0,
      );
      for (let i = 0; i < 4; i++) {
        await feed.run();
        feed.admit(true);
        double.step(5);
      }
      // Nor after a sleep, when all windows start anew at the newest sample.
      if (source !== 'notify') feed.rebase();
      for (const part of parts) {
        const { now, history } = feed.outcome(part)!;
        kept.set(part, now ? history.samples.length : NaN);
      }
    }
    expect(Object.fromEntries(kept)).toEqual({
      processes: 0,
      coalitions: 0,
      gpuClients: 0,
      thermalPressure: 4,
      lowPowerMode: 4,
    });
  } finally {
    double.close();
  }
});
