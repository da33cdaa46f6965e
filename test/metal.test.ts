// Metal: two ways to a device, either of which can be empty, and a limit that is asked for only when it may have changed.

import { failEach, FRAME, type ListedOptions, type ListedSource, withListed } from './support/listed';
import type { Json, Machine } from './support/machines';

const GIB = 2 ** 30;
const LIST = 'MTLCopyAllDevices';
const DEFAULT = 'MTLCreateSystemDefaultDevice';
const METAL = '/System/Library/Frameworks/Metal.framework/Metal';
const OBJC = '/usr/lib/libobjc.A.dylib';

const device = (size: Json = 11 * GIB, families: number[] = [1001, 1007, 5001]) => ({
  name: 'Apple M1',
  recommendedMaxWorkingSetSize: size,
  families,
});

const machine = (size: Json, limit: Json[] = ['u32', 0]): Partial<Machine> => ({
  metal: { default: true, listed: true, devices: [device(size)] },
  sysctl: { 'iogpu.wired_limit_mb': limit },
});

const withMetal = (
  sections: Partial<Machine>,
  use: (source: ListedSource) => Promise<void> | void,
  options: ListedOptions = {},
): Promise<void> => withListed('metal', sections, use, options);

/** How often a device was asked for. */
const asked = (source: ListedSource) => source.calls(LIST);

describe('the way to the device', () => {
  test.each([
    { listed: true, by_default: true, calls: [3, 0] },
    { listed: true, by_default: false, calls: [3, 0] },
    { listed: false, by_default: true, calls: [3, 3] },
  ])('listed $listed, default $by_default', async ({ listed, by_default, calls }) => {
    const devices = [device(), { ...device(5), name: 'another' }];
    await withMetal({ metal: { default: by_default, listed, devices } }, async (source) => {
      expect(source.failures).toEqual([]);
      expect(source.channels).toMatchObject([
        { group: 'Metal', subgroup: 'Apple M1', name: 'recommendedMaxWorkingSetSize', id: '', driver: 0 },
      ]);
      expect(await source.facts()).toEqual({
        values: { 'Metal name': 'Apple M1', 'Metal family': 5001 },
        failures: [],
      });
      expect(await source.readAll()).toMatchObject({ values: [11 * GIB], failures: [] });
      expect([source.calls(LIST), source.calls(DEFAULT)]).toEqual(calls);
    });
  });

  test.each([
    [LIST, DEFAULT],
    [DEFAULT, LIST],
  ])('without the function %s it is %s', async (missing, called) => {
    await withMetal(
      machine(11 * GIB),
      async (source) => {
        expect(await source.readAll()).toMatchObject({ values: [11 * GIB], failures: [] });
        expect([source.calls(missing), source.calls(called)]).toEqual([0, 2]);
      },
      { plan: { without: [missing] } },
    );
  });

  test.each([
    [LIST, { default: false, listed: true }],
    [DEFAULT, { default: true, listed: false }],
  ])('without the function %s, where it alone has a device, that is a failure', async (missing, ways) => {
    const metal = { ...ways, devices: [device(11 * GIB)] };
    await withMetal(
      { metal },
      async (source) => {
        expect(source.channels).toEqual([]);
        expect(source.failures).toMatchObject([{ group: 'Metal', call: missing }]);
        expect((await source.facts()).failures).toMatchObject([{ group: 'Metal', call: missing }]);
      },
      { plan: { without: [missing] } },
    );
  });

  test.each(['fail', 'short'] as const)('a list that does %s is not the end', async (how) => {
    await withMetal(
      machine(11 * GIB),
      async (source) => {
        expect(source.channels).toHaveLength(1);
        expect(await source.readAll()).toMatchObject({ values: [11 * GIB], failures: [] });
      },
      { plan: { calls: [{ function: LIST, nth: 1, forever: true, how }] } },
    );
  });

  test.each([
    ['no section', {}],
    ['no way', { metal: { default: false, listed: false, devices: [device()] } }],
    ['an empty list', { metal: { default: true, listed: true, devices: [] } }],
  ])('%s: no device, no channels, no facts, no failure', async (_, sections: Partial<Machine>) => {
    await withMetal(sections, async (source) => {
      expect(source.channels).toEqual([]);
      expect(source.failures).toEqual([]);
      expect(await source.facts()).toEqual({ values: {}, failures: [] });
      expect((await source.readAll()).failures).toEqual([]);
    });
  });

  test.each([
    [METAL, [METAL]],
    [OBJC, [OBJC]],
    ['objc_msgSend', ['objc_msgSend']],
    ['sel_registerName', ['sel_registerName']],
    [LIST, [LIST, DEFAULT]],
  ])('a macOS that lacks %s says so', async (call, without) => {
    const failure = { group: 'Metal', call, code: 0, remedy: expect.stringContaining('lacks it') as string };
    await withMetal(
      machine(11 * GIB),
      async (source) => {
        expect(source.channels).toEqual([]);
        expect(source.failures).toEqual([failure]);
        expect(await source.facts()).toEqual({ values: {}, failures: [failure] });
      },
      { plan: { without } },
    );
  });
});

