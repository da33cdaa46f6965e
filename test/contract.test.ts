// What the addon promises, held against the double on every machine file, and against the real thing on a Mac.

import { WANTS } from '../src/decode/parts';
import { loadDouble, loadMetalstat } from '../src/native/load';
import type { Double, Native, SourceName, TableName } from '../src/native/native';
import { machineNames, machineOf, machineText, type Machine, type RegistryEntry } from './support/machines';

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
] as const satisfies readonly SourceName[];
/** Sources of rows. */
const TABLES = ['libproc', 'coalition', 'gpu_clients'] as const satisfies readonly TableName[];

interface Subject {
  readonly name: string;
  readonly open: () => Native;
  /** Whether it has anything of a source; undefined where that is not known. */
  readonly has: (source: SourceName) => boolean | undefined;
  /** Groups that are listed and never delivered. */
  readonly dead: ReadonlySet<string>;
  readonly isVirtual: boolean;
}

const hasBattery = ({ ioregistry = [] }: Machine): boolean =>
  ioregistry.some(({ class: classes }) => classes.includes('AppleSmartBattery'));
const hasClients = (entries: readonly RegistryEntry[] = []): boolean =>
  entries.some(({ class: [own], children }) => own === 'AGXDeviceUserClient' || hasClients(children));
const isIn = (machine: Machine, source: SourceName): boolean => {
  if (source === 'power_sources') return hasBattery(machine);
  if (source === 'gpu_clients') return hasClients(machine.ioregistry);
  const section = machine[source];
  return section !== undefined && !(Array.isArray(section) && section.length === 0);
};

const subjects: Subject[] = machineNames.map((name) => {
  const machine = machineOf(name);
  return {
    name,
    open: () => loadDouble().open(WANTS, machineText(name), { clock: 'real' }),
    has: (source) => isIn(machine, source),
    dead: new Set(
      machine.ioreport?.filter(({ subscribable }) => subscribable === false).map(({ group }) => group),
    ),
    isVirtual: machine.sysctl?.['kern.hv_vmm_present']?.[1] === 1,
  };
});
const isMac = process.platform === 'darwin' && process.arch === 'arm64';
if (isMac)
  subjects.push({
    name: 'this Mac',
    open: () => loadMetalstat().open(WANTS),
    // A desktop has no battery.
    has: (source) => (source === 'power_sources' ? undefined : true),
    dead: new Set(['AMC Stats']),
    isVirtual: false,
  });

