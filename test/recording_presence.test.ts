// How the double plays what a recording saw only in some of its frames ("Seen" in test/machines/README.md): processes,
// coalitions, and a driver's clients. The frames are those of `bare`, at 0, 1 and 2 s, and so a cycle is 2 s long.

import type { Coalition, Entry, MachineFile, Process, Seen } from '../src/native/machine_file';
import type { SourceName } from '../src/native/native';
import type { Machine } from './support/machines';
import { bare, TestSource, watch, withSource, withStarted } from './support/source';

const SECOND = 24_000_000;
const CYCLE = 2 * SECOND;

const macWith = (sections: Partial<MachineFile>): Machine => bare(sections as unknown as Partial<Machine>);
const using = (
  name: SourceName,
  sections: Partial<MachineFile>,
  use: (source: TestSource) => Promise<void>,
) => withStarted(new TestSource(macWith(sections), name), use);

const everyHalf = (until: number) => Array.from({ length: 2 * until + 1 }, (_, i) => i / 2);

const FRAMES: readonly Seen['frames'][] = [
  [0, 0],
  [1, 1],
  [2, 2],
  [0, 1],
  [1, 2],
  [0, 2],
];
/** At 0, 0.5, … 4.5 s: the one of which cycle is there. The last frame is an instant. */
const PRESENCE = [
  '0 0 - - - 1 - - - 2',
  '- - 0 0 - - 1 1 - -',
  '- - - - 0 - - - 1 -',
  '0 0 0 0 - 1 1 1 - 2',
  '- - 0 0 0 - 1 1 1 -',
  '0 0 0 0 0 1 1 1 1 2',
];
const presences = FRAMES.map((frames, i) => ({ frames, presence: PRESENCE[i]! }));
const cycleOf = (ids: readonly number[], id: number, step: number): string => {
  expect(ids.length).toBeLessThan(2);
  return ids.length === 0 ? '-' : String((ids[0]! - id) / step);
};

