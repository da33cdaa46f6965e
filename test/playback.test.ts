// What only a recording holds, played: what was seen in some frames, and what its drivers published when. The frames are
// a second apart and there are three of them, so that the workload repeats every two seconds.

import type { Coalition, Entry, MachineFile, Process, Report } from '../src/native/machine_file';
import type { SourceName, Wants } from '../src/native/native';
import type { Machine } from './support/machines';
import { bare, TestSource, withStarted } from './support/source';

const SECOND = 24_000_000;
const START = 1000 * SECOND;

const source = (name: SourceName, sections: Partial<MachineFile>, wants: Partial<Wants> = {}): TestSource =>
  new TestSource(bare(sections as unknown as Partial<Machine>), name, wants);

/** A Mac without any process is none; this one is not looked at. */
const LAUNCHD: Process = { pid: 1, unique: 1, coalition: 1, uid: 0, path: '/sbin/launchd', comm: 'launchd' };

/** Rows at 0, 0.5, 1, … seconds, as `tell` sees each. */
async function atHalves<T>(
  of: TestSource,
  tell: (row: Record<string, number>) => T,
  halves = 9,
): Promise<readonly (readonly T[])[]> {
  const seen: (readonly T[])[] = [];
  await withStarted(of, async (started) => {
    for (let half = 0; half < halves; half++) {
      seen.push((await started.readRows()).rows!.filter(({ pid }) => pid !== LAUNCHD.pid).map(tell));
      started.step(0.5);
    }
  });
  return seen;
}

describe('a process that was seen in some frames', () => {
  const of = (detail: Partial<Process>): Partial<MachineFile> => ({
    libproc: {
      uid: 501,
      rusage: 6,
      processes: [
        LAUNCHD,
        { pid: 7, unique: 50, coalition: 3, uid: 501, path: '/bin/cc', comm: 'cc', ...detail },
      ],
    },
  });
  const usage = { system: 0, read: 0, written: 0, footprint: [5, 6, 7], energy: 0, user: [0, 100, 200] };

  test('is there in these and the time after each, and in every repetition as another one', async () => {
    const machine = of({ seen: { frames: [1, 1], step: 10, coalitions: 4 } });
    expect(
      await atHalves(source('libproc', machine), (row) => [
        row['pid'],
        row['p_uniqueid'],
        row['coalition_id'],
      ]),
    ).toEqual([[], [], [[7, 50, 3]], [[7, 50, 3]], [], [], [[7, 60, 7]], [[7, 60, 7]], []]);
  });

  test('at the last frame and just after it is another', async () => {
    const machine = of({ seen: { frames: [0, 2], step: 10 } });
    const uniques = await atHalves(source('libproc', machine), (row) => row['p_uniqueid']);
    expect(uniques).toEqual([[50], [50], [50], [50], [50], [60], [60], [60], [60]]);
  });

  test('counts between its frames and not beyond, and anew each time', async () => {
    const machine = of({ usage, seen: { frames: [0, 1], step: 10 } });
    const told = await atHalves(source('libproc', machine), (row) => [
      row['ri_user_time'],
      row['ri_phys_footprint'],
    ]);
    expect(told).toEqual([
      [[0, 5]],
      [[50, 5]],
      [[100, 6]],
      [[100, 6]],
      [],
      [[50, 5]],
      [[100, 6]],
      [[100, 6]],
      [],
    ]);
  });
});

test('a coalition that was seen in some frames is gone in the others (ESRCH)', async () => {
  const coalitions: readonly Coalition[] = [
    { id: 1, words: { 3: 1 } },
    { id: 8, words: { 3: [0, 10, 20] }, seen: { frames: [0, 1], step: 5 } },
  ];
  const machine = { coalition: { bytes: 360, coalitions } };
  const rows = await atHalves(source('coalition', machine), (row) => [row['id'], row['3']]);
  expect(rows).toEqual([
    [
      [1, 1],
      [8, 0],
    ],
    [
      [1, 1],
      [8, 5],
    ],
    [
      [1, 1],
      [8, 10],
    ],
    [
      [1, 1],
      [8, 10],
    ],
    [[1, 1]],
    [
      [1, 1],
      [13, 5],
    ],
    [
      [1, 1],
      [13, 10],
    ],
    [
      [1, 1],
      [13, 10],
    ],
    [[1, 1]],
  ]);
});

test('a GPU client that was seen in some frames is no child in the others', async () => {
  const client: Entry = {
    id: 90,
    class: ['AGXDeviceUserClient'],
    name: 'AGXDeviceUserClient',
    properties: {
      IOUserClientCreator: 'pid 7, cc',
      AppUsage: { list: [{ dict: { accumulatedGPUTime: { counter: [0, 100, 200] } } }] },
    },
    seen: { frames: [0, 1], step: 3 },
  };
  const gpu: Entry = { id: 80, class: ['IOAccelerator'], name: 'GPU', properties: {}, children: [client] };
  const rows = await atHalves(source('gpu_clients', { ioregistry: [gpu] }), (row) => [
    row['id'],
    row['accumulatedGPUTime'],
  ]);
  expect(rows).toEqual([
    [[90, 0]],
    [[90, 50]],
    [[90, 100]],
    [[90, 100]],
    [],
    [[93, 50]],
    [[93, 100]],
    [[93, 100]],
    [],
  ]);
});

