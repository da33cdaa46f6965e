// The source notify, on machine files made here: states of names, and what a failure costs.

import { bare, failEveryCall, TestSource, withSource } from './support/source';
import type { FaultPlan } from './support/exporter';
import type { Json } from './support/machines';

const PRESSURE = 'com.apple.system.thermalpressurelevel';
const LOW_POWER = 'com.apple.system.lowpowermode';
const NAMES = [PRESSURE, LOW_POWER];
const FAILED = 1_000_000;

const open = (
  states: Record<string, Json> | undefined,
  names: readonly string[] = NAMES,
  plan: FaultPlan = {},
) => new TestSource(bare(states ? { notify: states } : {}), 'notify', { notify: names }, plan);

test('a name is a channel, and its state a value that steps', async () => {
  await withSource(open({ [PRESSURE]: [0, 1, 4], [LOW_POWER]: 1 }), async (source) => {
    const { channels, failures } = await source.start();
    expect(failures).toEqual([]);
    expect(channels).toMatchObject(
      NAMES.map((name) => ({ group: 'notify', subgroup: '', name, id: '', driver: 0, states: [] })),
    );
    for (const pressure of [0, 1, 4]) {
      expect(await source.read()).toEqual({
        values: { [PRESSURE]: pressure, [LOW_POWER]: 1 },
        failures: [],
      });
      source.double.step(1);
    }
  });
});

test('a name that nobody has set has the state 0, as on a Mac', async () => {
  await withSource(open({}, ['no.such.name']), async (source) => {
    await source.start();
    expect(await source.read()).toEqual({ values: { 'no.such.name': 0 }, failures: [] });
  });
});

test('states are unsigned', async () => {
  await withSource(open({ a: '18446744073709551615' }, ['a']), async (source) => {
    await source.start();
    expect((await source.read()).values['a']).toBe(2 ** 64);
  });
});

test('a name is registered once, however often it is listed and read', async () => {
  await withSource(open({}), async (source) => {
    for (let i = 0; i < 3; i++) {
      await source.start();
      await source.read();
    }
    expect(source.calls('notify_register_check')).toBe(2);
    expect(source.double.live().ports).toBe(2);
  });
});

test('names that are not selected are not asked', async () => {
  await withSource(open({}), async (source) => {
    await source.list();
    await source.double.sources.notify.select(Uint32Array.of(1));
    await source.read();
    expect(source.calls('notify_get_state')).toBe(1);
  });
});

test('without notifyd there is no channel, and every name is a failure', async () => {
  await withSource(open(undefined), async (source) => {
    const { channels, failures } = await source.start();
    expect(channels).toEqual([]);
    expect(failures).toEqual(
      NAMES.map((name) => ({
        group: 'notify',
        call: `notify_register_check("${name}")`,
        code: 9,
        remedy: expect.stringContaining('notifyd') as string,
      })),
    );
  });
});

test('a name that cannot be registered costs no other, and is registered by the next listing', async () => {
  const plan = { calls: [{ function: 'notify_register_check', nth: 1, code: 9 }] };
  await withSource(open({ [LOW_POWER]: 1 }, NAMES, plan), async (source) => {
    const { channels, failures } = await source.start();
    expect(channels.map(({ name }) => name)).toEqual([LOW_POWER]);
    expect(failures).toMatchObject([{ call: `notify_register_check("${PRESSURE}")`, code: 9 }]);
    expect((await source.read()).values).toEqual({ [LOW_POWER]: 1 });
    expect((await source.start()).channels).toHaveLength(2);
  });
});

test('a state that cannot be had is missing; the name is registered anew and read again', async () => {
  await withSource(open({ [PRESSURE]: 2, [LOW_POWER]: 1 }), async (source) => {
    await source.start();
    source.plan({ calls: [{ function: 'notify_get_state', nth: 1 }] });
    expect(await source.read()).toMatchObject({
      values: { [PRESSURE]: NaN, [LOW_POWER]: 1 },
      failures: [{ group: 'notify', call: `notify_get_state("${PRESSURE}")`, code: FAILED }],
    });
    expect(source.double.live().ports).toBe(1);
    expect(await source.read()).toEqual({ values: { [PRESSURE]: 2, [LOW_POWER]: 1 }, failures: [] });
    expect(source.calls('notify_register_check')).toBe(3);
    expect(source.double.live().ports).toBe(2);
  });
});

test('for ever: every read says so once for each name, and a read after it is whole', async () => {
  await withSource(open({ [PRESSURE]: 2 }), async (source) => {
    await source.start();
    source.plan({ calls: [{ function: '*', nth: 1, forever: true }] });
    for (const called of ['notify_get_state', 'notify_register_check', 'notify_register_check']) {
      const { values, failures } = await source.read();
      expect(values).toEqual({ [PRESSURE]: NaN, [LOW_POWER]: NaN });
      expect(failures.map(({ call }) => call)).toEqual(NAMES.map((name) => `${called}("${name}")`));
    }
    source.plan({});
    expect(await source.read()).toEqual({ values: { [PRESSURE]: 2, [LOW_POWER]: 0 }, failures: [] });
  });
});

test('every call, in every way: what is there is right, what is not is owned up to', async () => {
  const truth: Record<string, number> = { [PRESSURE]: 3, [LOW_POWER]: 1 };
  const faults = await failEveryCall(
    (plan) => open(truth, NAMES, plan),
    async (source, how) => {
      const { channels, failures } = await source.start();
      const readings = [await source.read(), await source.read()];
      expect(channels.length === 2 || failures.length > 0).toBe(true);
      if (how === 'garbage') return;
      for (const reading of readings) {
        const missing = channels.filter(({ name }) => Number.isNaN(reading.values[name]));
        expect(reading.failures).toHaveLength(missing.length);
        for (const { name } of channels)
          if (!missing.some((channel) => channel.name === name))
            expect([name, reading.values[name]]).toEqual([name, truth[name]]);
      }
    },
  );
  expect(faults).toBeGreaterThan(50);
});