describe('a process', () => {
  const USAGE = { user: 0, system: 10, read: 20, written: 30, footprint: 0, energy: 40 };
  const process = (more: Partial<Process>): Process => ({
    pid: 500,
    unique: 9000,
    coalition: 700,
    uid: 501,
    path: '/usr/bin/cc',
    comm: 'cc',
    start: 1_000_000,
    usage: USAGE,
    ...more,
  });
  const LAUNCHD = process({
    pid: 1,
    unique: 1,
    coalition: 1,
    uid: 0,
    path: '/sbin/launchd',
    comm: 'launchd',
  });
  /** Beside the one that is always there. */
  const with_ = (...mortal: Process[]) => ({
    libproc: { uid: 501, rusage: 6 as const, processes: [LAUNCHD, ...mortal] },
  });
  const othersOf = async (source: TestSource) => {
    const { rows, failures } = await source.readRows();
    expect(failures).toEqual([]);
    expect(rows![0]).toMatchObject({ pid: 1, p_uniqueid: 1, coalition_id: 1 });
    return rows!.slice(1);
  };
  const recorded = async (source: TestSource) => {
    const { state, failures } = await source.double.sources.libproc.record();
    expect(failures).toEqual([]);
    return (state as { processes: readonly Process[] }).processes.slice(1);
  };

  test.each(presences)('seen in the frames $frames is there in each cycle', async ({ frames, presence }) => {
    await using('libproc', with_(process({ seen: { frames, step: 10 } })), async (source) => {
      const look = async () => (await othersOf(source)).map(({ p_uniqueid: unique }) => unique!);
      const seen = (await watch(source, everyHalf(4.5), look)).map((ids) => cycleOf(ids, 9000, 10));
      expect(seen.join(' ')).toBe(presence);
    });
  });

  test('is each time another one under the same pid, begun a cycle later, in another coalition', async () => {
    const seen = { frames: [1, 1], step: 10, coalitions: 300 } as const;
    await using('libproc', with_(process({ seen })), async (source) => {
      const [first, second, third] = await watch(source, [1, 3, 5.5], () => recorded(source));
      expect(first).toMatchObject([{ pid: 500, unique: 9000, coalition: 700, start: 1_000_000 }]);
      expect(second).toMatchObject([{ pid: 500, unique: 9010, coalition: 1000, start: 1_000_000 + CYCLE }]);
      expect(third).toMatchObject([
        { pid: 500, unique: 9020, coalition: 1300, start: 1_000_000 + 2 * CYCLE },
      ]);
    });
  });

  test('without coalitions is always of the same one', async () => {
    await using('libproc', with_(process({ seen: { frames: [1, 1], step: 1 } })), async (source) => {
      expect(await watch(source, [1, 3], () => recorded(source))).toMatchObject([
        [{ coalition: 700 }],
        [{ unique: 9001, coalition: 700 }],
      ]);
    });
  });

  test('has the counters of its frames in every cycle, and they stand still after the last of them', async () => {
    const usage = { ...USAGE, user: [100, 300, 7], footprint: [5, 9, 1] };
    await using('libproc', with_(process({ seen: { frames: [0, 1], step: 10 }, usage })), async (source) => {
      const look = async () =>
        (await othersOf(source)).map(({ ri_user_time: user, ri_phys_footprint: footprint }) => [
          user,
          footprint,
        ]);
      const expected = [[[100, 5]], [[200, 5]], [[300, 9]], [[300, 9]]];
      expect(await watch(source, [0, 0.5, 1, 1.5], look)).toEqual(expected);
      // The first frame of a later cycle is there from just after the last one of the cycle before.
      expect(await watch(source.step(0.75), [0, 0.25, 0.75, 1.25], look)).toEqual([
        [[150, 5]],
        ...expected.slice(1),
      ]);
    });
  });

  test('never has a counter that falls', async () => {
    const processes = FRAMES.map((frames, i) =>
      process({
        pid: 500 + i,
        unique: 9000 + 100 * i,
        seen: { frames, step: 1 },
        usage: { ...USAGE, user: [900 - i, 950 + i, 1000] },
      }),
    );
    const latest = new Map<number, number>();
    await using('libproc', with_(...processes), async (source) => {
      await watch(source, everyHalf(9), async () => {
        for (const { p_uniqueid: unique, ri_user_time: user } of await othersOf(source)) {
          expect(user).toBeGreaterThanOrEqual(latest.get(unique!) ?? 0);
          latest.set(unique!, user!);
        }
      });
    });
    expect(latest.size).toBeGreaterThan(20);
  });

  test('leaves its pid to another in the frames after its own', async () => {
    const before = process({ seen: { frames: [0, 0], step: 10 } });
    const after = process({ unique: 9001, path: '/usr/bin/ld', seen: { frames: [1, 1], step: 10 } });
    await using('libproc', with_(before, after), async (source) => {
      const look = async () => (await othersOf(source)).map(({ p_uniqueid: unique }) => unique);
      expect(await watch(source, [0, 1, 2, 2.5, 3], look)).toEqual([[9000], [9001], [], [9010], [9011]]);
    });
  });
});

