// The functions of macOS that only a recording calls, as the double answers them: all channels of IOReport, all
// properties of an entry of the registry, and what a class derives from.

import type { Entry, MachineFile, Report } from '../src/native/machine_file';
import type { Recording, SourceName } from '../src/native/native';
import type { FaultPlan } from './support/exporter';
import type { Machine } from './support/machines';
import { bare, TestSource, withSource } from './support/source';

const NO_DEVICE = 0xe00002c0 | 0;

const open = (name: SourceName, sections: Partial<MachineFile>, wanted: readonly string[] = [], plan = {}) =>
  new TestSource(
    bare(sections as unknown as Partial<Machine>),
    name,
    { ioreport: wanted, ioregistry: { live: wanted, facts: [] } },
    plan,
  );
const recordOf = (source: TestSource): Promise<Recording> => source.double.sources[source.name].record();

describe('IOReportCopyAllChannels', () => {
  const report = (group: string, driver: Report['driver'], names: readonly string[]): Report => ({
    group,
    subgroup: '',
    driver,
    unit: ['216173314689728512', 'mJ'],
    format: 'simple',
    channels: names.map((name, i) => [String(i).padStart(16, '0'), name, 5]),
  });
  const IOREPORT = [
    report('Energy Model', [77, 'AppleT8103PMGR'], ['GPU Energy', 'ANE']),
    report('Nobody Knows', [78, 'AppleNew'], ['x']),
    report('Energy Model', [79, ''], ['DRAM']),
  ];
  const recording = (plan: FaultPlan, use: (source: TestSource) => Promise<void>) =>
    withSource(open('ioreport', { ioreport: IOREPORT }, ['Energy Model'], plan), use);
  const namesOf = ({ state }: Recording) =>
    (state as { groups: readonly Report[] } | null)?.groups.map(({ group, driver, channels }) => [
      group,
      ...driver,
      channels.map(([, name]) => name),
    ]);

  test('lists every group, known or not, in the order of the file, each with its driver', async () => {
    await recording({}, async (source) => {
      expect(namesOf(await recordOf(source))).toEqual([
        ['Energy Model', 77, 'AppleT8103PMGR', ['GPU Energy', 'ANE']],
        ['Nobody Knows', 78, 'AppleNew', ['x']],
        ['Energy Model', 79, '', ['DRAM']],
      ]);
      expect(source.calls('IOReportCopyAllChannels')).toBe(1);
    });
  });

  test.each(['fail', 'null', 'short', 'garbage'] as const)('answers NULL where it is to %s', async (how) => {
    const plan: FaultPlan = { calls: [{ function: 'IOReportCopyAllChannels', nth: 1, how }] };
    await recording(plan, async (source) => {
      const refused = await recordOf(source);
      expect(refused).toMatchObject({ state: null, failures: [{ call: 'IOReportCopyAllChannels' }] });
      expect(namesOf(await recordOf(source))).toHaveLength(3);
    });
  });

  test('a driver whose name cannot be had has none', async () => {
    // After the channel's name and its group.
    const plan: FaultPlan = { calls: [{ function: 'CFStringGetCString', nth: 3 }] };
    await recording(plan, async (source) => {
      expect(namesOf(await recordOf(source))![0]).toEqual(['Energy Model', 77, '', ['GPU Energy']]);
    });
  });

  test.each(['IOReportCopyAllChannels', 'IOReportChannelGetDriverName'])(
    'a macOS without %s has nothing to record, and is read as ever',
    async (name) => {
      await recording({ without: [name] }, async (source) => {
        expect(await recordOf(source)).toMatchObject({ state: null, failures: [{ call: name }] });
        expect((await source.start()).channels.map((channel) => channel.name)).toEqual([
          'GPU Energy',
          'ANE',
          'DRAM',
        ]);
        expect((await source.read()).values).toMatchObject({ 'GPU Energy': 5, ANE: 5, DRAM: 5 });
      });
    },
  );
});

const client = (more: Partial<Entry> = {}): Entry => ({
  id: 300,
  class: ['AGXDeviceUserClient', 'IOUserClient', 'IOService'],
  name: 'client',
  properties: { CommandQueueCount: [1, 2, 3], Used: { counter: [10, 20, 30] } },
  ...more,
});
const GPU: Entry = {
  id: 100,
  class: ['AGXAcceleratorG16G', 'AGXAccelerator', 'IOAccelerator', 'IOService'],
  name: 'gpu',
  properties: {
    model: 'Apple M1',
    'gpu-core-count': 8,
    ratio: 0.5,
    built: true,
    bytes: { data: '00ff' },
    statistics: { dict: { load: [1, 2, 3], list: { list: ['a', false, 7] } } },
  },
};
const WANTED = ['IOAccelerator *', 'IOAccelerator/* *'];
const withClient = (more: Partial<Entry>): Partial<MachineFile> => ({
  ioregistry: [{ ...GPU, children: [client(more)] }],
});

