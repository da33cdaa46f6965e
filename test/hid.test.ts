// Temperatures from the HID event system: names that repeat, sensors that come and go, and a client that is made once.

import { FRAME, failEach, ListedSource, withListed, type ListedOptions } from './support/listed';
import type { Json, Machine } from './support/machines';
import { NOTHING_OPEN } from './support/source';

type Services = NonNullable<Machine['hid']>;

const PAGE = 0xff00;
const USAGE = 5;
const FIRST = 4294970001;

/** Services in order, with ids from FIRST on. */
const services = (...sensors: readonly (readonly [product: string | null, value: Json])[]): Services =>
  sensors.map(([product, value], i) => ({ id: FIRST + i, page: PAGE, usage: USAGE, product, value }));

const hexadecimal = (id: number) => id.toString(16).padStart(16, '0');

const CREATE = 'IOHIDEventSystemClientCreate';
const COPY = 'IOHIDEventSystemClientCopyServices';
const EVENT = 'IOHIDServiceClientCopyEvent';
const PROPERTY = 'IOHIDServiceClientCopyProperty';
const REGISTRY_ID = 'IOHIDServiceClientGetRegistryID';
const LIBRARY = '/System/Library/Frameworks/IOKit.framework/IOKit';

const TWINS = services(
  ['PMU tdie1', 36.125],
  ['NAND CH0 temp', 28],
  ['PMU tdie1', 37.5],
  ['PMU tdie1', 38.75],
);
const TWIN_VALUES = [36.125, 28, 37.5, 38.75];

const withHid = (
  hid: Services,
  use: (source: ListedSource) => Promise<void> | void,
  options: ListedOptions = {},
): Promise<void> => withListed('hid', { hid }, use, options);

describe('list', () => {
  test('names in the order of the services, those that repeat too, each with its registry id', async () => {
    await withHid(TWINS, ({ channels, failures }) => {
      expect(failures).toEqual([]);
      expect(channels).toHaveLength(4);
      channels.forEach((channel, i) =>
        expect(channel).toMatchObject({
          group: 'HID',
          subgroup: 'temperature',
          name: ['PMU tdie1', 'NAND CH0 temp', 'PMU tdie1', 'PMU tdie1'][i],
          id: hexadecimal(FIRST + i),
          driver: FIRST + i,
          states: [],
        }),
      );
    });
  });

  test('services of other usages, and those without a product, are left out', async () => {
    const others = [
      { id: 1, page: 0xff08, usage: USAGE, product: 'a voltage', value: 1 },
      { id: 2, page: PAGE, usage: 4, product: 'a light', value: 1 },
      { id: 3, page: PAGE, usage: USAGE, product: null, value: 35 },
    ];
    await withHid([...others, ...services(['PMU tdie1', 36])], async (source) => {
      expect(source.channels.map(({ name }) => name)).toEqual(['PMU tdie1']);
      expect(source.failures).toEqual([]);
      expect((await source.readAll()).values).toEqual([36]);
    });
  });

  test('a Mac without sensors lists nothing, and that is no failure', async () => {
    for (const sections of [{}, { hid: [] }])
      await withListed('hid', sections, async (source) => {
        expect(source.channels).toEqual([]);
        expect(source.failures).toEqual([]);
        expect((await source.readAll()).failures).toEqual([]);
        expect(source.calls(EVENT)).toBe(0);
      });
  });

  test('without IOHIDServiceClientGetRegistryID there are names only', async () => {
    await withHid(
      TWINS,
      async (source) => {
        expect(source.failures).toEqual([]);
        expect(source.channels.map(({ id, driver }) => [id, driver])).toEqual(TWINS.map(() => ['', 0]));
        expect((await source.readAll()).values).toEqual(TWIN_VALUES);
      },
      { plan: { without: [REGISTRY_ID] } },
    );
  });

  test.each([
    LIBRARY,
    CREATE,
    COPY,
    EVENT,
    'IOHIDEventSystemClientSetMatching',
    PROPERTY,
    'IOHIDEventGetFloatValue',
  ])('a macOS without %s says so', async (missing) => {
    await withHid(
      TWINS,
      ({ channels, failures }) => {
        expect(channels).toEqual([]);
        expect(failures).toEqual([
          { group: 'HID', call: missing, code: 0, remedy: expect.stringContaining('lacks it') as string },
        ]);
      },
      { plan: { without: [missing] } },
    );
  });
});

