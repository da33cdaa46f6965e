// Machines on which all that the sources say is held: cut down, but of every kind.

import {
  machineOf,
  reduced,
  type ChannelSet,
  type Json,
  type Life,
  type Machine,
  type Process,
  type RegistryEntry,
} from '../support/machines';

interface Named {
  readonly name: string;
  readonly machine: Machine;
  /** What happens to it: each is a life of its own. */
  readonly plans?: readonly Json[];
}

const CUT_DOWN = [
  'Mac14,14__m2-ultra__15.2__mixed',
  'Mac16,8__m4-pro__27.0__battery',
  'VirtualMac2,1__vm__15.5__compile',
];

/** A key of each type of the SMC, of types with another size, and keys that are no numbers or cannot be read. */
const SMC_KEYS: Json[][] = [
  ['Fbad', 'ui32', '0102'],
  ['Ffl_', 'flag', '01'],
  ['Fhex', 'hex_', '010203'],
  ['Fi16', 'si16', 'feff'],
  ['Fi32', 'si32', 'fdffffff'],
  ['Fio_', 'ioft', '0080010000000000'],
  ['Fmax', 'hex_', '08'.repeat(32)],
  ['Fnon', 'ui8 ', null],
  ['Fsi8', 'si8 ', '85'],
  ['Fu16', 'ui16', '3412'],
  ['Fu32', 'ui32', '78563412'],
  ['Gzzz', 'ui8 ', '07'],
  ['PSTR', 'flt ', '0000c041'],
  ['TB1T', 'flt ', '0000c041'],
  ['Te01', 'sp78', 'e680'],
  ['Tp01', 'fpe2', '0123'],
  ['Z 00', 'ui8 ', '00'],
  ['Z009', 'ui8 ', '01'],
  ['Z00y', 'ui8 ', '02'],
  ['Z0p9', 'ui8 ', '03'],
  ['Z~~~', 'ui8 ', '04'],
];
/** The kernel cuts names by bytes, in the middle of a character too. */
const NAMES = ['a'.repeat(14), 'a'.repeat(13), 'a'.repeat(12), 'a'.repeat(11)].flatMap((start) => [
  `${start}é`,
  `${start}€`,
  `${start}😀`,
]);

/** What an entry of the registry may hold. */
const ODD_PROPERTIES: Record<string, Json> = {
  Flag: true,
  Real: 1.5,
  Text: 'text',
  Byte: { data: '07' },
  Empty: { data: '' },
  List: { list: [1, true, 'two', 2.5, { data: '0304' }, { dict: { five: 5 } }, { list: [] }] },
  Members: { dict: { a: 1, b: true, c: 'text', d: 2.5, e: { data: '06' }, f: false } },
};
const ODD_CHILDREN = [
  { id: 9301, class: ['Child'], name: 'one', properties: { Of: 1, OfThis: 2, O: 3, Own: 4, Owe: 8 } },
  { id: 9302, class: ['Child'], name: 'two', properties: { Of: { data: '05' }, Other: 6 } },
  { id: 9303, class: ['Child'], name: 'three', properties: { Other: 7 } },
];
const ODD_ENTRIES: RegistryEntry[] = [
  { id: 9200, class: ['Odd'], name: 'first', properties: ODD_PROPERTIES, children: ODD_CHILDREN },
  { id: 9201, class: ['Odd'], name: 'second', properties: { Second: 2, Flag: 3 } },
  { id: 9202, class: ['Derived', 'Odd'], name: 'third', properties: { Second: 4 } },
];

/** Clients of a GPU, each with what is odd about it. */
function oddClients(client: RegistryEntry): RegistryEntry[] {
  const like = (id: number, properties: Record<string, Json>): RegistryEntry => ({
    ...client,
    id,
    properties: { ...client.properties, ...properties },
  });
  const creators: Json[] = ['', 'pid', 'pid x, y', 'pid 12', 'nobody', 'uid 77', true];
  const item = (accumulatedGPUTime: Json): Json => ({ dict: { accumulatedGPUTime } });
  return [
    ...creators.map((creator, i) => like(9000 + i, { IOUserClientCreator: creator })),
    like(9010, { AppUsage: { list: [] } }),
    like(9011, { AppUsage: { list: [5, item(true), item('text'), { dict: {} }, item(2.5)] } }),
    like(9012, { AppUsage: 5 }),
    { ...like(9013, {}), class: ['OtherUserClient', 'IOUserClient', 'IOService'] },
    { ...like(9014, {}), life: { from: 0, to: 240_000_000, every: 4_800_000_000, step: 100 } },
  ];
}