describe('IORegistryEntryCreateCFProperties', () => {
  const recording = (
    sections: Partial<MachineFile>,
    use: (source: TestSource) => Promise<void>,
    plan: FaultPlan = {},
  ) => withSource(open('ioregistry', sections, WANTED, plan), use);

  test('gives all properties, of each kind, as they are at the moment', async () => {
    await recording(withClient({}), async (source) => {
      const { state, failures } = await recordOf(source.step(1.5));
      expect(failures).toEqual([]);
      const { properties } = GPU;
      expect(state).toEqual([
        {
          ...GPU,
          properties: {
            ...properties,
            statistics: { dict: { load: 2, list: { list: ['a', false, 7] } } },
          },
          children: [client({ properties: { CommandQueueCount: 2, Used: 25 } })],
        },
      ]);
    });
  });

  test('gives those of one that was seen in some frames, each time anew', async () => {
    await recording(withClient({ seen: { frames: [0, 1], step: 8 } }), async (source) => {
      const { state } = await recordOf(source.step(3.5));
      expect(state).toMatchObject([
        { children: [{ id: 308, properties: { CommandQueueCount: 2, Used: 20 } }] },
      ]);
    });
  });

  test.each([
    ['a life', { life: { from: 0, to: 12_000_000, step: 8 }, properties: { Used: { counter: 10 } } }],
    ['frames', { seen: { frames: [0, 0], step: 8 } }],
  ] as const)('fails of a service with %s that is over by then', async (_, more) => {
    // That of the GPU, and while that of its client is on its way, the client goes.
    const plan: FaultPlan = {
      calls: [{ function: 'IORegistryEntryCreateCFProperties', nth: 2, how: 'hang' }],
    };
    await recording(
      withClient(more),
      async (source) => {
        const recorded = recordOf(source);
        while (source.calls('IORegistryEntryCreateCFProperties') < 2)
          await new Promise((resolve) => setTimeout(resolve, 1));
        source.step(1.5).double.releaseHangs();
        const { state, failures } = await recorded;
        expect(failures).toMatchObject([{ call: 'IORegistryEntryCreateCFProperties', code: NO_DEVICE }]);
        expect((state as readonly Entry[])[0]).toMatchObject({ id: 100 });
        expect((state as readonly Entry[])[0]!.children).toBeUndefined();
      },
      plan,
    );
  });

  test.each([
    ['fail', 5, 5],
    ['fail', undefined, 0xe00002bc | 0],
    ['short', undefined, 0xe00002bc | 0],
    ['garbage', undefined, 0xe00002bc | 0],
    ['null', undefined, 0],
  ] as const)('made to %s with the code %p, answers %p and no properties', async (how, code, answer) => {
    const call = { function: 'IORegistryEntryCreateCFProperties', nth: 1, how };
    const plan: FaultPlan = { calls: [code === undefined ? call : { ...call, code }] };
    await recording(
      { ioregistry: [GPU] },
      async (source) => {
        const { state, failures } = await recordOf(source);
        expect(failures).toMatchObject([{ call: 'IORegistryEntryCreateCFProperties', code: answer }]);
        expect(state).toMatchObject([{ id: 100, properties: {} }]);
      },
      plan,
    );
  });
});

describe('IOObjectCopySuperclassForClass', () => {
  const classes = async (sections: Partial<MachineFile>, plan: FaultPlan = {}) => {
    let found: readonly (readonly string[])[] = [];
    await withSource(open('ioregistry', sections, WANTED, plan), async (source) => {
      const entries = (await recordOf(source)).state as readonly Entry[];
      found = entries.flatMap(({ class: own, children = [] }) => [
        own,
        ...children.map((each) => each.class),
      ]);
    });
    return found;
  };

  test('names what each class derives from, and NULL for the last', async () => {
    expect(await classes(withClient({}))).toEqual([GPU.class, client().class]);
  });

  test('knows the classes of what is not there now', async () => {
    const other: Entry = { ...GPU, id: 101, children: [client({ seen: { frames: [2, 2], step: 1 } })] };
    const own: Entry = { ...client({ id: 301 }), class: ['AGXDeviceUserClient'] };
    expect(await classes({ ioregistry: [other, { ...GPU, children: [own] }] })).toEqual([
      GPU.class,
      GPU.class,
      client().class,
    ]);
  });

  test('that fails leaves what was told before it', async () => {
    const plan: FaultPlan = { calls: [{ function: 'IOObjectCopySuperclassForClass', nth: 3 }] };
    expect(await classes({ ioregistry: [GPU] }, plan)).toEqual([GPU.class.slice(0, 3)]);
  });
});
