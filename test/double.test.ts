// The double itself: what it answers to a caller that is wrong, what it does not forgive, and which machine files it
// refuses. The sources never do such things, so a program of its own does (support/misuse.cc).

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bare, TestSource } from './support/source';
import type { Json, Machine } from './support/machines';

const ROOT = join(__dirname, '..');
const OBJECTS = join(ROOT, 'build', 'Release', 'obj.target', 'faults', 'addon', 'double');

const service = (id: number, ...classes: string[]) => ({
  id,
  class: [...classes, 'IOService'],
  name: classes[0]!,
  properties: {},
});
const smc = (...keys: Json[][]): Partial<Machine> => ({
  ioregistry: [service(9, 'AppleSMCKeysEndpoint', 'AppleSMC'), service(10, 'IOAccelerator')],
  smc: { entry: 9, keys },
});
const USAGE = { user: 5, system: 6, read: 7, written: 8, footprint: 9, energy: 10 };
const LIFE = { from: 0, to: 24_000_000, step: 1 };
const SEEN = { frames: [1, 2], step: 1 };
const HISTOGRAM = {
  format: 'histogram',
  buckets: 2,
  channels: [['0000000000000001', 'Idle Time', [3, 4]]],
};
/** A second apart, the last at the moment of its frame. */
const STAMPS = [1000, 1001, 1002].map((second) => second * 24_000_000);
const MACHINE = bare({
  ...smc(['FNum', 'ui8 ', '02'], ['FXXX', 'flt ', null]),
  libproc: {
    uid: 501,
    rusage: 6,
    processes: [
      { pid: 0, unique: 0, coalition: 1, uid: 0, path: null, comm: 'kernel_task' },
      { pid: 1, unique: 1, coalition: 1, uid: 0, path: '/sbin/launchd', comm: 'launchd', usage: USAGE },
      { pid: 450, unique: 2, coalition: 1, uid: 501, path: '/bin/zsh', comm: 'zsh', usage: USAGE },
    ],
  },
  coalition: { bytes: 360, coalitions: [{ id: 1, words: { 3: 77 } }, { id: 2 }] },
  notify: { 'a.name': 3 },
  hid: [{ id: 11, page: 0xff00, usage: 5, product: 'PMU tdie1', value: 36.5 }],
  metal: {
    default: true,
    listed: true,
    devices: [{ name: 'Apple M1', recommendedMaxWorkingSetSize: 1, families: [5001] }],
  },
});

