// The source smc, on machine files made here: which keys it finds, how it reads them, and what a failure costs.

import fc from 'fast-check';
import { bare, failEveryCall, TestSource, withSource } from './support/source';
import type { FaultPlan } from './support/exporter';
import type { Json, Machine, RegistryEntry } from './support/machines';

const CALL = 'IOConnectCallStructMethod';
const UNSUPPORTED = 0xe00002c7 | 0;
const ENDPOINT = 4294968200;

const service = (id: number, name: string): RegistryEntry => ({
  id,
  class: [name, 'AppleSMC', 'IOService'],
  name,
  properties: {},
});

const float = (value: number): string => Buffer.from(Float32Array.of(value).buffer).toString('hex');
const temperature = (key: string, value = 40): Json[] => [key, 'flt ', float(value)];

const macWith = (keys: Json[][], more: { sorted?: boolean } = {}): Machine =>
  bare({
    ioregistry: [service(ENDPOINT, 'AppleSMCKeysEndpoint')],
    smc: { entry: ENDPOINT, keys, ...more },
  });

const open = (machine: Machine, prefixes: string[], keys: string[] = [], plan: FaultPlan = {}): TestSource =>
  new TestSource(machine, 'smc', { smc: { prefixes, keys } }, plan);

const namesOf = async (machine: Machine, prefixes: string[], keys: string[] = []) =>
  withSource(open(machine, prefixes, keys), async (source) => {
    const { channels, failures } = await source.list();
    expect(failures).toEqual([]);
    return channels.map(({ name }) => name);
  });

const LAPTOP = macWith([
  ['F0Ac', 'flt ', float(1374)],
  ['F0Md', 'ui8 ', '01'],
  ['FNum', 'ui8 ', '02'],
  ['PSTR', 'flt ', float(12.5)],
  ['TB1T', 'flt ', float(30.25), float(30.5), float(31)],
  temperature('Te05', 41),
  temperature('Tp01', 42),
  temperature('Tp05', 43),
  ['zDBG', 'ui32', '01000000'],
]);