test.each([
  [[1001, 1010, 5001, 5002], 5002],
  [[5002], 5002],
  [[1001, 1007, 5001], 5001],
  [[1001, 5000, 5003], undefined],
  [[], undefined],
])('of the families %j the highest of Metal 4 and Metal 3 is %s', async (families, highest) => {
  const sections = { metal: { default: true, listed: true, devices: [device(GIB, families)] } };
  await withMetal(sections, async (source) => {
    expect((await source.facts()).values['Metal family']).toBe(highest);
  });
});

describe('the device is asked again', () => {
  /** The size changes with every frame: an answer tells when it was asked for. */
  const sizes = [10, 11, 12, 13, 14, 15].map((gib) => gib * GIB);

  test.each(['u32', 'u64'])('exactly when iogpu.wired_limit_mb changes (%s)', async (type) => {
    await withMetal(
      machine(sizes, [type, [0, 0, 8192, 8192, 8192, 0]]),
      async (source) => {
        const before = asked(source);
        const reads = [await source.readAll()];
        const times = [asked(source) - before];
        for (let n = 1; n < sizes.length; n++) {
          reads.push(await source.readAfter(FRAME));
          times.push(asked(source) - before);
        }
        expect(times).toEqual([1, 1, 2, 2, 2, 3]);
        expect(reads.map(({ values }) => values[0]! / GIB)).toEqual([10, 10, 12, 12, 12, 15]);
        expect(reads.map(({ stamps }) => Math.round(stamps[0]! - reads[0]!.at))).toEqual([
          0, 0, 20, 20, 20, 50,
        ]);
        expect(reads.flatMap(({ failures }) => failures)).toEqual([]);
      },
      { frames: sizes.length },
    );
  });

  test('never where this macOS has no such limit', async () => {
    await withMetal(
      { metal: { default: true, listed: true, devices: [device(sizes)] } },
      async (source) => {
        for (let n = 0; n < sizes.length; n++)
          expect(await source.readAfter(n === 0 ? 0 : FRAME)).toMatchObject({
            values: [10 * GIB],
            failures: [],
          });
        expect(asked(source)).toBe(2);
      },
      { frames: sizes.length },
    );
  });

  test('whenever the limit cannot be read, as it may have changed', async () => {
    await withMetal(
      machine(sizes, ['u32', 0]),
      async (source) => {
        const values = [(await source.readAll()).values[0]!];
        source.double.plan(JSON.stringify({ calls: [{ function: 'sysctlbyname', nth: 1, forever: true }] }));
        for (let n = 1; n < 4; n++) values.push((await source.readAfter(FRAME)).values[0]!);
        source.double.plan('{}');
        for (let n = 4; n < 6; n++) values.push((await source.readAfter(FRAME)).values[0]!);
        expect(values.map((value) => value / GIB)).toEqual([10, 11, 12, 13, 14, 14]);
      },
      { frames: sizes.length },
    );
  });

  test('at every read after it did not answer, and until then there is no number', async () => {
    await withMetal(
      machine(sizes, ['u64', [0, 4096, 4096, 0, 0, 0]]),
      async (source) => {
        expect((await source.readAll()).values).toEqual([10 * GIB]);
        const calls = [LIST, DEFAULT].map((called) => ({ function: called, nth: 1, forever: true }));
        source.double.plan(JSON.stringify({ calls }));
        for (let n = 0; n < 2; n++) {
          const { values, stamps, failures } = await source.readAfter(FRAME);
          expect([values, stamps]).toEqual([[NaN], [NaN]]);
          expect(failures).toEqual([
            { group: 'Metal', call: DEFAULT, code: 0, remedy: 'read again at the next scrape' },
          ]);
        }
        source.double.plan('{}');
        expect(await source.readAfter(FRAME)).toMatchObject({ values: [13 * GIB], failures: [] });
      },
      { frames: sizes.length },
    );
  });
});

test('no device is kept from one read to the next', async () => {
  const limits = Array.from({ length: 40 }, (_, n) => n);
  await withMetal(
    machine(11 * GIB, ['u32', limits]),
    async (source) => {
      await source.facts();
      for (let n = 0; n < limits.length; n++) await source.readAfter(n === 0 ? 0 : FRAME);
      expect(asked(source)).toBe(2 + limits.length);
      expect(source.double.live().objects).toBe(0);
    },
    { frames: limits.length },
  );
});

test('every call that can fail, once and for ever: nothing wrong, and what is missing is owned up to', async () => {
  const sections = machine([11 * GIB, 12 * GIB, 12 * GIB], ['u32', [0, 8192, 8192]]);
  const faults = await failEach('metal', sections, { frames: 3 }, { group: 'Metal', absent: new Set() });
  expect(faults).toBeGreaterThan(30);
});