/** One of each chip's oddities that no machine file has, or not at once. */
function odd(): Machine {
  const machine = reduced(machineOf('Mac17,6__m5-max__27.0__mixed'));
  const [client] = machine.ioregistry!.flatMap(({ children = [] }) => children);
  const gpu = machine.ioregistry!.find(({ children }) => children?.includes(client!))!;
  gpu.children!.push(...oddClients(client!));
  machine.ioregistry!.push(...ODD_ENTRIES, { ...gpu, id: 9100, children: [{ ...client!, id: 9101 }] });
  const [process] = machine.libproc!.processes;
  machine.libproc!.processes.push(
    ...NAMES.map((comm, i) => ({ ...process!, pid: 9000 + i, unique: 90_000 + i, path: null, comm })),
    {
      ...machine.libproc!.processes.find(({ uid, usage }) => uid === machine.libproc!.uid && usage)!,
      pid: 9100,
      unique: 91_000,
      usage: { user: 48, system: 24, read: 1, written: 2, footprint: 3, energy: 4, resident: 5 },
      life: { from: 24_000_000, to: 264_000_000, every: 288_000_000, step: 7, pids: 1 },
    },
  );
  machine.coalition!.coalitions.push({
    id: 9100,
    words: { '0': 1, '3': 48 },
    life: { from: 24_000_000, to: 264_000_000, every: 288_000_000, step: 7 },
  });
  const [sensor] = machine.hid!;
  machine.hid!.push(
    { ...sensor!, id: 1 },
    { ...sensor!, id: 0 },
    { ...sensor!, id: 9001, product: null },
    { ...sensor!, id: 9002, value: null },
    { ...sensor!, id: 9003, product: 'other', value: [20, null, null, 21] },
    { ...sensor!, id: 9004, product: 'no temperature', usage: 6 },
  );
  machine.smc = { ...machine.smc!, keys: SMC_KEYS };
  machine.notify = {
    'com.apple.system.thermalpressurelevel': 1,
    'com.apple.system.lowpowermode': [2, 3, 4, 5],
  };
  Object.assign(machine.sysctl!, {
    'odd.wide': ['u64', [1, 2, 3, 4]],
    'odd.text': ['text', 'four'],
    'odd.empty': ['text', ''],
    'odd.pair': ['II', 1, 2],
    'iogpu.wired_limit_mb': ['u32', [0, 0, 1024, 0]],
    'vm.swapusage': ['QQQIi', 72_340_172_838_076, 72_340_172_838_077, 72_340_172_838_078, 16_384, 1],
  });
  return machine;
}

const CLOCK = {
  timebase: [1, 1] as [number, number],
  absolute: [5_000_000_000],
  continuous: [5_000_000_000],
};

/** Macs that have next to nothing, and what they have is at an end of what can be. */
function bare(parts: Partial<Machine>): Machine {
  return { format: 1, about: 'next to nothing', origin: 'built', clock: CLOCK, ...parts };
}

