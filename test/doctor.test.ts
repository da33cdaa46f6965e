// doctor: every source is told, what fails is named with its code and its remedy, and what a Mac does not have is fine.

import type { LoadedAddon } from '../src/cli/doctor/addon';
import { aboutThis } from '../src/exporter';
import type { Diagnosis } from '../src/cli/doctor/diagnosis';
import { gather } from '../src/cli/doctor/gather';
import { judge } from '../src/cli/doctor/judge';
import { print } from '../src/cli/doctor/print';
import { painter, wantsColours, WIDTH } from '../src/cli/doctor/text';
import { families } from '../src/metrics/catalogue';
import { REJECTIONS } from '../src/chips/sensors';
import { cleanUp, MAIN, Process, run, script, scratch, type Ended } from './support/command';
import { TestExporter, type FaultPlan } from './support/exporter';
import { distinctMachines, machineNames, machineOf, type Machine } from './support/machines';

afterAll(cleanUp);

const M5_MAX = 'Mac17,6__m5-max__27.0__mixed';
const VIRTUAL = 'VirtualMac2,1__vm__15.5__compile';
const SOURCES = [
  'ioreport',
  'ioregistry',
  'host',
  'sysctl',
  'smc',
  'hid',
  'power_sources',
  'notify',
  'metal',
  'libproc',
  'coalition',
  'gpu_clients',
] as const;
type Name = (typeof SOURCES)[number];
const ADDON: LoadedAddon = { file: 'somewhere/double.node', kind: 'prebuilt', asPacked: true, note: null };

/** `after`: seconds of the machine's time before it is looked at. */
async function diagnose(
  machine: string | Machine,
  plan: FaultPlan = {},
  after = 0,
  deadline?: number,
): Promise<Diagnosis> {
  const exporter = new TestExporter(machine, { plan }).step(after);
  try {
    const file = { name: typeof machine === 'string' ? machine : 'a variant', text: '' };
    return judge(await gather(exporter.double, deadline), aboutThis(file), ADDON);
  } finally {
    exporter.close();
  }
}

const plain = (diagnosis: Diagnosis): string => print(diagnosis, painter(false));
const statesOf = ({ sources }: Diagnosis) =>
  Object.fromEntries(sources.map(({ source, state }) => [source, state]));
const sourceOf = ({ sources }: Diagnosis, name: Name) => sources.find(({ source }) => source === name)!;
const absent = (diagnosis: Diagnosis) =>
  diagnosis.sources.filter(({ state }) => state === 'not on this Mac').map(({ source }) => source);