describe('read', () => {
  test('fractions of a degree, frame by frame', async () => {
    await withHid(
      services(['PMU tdie1', [36.1, 36.4]], ['PMU tdev2', -21.5], ['noname', 0]),
      async (source) => {
        const first = await source.readAll();
        expect(first.values).toEqual([36.1, -21.5, 0]);
        expect(first.stamps).toEqual([first.at, first.at, first.at]);
        expect((await source.readAfter(FRAME)).values).toEqual([36.4, -21.5, 0]);
      },
      { frames: 2 },
    );
  });

  test('a sensor that does not answer is absent, and back when it answers again', async () => {
    await withHid(
      services(['PMU tdie1', [36, null, 38]], ['PMU tdie2', 40], ['gas gauge battery', null]),
      async (source) => {
        const reads = [await source.readAll(), await source.readAfter(FRAME), await source.readAfter(FRAME)];
        expect(reads.map(({ values }) => values)).toEqual([
          [36, 40, NaN],
          [NaN, 40, NaN],
          [38, 40, NaN],
        ]);
        expect(reads.flatMap(({ failures }) => failures)).toEqual([]);
        expect(source.calls(CREATE)).toBe(1);
      },
      { frames: 3 },
    );
  });

  test('one failure when no sensor answers', async () => {
    await withHid(services(['PMU tdie1', null], ['PMU tdie2', null]), async (source) => {
      const { values, failures } = await source.readAll();
      expect(values).toEqual([NaN, NaN]);
      expect(failures).toEqual([
        {
          group: 'HID',
          call: EVENT,
          code: 0,
          remedy: expect.stringContaining('no sensor answers') as string,
        },
      ]);
    });
  });
});