const hostOf = (count: number, array_too_large: boolean) => ({
  page_size: 4096,
  count,
  array_too_large,
  vm: { free_count: 1, swapouts: 2, total_uncompressed_pages_in_compressor: 3, swapped_count: 4 },
  cpu: [],
});
const gpuClient = (properties: Record<string, Json>, life?: Life): RegistryEntry => ({
  id: 50,
  class: ['IOAccelerator'],
  name: 'gpu',
  properties: { PerformanceStatistics: { dict: {} }, model: '' },
  children: [
    {
      id: 51,
      class: ['AGXDeviceUserClient'],
      name: 'client',
      properties: { IOUserClientCreator: 'pid 7, seven', ...properties },
      ...(life && { life }),
    },
  ],
});
const OF_A_GROUP: Pick<ChannelSet, 'group' | 'subgroup' | 'driver' | 'unit'> = {
  group: 'CPU Stats',
  subgroup: '',
  driver: [7, 'Driver'],
  unit: ['0', 'label  '],
};
const ONE_STATE: ChannelSet = {
  ...OF_A_GROUP,
  format: 'state',
  states: ['ONLY'],
  channels: [['0000000000000001', 'one', [5]]],
};
/** The same ids at two drivers, which differ in one thing or another; some were never filled in. */
const LIKE_EACH_OTHER: ChannelSet[] = [
  {
    ...OF_A_GROUP,
    format: 'histogram',
    buckets: 2,
    channels: [['0000000000000004', 'histogram', [3, 4]]],
  },
  { ...ONE_STATE, format: 'state', states: ['A', 'B'], channels: [['0000000000000001', 'one', [1, null]]] },
  { ...ONE_STATE, driver: [8, 'Other'], channels: [['0000000000000001', 'one', [2]]] },
  ...[7, 8].map((driver): ChannelSet => ({
    group: 'Energy Model',
    subgroup: '',
    driver: [driver, 'Driver'],
    unit: ['0', null],
    format: 'simple',
    channels: [
      ['0000000000000001', 'first', driver],
      ['0000000000000002', 'second', -driver],
      ['0000000000000003', 'never', null],
    ],
  })),
];

const fails = (name: string, rest: Record<string, Json> = {}): Json => ({ function: name, ...rest });
const forever = (name: string, nth: number, rest: Record<string, Json> = {}): Json =>
  fails(name, { nth, forever: true, ...rest });

const process = (pid: number, rest: Partial<Process>): Process => ({
  pid,
  unique: pid,
  coalition: 1,
  uid: 0,
  path: null,
  comm: '',
  ...rest,
});
const usage = { user: 1, system: 2, read: 3, written: 4, footprint: 5, energy: 6, resident: 7 };