describe('a channel with stamps', () => {
  const report = (detail: Partial<Report>): Report => ({
    group: 'Energy Model',
    subgroup: '',
    driver: [5, 'PMGR'],
    unit: ['0', 'mJ'],
    format: 'simple',
    channels: [['0000000000000001', 'CPU Energy', 10, 20, 40]],
    ...detail,
  });
  /** Stamp in seconds after the first frame, and values, every quarter of a second. */
  async function told(of: Report, quarters: number): Promise<readonly (readonly number[])[]> {
    const seen: number[][] = [];
    const wants = { ioreport: ['Energy Model'] };
    await withStarted(source('ioreport', { ioreport: [of] }, wants), async ({ double }) => {
      for (let quarter = 0; quarter < quarters; quarter++) {
        const { values } = await double.sources.ioreport.read();
        seen.push(
          [values[1]! - START / SECOND, ...values.slice(2)].map((value) => Math.round(value * 1e6) / 1e6),
        );
        double.step(0.25);
      }
    });
    return seen;
  }
  const at = (seconds: number): number => START + seconds * SECOND;

  test('has what was published last, and its stamp, for ever', async () => {
    expect(await told(report({ stamps: [at(-0.5), at(0.5), at(1.75)] }), 18)).toEqual([
      [-0.5, 10],
      [-0.5, 10],
      [0.5, 20],
      [0.5, 20],
      [0.5, 20],
      [0.5, 20],
      [0.5, 20],
      [1.75, 40],
      [1.75, 40],
      // Again from the first frame, which shows what the last has shown.
      [1.75, 40],
      [2.5, 50],
      [2.5, 50],
      [2.5, 50],
      [2.5, 50],
      [2.5, 50],
      [3.75, 70],
      [3.75, 70],
      [3.75, 70],
    ]);
  });

  test('whose driver has published nothing new stays as it is', async () => {
    const silent = report({
      stamps: [at(-9), at(-9), at(-9)],
      channels: [['0000000000000001', 'CPU Energy', 10]],
    });
    for (const one of await told(silent, 12)) expect(one).toEqual([-9, 10]);
  });

  test('of states has that stamp too', async () => {
    const states = report({
      format: 'state',
      states: ['OFF', 'P1'],
      stamps: [at(0), at(1), at(1)],
      channels: [['0000000000000001', 'GPUPH', [1, 2], [3, 4], [3, 4]]],
    });
    expect(await told(states, 9)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
      ...Array.from({ length: 5 }, () => [1, 3, 4]),
    ]);
  });
});

describe('what is wrong is refused, with the place', () => {
  const libproc = (detail: object) => ({
    libproc: {
      uid: 501,
      rusage: 6,
      processes: [{ pid: 7, unique: 50, coalition: 3, uid: 501, path: null, comm: 'cc', ...detail }],
    },
  });
  const ioreport = (detail: object) => ({
    ioreport: [
      {
        group: 'G',
        subgroup: '',
        driver: [5, 'D'],
        unit: ['0', null],
        format: 'simple',
        channels: [['0000000000000001', 'C', 1]],
        ...detail,
      },
    ],
  });
  const life = { from: 0, to: 10, step: 1 };
  test.each([
    [
      libproc({ seen: { frames: [2, 1], step: 1 } }),
      /^libproc\.processes\[0\]\.seen\.frames\[1\]: expected 2 to 2$/,
    ],
    [libproc({ seen: { frames: [0, 3], step: 1 } }), /seen\.frames\[1\]: expected 0 to 2$/],
    [libproc({ seen: { frames: [0, 1], step: 0 } }), /seen\.step: expected 1 to/],
    [libproc({ seen: { frames: [0], step: 1 } }), /seen\.frames: expected 2 items/],
    [libproc({ seen: { frames: [0, 1], step: 1 }, life }), /seen: it has a life already$/],
    [ioreport({ stamps: [1, 2] }), /^ioreport\[0\]\.stamps: expected 3 items: one per frame$/],
    [ioreport({ stamps: [2, 1, 3] }), /stamps\[1\]: time runs backwards$/],
    [ioreport({ stamps: [1, 2, START * 2] }), /stamps\[2\]: published after its frame$/],
    [ioreport({ stamps: [1, 2, 3], publish: { period: 1, at: [0] } }), /stamps: it has publish already$/],
  ])('%j', (sections, message) => {
    expect(() => source('libproc', sections as Partial<MachineFile>)).toThrow(message);
  });

  test('a report of the doctor is no part of the machine', async () => {
    const machine = { doctor: { anything: [1, null, 'x'] } } as Partial<MachineFile>;
    await withStarted(source('host', machine), () => Promise.resolve());
  });
});
