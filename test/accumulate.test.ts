// Own sums of apps, from rows made here: what counts, whose it is, and that nothing is counted twice or falls.

import fc from 'fast-check';
import { USAGE, type Coalitions, type GpuClients, type Processes } from '../src/decode/apps';
import { Accumulator } from '../src/sampler/accumulate';
import { DEFAULT_APP_RULE, Labels, type AppRule } from '../src/sampler/labels';
import { Members } from '../src/sampler/members';
import { Roster } from '../src/sampler/roster';
import { tellApps, type Apps } from '../src/sampler/tell_apps';

const SECOND = 1e9;

/** Ticks are nanoseconds here, so that an app's counters are seconds, joules and bytes of what is put in. */
const coalitions = (
  at: number,
  rows: Readonly<Record<number, Partial<Record<(typeof USAGE)[number], number>>>>,
): Coalitions => {
  const ids = Object.keys(rows).map(Number);
  return {
    at,
    generation: 1,
    timebase: { numer: 1, denom: 1 },
    ids: Float64Array.from(ids),
    usage: USAGE.map((name) => Float64Array.from(ids, (id) => rows[id]![name] ?? 0)),
  };
};

interface Row {
  readonly pid: number;
  readonly unique: number;
  readonly coalition: number;
  readonly name: string;
  readonly cpu?: number;
  readonly footprint?: number;
}

const processes = (at: number, rows: readonly Row[]): Processes => ({
  at,
  generation: 1,
  pids: Float64Array.from(rows, ({ pid }) => pid),
  uniques: Float64Array.from(rows, ({ unique }) => unique),
  coalitions: Float64Array.from(rows, ({ coalition }) => coalition),
  residents: Float64Array.from(rows, () => NaN),
  footprints: Float64Array.from(rows, ({ footprint = NaN }) => footprint),
  usage: USAGE.map((name) => Float64Array.from(rows, ({ cpu = NaN }) => (name === 'cpu' ? cpu : NaN))),
  names: new Map(rows.map(({ unique, name }) => [unique, `/usr/bin/${name}`])),
});

const clients = (
  at: number,
  rows: readonly (readonly [id: number, pid: number, index: number, used: number])[],
): GpuClients => ({
  at,
  generation: 1,
  ids: Float64Array.from(rows, ([id]) => id),
  pids: Float64Array.from(rows, ([, pid]) => pid),
  indices: Float64Array.from(rows, ([, , index]) => index),
  nanoseconds: Float64Array.from(rows, ([, , , used]) => used),
});

interface Read {
  readonly coalitions?: Coalitions;
  readonly processes?: Processes;
  readonly gpuClients?: GpuClients;
}

class Sums {
  readonly #accumulator: Accumulator;

  constructor(rule: Partial<AppRule> = {}) {
    this.#accumulator = new Accumulator({ ...DEFAULT_APP_RULE, ...rule }, () => undefined);
  }