const BARE: readonly Named[] = [
  {
    name: 'bare__least',
    machine: bare({
      coalition: { bytes: 8, coalitions: [{ id: 1, words: { '0': 1 } }, { id: 2 }, { id: 3, words: {} }] },
      libproc: {
        uid: 0,
        rusage: 4,
        processes: [
          process(0, { usage, start: '9223372036854775807' as unknown as number }),
          process(1, { comm: `${'a'.repeat(14)}\u0e01` }),
        ],
      },
      ioregistry: [
        gpuClient({ AppUsage: { list: [] } }, { from: 0, to: 10, every: 1_000_000_000_000_000, step: 1 }),
        { id: 60, class: ['AppleSMC'], name: 'smc', properties: {} },
        { id: 61, class: ['AppleSmartBattery'], name: 'battery', properties: { CurrentCapacity: true } },
      ],
      smc: { entry: 60, keys: [] },
      ioreport: [ONE_STATE],
      hid: [{ id: 5, page: 65_280, usage: 5, product: 'only', value: 0 }],
      sysctl: {
        'hw.model': ['text', ''],
        'kern.boottime': ['qi', -1, 999_999],
        'kern.memorystatus_level': ['text', 'abc'],
        'vm.swapusage': ['u32', 1],
        'vm.loadavg': ['IIII', 1, 2, 3, 4],
        'iogpu.wired_limit_mb': ['text', '1234'],
        // One byte more than there is room for.
        'odd.text': ['text', 'a'.repeat(64)],
      },
      notify: {},
      metal: {
        default: true,
        listed: false,
        devices: [{ name: '', recommendedMaxWorkingSetSize: 1, families: [] }],
      },
    }),
    // The sensor does not answer now and then, each time for less than a minute.
    plans: [
      { calls: [2, 4].map((nth) => fails('IOHIDServiceClientCopyEvent', { nth })) },
      // It is gone for a minute, twice: the second time it is not waited for longer.
      { calls: [70, 71, 73, 74].map((nth) => fails('IOHIDServiceClientCopyEvent', { nth })) },
      // A service that is gone has a successor, which is gone too.
      ...[6, 7, 8, 9].map((nth) => ({
        calls: [nth, nth + 2].map((each) => fails('IORegistryEntryCreateCFProperty', { nth: each })),
      })),
      // While it is recorded one coalition ends, and the next one has no words.
      {
        calls: [
          fails('coalition_info_resource_usage', { nth: 20, code: 3 }),
          fails('coalition_info_resource_usage', { nth: 21, how: 'short' }),
        ],
      },
    ],
  },
  {
    // As many coalitions as there is room for at first, and more keys than a byte counts.
    name: 'bare__many',
    machine: bare({
      ioregistry: [{ id: 60, class: ['AppleSMC'], name: 'smc', properties: {} }],
      smc: { entry: 60, keys: Array.from({ length: 300 }, (_, i) => [`F${100 + i}`, 'ui8 ', '01']) },
      coalition: {
        bytes: 8,
        coalitions: Array.from({ length: 1024 }, (_, i) => ({ id: 1 + i, ...(i === 0 && { words: {} }) })),
      },
    }),
  },
  {
    name: 'bare__unsorted',
    machine: bare({
      ioregistry: [
        { id: 60, class: ['AppleSMC'], name: 'smc', properties: {} },
        { id: 62, class: ['AppleSMCKeysEndpoint', 'AppleSMC'], name: 'AppleSMCKeysEndpoint', properties: {} },
        { id: 63, class: ['AppleSMC'], name: 'smc', properties: {} },
      ],
      smc: { entry: 62, keys: [...SMC_KEYS.slice(7), ...SMC_KEYS.slice(0, 7)], sorted: false },
    }),
  },
  {
    name: 'bare__alike',
    machine: bare({
      ioreport: LIKE_EACH_OTHER,
      ioregistry: [
        gpuClient({ AppUsage: { list: [{ dict: { accumulatedGPUTime: 1 } }] } }),
        { id: 60, class: ['AppleSMC'], name: 'smc', properties: {} },
      ],
      // One word more than there is room for.
      coalition: {
        bytes: 520,
        coalitions: [
          { id: 3, words: { '63': 1, '64': 2 } },
          { id: '9223372036854775807' as unknown as number, words: { '0': 3 } },
        ],
      },
      libproc: {
        uid: 501,
        rusage: 6,
        processes: [
          process(5, { uid: 501, usage, start: 9 }),
          process(8, { coalition: '9223372036854775807' as unknown as number }),
          process(5, { uid: 501, usage, start: 9, unique: 6, path: '/five' }),
          process(9, { path: '/', comm: 'nine' }),
        ],
      },
      sysctl: { 'iogpu.wired_limit_mb': ['u64', 5] },
      smc: { entry: 60, keys: [...SMC_KEYS].reverse(), sorted: false },
      metal: {
        default: false,
        listed: true,
        devices: [
          {
            name: 'one',
            recommendedMaxWorkingSetSize: 2,
            families: [1001, 1009, 1020, 2001, 2010, 3010, 5010],
          },
          { name: 'two', recommendedMaxWorkingSetSize: 3, families: [3003] },
        ],
      },
    }),
    plans: [
      { events: [{ at: 0, take: ['Energy Model', 'first'] }] },
      {
        events: [
          { at: 30, take: ['CPU Stats', 'one'] },
          { at: 100, give: ['CPU Stats', 'one'] },
          { at: 3, reorder: 'Energy Model' },
        ],
      },
    ],
  },
  ...[
    [32, false],
    [37, true],
    [38, true],
    [39, true],
    [40, false],
    [256, true],
    [257, true],
  ].map(([count, refuses]) => ({
    name: `bare__host-${String(count)}`,
    machine: bare({ host: hostOf(count as number, refuses as boolean) }),
  })),
];