describe.each(subjects)('$name', ({ open, has, dead, isVirtual }) => {
  let native: Native;
  beforeEach(() => {
    native = open();
  });
  afterEach(() => {
    native.close();
  });

  test.each([...SOURCES, ...TABLES])(
    '%s lists channels with a group, and selects those asked for in that order',
    async (source) => {
      const { channels, failures } = await native.sources[source].list();
      expect(failures).toEqual([]);
      expect(channels.length > 0).toBe(has(source) ?? channels.length > 0);
      expect(channels.every(({ group }) => group !== '')).toBe(true);
      const which = Uint32Array.from(channels.length > 0 ? [channels.length - 1, 0] : []);
      const chosen = await native.sources[source].select(which);
      expect(chosen.channels.map(({ name, id }) => [name, id])).toEqual(
        [...which].map((i) => [channels[i]!.name, channels[i]!.id]),
      );
    },
  );

  test.each(SOURCES)(
    '%s fills one array: the time, then a timestamp and the values of each channel',
    async (source) => {
      const { channels } = await native.sources[source].list();
      const chosen = await native.sources[source].select(Uint32Array.from(channels.keys()));
      const { values, failures } = await native.sources[source].read();
      expect(failures.filter(({ group }) => !dead.has(group))).toEqual([]);
      let at = 1;
      for (const channel of chosen.channels) {
        expect(channel.at).toBe(at);
        at += 1 + Math.max(1, channel.states.length);
      }
      expect(values.length).toBe(at);
      expect(values[0]).toBeGreaterThan(0);
      for (const channel of chosen.channels) {
        const stamp = values[channel.at]!;
        if (!Number.isNaN(stamp)) expect(stamp).toBeLessThanOrEqual(values[0]! + 1);
      }
    },
  );

  test.each(SOURCES)('%s uses the same array again, and time goes on', async (source) => {
    const { channels } = await native.sources[source].list();
    await native.sources[source].select(Uint32Array.from(channels.keys()));
    const first = await native.sources[source].read();
    const before = first.values[0]!;
    const second = await native.sources[source].read();
    expect(second.values).toBe(first.values);
    expect(second.values[0]).toBeGreaterThan(before);
  });

  test.each(SOURCES)('%s answers concurrent reads with one', async (source) => {
    const { channels } = await native.sources[source].list();
    await native.sources[source].select(Uint32Array.from(channels.keys()));
    const [a, b] = [native.sources[source].read(), native.sources[source].read()];
    expect(a).toBe(b);
    await a;
  });

  test.each(SOURCES)('%s reads nothing when nothing is selected', async (source) => {
    await native.sources[source].list();
    const chosen = await native.sources[source].select(new Uint32Array());
    expect(chosen).toEqual({ channels: [], failures: [] });
    expect((await native.sources[source].read()).values).toHaveLength(1);
  });

  test.each(TABLES)('%s fills one array: the time, the number of rows, and rows', async (source) => {
    const { channels } = await native.sources[source].list();
    const chosen = await native.sources[source].select(Uint32Array.from(channels.keys()));
    expect(chosen.channels.map(({ at }) => at)).toEqual([...channels.keys()]);
    const { values, failures } = await native.sources[source].read();
    expect(failures).toEqual([]);
    expect(values[0]).toBeGreaterThan(0);
    if (!has(source)) return;
    const rows = values[1]!;
    expect(rows).toBeGreaterThan(0);
    expect(values.length).toBeGreaterThanOrEqual(2 + rows * channels.length);
    // What identifies a row is there in every one.
    const ids = Array.from({ length: rows }, (_, row) => values[2 + row * channels.length]!);
    expect(ids.filter((id) => !(id >= 0))).toEqual([]);
    // Room is kept: the array stays the same while there are a few rows more or less.
    expect((await native.sources[source].read()).values).toBe(values);
  });

  test.each(TABLES)('%s has the columns that are asked for, in that order', async (source) => {
    const { channels } = await native.sources[source].list();
    if (channels.length === 0) return;
    const { values: whole } = await native.sources[source]
      .select(Uint32Array.from(channels.keys()))
      .then(() => native.sources[source].read());
    const first = whole[2]!;
    const second = whole[3]!;
    await native.sources[source].select(Uint32Array.of(1, 0));
    const { values } = await native.sources[source].read();
    expect([values[3], values[2]]).toEqual([first, second]);
  });

  test.each(TABLES)('%s knows no rows when nothing is selected', async (source) => {
    await native.sources[source].list();
    expect((await native.sources[source].select(new Uint32Array())).channels).toEqual([]);
    expect((await native.sources[source].read()).values[1]).toBeNaN();
  });

  test('every process has an executable, known by its p_uniqueid, and nobody else has', async () => {
    const { libproc } = native.sources;
    const { channels } = await libproc.list();
    await libproc.select(Uint32Array.of(channels.findIndex(({ name }) => name === 'p_uniqueid')));
    const { values } = await libproc.read();
    const ids = values.slice(2, 2 + values[1]!);
    const names = await libproc.names(ids);
    expect(names).toHaveLength(ids.length);
    expect(names.filter((name) => name === '')).toEqual([]);
    expect(await libproc.names(Float64Array.of(2 ** 52))).toEqual(['']);
    expect(await native.sources.host.names(Float64Array.of(1, 2))).toEqual(['', '']);
    for (const wrong of [undefined, [1], new Uint32Array(1)])
      expect(() => libproc.names(wrong as unknown as Float64Array)).toThrow('takes a Float64Array');
  });

  test('indices out of range are left out, and select() takes nothing but a Uint32Array', async () => {
    const { channels } = await native.sources.sysctl.list();
    const chosen = await native.sources.sysctl.select(Uint32Array.from([channels.length, 0, 2 ** 32 - 1]));
    expect(chosen.channels).toHaveLength(1);
    for (const wrong of [undefined, [0], new Float64Array(1), 'x'])
      expect(() => native.sources.sysctl.select(wrong as unknown as Uint32Array)).toThrow(
        'takes a Uint32Array',
      );
  });

  test('facts: bytes of tables, numbers and texts', async () => {
    const registry = (await native.sources.ioregistry.facts()).values;
    const sysctl = (await native.sources.sysctl.facts()).values;
    if (!isVirtual) {
      expect(registry['IODeviceTree:/cpus/cpu0 cluster-type']).toBeInstanceOf(Uint8Array);
      expect(typeof registry['IOAccelerator model']).toBe('string');
    }
    expect(sysctl['hw.memsize']).toBeGreaterThanOrEqual(2 ** 32);
    expect(typeof sysctl['hw.model']).toBe('string');
  });

  // Only the double keeps accounts.
  test('after close nothing is held of the OS', async () => {
    for (const source of Object.values(native.sources)) {
      const { channels } = await source.list();
      await source.select(Uint32Array.from(channels.keys()));
      await source.facts();
      await source.record();
      await source.read();
      await source.read();
    }
    // A close waits 50 ms for its threads, which a busy computer may not give them.
    for (let attempt = 0; attempt < 100; attempt++) if (native.close()) break;
    if ('live' in native)
      expect((native as Double).live()).toEqual({ objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 });
  });

  test('after close every call is refused, and closing again does no harm', async () => {
    await native.sources.host.list();
    expect(native.close()).toBe(true);
    await expect(native.sources.host.read()).rejects.toThrow('closed');
    expect(native.close()).toBe(true);
  });
});