describe('a caller that is wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'misuse-'));
  const program = join(folder, 'misuse');
  const machine = join(folder, 'machine.json');

  beforeAll(() => {
    writeFileSync(machine, JSON.stringify(MACHINE));
    const objects = readdirSync(OBJECTS).filter((file) => file.endsWith('.o'));
    const headers = process.platform === 'darwin' ? [] : ['-Iaddon/double/include'];
    execFileSync(
      'c++',
      [
        ...['-std=c++17', '-fno-exceptions', '-fno-rtti', ...headers, '-Iaddon', 'test/support/misuse.cc'],
        ...objects.map((file) => join(OBJECTS, file)),
        ...['-lpthread', '-o', program],
      ],
      { cwd: ROOT },
    );
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (name: string) => spawnSync(program, [machine, name], { encoding: 'utf8' });

  // kern_return_t, result, key and size, in hexadecimal digits.
  test.each([
    ['read', '0 0 0 0'],
    ['read no key', '0 84 0 0'],
    ['read with another size', '0 87 0 0'],
    ['read what is unreadable', '0 85 0 0'],
    ['info', '0 0 0 1'],
    ['info of no key', '0 84 0 0'],
    ['index', '0 0 464e756d 0'],
    ['index beyond the last', '0 b8 0 0'],
    ['76 bytes in', 'e00002c2 0 0 0'],
    ['76 bytes out', 'e00002c2 0 0 0'],
    ['first token', '0 0'],
    ['state', '0 0 3'],
    ['temperature', '36.5'],
    ['event of another type', '0'],
    ['name in a pool', '0'],
    ['name without a pool', '1'],
    // The result, and errno.
    ['two of three pids', '8 0'],
    ['info of a process that is not there', '0 3'],
    ['info into a short buffer', '0 12'],
    ['path', '13 0'],
    ['path of the kernel', '0 3'],
    ['path into a short buffer', '0 12'],
    ['usage', '0 0 5'],
    ['usage of another user', '-1 1'],
    ['usage of a flavor to come', '-1 22'],
    ['coalitions', '32 0'],
    ['words', '0 0 77'],
    ['words of an empty one', '-1 22'],
    ['words of none', '-1 3'],
  ])('%s is answered', (name, answer) => {
    const { stdout, stderr, status } = run(name);
    expect([stdout, stderr, status]).toEqual([answer, '', 0]);
  });

  test.each([
    ['write', 'IOConnectCallStructMethod', 'a command that does not read'],
    ['two threads', 'IOConnectCallStructMethod', 'two threads at once'],
    ['close twice', 'IOServiceClose', 'not an open connection'],
    ['use after close', 'IOConnectCallStructMethod', 'not an open connection'],
    ['use a service as a connection', 'IOConnectCallStructMethod', 'not an open connection'],
    ['release a connection', 'IOObjectRelease', 'not a live io_object_t'],
    ['open an iterator', 'IOServiceOpen', 'an iterator, not a registry entry'],
    ['cancel twice', 'notify_cancel', 'not a live token'],
    ['state after cancel', 'notify_get_state', 'not a live token'],
    ['no name', 'notify_register_check', 'NULL'],
    ['field of another type', 'IOHIDEventGetFloatValue', 'not a field of a temperature'],
    // By then another thread may have ended it.
    [
      'event after release of the client',
      'IOHIDServiceClientCopyEvent',
      'its client (?:was released|has ended)',
    ],
    ['event with a time', 'IOHIDServiceClientCopyEvent', 'neither options nor a time are known'],
    ['service as a client', 'IOHIDEventSystemClientCopyServices', 'an object of another type'],
    ['client on another thread', 'IOHIDEventSystemClientCopyServices', "on another thread than the client's"],
    ['message to a released device', 'objc_msgSend', 'not a live object'],
    ['message it does not know', 'objc_msgSend', 'unrecognized selector recommendedMaxWorkingSet'],
    ['message that is no selector', 'objc_msgSend', 'not a selector'],
    ['message to nil', 'objc_msgSend', 'NULL'],
    ['pids of one kind', 'proc_listpids', 'only all processes are known'],
    ['pids without a buffer', 'proc_listpids', 'no buffer'],
    ['info of another flavor', 'proc_pidinfo', 'not a known flavor'],
    ['usage of another flavor', 'proc_pid_rusage', 'not a known flavor'],
    ['coalitions for jetsam', 'proc_listcoalitions', 'only resource coalitions are known'],
    ['words without a buffer', 'coalition_info_resource_usage', 'no buffer'],
    ['pools in the wrong order', 'objc_autoreleasePoolPop', 'not the innermost pool of this thread'],
  ])('%s ends the process', (name, called, what) => {
    const { stderr, signal } = run(name);
    expect(signal).toBe('SIGABRT');
    expect(stderr).toMatch(new RegExp(`^darwin double: ${called}\\(.*\\): ${what}\\n$`));
  });
});

describe('a machine file is refused', () => {
  const errorOf = (sections: Partial<Machine>): string => {
    try {
      new TestSource(bare(sections), 'host').close();
    } catch (error) {
      return (error as Error).message;
    }
    return 'none';
  };
  const withKeys = (...keys: Json[][]) => errorOf(smc(...keys));
  const withSensor = (change: Record<string, Json>) => errorOf({ hid: [{ ...MACHINE.hid![0]!, ...change }] });
  const withDevice = (change: Record<string, Json>) =>
    errorOf({
      metal: { ...MACHINE.metal!, devices: [{ ...MACHINE.metal!.devices[0]!, ...change }] },
    });

  const withProcess = (change: Record<string, Json>) =>
    errorOf({
      libproc: {
        ...MACHINE.libproc!,
        processes: [{ ...MACHINE.libproc!.processes[2]!, ...change }],
      },
    });
  const withCoalition = (change: Record<string, Json>) =>
    errorOf({ coalition: { bytes: 360, coalitions: [{ id: 1, ...change }] } });
  const withLife = (change: Record<string, Json>) => withProcess({ life: { ...LIFE, ...change } });
  const withSeen = (change: Record<string, Json>) => withProcess({ seen: { ...SEEN, ...change } });
  const withChild = (change: Record<string, Json>) =>
    errorOf({
      ioregistry: [{ ...service(9, 'IOAccelerator'), children: [{ ...service(10, 'Client'), ...change }] }],
    });
  const withReport = (change: Record<string, Json>) =>
    errorOf({
      ioreport: [
        {
          group: 'Energy Model',
          subgroup: '',
          driver: [77, 'AppleT8103PMGR'],
          unit: ['0', null],
          format: 'simple',
          channels: [['0000000000000001', 'GPU Energy', 10, 20, 30]],
          ...change,
        },
      ],
    });

  test('never if it is whole', () => {
    expect(errorOf(MACHINE)).toBe('none');
    expect(withKeys(['F0Ac', 'flt ', '00000000', '0000803f', '00000040'])).toBe('none');
    expect(withLife({})).toBe('none');
    expect(withLife({ from: -24_000_000_000, every: 10_000_000, pids: 40, coalitions: 1 })).toBe('none');
    expect(withCoalition({ life: LIFE, words: { 3: 5 } })).toBe('none');
    expect(withSeen({ frames: [0, 2], coalitions: 3 })).toBe('none');
    expect(withProcess({ seen: SEEN, usage: { ...USAGE, user: [1, 2, 3] } })).toBe('none');
    expect(withCoalition({ seen: SEEN, words: { 3: [1, 2, 3] } })).toBe('none');
    expect(withChild({ seen: SEEN, properties: { count: [1, 2, 3] } })).toBe('none');
    expect(withReport({ stamps: STAMPS })).toBe('none');
    expect(withReport({ stamps: [0, 0, 0] })).toBe('none');
    expect(withReport(HISTOGRAM)).toBe('none');
  });

  test.each([{ findings: [{ what: 'x', value: 0.5 }] }, ['a'], 'text', 7, false, null])(
    'never for what doctor said of it: %j',
    (doctor) => {
      expect(errorOf({ ...MACHINE, doctor } as Partial<Machine>)).toBe('none');
    },
  );

  test.each([
    ['a key of another length', withKeys(['F0', 'ui8 ', '01']), 'smc.keys[0][0]: expected four characters'],
    ['a key that is not ASCII', withKeys(['F0Aé', 'ui8 ', '01']), 'smc.keys[0][0]: expected four'],
    ['a type of another length', withKeys(['F0Ac', 'flt', '01']), 'smc.keys[0][1]: expected four'],
    ['bytes that are none', withKeys(['F0Ac', 'ui8 ', '0']), 'smc.keys[0][2]: expected pairs'],
    ['no bytes', withKeys(['F0Ac', 'ui8 ', '']), 'smc.keys[0][2]: expected 1 to 32'],
    ['33 bytes', withKeys(['F0Ac', 'ch8*', '00'.repeat(33)]), 'smc.keys[0][2]: expected 1 to 32'],
    ['no value', withKeys(['F0Ac', 'ui8 ']), 'smc.keys[0]: expected key, type and'],
    ['a frame too few', withKeys(['F0Ac', 'ui8 ', '01', '02']), 'smc.keys[0]: expected key, type and'],
    ['a value of another length', withKeys(['F0Ac', 'ui8 ', '01', '02', '0304']), 'smc.keys[0][4]: not as'],
    ['keys that descend', withKeys(['FNum', 'ui8 ', '01'], ['F0Ac', 'ui8 ', '01']), 'smc.keys[1]: not in'],
    ['a key twice', withKeys(['FNum', 'ui8 ', '01'], ['FNum', 'ui8 ', '02']), 'smc.keys: a key is there'],
    ['#KEY', withKeys(['#KEY', 'ui32', '00000001']), 'smc.keys[0]: is answered by the double'],
    ['an entry that is not there', errorOf({ smc: { entry: 9, keys: [] } }), 'smc.entry: not the id of'],
    ['an entry that is no SMC', errorOf({ ...smc(), smc: { entry: 10, keys: [] } }), 'smc.entry: not the id'],
    ['an unknown member', errorOf({ smc: { entry: 9, keys: [], more: 1 } as never }), 'smc'],
    ['a state that is no integer', errorOf({ notify: { name: 0.5 } }), 'notify.name: expected an integer'],
    [
      'a sensor without a product',
      errorOf({ hid: [{ id: 1 } as never] }),
      'hid[0].page: expected an integer',
    ],
    ['a product that is no text', withSensor({ product: 5 }), 'hid[0].product: expected a string'],
    ['a temperature that is no number', withSensor({ value: 'hot' }), 'hid[0].value: expected an integer'],
    ['temperatures of too few frames', withSensor({ value: [1, null] }), 'hid[0].value: expected 3 items'],
    ['an unknown member of a sensor', withSensor({ more: 1 }), 'hid[0].more: not a known member'],
    ['a device without a name', withDevice({ name: null }), 'metal.devices[0].name: expected a string'],
    [
      'a size of too few frames',
      withDevice({ recommendedMaxWorkingSetSize: [1] }),
      'metal.devices[0].recomm',
    ],
    ['a family that is no number', withDevice({ families: ['a'] }), 'metal.devices[0].families[0]: expected'],
    ['an unknown format', withReport({ format: 'array' }), 'ioreport[0].format: expected simple, state or'],
    [
      'states of a histogram',
      withReport({ ...HISTOGRAM, states: ['A'] }),
      'ioreport[0].states: only channels',
    ],
    ['buckets without a histogram', withReport({ buckets: 2 }), 'ioreport[0].buckets: only channels of the'],
    ['no buckets', withReport({ ...HISTOGRAM, buckets: 0 }), 'ioreport[0].buckets: expected 1 to 32767'],
    ['buckets too many', withReport({ ...HISTOGRAM, buckets: 32768 }), 'ioreport[0].buckets: expected 1 to'],
    [
      'hits of other buckets',
      withReport({ ...HISTOGRAM, buckets: 3 }),
      'ioreport[0].channels[0][2]: expected 3 items: hits of each bucket',
    ],
    ['a pid too high', withProcess({ pid: 100_000 }), 'libproc.processes[0].pid: expected 0 to 99999'],
    [
      'a long short name',
      withProcess({ comm: 'a name of thirty-three characters' }),
      'libproc.processes[0].comm: expected at',
    ],
    [
      'usage without energy',
      withProcess({ usage: { user: 1 } }),
      'libproc.processes[0].usage.system: expected',
    ],
    [
      'usage of too few frames',
      withProcess({ usage: { ...USAGE, user: [1] } }),
      'libproc.processes[0].usage.user',
    ],
    [
      'a life of frames',
      withLife({ from: [1, 2, 3] }),
      'libproc.processes[0].life.from: expected an integer',
    ],
    ['a life that ends before it begins', withLife({ to: -1 }), 'libproc.processes[0].life: it ends before'],
    ['a life before the Mac’s', withLife({ from: -24_000_000_001 }), 'libproc.processes[0].life: it begins'],
    ['lives without a step', withLife({ step: 0 }), 'libproc.processes[0].life.step: expected 1 to'],
    ['too many lives at once', withLife({ every: 1 }), 'libproc.processes[0].life: too many at once'],
    [
      'usage by frame in a life',
      withProcess({ life: LIFE, usage: { ...USAGE, user: [1, 2, 3] } }),
      'libproc.processes[0].usage.user: expected one number',
    ],
    [
      'a word this kernel lacks',
      withCoalition({ words: { 45: 1 } }),
      'coalition.coalitions[0].words.45: not a',
    ],
    [
      'a word that is no number',
      withCoalition({ words: { cpu: 1 } }),
      'coalition.coalitions[0].words.cpu: not a',
    ],
    [
      'a coalition twice',
      errorOf({ coalition: { bytes: 8, coalitions: [{ id: 1 }, { id: 1 }] } }),
      'coalition.coalitions[1]: an id',
    ],
    [
      'frames that are one number',
      withSeen({ frames: 1 }),
      'libproc.processes[0].seen.frames: expected an array',
    ],
    [
      'frames without a last',
      withSeen({ frames: [1] }),
      'libproc.processes[0].seen.frames: expected 2 items: the first',
    ],
    [
      'a frame before the first',
      withSeen({ frames: [-1, 1] }),
      'libproc.processes[0].seen.frames[0]: expected 0 to 2',
    ],
    [
      'a frame after the last',
      withSeen({ frames: [0, 3] }),
      'libproc.processes[0].seen.frames[1]: expected 0 to 2',
    ],
    [
      'frames that end before they begin',
      withSeen({ frames: [2, 1] }),
      'libproc.processes[0].seen.frames[1]: expected 2 to 2',
    ],
    ['frames without a step', withSeen({ step: 0 }), 'libproc.processes[0].seen.step: expected 1 to'],
    [
      'coalitions that go back',
      withSeen({ coalitions: -1 }),
      'libproc.processes[0].seen.coalitions: expected 0 to',
    ],
    [
      'an unknown member of seen',
      withSeen({ pids: 2 }),
      'libproc.processes[0].seen.pids: not a known member',
    ],
    [
      'a process with both',
      withProcess({ life: LIFE, seen: SEEN }),
      'libproc.processes[0].seen: it has a life already',
    ],
    [
      'a coalition with both',
      withCoalition({ life: LIFE, seen: SEEN }),
      'coalition.coalitions[0].seen: it has a life already',
    ],
    [
      'an entry with both',
      withChild({ life: LIFE, seen: SEEN }),
      'ioregistry[0].children[0].seen: it has a life already',
    ],
    ['a stamp for all frames', withReport({ stamps: STAMPS[0]! }), 'ioreport[0].stamps: expected an array'],
    ['stamps of too few frames', withReport({ stamps: [1, 2] }), 'ioreport[0].stamps: expected 3 items: one'],
    [
      'a stamp that is none',
      withReport({ stamps: [0, 0.5, 1] }),
      'ioreport[0].stamps[1]: expected an integer',
    ],
    ['stamps that fall', withReport({ stamps: [0, 2, 1] }), 'ioreport[0].stamps[2]: time runs backwards'],
    [
      'a stamp after its frame',
      withReport({ stamps: [0, STAMPS[1]! + 1, STAMPS[2]!] }),
      'ioreport[0].stamps[1]: published after its frame',
    ],
    [
      'stamps beside publish',
      withReport({ stamps: STAMPS, publish: { period: 1, at: [0] } }),
      'ioreport[0].stamps: it has publish already',
    ],
    ['no devices', errorOf({ metal: { default: true } as never }), 'metal.devices: expected an array'],
    ['states of too few frames', errorOf({ notify: { name: [1, 2] } }), 'notify.name: expected 3 items'],
  ])('for %s', (_, error, expected) => {
    expect(error.slice(0, expected.length)).toBe(expected);
  });
});