describe('which keys', () => {
  test('those with a prefix, prefix by prefix, then those asked for by name, each once', async () => {
    await withSource(open(LAPTOP, ['Tp', 'F'], ['TB1T', 'Tp01', 'PSTR']), async (source) => {
      const { channels, failures } = await source.list();
      expect(failures).toEqual([]);
      expect(channels.map(({ name }) => name)).toEqual([
        'Tp01',
        'Tp05',
        'F0Ac',
        'F0Md',
        'FNum',
        'TB1T',
        'PSTR',
      ]);
      expect(channels[3]).toMatchObject({ group: 'SMC', subgroup: 'ui8 ', id: '', driver: 0, states: [] });
    });
  });

  test('a key that this Mac does not have is no failure', async () => {
    expect(await namesOf(LAPTOP, ['Tz', 'a'], ['none', 'TB2T', 'FNum', 'long name', ''])).toEqual(['FNum']);
  });

  test('the count of keys, of another byte order, is not among them; nor is what is no number', async () => {
    const machine = macWith([
      ['#AAA', 'ui8 ', '01'],
      ['TXX0', 'ch8*', '61626300'],
      ['TXX1', '{fds', '00112233'],
      ['TXX2', 'flt ', '0011223344'],
      ['TXX3', 'ui8 ', '07'],
    ]);
    expect(await namesOf(machine, ['#', 'T'], ['#KEY'])).toEqual(['#AAA', 'TXX3']);
  });

  test('nor one that nobody may read: it would fail at every read', async () => {
    expect(await namesOf(macWith([['TXX0', 'flt ', null], temperature('TXX1')]), ['T'])).toEqual(['TXX1']);
  });

  const name = fc
    .array(fc.constantFrom(' ', '#', '0', '9', 'A', 'T', 'Z', 'a', 'z', '~'), { minLength: 4, maxLength: 4 })
    .map((characters) => characters.join(''))
    .filter((key) => key !== '#KEY');
  const keySet = fc.uniqueArray(name, { maxLength: 40 });
  const prefixes = fc.uniqueArray(
    name.chain((key) => fc.nat({ max: 4 }).map((length) => key.slice(0, length))),
    { minLength: 1, maxLength: 4 },
  );

  test('whatever keys there are, a prefix finds its own', async () => {
    await fc.assert(
      fc.asyncProperty(keySet, prefixes, async (keys, wanted) => {
        const sorted = [...keys].sort();
        const machine = macWith(sorted.map((key) => temperature(key)));
        const expected = wanted.flatMap((prefix) => sorted.filter((key) => key.startsWith(prefix)));
        expect(await namesOf(machine, wanted)).toEqual([...new Set(expected)]);
      }),
      { numRuns: 60 },
    );
  });

  const MANY = Array.from({ length: 1500 }, (_, i) => `K${i.toString(36).padStart(3, '0')}`).sort();

  test('a prefix costs a search, not a walk through all of the index', async () => {
    await withSource(
      open(macWith(MANY.map((key) => temperature(key))), ['K00', 'K14', 'L']),
      async (source) => {
        const { channels } = await source.list();
        expect(channels).toHaveLength(72);
        // #KEY, twice two calls for each key found, one for each key's place, and three searches.
        expect(source.calls(CALL)).toBeLessThan(1 + 3 * 72 + 3 * 13);
      },
    );
  });

  test('where the index is in another order after all, it is walked', async () => {
    const places = MANY.map((_, i) => (i * 691) % MANY.length);
    for (const order of [[...MANY].reverse(), places.map((place) => MANY[place]!)]) {
      const machine = macWith(
        order.map((key) => temperature(key)),
        { sorted: false },
      );
      const expected = order.filter((key) => key.startsWith('K0z'));
      expect(await namesOf(machine, ['K0z'])).toEqual(expected);
      expect(expected).toHaveLength(36);
    }
  });
});

describe('which service', () => {
  test('none at all, as in a virtual machine: no channel and no failure', async () => {
    await withSource(open(bare({}), ['T'], ['PSTR']), async (source) => {
      expect(await source.start()).toEqual({ channels: [], failures: [] });
      expect(await source.read()).toEqual({ values: {}, failures: [] });
      expect(source.calls('IOServiceOpen')).toBe(0);
    });
  });

  test('one that is there and does not let us in is a failure', async () => {
    const machine = bare({ ioregistry: [service(7, 'AppleSMCKeysEndpoint')] });
    await withSource(open(machine, ['T']), async (source) => {
      const { channels, failures } = await source.list();
      expect(channels).toEqual([]);
      expect(failures).toEqual([
        {
          group: 'SMC',
          call: 'IOServiceOpen("AppleSMC")',
          code: UNSUPPORTED,
          remedy: expect.stringContaining('sandbox') as string,
        },
      ]);
    });
  });

  test('the one with the keys is tried first', async () => {
    const machine = { ...LAPTOP, ioregistry: [service(7, 'AppleSMC'), ...LAPTOP.ioregistry!] };
    await withSource(open(machine, [], ['FNum']), async (source) => {
      expect((await source.list()).channels).toHaveLength(1);
      expect(source.calls('IOServiceOpen')).toBe(1);
    });
  });

  test('else the first that opens', async () => {
    const others = [7, 8, 9].map((id) => service(id, `AppleSMC${id}`));
    const machine = bare({ ioregistry: others, smc: { entry: 8, keys: [['FNum', 'ui8 ', '01']] } });
    await withSource(open(machine, [], ['FNum']), async (source) => {
      expect(await source.list()).toMatchObject({ channels: [{ name: 'FNum' }], failures: [] });
      expect(source.calls('IOServiceOpen')).toBe(2);
    });
  });
});

