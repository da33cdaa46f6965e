// What the addon promises, held against the double on every machine file, and against the real thing on a Mac.

import { WANTS } from '../src/decode/parts';
import { loadDouble, loadMetalstat } from '../src/native/load';
import type { Native, SourceName } from '../src/native/native';
import { machineNames, machineText } from './support/machines';

interface Subject {
  readonly name: string;
  readonly open: () => Native;
}

const subjects: Subject[] = machineNames.map((name) => ({
  name,
  open: () => loadDouble().open(WANTS, machineText(name), { clock: 'real' }),
}));
const isMac = process.platform === 'darwin' && process.arch === 'arm64';
if (isMac) subjects.push({ name: 'this Mac', open: () => loadMetalstat().open(WANTS) });

const SOURCES: readonly SourceName[] = ['ioreport', 'ioregistry', 'host', 'sysctl'];

describe.each(subjects)('$name', ({ open }) => {
  let native: Native;
  beforeEach(() => {
    native = open();
  });
  afterEach(() => {
    native.close();
  });

  test.each(SOURCES)(
    '%s lists channels with a group, and selects those asked for in that order',
    async (source) => {
      const { channels, failures } = await native.sources[source].list();
      expect(failures).toEqual([]);
      expect(channels.length).toBeGreaterThan(0);
      expect(channels.every(({ group }) => group !== '')).toBe(true);
      const which = Uint32Array.from([channels.length - 1, 0]);
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
      expect(failures).toEqual([]);
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
    expect(registry['IODeviceTree:/cpus/cpu0 cluster-type']).toBeInstanceOf(Uint8Array);
    expect(typeof registry['IOAccelerator model']).toBe('string');
    expect(sysctl['hw.memsize']).toBeGreaterThanOrEqual(2 ** 32);
    expect(typeof sysctl['hw.model']).toBe('string');
  });

  test('after close every call is refused, and closing again does no harm', async () => {
    await native.sources.host.list();
    expect(native.close()).toBe(true);
    await expect(native.sources.host.read()).rejects.toThrow('closed');
    expect(native.close()).toBe(true);
  });
});