describe.each(machineNames)('%s', (name) => {
  let diagnosis: Diagnosis;
  beforeAll(async () => {
    diagnosis = await diagnose(name);
  });

  test('is well, and all sources are told', () => {
    expect(diagnosis).toMatchObject({ version: 1, ok: true, refusal: null });
    expect(diagnosis.sources.map(({ source }) => source)).toEqual(SOURCES);
    expect(diagnosis.sources.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(diagnosis.sources.flatMap(({ failures }) => failures)).toEqual([]);
    expect(diagnosis.sources.flatMap(({ lost }) => lost)).toEqual([]);
  });

  test('lacks only what such a Mac does not have', () => {
    const { ioregistry = [], smc, metal } = machineOf(name);
    const hasBattery = ioregistry.some((entry) => entry.class.includes('AppleSmartBattery'));
    const lacking = [
      ...(smc ? [] : ['ioreport', 'ioregistry', 'smc', 'hid']),
      ...(hasBattery ? [] : ['power_sources']),
      ...(metal?.devices.some(({ recommendedMaxWorkingSetSize }) => recommendedMaxWorkingSetSize)
        ? []
        : ['metal']),
      ...(smc ? [] : ['gpu_clients']),
    ];
    expect(absent(diagnosis)).toEqual(lacking);
  });

  test('is printed in lines that fit, the first of which names it', () => {
    const lines = plain(diagnosis).split('\n');
    expect(lines[0]).toContain(`machine file ${name}`);
    expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
    for (const { source, state } of diagnosis.sources)
      expect(lines.filter((line) => new RegExp(`^. ${source} +${state} `).test(line))).toHaveLength(1);
    expect(lines.at(-2)).toBe('All that such a Mac has can be read.');
  });
});

test('every family of the Mac depends on a source', async () => {
  const { sources } = await diagnose(M5_MAX);
  const known = new Set(sources.flatMap(({ families: of }) => of));
  const own = families.filter(({ collector, from }) => collector !== 'exporter' && from.length > 0);
  expect(own.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  const notify = sources.find(({ source }) => source === 'notify')!;
  expect([...notify.families].sort()).toEqual(['mac_low_power_mode', 'mac_thermal_pressure_level']);
});

const forever = (name: string, code?: number): FaultPlan => ({
  calls: [{ function: name, nth: 1, forever: true, ...(code !== undefined && { code }) }],
});

/** One way to break each facility: what must be named, and nothing else may fail. */
const BROKEN: readonly {
  readonly source: Name;
  readonly plan: FaultPlan;
  readonly call: RegExp;
  readonly code: number;
  readonly hex: string | null;
  readonly lost: string;
}[] = [
  {
    source: 'ioreport',
    plan: forever('IOReportCopyChannelsInGroup'),
    call: /IOReportCopyChannelsInGroup\("Energy Model"\)/,
    code: 0,
    hex: null,
    lost: 'mac_energy_joules_total',
  },
  {
    source: 'host',
    plan: forever('host_statistics64', 268435459),
    call: /host_statistics64/,
    code: 268435459,
    hex: '0x10000003',
    lost: 'mac_memory_used_bytes',
  },
  {
    source: 'sysctl',
    plan: forever('sysctlbyname', 1),
    call: /sysctlbyname\("hw\.memsize"\)/,
    code: 1,
    hex: '0x1',
    lost: 'mac_info',
  },
  {
    source: 'smc',
    plan: forever('IOServiceOpen', -536870206),
    call: /IOServiceOpen\("AppleSMC"\)/,
    code: -536870206,
    hex: '0xe00002c2',
    lost: 'mac_fan_speed_rpm',
  },
  {
    source: 'smc',
    plan: forever('IOConnectCallStructMethod', -536870207),
    call: /IOConnectCallStructMethod/,
    code: -536870207,
    hex: '0xe00002c1',
    lost: 'mac_gpu_temperature_celsius',
  },
  {
    source: 'hid',
    plan: forever('IOHIDEventSystemClientCreate'),
    call: /IOHIDEventSystemClientCreate/,
    code: 0,
    hex: null,
    lost: 'mac_soc_temperature_celsius',
  },
  {
    source: 'notify',
    plan: forever('notify_register_check'),
    call: /notify_register_check\("com\.apple\.system\.lowpowermode"\)/,
    code: 1000000,
    hex: '0xf4240',
    lost: 'mac_low_power_mode',
  },
  {
    source: 'metal',
    plan: { without: ['/System/Library/Frameworks/Metal.framework/Metal'] },
    call: /Metal\.framework/,
    code: 0,
    hex: null,
    lost: 'mac_metal_recommended_max_bytes',
  },
  {
    source: 'libproc',
    plan: forever('proc_listpids'),
    call: /proc_listpids/,
    code: 1,
    hex: '0x1',
    lost: 'mac_app_memory_bytes',
  },
  {
    source: 'coalition',
    plan: forever('coalition_info_resource_usage', 1),
    call: /coalition_info_resource_usage/,
    code: 1,
    hex: '0x1',
    lost: 'mac_app_energy_joules_total',
  },
  {
    source: 'gpu_clients',
    plan: forever('IOObjectGetClass', -536870206),
    call: /IOObjectGetClass/,
    code: -536870206,
    hex: '0xe00002c2',
    lost: 'mac_app_gpu_seconds_total',
  },
];

describe.each(BROKEN)('$source that fails in $call', ({ source, plan, call, code, hex, lost }) => {
  let diagnosis: Diagnosis;
  beforeAll(async () => {
    diagnosis = await diagnose(M5_MAX, plan);
  });

  test('is named with its call, its code, its remedy and what it costs, and nothing else', () => {
    const states = statesOf(diagnosis);
    expect(states).toEqual({
      ...Object.fromEntries(SOURCES.map((name) => [name, 'ok'])),
      [source]: 'failed',
    });
    const told = sourceOf(diagnosis, source);
    const failure = told.failures.find((each) => call.test(each.call))!;
    expect(failure).toMatchObject({ code, hex });
    expect(failure.remedy).toMatch(/\w+ \w+/);
    expect(told.lost).toContain(lost);
    expect(diagnosis.ok).toBe(false);
    expect(diagnosis.collectors.some(({ success }) => !success)).toBe(true);
  });

  test('is printed with a mark, and what failed below it', () => {
    const text = plain(diagnosis);
    const words = text.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(new RegExp(`^✗ ${source} +failed `, 'm'));
    const failure = sourceOf(diagnosis, source).failures.find((each) => call.test(each.call))!;
    expect(words).toContain(`remedy: ${failure.remedy}`);
    if (hex !== null) expect(text).toContain(`: code ${code} (${hex})`);
    expect(words).toContain(lost);
    expect(text).toContain('1 of 12 sources failed.');
    expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
  });
});

test.concurrent.each([
  ['sysctl', 'sysctlbyname'],
  ['smc', 'IOServiceOpen'],
  ['libproc', 'proc_listpids'],
  ['coalition', 'coalition_info_resource_usage'],
] as const)(
  '%s that hangs in %s is named alone',
  async (source, name) => {
    const plan: FaultPlan = { calls: [{ function: name, nth: 1, how: 'hang' }] };
    const diagnosis = await diagnose(M5_MAX, plan, 0, 5);
    expect(diagnosis).toMatchObject({ ok: false, deadlineSeconds: 5 });
    const hung = diagnosis.sources.filter(({ hangsIn }) => hangsIn !== null);
    expect(hung).toEqual([expect.objectContaining({ source, state: 'failed', readSeconds: null })]);
    expect(hung[0]!.lost.length).toBeGreaterThan(0);
    const unread = diagnosis.sources.filter(({ readSeconds }) => readSeconds === null);
    expect(unread).toEqual(hung);
    // Columns of rows are no channels, also where no row came.
    expect(diagnosis.unread.map((kind) => kind.source)).not.toContain('coalition');
  },
  30_000,
);

test('the registry fails for all who read it', async () => {
  const diagnosis = await diagnose(M5_MAX, forever('IOServiceGetMatchingServices', -536870206));
  const failed = diagnosis.sources.filter(({ state }) => state === 'failed');
  expect(failed.map(({ source }) => source)).toEqual(['ioregistry', 'smc', 'power_sources', 'gpu_clients']);
  for (const { failures } of failed)
    expect(failures[0]).toMatchObject({ code: -536870206, hex: '0xe00002c2' });
  expect(sourceOf(diagnosis, 'ioregistry').failures[0]!.times).toBeGreaterThan(1);
});

test('a table that one source reads for another is missed where it was read', async () => {
  const diagnosis = await diagnose(M5_MAX, forever('IORegistryEntryGetChildIterator'));
  expect(statesOf(diagnosis)).toMatchObject({ ioreport: 'ok', host: 'ok', ioregistry: 'failed' });
  expect(sourceOf(diagnosis, 'ioregistry').lost).toContain('mac_cpu_core_active_seconds_total');
});

test('what is gone without a call that fails is said to be not there', async () => {
  const machine = machineOf(M5_MAX);
  machine.ioreport = machine.ioreport!.filter(({ group }) => group !== 'GPU Stats');
  const diagnosis = await diagnose(machine);
  expect(sourceOf(diagnosis, 'ioreport').failures).toEqual([
    expect.objectContaining({ group: 'GPU Stats', call: 'GPU Stats: not there', hex: null }),
  ]);
  expect(diagnosis.ok).toBe(false);
});

test('what fails in a virtual machine is a failure there too', async () => {
  expect(await diagnose(VIRTUAL, forever('host_statistics64'))).toMatchObject({ ok: false });
});

describe('the Mac', () => {
  test('is told by model, chip and macOS', async () => {
    const { mac } = await diagnose(M5_MAX);
    expect(mac).toEqual({
      model: 'Mac17,6',
      chip: 'Apple M5 Max',
      osVersion: '27.0',
      osBuild: '26A428',
      virtualMachine: false,
      rosetta: false,
    });
    expect((await diagnose(VIRTUAL)).mac.virtualMachine).toBe(true);
  });

  test('is not known where nothing tells', async () => {
    const { mac } = await diagnose(M5_MAX, forever('sysctlbyname'));
    expect(new Set(Object.values(mac))).toEqual(new Set([null]));
  });

  test('is refused where the exporter does not start', async () => {
    const machine = machineOf(M5_MAX);
    machine.sysctl!['sysctl.proc_translated'] = ['i32', 1];
    const diagnosis = await diagnose(machine);
    expect(diagnosis).toMatchObject({ ok: false, mac: { rosetta: true } });
    expect(plain(diagnosis)).toMatch(/does not start here: .*Rosetta/);
  });
});

test.each([
  [{ kind: 'built here', asPacked: null }, 'somewhere/double.node (built here)'],
  [{ kind: 'prebuilt', asPacked: true }, 'somewhere/double.node (prebuilt, sha256 as packed)'],
  [
    { kind: 'prebuilt', asPacked: false },
    'somewhere/double.node (prebuilt, not as packed: its sha256 is another)',
  ],
] as const)('the addon %j is told as %s', async (addon, line) => {
  const diagnosis = { ...(await diagnose(VIRTUAL)), addon: { ...ADDON, ...addon } };
  expect(plain(diagnosis)).toContain(`\nAddon     ${line}\n`);
});

test('of a prebuilt addon that is not from such a computer, where it was built and run is told', async () => {
  const note = 'cross-built on Linux; never yet run on a Mac';
  const diagnosis = { ...(await diagnose(VIRTUAL)), addon: { ...ADDON, note } };
  expect(plain(diagnosis)).toContain(`(prebuilt, sha256 as packed)\n          ${note}\n`);
});

describe('what it lists', () => {
  test.each(distinctMachines)(
    'of %s, nothing that a metric is made of is said to be unread',
    async (name) => {
      const { unread, units } = await diagnose(name);
      for (const { names, channels } of unread) {
        expect(names.length).toBeGreaterThan(0);
        expect(channels).toBeGreaterThanOrEqual(names.length);
        expect(names.filter((each) => /^(GPUPH|CPU Energy|GPU Energy|F#Ac)$/.test(each))).toEqual([]);
      }
      expect(units.filter(({ quantity }) => quantity === null)).toEqual([]);
    },
  );

  test('a name of no known grammar and a unit that is not known are told', async () => {
    const machine = machineOf(M5_MAX);
    const cores = machine.ioreport!.find(({ subgroup }) => subgroup === 'CPU Core Performance States')!;
    cores.channels[0]![1] = 'ZZZ7_CORE12';
    machine.ioreport!.find(({ group }) => group === 'Energy Model')!.unit = ['0', 'furlongs'];
    const diagnosis = await diagnose(machine);
    expect(diagnosis.unread).toContainEqual({
      source: 'ioreport',
      group: 'CPU Stats',
      subgroup: 'CPU Core Performance States',
      channels: 1,
      names: ['ZZZ#_CORE#'],
      beside: true,
    });
    const unknown = diagnosis.units.filter(({ quantity }) => quantity === null);
    expect(unknown).toHaveLength(1);
    expect(plain(diagnosis)).toContain('ZZZ#_CORE#');
    expect(plain(diagnosis)).toContain(`not known:     ${unknown[0]!.unit} (`);
  });

  test('sensors that measure nothing are counted as on the page', async () => {
    const { sensorsRejected } = await diagnose(M5_MAX);
    expect(Object.keys(sensorsRejected)).toEqual(REJECTIONS);
    expect(sensorsRejected['below_15']).toBeGreaterThan(0);
  });

  test('a rail that is no longer published is dead', async () => {
    const machine = machineOf(M5_MAX);
    const { rails } = await diagnose(machine);
    expect(rails.map(({ rail }) => rail)).toContain('gpu');
    expect(rails.filter(({ dead }) => dead)).toEqual([]);
    const gpu = machine.ioreport!.filter(({ channels }) =>
      channels.some(([, name]) => name === 'GPU Energy'),
    );
    for (const set of gpu) set.publish = { period: 1, at: [0], until: 0 };
    const later = await diagnose(machine, {}, 15);
    const dead = later.rails.find(({ rail }) => rail === 'gpu')!;
    expect(dead.dead).toBe(true);
    expect(dead.ageSeconds).toBeGreaterThan(10);
    expect(plain(later)).toMatch(/gpu 1\d\.\d s \(dead\)/);
  });
});

describe('the command', () => {
  const json = ({ stdout }: Ended) => JSON.parse(stdout) as Diagnosis;

  test('prints the same as JSON, and ends with 0', async () => {
    const ended = await run(['doctor', '--json', '--machine', M5_MAX]);
    expect(ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`machine file ${M5_MAX}`) as string,
    });
    const told = json(ended);
    const timeless = ({ sources, ...rest }: Diagnosis) => ({
      ...rest,
      addon: ADDON,
      rails: [],
      sources: sources.map((source) => ({ ...source, listSeconds: 0, readSeconds: 0 })),
    });
    const here = await diagnose(M5_MAX);
    expect(timeless(told)).toEqual(timeless(here));
    expect(told.rails.map(({ rail }) => rail)).toEqual(here.rails.map(({ rail }) => rail));
    expect(told.addon.file).toMatch(/^(build\/Release|prebuilds\/[\w-]+)\/double\.node$/);
    for (const { listSeconds, readSeconds } of told.sources) {
      expect(listSeconds).toBeGreaterThanOrEqual(0);
      expect(readSeconds).toBeGreaterThanOrEqual(0);
    }
  });

  test('prints lines without colours into a pipe', async () => {
    const { code, stdout, stderr } = await run(['doctor', '--machine', VIRTUAL], {
      env: { FORCE_COLOR: '1' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Playing the machine file ${VIRTUAL}`));
    expect(stdout).not.toContain('\x1b');
  });

  test.each([
    [['--machine', 'Mac99'], /no machine file/],
    [['--jsn'], /Did you mean --json/],
    [['everything'], /too many arguments/],
  ])('%j is wrong use', async (args, message) => {
    const { code, stdout, stderr } = await run(['doctor', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a source that hangs is named, keeps no other waiting, and the command ends', async () => {
    const file = scratch('hangs.json', JSON.stringify(machineOf(M5_MAX)));
    const plan: FaultPlan = { calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] };
    const ended = await new Process(MAIN, ['doctor', '--json', '--machine', file], {
      node: ['-r', script('control')],
      env: { TEST_PLAN: JSON.stringify(plan) },
    }).ended;
    expect(ended).toMatchObject({ code: 1, signal: null });
    const diagnosis = json(ended);
    const hung = sourceOf(diagnosis, 'ioreport');
    expect(hung).toMatchObject({ state: 'failed', hangsIn: expect.any(String) as string, readSeconds: null });
    for (const { source, state, hangsIn, readSeconds } of diagnosis.sources)
      if (source !== 'ioreport') {
        expect({ source, state, hangsIn }).toEqual({ source, state: 'ok', hangsIn: null });
        expect(readSeconds).not.toBeNull();
      }
    expect(plain(diagnosis)).toMatch(/^ {4}hangs: \w+\(\) did not return in 10 s$/m);
  }, 40_000);
});

describe('colours', () => {
  const before = process.env['NO_COLOR'];
  afterEach(() => {
    if (before === undefined) delete process.env['NO_COLOR'];
    else process.env['NO_COLOR'] = before;
  });

  test('are for terminals, unless NO_COLOR is set', () => {
    delete process.env['NO_COLOR'];
    expect(wantsColours({ isTTY: true })).toBe(true);
    expect(wantsColours({})).toBe(false);
    process.env['NO_COLOR'] = '1';
    expect(wantsColours({ isTTY: true })).toBe(false);
  });

  test('change no width', async () => {
    const diagnosis = await diagnose(VIRTUAL);
    const text = print(diagnosis, painter(true));
    expect(text).toContain('\x1b[32m✓\x1b[0m host');
    const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    expect(text.replaceAll(colour, '')).toBe(plain(diagnosis));
  });
});