describe('what is read', () => {
  const TYPES: readonly (readonly [type: string, bytes: string, value: number])[] = [
    ['flt ', 'c8ccc441', 24.599991],
    ['flt ', '0000b8c1', -23],
    ['flt ', '0000807f', NaN],
    ['flt ', '000080ff', NaN],
    ['flt ', '0000c07f', NaN],
    ['ui8 ', 'fe', 254],
    ['si8 ', 'fe', -2],
    ['flag', '01', 1],
    ['ui16', '0102', 513],
    ['si16', 'feff', -2],
    ['ui32', '01020304', 67305985],
    ['si32', '50000000', 80],
    ['si32', 'ffffffff', -1],
    ['ioft', '9ad9330000000000', 51.850006],
    ['ioft', '0a52eaffffffffff', -21.679535],
    ['fpe2', '1578', 1374],
    ['sp78', '1a80', 26.5],
    ['sp78', 'ea80', -21.5],
  ];

  test.each(TYPES)('%s %s is %d', async (type, bytes, value) => {
    await withSource(open(macWith([['KEY0', type, bytes]]), ['KEY']), async (source) => {
      await source.start();
      const { values, failures } = await source.read();
      expect(failures).toEqual([]);
      expect(values['KEY0']).toEqual(Number.isNaN(value) ? NaN : expect.closeTo(value, 6));
    });
  });

  test('one call for a key and a read, and values that change', async () => {
    await withSource(open(LAPTOP, ['T'], ['FNum']), async (source) => {
      await source.start();
      const before = source.calls(CALL);
      const seen: number[] = [];
      for (const seconds of [0, 1, 1]) {
        source.double.step(seconds);
        const { values } = await source.read();
        expect(values).toMatchObject({ FNum: 2, Te05: 41, Tp01: 42, Tp05: 43 });
        seen.push(values['TB1T']!);
      }
      expect(seen).toEqual([30.25, 30.5, 31]);
      expect(source.calls(CALL) - before).toBe(3 * 5);
    });
  });

  test('size and type of a key are asked once, also when it is listed again', async () => {
    await withSource(open(LAPTOP, [], ['FNum', 'PSTR']), async (source) => {
      await source.start();
      const first = source.calls(CALL);
      await source.start();
      expect(first).toBe(4);
      expect(source.calls(CALL) - first).toBe(2);
      expect(source.calls('IOServiceOpen')).toBe(1);
    });
  });
});

