// The source coalition, on machine files made here: how many words a kernel has, what is no failure, and what is.

import { bare, failEveryCall, TestSource, withSource, withStarted } from './support/source';
import type { FaultPlan } from './support/exporter';
import type { Coalition, Machine } from './support/machines';

const macWith = (coalitions: Coalition[], bytes = 360): Machine => bare({ coalition: { bytes, coalitions } });
const open = (machine: Machine, plan: FaultPlan = {}): TestSource =>
  new TestSource(machine, 'coalition', {}, plan);
const using = (machine: Machine, use: (source: TestSource) => Promise<void>, plan: FaultPlan = {}) =>
  withStarted(open(machine, plan), use);

const APP: Coalition = { id: 612, words: { 3: 1000, 11: [5, 6, 7], 38: 9 } };
const OLD: Coalition = { id: 1, words: { 3: 10, 6: 20 } };

test.each([
  [296, 37],
  [304, 38],
  [352, 44],
  [360, 45],
  [368, 46],
])('a kernel that fills in %i bytes has %i words', async (bytes, words) => {
  await withSource(open(macWith([OLD], bytes)), async (source) => {
    const { channels, failures } = await source.list();
    expect(failures).toEqual([]);
    expect(channels.map(({ name }) => name)).toEqual([
      'id',
      ...Array.from({ length: words }, (_, i) => String(i)),
    ]);
  });
});

test('a row for each that can be read; one that is empty (EINVAL) is no failure', async () => {
  await using(macWith([OLD, { id: 5 }, APP]), async (source) => {
    const { rows, failures } = await source.readRows();
    expect(failures).toEqual([]);
    expect(rows!.map(({ id, 3: cpu, 11: energy, 38: ane }) => [id, cpu, energy, ane])).toEqual([
      [1, 10, 0, 0],
      [612, 1000, 5, 9],
    ]);
    const later = await source.step(0.5).readRows();
    expect(later.rows![1]).toMatchObject({ 11: 5 });
    expect((await source.step(1).readRows()).rows![1]).toMatchObject({ 11: 6 });
  });
});

test('the words are counted in one that can be read, wherever it is', async () => {
  await withSource(open(macWith([{ id: 5 }, { id: 6 }, APP])), async (source) => {
    expect((await source.list()).channels).toHaveLength(46);
  });
});

test('more than there was room for are all told of, and the array keeps its length', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => ({ id: i + 1, words: { 3: i } }));
  await withSource(open(macWith(many)), async (source) => {
    await source.start((name) => name === 'id' || name === '3');
    const { rows, values } = await source.readRows();
    expect(rows).toHaveLength(3000);
    expect((await source.readRows()).values).toBe(values);
  });
});

test('where macOS has no such functions, there is nothing', async () => {
  for (const without of [
    'proc_listcoalitions',
    'coalition_info_resource_usage',
    '/usr/lib/libSystem.B.dylib',
  ])
    await withSource(open(macWith([APP]), { without: [without] }), async (source) => {
      expect(await source.list()).toEqual({ channels: [], failures: [] });
      expect((await source.readRows()).rows).toBeUndefined();
    });
});

test('a list of nothing is a failure without a code, whatever failed before it', async () => {
  const plan: FaultPlan = {
    calls: [
      { function: 'coalition_info_resource_usage', nth: 2, code: 3 },
      { function: 'proc_listcoalitions', nth: 3, how: 'short' },
    ],
  };
  await using(
    macWith([APP]),
    async (source) => {
      expect((await source.readRows()).rows).toEqual([]);
      expect((await source.readRows()).failures).toMatchObject([{ call: 'proc_listcoalitions', code: 0 }]);
    },
    plan,
  );
});

test('a refusal is told once, with what it costs', async () => {
  const plan: FaultPlan = {
    calls: [{ function: 'coalition_info_resource_usage', nth: 1, forever: true, code: 1 }],
  };
  await withSource(open(macWith([OLD, APP]), plan), async (source) => {
    const { channels, failures } = await source.list();
    expect(channels).toEqual([]);
    expect(failures).toMatchObject([{ group: 'coalition', call: 'coalition_info_resource_usage', code: 1 }]);
    expect(failures[0]!.remedy).toContain('what apps use');
  });
  await using(macWith([OLD, APP]), async (source) => {
    source.plan(plan);
    const { rows, failures } = await source.readRows();
    expect(rows).toEqual([]);
    expect(failures).toHaveLength(1);
  });
});

test('one that is gone since it was listed (ESRCH) is left out quietly', async () => {
  await using(macWith([OLD, APP]), async (source) => {
    source.plan({ calls: [{ function: 'coalition_info_resource_usage', nth: 1, code: 3 }] });
    const { rows, failures } = await source.readRows();
    expect(rows!.map(({ id }) => id)).toEqual([612]);
    expect(failures).toEqual([]);
  });
});

test('words that are not filled in this time are missing, not what was there before', async () => {
  await using(macWith([OLD, APP]), async (source) => {
    source.plan({ calls: [{ function: 'coalition_info_resource_usage', nth: 2, how: 'short' }] });
    const { rows } = await source.readRows();
    expect(rows![1]).toMatchObject({ id: 612, 3: 1000, 11: 5, 38: NaN });
  });
});

test('every call, in every way: no crash, nothing open, and the rows are true or missing', async () => {
  const faults = await failEveryCall(
    (plan) => open(macWith([OLD, APP]), plan),
    async (source, how) => {
      await source.start();
      for (let i = 0; i < 2; i++) {
        const { rows } = await source.readRows();
        if (how === 'garbage') continue;
        for (const { id, 3: cpu } of rows ?? []) expect([NaN, id === 1 ? 10 : 1000]).toContain(cpu);
      }
    },
  );
  expect(faults).toBeGreaterThan(50);
});