describe('a coalition', () => {
  const ALWAYS: Coalition = { id: 1, words: { 3: [10, 20, 30] } };
  const with_ = (...coalitions: Coalition[]) => ({ coalition: { bytes: 360, coalitions } });

  test.each(presences)('seen in the frames $frames is there in each cycle', async ({ frames, presence }) => {
    const one = { id: 700, words: { 3: 5 }, seen: { frames, step: 300 } };
    await using('coalition', with_(ALWAYS, one), async (source) => {
      const look = async () => (await source.readRows()).rows!.map(({ id }) => id!);
      const seen = (await watch(source, everyHalf(4.5), look)).map(([always, ...ids]) => {
        expect(always).toBe(1);
        return cycleOf(ids, 700, 300);
      });
      expect(seen.join(' ')).toBe(presence);
    });
  });

  test('has the words of its frames in every cycle; one that is always there goes on', async () => {
    const one: Coalition = {
      id: 700,
      words: { 3: [100, 300, 0], 40: [7, 8, 9] },
      seen: { frames: [0, 1], step: 300 },
    };
    await using('coalition', with_(ALWAYS, one), async (source) => {
      const look = async () =>
        (await source.readRows()).rows!.map(({ id, 3: cpu, 40: memory }) => [id, cpu, memory]);
      expect(await watch(source, [0.5, 1, 1.5, 2, 2.5, 3.5], look)).toEqual([
        [
          [1, 15, 0],
          [700, 200, 7],
        ],
        [
          [1, 20, 0],
          [700, 300, 8],
        ],
        [
          [1, 25, 0],
          [700, 300, 8],
        ],
        [[1, 30, 0]],
        [
          [1, 35, 0],
          [1000, 200, 7],
        ],
        [
          [1, 45, 0],
          [1000, 300, 8],
        ],
      ]);
    });
  });

  test('without words is listed and cannot be read', async () => {
    const empty = { id: 700, seen: { frames: [0, 1], step: 300 } } as const;
    await using('coalition', with_(ALWAYS, empty), async (source) => {
      const recorded = async () => (await source.double.sources.coalition.record()).state;
      expect(await watch(source, [0, 2, 2.5], recorded)).toMatchObject([
        { coalitions: [{ id: 1 }, { id: 700 }] },
        { coalitions: [{ id: 1 }] },
        { coalitions: [{ id: 1 }, { id: 1000 }] },
      ]);
    });
  });
});

describe('a client of a driver', () => {
  const client = (id: number, used: readonly number[], seen?: Seen): Entry => ({
    id,
    class: ['AGXDeviceUserClient', 'IOUserClient', 'IOService'],
    name: 'AGXDeviceUserClient',
    properties: {
      IOUserClientCreator: 'pid 500, cc',
      CommandQueueCount: 3,
      AppUsage: { list: [{ dict: { accumulatedGPUTime: { counter: used } } }] },
    },
    ...(seen && { seen }),
  });
  const ALWAYS = client(200, [10, 20, 30]);
  const with_ = (...children: Entry[]): Partial<MachineFile> => ({
    ioregistry: [
      {
        id: 100,
        class: ['AGXAcceleratorG16G', 'IOAccelerator'],
        name: 'AGXAcceleratorG16G',
        properties: {},
        children,
      },
    ],
  });

  test.each(presences)('seen in the frames $frames is there in each cycle', async ({ frames, presence }) => {
    await using('gpu_clients', with_(ALWAYS, client(300, [1, 2, 3], { frames, step: 8 })), async (source) => {
      const look = async () => (await source.readRows()).rows!.map(({ id }) => id!);
      const seen = (await watch(source, everyHalf(4.5), look)).map(([always, ...ids]) => {
        expect(always).toBe(200);
        return cycleOf(ids, 300, 8);
      });
      expect(seen.join(' ')).toBe(presence);
    });
  });

  test('has used in every cycle what its frames say; one that is always there goes on', async () => {
    const child = client(300, [100, 300, 0], { frames: [0, 1], step: 8 });
    await using('gpu_clients', with_(ALWAYS, child), async (source) => {
      const look = async () =>
        (await source.readRows()).rows!.map(({ id, accumulatedGPUTime: used }) => [id, used]);
      expect(await watch(source, [0.5, 1.5, 2, 2.5, 3.5], look)).toEqual([
        [
          [200, 15],
          [300, 200],
        ],
        [
          [200, 25],
          [300, 300],
        ],
        [[200, 30]],
        [
          [200, 35],
          [308, 200],
        ],
        [
          [200, 45],
          [308, 300],
        ],
      ]);
    });
  });

  test('is found as a child, and not by its class', async () => {
    const wants = { ioregistry: { live: ['AGXDeviceUserClient CommandQueueCount'], facts: [] } };
    const listedWith = async (child: Entry) => {
      const source = new TestSource(macWith(with_(child)), 'ioregistry', wants);
      return withSource(source, async () => (await source.list()).channels.map(({ group }) => group));
    };
    expect(await listedWith(ALWAYS)).toEqual(['AGXDeviceUserClient']);
    expect(await listedWith(client(300, [1, 2, 3], { frames: [0, 2], step: 8 }))).toEqual([]);
  });
});