describe('the client', () => {
  test('is made once for a list and any number of reads', async () => {
    await withHid(TWINS, async (source) => {
      for (let n = 0; n < 50; n++) expect((await source.readAfter(FRAME)).values).toEqual(TWIN_VALUES);
      expect(source.calls(CREATE)).toBe(1);
      expect(source.calls(COPY)).toBe(1);
      expect(source.calls(PROPERTY)).toBe(TWINS.length);
    });
  });

  test('is made again after each sleep, and not for less than a second of it', async () => {
    await withHid(
      TWINS,
      async (source) => {
        const made: number[] = [];
        for (let n = 0; n < 6; n++) {
          expect(await source.readAll()).toMatchObject({ values: TWIN_VALUES, failures: [] });
          made.push(source.calls(CREATE));
          source.double.step(FRAME);
        }
        expect(made).toEqual([1, 1, 2, 2, 3, 3]);
      },
      {
        plan: {
          events: [
            { at: 5, sleep: 0.9 },
            { at: 15, sleep: 2 },
            { at: 35, sleep: 3600 },
          ],
        },
      },
    );
  });

  test('is made again after a sleep between list and the first read', async () => {
    await withHid(
      TWINS,
      async (source) => {
        expect((await source.readAfter(FRAME)).values).toEqual(TWIN_VALUES);
        expect(source.calls(CREATE)).toBe(2);
      },
      { plan: { events: [{ at: 5, sleep: 60 }] } },
    );
  });

  test('after a wake a sensor is known by its registry id: one that is gone is absent, no other takes its place', async () => {
    const hid = services(['PMU tdie1', 31], ['PMU tdie1', 32], ['PMU tdie2', 33], ['PMU tdie2', 34]);
    await withHid(
      hid,
      async (source) => {
        await source.readAll();
        expect(await source.readAfter(FRAME)).toMatchObject({ values: [31, 32, NaN, NaN], failures: [] });
      },
      {
        plan: {
          events: [{ at: 5, sleep: 60 }],
          calls: [{ function: COPY, nth: 2, how: 'short' }],
        },
      },
    );
  });

  test('after a wake no twin takes the place of one that is gone', async () => {
    await withHid(
      TWINS,
      async (source) => {
        await source.readAll();
        expect(await source.readAfter(FRAME)).toMatchObject({ values: [NaN, 28, 37.5, 38.75], failures: [] });
      },
      {
        plan: {
          events: [{ at: 5, sleep: 60 }],
          calls: [{ function: PROPERTY, nth: TWINS.length + 1 }],
        },
      },
    );
  });

  test.each([
    ['never told', 1],
    ['no longer told', TWINS.length + 1],
  ])(
    'after a wake a sensor whose id is %s is known by its name and its place among those',
    async (_, nth) => {
      await withHid(
        TWINS,
        async (source) => {
          await source.readAll();
          expect(await source.readAfter(FRAME)).toMatchObject({ values: TWIN_VALUES, failures: [] });
          expect(source.calls(CREATE)).toBe(2);
        },
        {
          plan: {
            events: [{ at: 5, sleep: 60 }],
            calls: [{ function: REGISTRY_ID, nth, forever: true }],
          },
        },
      );
    },
  );

  test('a sensor that no service is left of says so when it is the only one', async () => {
    await withHid(
      services(['PMU tdie1', 31]),
      async (source) => {
        await source.readAll();
        const { values, failures } = await source.readAfter(FRAME);
        expect(values).toEqual([NaN]);
        expect(failures).toMatchObject([{ group: 'HID', call: COPY }]);
      },
      { plan: { events: [{ at: 5, sleep: 60 }], calls: [{ function: COPY, nth: 2, how: 'short' }] } },
    );
  });

  test('is made again while no sensor answers: after one minute, after two, at last every hour', async () => {
    await withHid(services(['PMU tdie1', null]), async (source) => {
      const made: number[] = [];
      let before = source.calls(CREATE);
      for (let minute = 0; minute < 500; minute++) {
        const { values, failures } = await source.readAfter(minute === 0 ? 0 : 61);
        expect([values, failures.length]).toEqual([[NaN], 1]);
        if (source.calls(CREATE) > before) made.push(minute);
        before = source.calls(CREATE);
      }
      const apart = made.map((minute, i) => minute - (made[i - 1] ?? 0));
      expect(apart).toEqual([2, 3, 5, 9, 17, 33, 61, 61, 61, 61, 61, 61, 61]);
    });
  });

  test('is made again, after a minute, when not all sensors are back after a wake', async () => {
    await withHid(
      TWINS,
      async (source) => {
        await source.readAll();
        for (const seconds of [10, 30, 31])
          expect(await source.readAfter(seconds)).toMatchObject({
            values: [36.125, 28, NaN, NaN],
            failures: [],
          });
        for (let n = 0; n < 10; n++)
          expect(await source.readAfter(60)).toMatchObject({ values: TWIN_VALUES, failures: [] });
        expect(source.calls(CREATE)).toBe(3);
      },
      { plan: { events: [{ at: 5, sleep: 60 }], calls: [{ function: COPY, nth: 2, how: 'short' }] } },
    );
  });

  test('is kept when its sensors are silent now and then', async () => {
    await withHid(
      services(['PMU tdie1', [null, null, null, null, null, 36]]),
      async (source) => {
        for (let n = 0; n < 20; n++) await source.readAfter(FRAME);
        expect(source.calls(CREATE)).toBe(1);
      },
      { frames: 6 },
    );
  });

  test('is made again after a minute also when it once took longer', async () => {
    const answersAt = (n: number) => n >= 40 && n < 45;
    const value = Array.from({ length: 70 }, (_, n) => (answersAt(n) ? 36 : null));
    await withHid(
      services(['PMU tdie1', value]),
      async (source) => {
        const made: number[] = [];
        for (let n = 0; n < 11; n++) {
          await source.readAfter(n === 0 ? 0 : 61);
          made.push(source.calls(CREATE));
        }
        expect(made).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4]);
      },
      { frames: 70 },
    );
  });

  test('that could not be made is tried at the next read', async () => {
    await withHid(
      TWINS,
      async (source) => {
        await source.readAll();
        const { values, failures } = await source.readAfter(FRAME);
        expect(values).toEqual(TWIN_VALUES.map(() => NaN));
        expect(failures).toMatchObject([{ group: 'HID', call: CREATE, code: 0 }]);
        expect(await source.readAfter(FRAME)).toMatchObject({ values: TWIN_VALUES, failures: [] });
      },
      { plan: { events: [{ at: 5, sleep: 60 }], calls: [{ function: CREATE, nth: 2 }] } },
    );
  });

  test('stays when its services could not be had, and is asked for them again', async () => {
    await withHid(
      TWINS,
      async (source) => {
        await source.readAll();
        expect(await source.readAfter(FRAME)).toMatchObject({ failures: [{ group: 'HID', call: COPY }] });
        expect(await source.readAfter(FRAME)).toMatchObject({ values: TWIN_VALUES, failures: [] });
        expect(source.calls(CREATE)).toBe(2);
      },
      { plan: { events: [{ at: 5, sleep: 60 }], calls: [{ function: COPY, nth: 2 }] } },
    );
  });

  test('listing again makes a new one in its place, and leaves nothing of the old one', async () => {
    const source = new ListedSource('hid', { hid: TWINS });
    await source.start();
    await source.readAll();
    const { objects } = source.double.live();
    for (let n = 2; n < 30; n++) {
      await source.start();
      expect(source.calls(CREATE)).toBe(n);
      expect((await source.readAll()).values).toEqual(TWIN_VALUES);
      expect(source.double.live().objects).toBe(objects);
    }
    expect(source.close()).toEqual(NOTHING_OPEN);
  });
});

test('every call that can fail, once and for ever: nothing wrong, and what is missing is owned up to', async () => {
  const hid = services(['PMU tdie1', [36.1, 36.2, 36.3]], ['PMU tdie2', 37], ['NAND CH0 temp', 28]);
  const options = { frames: 3, plan: { events: [{ at: 5, sleep: 60 }] } };
  // What these answer when they fail is what they answer for a sensor that has no name, or nothing to say.
  const absent = new Set([PROPERTY, EVENT]);
  expect(await failEach('hid', { hid }, options, { group: 'HID', absent })).toBeGreaterThan(100);
});
