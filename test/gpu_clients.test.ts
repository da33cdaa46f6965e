// The source gpu_clients, on machine files made here: whose a client is, what it has used, and which are none.

import { bare, failEveryCall, TestSource, withSource, withStarted } from './support/source';
import type { FaultPlan } from './support/exporter';
import type { Json, Life, Machine, RegistryEntry } from './support/machines';

const SECOND = 24_000_000;

const client = (id: number, creator: Json, used: Json[] | null, life?: Life): RegistryEntry => ({
  id,
  class: ['AGXDeviceUserClient', 'IOUserClient', 'IOService'],
  name: 'AGXDeviceUserClient',
  properties: {
    ...(creator !== null && { IOUserClientCreator: creator }),
    ...(used && {
      AppUsage: {
        list: used.map((counter) => ({ dict: { API: 'Metal', accumulatedGPUTime: { counter } } })),
      },
    }),
  },
  ...(life && { life }),
});

const OTHER_CHILD: RegistryEntry = {
  id: 150,
  class: ['AGXSharedUserClient', 'AGXDeviceUserClient', 'IOService'],
  name: 'AGXSharedUserClient',
  properties: {},
};

const macWith = (...children: RegistryEntry[]): Machine =>
  bare({
    ioregistry: [
      {
        id: 100,
        class: ['AGXAcceleratorG16G', 'AGXAccelerator', 'IOAccelerator'],
        name: 'AGXAcceleratorG16G',
        properties: {},
        children,
      },
    ],
  });

const open = (machine: Machine, plan: FaultPlan = {}): TestSource =>
  new TestSource(machine, 'gpu_clients', {}, plan);
const using = (machine: Machine, use: (source: TestSource) => Promise<void>, plan: FaultPlan = {}) =>
  withStarted(open(machine, plan), use);

const row = (id: number, pid: number, index: number, used: number) => ({
  id,
  pid,
  index,
  accumulatedGPUTime: used,
});

test('a row for each entry of each client, with the pid of who opened it', async () => {
  await using(
    macWith(
      client(201, 'pid 440, WindowServer', [[1e9, 2e9, 3e9]]),
      OTHER_CHILD,
      client(203, 'pid 9127, llama-server', [5, 6]),
    ),
    async (source) => {
      expect(await source.readRows()).toMatchObject({
        rows: [row(201, 440, 0, 1e9), row(203, 9127, 0, 5), row(203, 9127, 1, 6)],
        failures: [],
      });
      expect((await source.step(0.5).readRows()).rows![0]).toEqual(row(201, 440, 0, 1.5e9));
    },
  );
});

test('a client that has used nothing has a row without an entry; one that does not say has none', async () => {
  await using(
    macWith(client(201, 'pid 440, WindowServer', []), client(202, 'pid 441, x', null)),
    async (source) => {
      expect((await source.readRows()).rows).toEqual([row(201, 440, NaN, NaN)]);
    },
  );
});

test.each([
  ['pid 440, Google Chrome H\u00ef', 440],
  ['pid 7', 7],
  ['pid , x', NaN],
  ['440, WindowServer', NaN],
  ['uid 440, WindowServer', NaN],
  ['', NaN],
  [17, NaN],
  [null, NaN],
])('of the creator %j only the pid is read', async (creator, pid) => {
  await using(macWith(client(201, creator, [5])), async (source) => {
    expect((await source.readRows()).rows).toEqual([row(201, pid, 0, 5)]);
  });
});

test('a GPU without such clients, and a Mac without a GPU, have nothing', async () => {
  for (const machine of [macWith(), macWith(OTHER_CHILD), bare({})])
    await withSource(open(machine), async (source) => {
      expect(await source.list()).toEqual({ channels: [], failures: [] });
    });
});

test('clients come and go, and no id comes again', async () => {
  const life: Life = { from: 0, to: SECOND / 2, every: SECOND, step: 8 };
  await using(
    macWith(client(201, 'pid 440, a', [7]), client(300, 'pid 500, b', [1000], life)),
    async (source) => {
      source.step(0.25);
      expect((await source.readRows()).rows).toEqual([row(201, 440, 0, 7), row(300, 500, 0, 500)]);
      expect((await source.step(0.5).readRows()).rows).toEqual([row(201, 440, 0, 7)]);
      expect((await source.step(0.5).readRows()).rows).toEqual([row(201, 440, 0, 7), row(308, 500, 0, 500)]);
    },
  );
});

test('class and creator of a client are asked for once', async () => {
  await using(macWith(client(201, 'pid 440, a', [7]), OTHER_CHILD), async (source) => {
    const before = source.calls('IOObjectGetClass');
    const properties = source.calls('IORegistryEntryCreateCFProperty');
    for (let i = 0; i < 5; i++) await source.readRows();
    expect(source.calls('IOObjectGetClass')).toBe(before);
    expect(source.calls('IORegistryEntryCreateCFProperty')).toBe(properties + 5);
  });
});

test('a failure is told once, however many clients have it, and without their list nothing is known', async () => {
  const many = Array.from({ length: 20 }, (_, i) => client(200 + i, `pid ${i}, x`, [5]));
  await using(macWith(...many, OTHER_CHILD), async (source) => {
    source.plan({
      calls: [{ function: 'IORegistryEntryGetRegistryEntryID', nth: 1, forever: true, code: 5 }],
    });
    const { rows, failures } = await source.readRows();
    expect(rows).toEqual([]);
    expect(failures).toMatchObject([
      { group: 'AGXDeviceUserClient', call: 'IORegistryEntryGetRegistryEntryID', code: 5 },
    ]);
    source.plan({ calls: [{ function: 'IORegistryEntryGetChildIterator', nth: 1, code: 5 }] });
    expect(await source.readRows()).toMatchObject({ rows: undefined, failures: [{ code: 5 }] });
    expect((await source.readRows()).rows).toHaveLength(20);
  });
});

test('every call, in every way: no crash, nothing open, and the rows are true or missing', async () => {
  const machine = macWith(client(201, 'pid 440, a', [7]), OTHER_CHILD, client(203, 'pid 441, b', [8, 9]));
  const faults = await failEveryCall(
    (plan) => open(machine, plan),
    async (source, how) => {
      await source.start();
      for (let i = 0; i < 2; i++) {
        const { rows } = await source.readRows();
        if (how === 'garbage') continue;
        for (const { id, pid, index, accumulatedGPUTime: used } of rows ?? []) {
          expect([NaN, id === 201 ? 440 : 441]).toContain(pid);
          if (!Number.isNaN(used)) expect(used).toBe(id === 201 ? 7 : 8 + index!);
        }
      }
    },
  );
  expect(faults).toBeGreaterThan(100);
});