/** It sleeps; channels go and come; and two things go wrong at once, of which one hides the other. */
const PLANS: readonly Json[] = [
  {
    events: [
      { at: 13, sleep: 60 },
      { at: 100, sleep: 0.6 },
      { at: 200, sleep: 0.6 },
      { at: 5000, sleep: 1.5 },
    ],
  },
  {
    events: [
      { at: 5, take: ['Energy Model', 'MCPU0_0'] },
      { at: 80, give: ['Energy Model', 'MCPU0_0'] },
      { at: 100, reset: ['Energy Model', 'MCPU0_1'] },
      { at: 90, reorder: 'CPU Stats' },
      { at: 3000, take: ['GPU Stats', 'GPUPH'] },
    ],
  },
  // The bytes of the first sample are not what the getters say.
  {
    calls: [fails('IOReportCreateSamples', { how: 'garbage' })],
    events: [{ at: 5, take: ['CPU Stats', 'MCPU0'] }],
  },
  {
    calls: [
      fails('IOReportCreateSamples', { how: 'short' }),
      forever('IOReportCreateSamples', 9, { how: 'short' }),
    ],
  },
  // Sensors are missing, for ever or for some minutes.
  ...[1, 2].map((nth) => ({ calls: [forever('IOHIDEventSystemClientCopyServices', nth, { how: 'short' })] })),
  {
    calls: [2, 3, 4, 5].map((nth) => fails('IOHIDEventSystemClientCopyServices', { nth, how: 'short' })),
    events: [{ at: 13, sleep: 60 }],
  },
  { calls: [forever('IOHIDServiceClientCopyEvent', 5)], events: [{ at: 300, sleep: 60 }] },
  { calls: [forever('IOHIDServiceClientGetRegistryID', 1)], events: [{ at: 300, sleep: 60 }] },
  { calls: [forever('IOHIDServiceClientGetRegistryID', 9)], events: [{ at: 13, sleep: 60 }] },
  { calls: [forever('IOHIDServiceClientCopyProperty', 9)], events: [{ at: 13, sleep: 60 }] },
  // There is no device from when the limit has changed until it is what it was.
  {
    calls: [
      ...Array.from({ length: 40 }, (_, i) => fails('MTLCopyAllDevices', { nth: 25 + i, how: 'null' })),
      forever('MTLCreateSystemDefaultDevice', 1, { how: 'null' }),
    ],
  },
  // Lists that have no end, and calls that fail without an error.
  { calls: ['proc_listpids', 'proc_listcoalitions'].map((name) => forever(name, 3, { how: 'full' })) },
  ...[
    'proc_listpids',
    'proc_listcoalitions',
    'proc_pidinfo',
    'proc_pid_rusage',
    'coalition_info_resource_usage',
  ].flatMap((name) => [2, 40].map((nth) => ({ calls: [forever(name, nth, { code: 0 })] }))),
  {
    calls: [
      forever('proc_listcoalitions', 1, { how: 'garbage' }),
      forever('coalition_info_resource_usage', 1, { code: 1 }),
    ],
  },
  {
    calls: [forever('notify_get_state', 3, { code: 7 }), fails('notify_register_check', { nth: 7, code: 8 })],
  },
  {
    calls: [
      forever('sysctlbyname', 9),
      forever('MTLCopyAllDevices', 5, { how: 'null' }),
      forever('MTLCreateSystemDefaultDevice', 5, { how: 'null' }),
    ],
  },
  ...[3, 4].map((last) => ({
    calls: [1, 2, 3, 4].slice(0, last).map((i) => fails('IOConnectCallStructMethod', { nth: 4 + i })),
  })),
  {
    calls: [fails('IOConnectCallStructMethod', { nth: 70 }), forever('IORegistryEntryGetRegistryEntryID', 2)],
  },
  ...[70, 100].map((nth) => ({
    calls: [
      fails('IOConnectCallStructMethod', { nth }),
      forever('IOServiceGetMatchingServices', 2, { how: 'null' }),
    ],
  })),
  ...['fail', 'null', 'short', 'garbage'].flatMap((how) =>
    [1, 60, 200].map((nth) => ({ calls: [forever('*', nth, { how })] })),
  ),
];

/** Of all that a source may meet something. The small ones, which show most differences at once, come first. */
export const oddMachines = (): Named[] => [...BARE, { name: 'odd', machine: odd(), plans: PLANS }];

/** And what real ones have. */
export const valueMachines = (): Named[] => [
  ...oddMachines(),
  ...CUT_DOWN.map((name) => ({ name, machine: reduced(machineOf(name)) })),
];

/** As `faults --plans` reads them: one a line. */
export const plansText = ({ plans = [] }: Named): string =>
  plans.map((plan) => `${JSON.stringify(plan)}\n`).join('');
