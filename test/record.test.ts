// record gives a machine file back: what it writes of a machine that is played, at the moments of its frames, is that
// machine in every facility.

import { TABLES } from '../src/cli/doctor/observe';
import { serialize } from '../src/cli/record/serialize';
import { WANTS } from '../src/decode/parts';
import { loadDouble } from '../src/native/load';
import type { Entry, MachineFile, Process, Report } from '../src/native/machine_file';
import type { Channel, SourceName } from '../src/native/native';
import { machineNames, machineText } from './support/machines';
import { parsed, recordingOf, toFrame } from './support/recording';

describe.each(machineNames)('%s', (name) => {
  const text = machineText(name);
  const original = JSON.parse(text) as MachineFile;
  let recording: MachineFile;
  beforeAll(async () => {
    recording = parsed((await recordingOf(text)).file);
  });

  test.each(['clock', 'host', 'sysctl', 'hid', 'metal'] as const)('%s is given back', (section) => {
    expect(recording[section]).toEqual(original[section]);
  });

  test('notify is given back; a name that nobody has set says 0', () => {
    const unset = Object.fromEntries(WANTS.notify.map((key) => [key, 0]));
    expect(recording.notify).toEqual(original.notify && { ...unset, ...original.notify });
  });

  test('smc is given back', () => {
    expect(recording.smc?.entry).toBe(original.smc?.entry);
    expect(recording.smc?.keys).toEqual(original.smc?.keys);
  });

  test('ioreport is given back: every channel, in the same order', () => {
    expect(channelsOf(recording).map(({ id, name: of, group }) => [group, id, of])).toEqual(
      channelsOf(original).map(({ id, name: of, group }) => [group, id, of]),
    );
    const isTold = ({ publish, subscribable }: Report) => publish === undefined && subscribable !== false;
    const told = new Set(
      original.ioreport
        .filter(isTold)
        .flatMap((report) => report.channels.map((row) => idOf(report, row[0]))),
    );
    const rows = (file: MachineFile) => channelsOf(file).filter(({ key }) => told.has(key));
    expect(rows(recording)).toEqual(rows(original));
  });

  test('ioregistry is given back: every entry that is always there', () => {
    const [recorded, of] = [entriesOf(recording.ioregistry), entriesOf(original.ioregistry)];
    for (const [id, entry] of of) {
      if (entry.life) continue;
      if (!recorded.has(id)) expect(Object.keys(entry.properties)).toEqual([]);
      else expect(canonical(recorded.get(id))).toEqual(canonical(entry));
    }
    expect([...recorded.keys()].filter((id) => !of.has(id) && !recorded.get(id)!.seen)).toEqual([]);
  });

  test('libproc is given back: every process that is always there', () => {
    const { uid } = original.libproc ?? { uid: 0 };
    const expected = original.libproc?.processes.filter(({ life }) => !life).map((one) => readable(one, uid));
    const always = new Set(expected?.map(({ unique }) => unique));
    expect(recording.libproc?.processes.filter(({ unique }) => always.has(unique))).toEqual(expected);
    expect([recording.libproc?.uid, recording.libproc?.rusage]).toEqual([
      original.libproc?.uid,
      original.libproc?.rusage,
    ]);
  });

  test('coalition is given back: every coalition that is always there', () => {
    const expected = original.coalition?.coalitions.filter(({ life }) => !life);
    const always = new Set(expected?.map(({ id }) => id));
    expect(recording.coalition?.bytes).toEqual(original.coalition?.bytes);
    expect(recording.coalition?.coalitions.filter(({ id }) => always.has(id))).toEqual(expected);
  });

  test('what is read of the recording at the moments of the frames is what is read of the machine', async () => {
    const [ofMachine, ofRecording] = [await readAtFrames(text), await readAtFrames(serialize(recording))];
    expect(ofRecording).toEqual(ofMachine);
  });

  test('a recording of the recording is the same file', async () => {
    const again = await recordingOf(serialize(recording));
    expect(parsed(again.file)).toEqual(recording);
  });
});

interface FlatChannel {
  readonly key: string;
  readonly group: string;
  readonly id: string;
  readonly name: string;
}

const idOf = ({ driver }: Report, id: string): string => `${driver[0]} ${id}`;

/** Each channel with all that is said of it in its group. */
const channelsOf = ({ ioreport }: MachineFile): readonly FlatChannel[] =>
  ioreport.flatMap((report) => {
    const { channels, ...head } = report;
    return channels.map(([id, name, ...values]) => ({ key: idOf(report, id), ...head, id, name, values }));
  });

/** By id, without its children, which are there themselves. */
function entriesOf(entries: readonly Entry[]): ReadonlyMap<number, Entry> {
  const found = new Map<number, Entry>();
  for (const { children, ...entry } of entries) {
    found.set(entry.id, entry);
    for (const [id, child] of entriesOf(children ?? [])) found.set(id, child);
  }
  return found;
}

/** The registry has signed numbers that ioreg shows as unsigned ones, and a series that never changes is a number. */
function canonical(value: unknown): unknown {
  if (typeof value === 'string' && /^\d{16,}$/.test(value)) return String(BigInt.asIntN(64, BigInt(value)));
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, canonical(item)]));
  const items: readonly unknown[] = value.map(canonical);
  const isSeries =
    items.length > 1 && value.some((item) => typeof item === 'number' || typeof item === 'string');
  return isSeries && items.every((item) => item === items[0]) ? items[0] : items;
}

/** What another user's process uses is nobody's business; when it began neither. */
function readable(one: Process, uid: number): Process {
  if (uid === 0 || one.uid === uid) return one;
  const { pid, unique, coalition, path, comm } = one;
  return { pid, unique, coalition, uid: one.uid, path, comm };
}

/** What every source lists, knows and reads at each frame. The order of a dictionary of the registry, and of rows, says nothing. */
async function readAtFrames(text: string): Promise<unknown> {
  const file = JSON.parse(text) as MachineFile;
  const native = loadDouble().open(WANTS, text, { clock: 'manual' });
  try {
    const told: unknown[] = [];
    const chosen = new Map<string, readonly Channel[]>();
    for (const [name, source] of Object.entries(native.sources)) {
      const { channels, failures } = await source.list();
      chosen.set(name, (await source.select(Uint32Array.from(channels.keys()))).channels);
      told.push([name, failures, await source.facts()]);
    }
    for (const frame of file.clock.absolute.keys()) {
      toFrame(native, file, frame);
      for (const [name, source] of Object.entries(native.sources)) {
        const { values, failures } = await source.read();
        const channels = chosen.get(name)!;
        told.push([
          name,
          failures,
          TABLES.has(name as SourceName) ? rowsOf(values, channels) : byChannel(values, channels),
        ]);
      }
    }
    return told;
  } finally {
    native.close();
  }
}

const byChannel = (values: Float64Array, channels: readonly Channel[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    channels.map(({ at, ...channel }) => [
      JSON.stringify(channel),
      [...values.slice(at, at + 1 + Math.max(1, channel.states.length))],
    ]),
  );

const rowsOf = (values: Float64Array, columns: readonly Channel[]): readonly string[] =>
  Array.from({ length: Number.isNaN(values[1]) ? 0 : values[1]! }, (_, row) =>
    values.slice(2 + row * columns.length, 2 + (row + 1) * columns.length).join(' '),
  ).sort();