  take(read: Read): Apps {
    const rows = {
      coalitions: read.coalitions,
      processes: read.processes,
      gpuClients: read.gpuClients,
    };
    this.#accumulator.take(rows);
    return tellApps(this.#accumulator, rows);
  }
}

const usageOf = ({ appUsage }: Apps, name: (typeof USAGE)[number]): Record<string, number> =>
  Object.fromEntries(appUsage!.apps.map((app, i) => [app, appUsage!.usage[USAGE.indexOf(name)]![i]!]));
const gpuOf = ({ appGpu }: Apps): Record<string, number> =>
  Object.fromEntries(appGpu!.names.map((app, i) => [app, appGpu!.seconds[i]!]));
const programsOf = ({ processGpu }: Apps): Record<string, number> =>
  Object.fromEntries(processGpu!.names.map((name, i) => [name, processGpu!.seconds[i]!]));
const memoryOf = ({ appMemory }: Apps): Record<string, number> =>
  Object.fromEntries(appMemory!.apps.map((app, i) => [app, appMemory!.bytes[i]!]));

const SHELL: Row = { pid: 10, unique: 100, coalition: 1, name: 'zsh' };
const CHILD: Row = { pid: 11, unique: 101, coalition: 1, name: 'make' };
const SERVER: Row = { pid: 20, unique: 50, coalition: 2, name: 'server' };
const cpu = (seconds: number) => ({ cpu: seconds * SECOND });

describe('coalitions', () => {
  test('are named after their oldest member, and what they used before is no growth', () => {
    const sums = new Sums();
    const first = sums.take({
      coalitions: coalitions(1, { 1: cpu(70), 2: cpu(30) }),
      processes: processes(1, [CHILD, SHELL, SERVER]),
    });
    expect(usageOf(first, 'cpu')).toEqual({ server: 0, zsh: 0, other: 0 });
    const second = sums.take({
      coalitions: coalitions(16, { 1: cpu(72), 2: cpu(35) }),
      processes: processes(16, [CHILD, SHELL, SERVER]),
    });
    expect(usageOf(second, 'cpu')).toEqual({ server: 5, zsh: 2, other: 0 });
  });

  test('have the name of the member that was there first, whatever its pid', () => {
    const sums = new Sums();
    const wrapped = { ...CHILD, pid: 3 };
    const told = sums.take({
      coalitions: coalitions(1, { 1: cpu(70) }),
      processes: processes(1, [wrapped, SHELL]),
    });
    expect(told.appUsage!.apps).toEqual(['zsh', 'other']);
  });

  test('without a name for it have none, and get one when there is', () => {
    const sums = new Sums();
    const nameless = { ...processes(1, [SERVER]), names: new Map<number, string>() };
    const client = clients(1, [[1, 20, 0, SECOND]]);
    const told = sums.take({
      coalitions: coalitions(1, { 2: cpu(70) }),
      processes: nameless,
      gpuClients: client,
    });
    expect([told.appUsage!.apps, told.processGpu!.names]).toEqual([['other'], ['other']]);
    const later = sums.take({
      coalitions: coalitions(16, { 2: cpu(75) }),
      processes: processes(16, [SERVER]),
    });
    expect(usageOf(later, 'cpu')).toMatchObject({ other: 5 });
    expect(usageOf(sums.take({ coalitions: coalitions(31, { 2: cpu(75) }) }), 'cpu')).toHaveProperty(
      'server',
    );
  });

  test('keep the name when their leader is gone', () => {
    const sums = new Sums();
    sums.take({ coalitions: coalitions(1, { 1: cpu(70) }), processes: processes(1, [CHILD, SHELL]) });
    const later = sums.take({
      coalitions: coalitions(16, { 1: cpu(71) }),
      processes: processes(16, [CHILD]),
    });
    expect(usageOf(later, 'cpu')).toEqual({ zsh: 1, other: 0 });
  });

  test('of one name are one app', () => {
    const sums = new Sums();
    const rows = [SERVER, { ...SERVER, pid: 21, unique: 51, coalition: 3 }];
    sums.take({ coalitions: coalitions(1, { 2: cpu(1), 3: cpu(1) }), processes: processes(1, rows) });
    const later = sums.take({
      coalitions: coalitions(16, { 2: cpu(2), 3: cpu(4) }),
      processes: processes(16, rows),
    });
    expect(usageOf(later, 'cpu')).toEqual({ server: 4, other: 0 });
  });

  test('that end take nothing with them, and one that comes anew is a baseline', () => {
    const sums = new Sums();
    sums.take({ coalitions: coalitions(1, { 2: cpu(1) }), processes: processes(1, [SERVER]) });
    sums.take({ coalitions: coalitions(16, { 2: cpu(5) }), processes: processes(16, [SERVER]) });
    const again = { ...SERVER, pid: 20, unique: 70, coalition: 9 };
    const anew = sums.take({ coalitions: coalitions(31, { 9: cpu(3) }), processes: processes(31, [again]) });
    expect(usageOf(anew, 'cpu')).toEqual({ server: 4, other: 0 });
    const later = sums.take({ coalitions: coalitions(46, { 9: cpu(4) }), processes: processes(46, [again]) });
    expect(usageOf(later, 'cpu')).toEqual({ server: 5, other: 0 });
  });

  test('hidden for a while go on where they were', () => {
    const sums = new Sums();
    const now = processes(1, [SERVER, SHELL]);
    sums.take({ coalitions: coalitions(1, { 1: cpu(1), 2: cpu(1) }), processes: now });
    sums.take({ coalitions: coalitions(16, { 1: cpu(1) }), processes: now });
    const back = sums.take({ coalitions: coalitions(31, { 1: cpu(1), 2: cpu(7) }), processes: now });
    expect(usageOf(back, 'cpu')['server']).toBe(6);
  });

  test('whose members nobody has seen are other', () => {
    const sums = new Sums();
    sums.take({ coalitions: coalitions(1, { 5: cpu(1) }), processes: processes(1, [SERVER]) });
    const later = sums.take({
      coalitions: coalitions(16, { 5: cpu(3) }),
      processes: processes(16, [SERVER]),
    });
    expect(usageOf(later, 'cpu')).toEqual({ other: 2 });
  });

  test('that seem to have used less do not count twice', () => {
    const sums = new Sums();
    for (const [at, seconds] of [
      [1, 10],
      [16, 20],
      [31, 5],
      [46, 20],
      [61, 21],
    ] as const)
      sums.take({ coalitions: coalitions(at, { 2: cpu(seconds) }), processes: processes(at, [SERVER]) });
    const last = sums.take({
      coalitions: coalitions(76, { 2: cpu(21) }),
      processes: processes(76, [SERVER]),
    });
    expect(usageOf(last, 'cpu')).toEqual({ server: 11, other: 0 });
  });

  test('a collection that has read nothing changes nothing', () => {
    const sums = new Sums({ top: 1 });
    const rows = [SERVER, SHELL];
    const take = (at: number, server: number) =>
      sums.take({
        coalitions: coalitions(at, { 1: cpu(100), 2: cpu(server) }),
        processes: processes(at, rows),
      });
    take(1, 1);
    take(16, 50);
    expect(sums.take({}).appUsage).toBeUndefined();
    take(31, 50);
    // What it used before still counts for its share.
    let told!: Apps;
    for (let at = 46; at < 400; at += 15) told = take(at, at);
    expect(usageOf(told, 'cpu')['server']).toBeGreaterThan(100);
  });

  test('a reading that several scrapes share counts once', () => {
    const sums = new Sums();
    const now = processes(1, [SERVER]);
    sums.take({ coalitions: coalitions(1, { 2: cpu(1) }), processes: now });
    const shared = coalitions(16, { 2: cpu(4) });
    const [one, two, three] = [
      { coalitions: shared },
      { processes: now },
      { coalitions: shared, processes: now },
    ].map((read) => sums.take(read)) as [Apps, Apps, Apps];
    expect(usageOf(one, 'cpu')).toEqual({ server: 3, other: 0 });
    expect(two.appUsage).toBeUndefined();
    expect(usageOf(three, 'cpu')).toEqual({ server: 3, other: 0 });
  });
});

describe('an app that is not seen in a collection for itself', () => {
  const rows = [SERVER, { ...SHELL, name: 'busy' }];

  test('can have a label later: only GPU clients came once', () => {
    const sums = new Sums({ top: 1 });
    const all = (at: number, server: number): Read => ({
      processes: processes(at, rows),
      coalitions: coalitions(at, { 1: cpu(100), 2: cpu(server) }),
      gpuClients: clients(at, [[2, 10, 0, 0]]),
    });
    sums.take(all(1, 1));
    sums.take({ gpuClients: clients(16, [[2, 10, 0, 0]]) });
    let told!: Apps;
    for (let i = 2; i <= 60; i++) told = sums.take(all(1 + 15 * i, 1 + 15 * i));
    expect(usageOf(told, 'cpu')['server']).toBeGreaterThan(500);
  });

  test('can have a label later: a scrape shared the reading of the clients', () => {
    const sums = new Sums({ top: 1 });
    const gpu = (at: number, server: number): GpuClients =>
      clients(at, [
        [1, 20, 0, server * SECOND],
        [2, 10, 0, 100 * SECOND],
      ]);
    const shared = gpu(16, 1);
    sums.take({ processes: processes(1, rows), gpuClients: gpu(1, 1) });
    sums.take({ processes: processes(16, rows), gpuClients: shared });
    sums.take({ processes: processes(16.1, rows), gpuClients: shared });
    let told!: Apps;
    for (let i = 2; i <= 60; i++)
      told = sums.take({ processes: processes(1 + 15 * i, rows), gpuClients: gpu(1 + 15 * i, 15 * i) });
    expect(programsOf(told)['server']).toBeGreaterThan(500);
    expect(gpuOf(told)['server']).toBeGreaterThan(500);
  });

  test('is credited after ten minutes without any reading of clients', () => {
    const sums = new Sums();
    const used = (at: number, seconds: number): GpuClients => clients(at, [[1, 20, 0, seconds * SECOND]]);
    sums.take({ processes: processes(1, rows), gpuClients: used(1, 1) });
    for (let at = 16; at < 1000; at += 15) sums.take({ processes: processes(at, [rows[1]!]) });
    // Its client is forgotten as it is: what it has now is where it starts.
    const told = sums.take({ processes: processes(1000, rows), gpuClients: used(1000, 9) });
    expect(Object.values(gpuOf(told)).reduce((a, b) => a + b)).toBe(0);
    const later = sums.take({ processes: processes(1015, rows), gpuClients: used(1015, 10) });
    expect(Object.values(gpuOf(later)).reduce((a, b) => a + b)).toBe(1);
  });
});

describe('words that may be there and never count', () => {
  const take = (sums: Sums, at: number, ane: number) =>
    sums.take({
      coalitions: coalitions(at, { 2: { cpu: at, ane, energyGpu: 0 } }),
      processes: processes(at, [SERVER]),
    });

  test('are absent until one of them is not 0; from then on they are there', () => {
    const sums = new Sums();
    expect(take(sums, 1, 0).aneWork).toBeUndefined();
    expect(usageOf(take(sums, 16, 0), 'ane')).toEqual({ server: undefined, other: undefined });
    const works = take(sums, 31, SECOND);
    expect(works.aneWork).toMatchObject({ seconds: 1 });
    expect(usageOf(works, 'ane')).toEqual({ server: 1, other: 0 });
    expect(usageOf(works, 'energyGpu')['server']).toBeUndefined();
    expect(take(sums, 46, SECOND).aneWork).toMatchObject({ seconds: 1 });
  });

  test('of an older macOS are absent', () => {
    const sums = new Sums();
    const part = coalitions(1, { 2: cpu(1) });
    const old = { ...part, usage: part.usage.map((column, i) => (i === 0 ? column : column.map(() => NaN))) };
    const told = sums.take({ coalitions: old, processes: processes(1, [SERVER]) });
    expect(told.aneWork).toBeUndefined();
    expect(told.appUsage!.usage.map(({ length }) => length)).toEqual([2, 0, 0, 0, 0, 0, 0]);
  });
});

describe('GPU time', () => {
  const all = (
    at: number,
    gpu: Parameters<typeof clients>[1],
    rows: readonly Row[] = [SERVER, SHELL, CHILD],
  ): Read => ({
    processes: processes(at, rows),
    gpuClients: clients(at, gpu),
  });

  test('is that of all clients and entries of a process, and of all processes of an app', () => {
    const sums = new Sums();
    const used = (by: number) =>
      [
        [1, 20, 0, by],
        [2, 20, 0, by],
        [2, 20, 1, by],
        [3, 10, 0, by],
        [4, 11, 0, by],
      ] as const;
    sums.take(all(1, used(SECOND)));
    const later = sums.take(all(16, used(2 * SECOND)));
    expect(gpuOf(later)).toEqual({ server: 3, zsh: 2, other: 0 });
    expect(programsOf(later)).toEqual({ server: 3, zsh: 1, make: 1, other: 0 });
  });

  test('of a client that is newer than all before counts whole, of one that was only hidden not', () => {
    const sums = new Sums();
    sums.take(all(1, [[5, 20, 0, SECOND]]));
    const later = sums.take(
      all(16, [
        [4, 20, 0, 100 * SECOND],
        [5, 20, 0, SECOND],
        [6, 20, 0, 2 * SECOND],
      ]),
    );
    expect(gpuOf(later)['server']).toBe(2);
    const last = sums.take(
      all(31, [
        [4, 20, 0, 101 * SECOND],
        [6, 20, 0, 2 * SECOND],
      ]),
    );
    expect(gpuOf(last)['server']).toBe(3);
  });

  test('of a client counts whole where there was none before', () => {
    const sums = new Sums();
    sums.take(all(1, []));
    expect(gpuOf(sums.take(all(16, [[5, 20, 0, SECOND]])))).toMatchObject({ other: 1 });
  });

  test('of clients in whatever order: the newest of all is what counts', () => {
    const sums = new Sums();
    sums.take(
      all(1, [
        [9, 20, 0, SECOND],
        [5, 10, 0, SECOND],
      ]),
    );
    const later = sums.take(
      all(16, [
        [7, 20, 0, 100 * SECOND],
        [9, 20, 0, 2 * SECOND],
        [5, 10, 0, SECOND],
      ]),
    );
    expect(gpuOf(later)).toMatchObject({ server: 1, other: 0 });
  });

  test('that an entry does not tell is not there, and it goes on where it was', () => {
    const sums = new Sums();
    for (const [at, used] of [
      [1, 1],
      [16, NaN],
      [31, 3],
    ] as const)
      sums.take(all(at, [[5, 20, 0, used * SECOND]]));
    expect(gpuOf(sums.take(all(46, [[5, 20, 0, 4 * SECOND]])))).toMatchObject({ server: 3, other: 0 });
  });

  test('of all its clients decides who has a label at start', () => {
    const sums = new Sums({ top: 1 });
    const told = sums.take(
      all(1, [
        [1, 20, 0, 3 * SECOND],
        [2, 20, 0, 3 * SECOND],
        [3, 10, 0, 5 * SECOND],
      ]),
    );
    expect([told.appGpu!.names, told.processGpu!.names]).toEqual([
      ['server', 'other'],
      ['server', 'other'],
    ]);
  });

  test('of a program that rested for an hour can have a label', () => {
    const sums = new Sums({ top: 1 });
    const at = (time: number, server: number) =>
      sums.take(
        all(time, [
          [1, 20, 0, server * SECOND],
          [2, 10, 0, time * SECOND],
        ]),
      );
    for (let time = 1; time < 3600; time += 15) at(time, 0);
    let told!: Apps;
    for (let time = 3600; time < 4500; time += 15) told = at(time, (time - 3600) * 50);
    expect(programsOf(told)['server']).toBeGreaterThan(1000);
  });

  test('of an entry that comes later in a known client counts whole', () => {
    const sums = new Sums();
    sums.take(
      all(1, [
        [5, 20, NaN, NaN],
        [6, 10, 0, SECOND],
      ]),
    );
    const later = sums.take(
      all(16, [
        [5, 20, 0, SECOND],
        [6, 10, 0, SECOND],
        [6, 10, 1, SECOND],
      ]),
    );
    expect(gpuOf(later)).toEqual({ server: 0, zsh: 1, other: 1 });
  });

  test('of an entry that has less than before does not fall', () => {
    const sums = new Sums();
    for (const [at, used] of [
      [1, 5],
      [16, 7],
      [31, 1],
      [46, 2],
    ] as const)
      sums.take(all(at, [[5, 20, 0, used * SECOND]]));
    expect(gpuOf(sums.take(all(61, [[5, 20, 0, 2 * SECOND]])))['server']).toBe(3);
  });

  test('under a pid that another process has now stays with the one that used it', () => {
    const sums = new Sums();
    sums.take(all(1, [[5, 20, 0, SECOND]]));
    const other = { ...SHELL, pid: 20, unique: 300 };
    const later = sums.take(
      all(
        16,
        [
          [5, 20, 0, 2 * SECOND],
          [6, 20, 0, 4 * SECOND],
        ],
        [other],
      ),
    );
    expect(programsOf(later)).toEqual({ server: 1, zsh: 0, other: 4 });
  });

  test('of a process that is not among those read waits for the next reading, then it is other', () => {
    const sums = new Sums();
    sums.take(all(1, [[5, 20, 0, 0]]));
    const late = { ...CHILD, pid: 30, unique: 400, name: 'late' };
    const gpu = [
      [5, 20, 0, 0],
      [6, 30, 0, SECOND],
      [7, 31, 0, SECOND],
    ] as const;
    expect(programsOf(sums.take(all(16, gpu)))).toEqual({ other: 0 });
    expect(programsOf(sums.take(all(31, gpu, [SERVER, late])))).toMatchObject({ other: 2 });
  });

  test('waits no shorter when several scrapes share a reading', () => {
    const sums = new Sums();
    sums.take(all(1, [[5, 20, 0, 0]]));
    const shared = all(16, [
      [5, 20, 0, 0],
      [6, 30, 0, SECOND],
    ]);
    for (let i = 0; i < 3; i++) sums.take(shared);
    const late = { ...CHILD, pid: 30, unique: 400, name: 'late' };
    const again = [
      [5, 20, 0, 0],
      [6, 30, 0, SECOND],
    ] as const;
    sums.take(all(31, again, [SERVER, late]));
    let told!: Apps;
    for (let at = 46; at < 400; at += 15)
      told = sums.take(all(at, [[6, 30, 0, at * SECOND]], [SERVER, late]));
    expect(programsOf(told)['late']).toBeGreaterThan(100);
  });

  test('waits too while processes are not read, and before any were nothing is told', () => {
    const sums = new Sums();
    expect(sums.take({ gpuClients: clients(1, [[5, 20, 0, 0]]) }).appGpu).toBeUndefined();
    expect(sums.take({ gpuClients: clients(16, [[5, 20, 0, SECOND]]) }).processGpu).toBeUndefined();
    expect(gpuOf(sums.take(all(31, [[5, 20, 0, 3 * SECOND]])))).toEqual({ server: 0, other: 3 });
  });

  test('that waits when its client ends is other, after a while', () => {
    const sums = new Sums();
    sums.take(all(1, [[5, 20, 0, 0]]));
    sums.take({
      gpuClients: clients(16, [
        [5, 20, 0, 0],
        [6, 30, 0, SECOND],
      ]),
    });
    expect(gpuOf(sums.take(all(31, [[5, 20, 0, 0]])))['other']).toBe(0);
    expect(gpuOf(sums.take(all(700, [[5, 20, 0, 0]])))['other']).toBe(1);
  });
});

describe('memory', () => {
  test('is that of all processes of an app, if all may be read', () => {
    const sums = new Sums();
    const rows = [
      { ...SHELL, footprint: 100 },
      { ...CHILD, footprint: 50 },
      SERVER,
      { ...SERVER, pid: 21, unique: 51, footprint: 7 },
    ];
    const told = sums.take({
      coalitions: coalitions(1, { 1: cpu(5), 2: cpu(5) }),
      processes: processes(1, rows),
    });
    expect(memoryOf(told)).toEqual({ server: NaN, zsh: 150, other: NaN });
  });

  test('of the others is there only if all of them may be read', () => {
    const rows = [
      { ...SHELL, footprint: 100 },
      { ...SERVER, footprint: 7 },
    ];
    const take = (sums: Sums, of: readonly Row[]) =>
      memoryOf(
        sums.take({ coalitions: coalitions(1, { 1: cpu(50), 2: cpu(0) }), processes: processes(1, of) }),
      );
    expect(take(new Sums(), rows)).toEqual({ zsh: 100, other: 7 });
    expect(take(new Sums(), [rows[0]!, SERVER])).toEqual({ zsh: 100, other: NaN });
  });

  test('of an app that is gone is gone', () => {
    const sums = new Sums();
    const rows = [
      { ...SHELL, footprint: 100 },
      { ...SERVER, footprint: 7 },
    ];
    sums.take({ coalitions: coalitions(1, { 1: cpu(50), 2: cpu(50) }), processes: processes(1, rows) });
    const later = sums.take({
      coalitions: coalitions(16, { 1: cpu(50) }),
      processes: processes(16, [rows[0]!]),
    });
    expect(memoryOf(later)).toEqual({ server: NaN, zsh: 100, other: NaN });
  });
});

describe('a leader that says nothing is split by its members', () => {
  const take = (
    sums: Sums,
    at: number,
    whole: number,
    rows: readonly (readonly [unique: number, name: string, cpu: number])[],
  ) =>
    sums.take({
      coalitions: coalitions(at, { 1: cpu(whole) }),
      processes: processes(at, [
        SHELL,
        ...rows.map(([unique, name, seconds]) => ({
          pid: unique,
          unique,
          coalition: 1,
          name,
          cpu: seconds * SECOND,
        })),
      ]),
    });
  const open = () => {
    // Only the leader may have a label: what is credited to members is other.
    const sums = new Sums({ resolve: ['zsh'], include: /^zsh$/ });
    take(sums, 1, 100, [[101, 'make', 40]]);
    return sums;
  };
  const split = (told: Apps) => usageOf(told, 'cpu');

  test('what they used is theirs, the rest is the leader’s', () => {
    const sums = open();
    expect(split(take(sums, 16, 110, [[101, 'make', 46]]))).toEqual({ zsh: 4, other: 6 });
  });

  test('one that is new has used all of it since, one that was only hidden has not', () => {
    const sums = open();
    const told = take(sums, 16, 110, [
      [101, 'make', 40],
      [102, 'cc', 3],
      [99, 'old', 50],
    ]);
    expect(split(told)).toEqual({ zsh: 7, other: 3 });
  });

  test('what they claim beyond what the whole has grown waits', () => {
    const sums = open();
    expect(split(take(sums, 16, 102, [[101, 'make', 46]]))).toEqual({ zsh: 0, other: 2 });
    expect(split(take(sums, 31, 110, [[101, 'make', 46]]))).toEqual({ zsh: 4, other: 6 });
  });

  test('what nobody may read is the leader’s', () => {
    const sums = open();
    expect(split(take(sums, 16, 105, [[101, 'make', NaN]]))).toEqual({ zsh: 5, other: 0 });
  });

  test('what they had used when the whole was first seen is a baseline, too', () => {
    const sums = new Sums({ resolve: ['zsh'], include: /^zsh$/ });
    const rest: Row = { ...SERVER, name: 'zsh' };
    const read = (at: number, whole: number, shell: number): Apps =>
      sums.take({
        coalitions: coalitions(at, { 2: cpu(7), ...(whole > 0 && { 3: cpu(whole) }) }),
        processes: processes(at, [
          rest,
          ...(whole > 0
            ? [
                { pid: 60, unique: 200, coalition: 3, name: 'zsh', cpu: shell * SECOND },
                { pid: 61, unique: 201, coalition: 3, name: 'make', cpu: 50 * SECOND },
              ]
            : []),
        ]),
      });
    read(1, 0, 0);
    read(16, 53, 3);
    // Only the shell works from here on.
    expect(usageOf(read(31, 63, 13), 'cpu')).toEqual({ zsh: 10, other: 0 });
  });

  test('what they claimed and did not get is the leader’s when they are gone', () => {
    const sums = open();
    take(sums, 16, 102, [[101, 'make', 140]]);
    expect(split(take(sums, 31, 112, []))).toEqual({ zsh: 10, other: 2 });
  });

  test('names that come and go leave nothing behind', () => {
    const members = new Members();
    const roster = new Roster({ counters: 7, deciding: [[0]], top: 1, most: 1, mayBeNamed: () => true });
    const usage = USAGE.map(() => Float64Array.of(5));
    members.begin();
    members.end();
    for (let n = 0; n < 100; n++) {
      members.begin();
      members.take(n, usage, 0, roster.account(`test-${n}`), true);
      members.end();
    }
    const credited: string[] = [];
    expect(members.split(0, 1000, ({ name }) => credited.push(name))).toBe(995);
    expect(credited).toEqual(['test-99']);
    expect(members.split(0, 1000, ({ name }) => credited.push(name))).toBe(1000);
    expect(credited).toHaveLength(1);
  });

  test('what they claim beyond what the whole has grown is cut in proportion, to whole units', () => {
    const members = new Members();
    const roster = new Roster({ counters: 7, deciding: [[0]], top: 1, most: 1, mayBeNamed: () => true });
    members.begin();
    members.end();
    members.begin();
    members.take(
      1,
      USAGE.map(() => Float64Array.of(2)),
      0,
      roster.account('a'),
      true,
    );
    members.take(
      2,
      USAGE.map(() => Float64Array.of(5)),
      0,
      roster.account('b'),
      true,
    );
    members.end();
    const credited: [string, number][] = [];
    const rest = members.split(0, 5, ({ name }, amount) => credited.push([name, amount]));
    expect(credited).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
    expect(rest).toBe(1);
  });

  test('what a member without a name used is the leader’s', () => {
    const sums = open();
    const nameless = processes(16, [SHELL, { ...CHILD, cpu: 46 * SECOND }]);
    const told = sums.take({
      coalitions: coalitions(16, { 1: cpu(110) }),
      processes: { ...nameless, names: new Map([[SHELL.unique, '/bin/zsh']]) },
    });
    expect(told.appUsage!.apps).toEqual(['zsh', 'other']);
    expect(split(told)).toEqual({ zsh: 10, other: 0 });
  });

  test('other apps are as they are', () => {
    const sums = new Sums({ resolve: ['sshd'] });
    take(sums, 1, 100, [[101, 'make', 40]]);
    expect(split(take(sums, 16, 110, [[101, 'make', 46]]))).toEqual({ zsh: 10, other: 0 });
  });

  test('at start the labels go to members, too, and to what is left of the leader', () => {
    const apps = (whole: number, make: number) => {
      const sums = new Sums({ resolve: ['zsh'], top: 1 });
      return take(sums, 1, whole, [[101, 'make', make]]).appUsage!.apps;
    };
    expect(apps(100, 80)).toEqual(['make', 'other']);
    expect(apps(100, 20)).toEqual(['zsh', 'other']);
    // Members that were read a moment later.
    expect(apps(100, 110)).toEqual(['make', 'other']);
  });

  test('memory and GPU time are theirs, too', () => {
    const sums = new Sums({ resolve: ['zsh'] });
    const read = (at: number, used: number): Read => ({
      processes: processes(at, [
        { ...SHELL, footprint: 5 },
        { ...CHILD, footprint: 9 },
      ]),
      gpuClients: clients(at, [[1, 11, 0, used]]),
    });
    sums.take(read(1, SECOND));
    const told = sums.take(read(16, 3 * SECOND));
    expect(gpuOf(told)).toEqual({ make: 2, other: 0 });
    expect(memoryOf(told)).toEqual({ make: 9, other: 5 });
  });

  test('whatever they say, all sums together grow by what the coalition grew', () => {
    const member = fc.record({
      unique: fc.integer({ min: 90, max: 110 }),
      used: fc.integer({ min: 0, max: 50 }),
    });
    const step = fc.record({
      grown: fc.integer({ min: 0, max: 40 }),
      members: fc.array(member, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const sums = new Sums({ resolve: ['zsh'], top: 2 });
        take(sums, 1, 100, []);
        let [at, whole] = [1, 100];
        for (const { grown, members } of steps) {
          whole += grown;
          const rows = [...new Map(members.map((each) => [each.unique, each])).values()].map(
            ({ unique, used }) => [unique, `p${unique % 5}`, used] as const,
          );
          const told = Object.values(split(take(sums, (at += 15), whole, rows)));
          expect(told.reduce((sum, value) => sum + value, 0)).toBeCloseTo(whole - 100, 6);
        }
      }),
    );
  });
});

test('what is left out is counted by series: all of an app, one of a program', () => {
  const sums = new Sums({ top: 1 });
  const rows = [SERVER, SHELL];
  const told = sums.take({
    coalitions: coalitions(1, { 1: cpu(70), 2: cpu(30) }),
    processes: processes(1, rows),
    gpuClients: clients(1, [
      [1, 20, 0, SECOND],
      [2, 10, 0, 5 * SECOND],
    ]),
  });
  // CPU time, bytes read and written, GPU time of the server; and its time as a program.
  expect(told.droppedSeries).toMatchObject({
    at: 1,
    reasons: ['top', 'cap', 'pattern'],
    series: [4 + 1, 0, 0],
  });
});

describe('labels', () => {
  const rule = (given: Partial<AppRule>): AppRule => ({ ...DEFAULT_APP_RULE, ...given });

  test('are the names of apps, but for the one that stands for all others', () => {
    const labels = new Labels(rule({}), () => undefined);
    expect([labels.of('Xcode'), labels.allow('Xcode'), labels.allow('other')]).toEqual([
      'Xcode',
      true,
      false,
    ]);
  });

  test('are for names that one pattern matches and the other does not', () => {
    const labels = new Labels(rule({ include: /^X.*$/, exclude: /^Xcode$/ }), () => undefined);
    expect(['Xcode', 'XcodeX', 'Code'].map((name) => labels.allow(name))).toEqual([false, true, false]);
  });

  test('are keyed hashes: the same for the same secret, others for another or for none', () => {
    const of = (secret: string | undefined, name = 'Xcode') =>
      new Labels(rule({ anonymise: true }), () => secret).of(name);
    expect(of('a')).toMatch(/^[0-9a-f]{12}$/);
    expect(of('a')).toBe(of('a'));
    expect(new Set([of('a'), of('b'), of('a', 'Code'), of(undefined), of(undefined)]).size).toBe(5);
  });

  test('stand on the page in an order that tells nothing of the names', () => {
    const sums = new Sums({ anonymise: true });
    const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel'];
    const told = sums.take({
      coalitions: coalitions(1, Object.fromEntries(names.map((_, i) => [i + 1, cpu(1)]))),
      processes: processes(
        1,
        names.map((name, i) => ({ pid: i, unique: i, coalition: i + 1, name })),
      ),
      gpuClients: clients(
        1,
        names.map((_, i) => [i + 1, i, 0, SECOND] as const),
      ),
    });
    for (const hashes of [told.appUsage!.apps.slice(0, -1), told.processGpu!.names.slice(0, -1)]) {
      expect(hashes).toHaveLength(8);
      expect(hashes).toEqual([...hashes].sort());
    }
  });

  test('ask for the secret once, and stay the same however many names there are', () => {
    let asked = 0;
    const labels = new Labels(rule({ anonymise: true }), () => `${++asked}`);
    const first = labels.of('Xcode');
    for (let i = 0; i < 2_500; i++) labels.of(`app ${i}`);
    expect([labels.of('Xcode'), asked]).toEqual([first, 1]);
  });
});
