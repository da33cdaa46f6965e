// Recording goes on whatever fails, and whatever comes of it can be played.

import { progressOf } from '../src/cli/record/progress';
import { recordFrames } from '../src/cli/record/recorder';
import { serialize } from '../src/cli/record/serialize';
import { RECORD_WANTS } from '../src/cli/record/wants';
import { loadDouble } from '../src/native/load';
import { machineOf, machineText } from './support/machines';
import { recordingOf } from './support/recording';

const TEXT = machineText('Mac16,8__m4-pro__27.0__battery');

const open = (text: string) => loadDouble().open(RECORD_WANTS, text, { clock: 'manual' });

/** Throws if it is no machine file. */
const play = (text: string): boolean => open(text).close();

function callsOfARecording(): Promise<readonly string[]> {
  const native = open(TEXT);
  const over = new AbortController().signal;
  const options = { frames: 1, wait: () => Promise.resolve(), progress: () => undefined, over };
  return recordFrames(native, options)
    .then(() => Object.entries(native.calls()).flatMap(([name, count]) => (count > 0 ? [name] : [])))
    .finally(() => native.close());
}

describe('whichever function of macOS fails', () => {
  test('what can still be recorded is recorded, and what cannot is told', async () => {
    const names = await callsOfARecording();
    expect(names).toEqual(
      expect.arrayContaining([
        'IOReportCopyAllChannels',
        'IORegistryEntryCreateCFProperties',
        'proc_pidinfo',
      ]),
    );
    // Without a clock there is no frame.
    for (const name of names.filter((each) => each !== 'mach_timebase_info')) {
      for (const how of ['fail', 'short', 'garbage'] as const) {
        const faults = { calls: [{ function: name, nth: 1, forever: true, how }] };
        const { file } = await recordingOf(TEXT, { faults });
        expect([name, how, play(serialize(file))]).toEqual([name, how, true]);
        expect(file.clock.absolute).toHaveLength(4);
      }
    }
  }, 60_000);

  test.each([
    ['IOReportCopyAllChannels', 'ioreport', 0],
    ['IOServiceOpen', 'smc', 0],
    ['IOHIDEventSystemClientCreate', 'hid', 0],
    ['proc_listpids', 'libproc', 1],
    ['proc_listcoalitions', 'coalition', 1],
    ['notify_register_check', 'notify', 0],
  ] as const)('%s costs %s alone, and says so', async (name, section, code) => {
    const { file, failures } = await recordingOf(TEXT, {
      faults: { calls: [{ function: name, nth: 1, forever: true }] },
    });
    const { file: whole } = await recordingOf(TEXT);
    expect({ ...whole, [section]: undefined, ioregistry: [] }).toEqual(
      expect.objectContaining({ ...file, [section]: undefined, ioregistry: [] }),
    );
    expect(file[section] ?? []).toEqual([]);
    expect(failures.map(({ call }) => call).join()).toContain(name);
    if (code !== 0) expect(failures.some((failure) => failure.code !== 0)).toBe(true);
  });
});

test('a source that hangs is left out, and the others are whole', async () => {
  const faults = { calls: [{ function: 'IOConnectCallStructMethod', nth: 1, how: 'hang' as const }] };
  const { file, failures } = await recordingOf(TEXT, { faults });
  expect(file.smc).toBeUndefined();
  expect(file.hid).toHaveLength(62);
  expect(failures).toEqual([expect.objectContaining({ group: 'smc', call: 'smc: no answer in 0.5 s' })]);
});

test('a channel that is taken away in between is not delivered in those frames', async () => {
  const channel = ['Energy Model', 'DRAM'] as const;
  const { file } = await recordingOf(machineText('Macmini9,1__m1__15.6__idle'), {
    faults: {
      events: [
        { at: 10, take: channel },
        { at: 20, give: channel },
      ],
    },
  });
  const [, , ...values] = file.ioreport
    .flatMap(({ channels }) => channels)
    .find(([, name]) => name === 'DRAM')!;
  expect(values.map((value) => value === null)).toEqual([false, false, true, false]);
});

test('a name that the kernel has cut in the middle of a character loses the rest of it', async () => {
  const machine = machineOf('Macmini9,1__m1__15.6__idle');
  const [first, second, ...others] = machine.libproc!.processes;
  // 17 bytes, of which the kernel tells 16.
  const cut = { ...second!, comm: 'Überwachungsdaß' };
  const { file } = await recordingOf(
    JSON.stringify({ ...machine, libproc: { ...machine.libproc, processes: [first, cut, ...others] } }),
  );
  expect(file.libproc!.processes[1]!.comm).toBe('Überwachungsda');
});

test('nothing of it is held when it is over', async () => {
  const native = open(TEXT);
  const over = new AbortController().signal;
  await recordFrames(native, {
    frames: 3,
    wait: () => {
      native.step(1);
      return Promise.resolve();
    },
    progress: () => undefined,
    over,
  });
  expect(native.close()).toBe(true);
  expect(native.live()).toEqual({ objects: 0, ioObjects: 0, ports: 0, regions: 0, pools: 0 });
});

describe('when it is broken off', () => {
  const record = async (stopAt: number) => {
    const native = open(TEXT);
    const over = new AbortController();
    const shown: number[] = [];
    try {
      const recorded = await recordFrames(native, {
        frames: 10,
        wait: (next) => {
          native.step(1);
          if (next === stopAt) over.abort();
          return Promise.resolve();
        },
        progress: (frames) => shown.push(frames),
        over: over.signal,
      });
      return { recorded, shown };
    } finally {
      native.close();
    }
  };

  test('there are the frames until then', async () => {
    const { recorded, shown } = await record(3);
    expect(recorded!.file.clock.absolute).toHaveLength(3);
    expect(play(serialize(recorded!.file))).toBe(true);
    expect(shown).toEqual([0, 1, 2, 3]);
  });

  test('there is nothing ahead of the first one', async () => {
    expect((await record(0)).recorded).toBeUndefined();
  });
});

describe('progress', () => {
  const shown = (isTTY: boolean): string => {
    let text = '';
    const progress = progressOf({ isTTY, write: (piece: string) => (text += piece) } as never, 4);
    progress.show(0);
    progress.show(1);
    progress.show(4);
    progress.end();
    return text;
  };

  test('is a bar on a terminal, and leaves nothing behind', () => {
    expect(shown(true).split('\r\x1b[K')).toEqual([
      '',
      'listing all there is to read …',
      'recording ██████░░░░░░░░░░░░░░░░░░ 1 of 4 frames; Ctrl-C ends it here',
      'recording ████████████████████████ 4 of 4 frames; Ctrl-C ends it here',
      '',
    ]);
  });

  test('is nothing in a file', () => {
    expect(shown(false)).toBe('');
  });
});