describe('what fails', () => {
  const WANTED = ['Tp01', 'Te05', 'FNum'];
  const VALUES = { Tp01: 42, Te05: 41, FNum: 2 };
  /** Runs `use` after a start on which everything went well. */
  const started = (use: (source: TestSource) => Promise<void>) =>
    withSource(open(LAPTOP, [], WANTED), async (source) => {
      expect((await source.start()).failures).toEqual([]);
      await use(source);
    });
  const failing = (nth: number, forever: boolean, code?: number): FaultPlan => ({
    calls: [{ function: CALL, nth, forever, ...(code !== undefined && { code }) }],
  });

  test('one key once: it alone is missing, by its name, and comes back', async () => {
    await started(async (source) => {
      source.plan(failing(2, false, 0xe00002d6));
      expect(await source.read()).toEqual({
        values: { ...VALUES, Te05: NaN },
        failures: [
          {
            group: 'SMC',
            call: `${CALL}("Te05")`,
            code: 0xe00002d6 | 0,
            remedy: 'read again at the next scrape',
          },
        ],
      });
      expect(await source.read()).toEqual({ values: VALUES, failures: [] });
      expect(source.calls('IOServiceOpen')).toBe(1);
    });
  });

  test('a short answer is none', async () => {
    await started(async (source) => {
      source.plan({ calls: [{ function: CALL, nth: 1, how: 'short' }] });
      const { values, failures } = await source.read();
      expect(values).toEqual({ ...VALUES, Tp01: NaN });
      expect(failures).toMatchObject([{ call: `${CALL}("Tp01")`, code: 0 }]);
    });
  });

  test('all for ever: one failure, few calls, and a new connection at every read', async () => {
    const machine = macWith(Array.from({ length: 60 }, (_, i) => temperature(`K0${10 + i}`)));
    await withSource(open(machine, ['K']), async (source) => {
      await source.start();
      source.plan(failing(1, true));
      for (let read = 1; read <= 3; read++) {
        const before = source.calls(CALL);
        const { values, failures } = await source.read();
        expect(Object.values(values)).toEqual(Array(60).fill(NaN));
        expect(failures).toMatchObject([{ group: 'SMC', call: `${CALL}("K010")`, code: 0xe00002bc | 0 }]);
        expect(source.calls(CALL) - before).toBe(3);
        expect(source.calls('IOServiceOpen')).toBe(read);
        expect(source.double.live().ports).toBe(1);
      }
      source.plan({});
      expect((await source.read()).failures).toEqual([]);
      expect(source.calls('IOServiceOpen')).toBe(4);
    });
  });

  test('the service once gone: said at each read, and read again when it is back', async () => {
    await started(async (source) => {
      source.plan(failing(3, false));
      await source.read();
      source.plan({ calls: [{ function: 'IOIteratorNext', nth: 1, forever: true }] });
      for (let read = 0; read < 2; read++)
        expect(await source.read()).toEqual({
          values: { Tp01: NaN, Te05: NaN, FNum: NaN },
          failures: [
            {
              group: 'SMC',
              call: 'IOServiceGetMatchingServices("AppleSMC")',
              code: 0,
              remedy: expect.stringContaining('gone') as string,
            },
          ],
        });
      source.plan({});
      expect(await source.read()).toEqual({ values: VALUES, failures: [] });
    });
  });

  test('a count of keys that cannot be costs the prefixes and not the keys asked for by name', async () => {
    for (const how of ['garbage', 'short', 'fail'] as const) {
      const plan = { calls: [{ function: CALL, nth: 1, how }] };
      await withSource(open(LAPTOP, ['T'], ['FNum'], plan), async (source) => {
        const { channels, failures } = await source.list();
        expect(channels.map(({ name }) => name)).toEqual(['FNum']);
        expect(failures).toMatchObject([{ group: 'SMC', call: `${CALL}("#KEY")` }]);
      });
    }
  });

  test('a key of the index that cannot be had is owned up to', async () => {
    for (const how of ['garbage', 'short', 'fail'] as const) {
      const plan = { calls: [{ function: CALL, nth: 2, how }] };
      await withSource(open(LAPTOP, ['T'], [], plan), async (source) => {
        expect((await source.list()).failures).toMatchObject([{ group: 'SMC', call: `${CALL}(key 5)` }]);
        expect((await source.start()).channels).toHaveLength(4);
      });
    }
  });

  test('every call, in every way: what is there is right, what is not is owned up to', async () => {
    const truth: Record<string, number> = { ...VALUES, TB1T: 30.25, Tp05: 43 };
    // Failures that look exactly like what this Mac does not have.
    const reads_as_absent = ['IOIteratorNext'];
    const faults = await failEveryCall(
      (plan) => open(LAPTOP, ['T'], ['FNum'], plan),
      async (source, how) => {
        const { channels, failures } = await source.start();
        const readings = [await source.read(), await source.read()];
        if (how === 'garbage') return;
        const lost = channels.length < 5;
        const absent = source.calls(reads_as_absent[0]!) < 2;
        if (lost && !absent) expect(failures.length).toBeGreaterThan(0);
        for (const reading of readings)
          for (const { name } of channels) {
            const value = reading.values[name]!;
            if (!Number.isNaN(value)) expect([name, value]).toEqual([name, truth[name]]);
            else expect(reading.failures).toHaveLength(1);
          }
      },
    );
    expect(faults).toBeGreaterThan(200);
  });
});
