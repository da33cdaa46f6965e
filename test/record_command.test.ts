// record and doctor --bundle as a user runs them.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnosis } from '../src/cli/doctor/diagnosis';
import type { MachineFile } from '../src/native/machine_file';
import { cleanUp, MAIN, Process, run, SCRATCH, scratch } from './support/command';
import { machineOf } from './support/machines';

const MACHINE = 'Mac14,14__m2-ultra__15.2__build-farm';
/** Milliseconds for what takes seconds by itself. */
const LONG = 20_000;
const PLAYING = `Playing the machine file ${MACHINE}: nothing of this computer is measured.\n`;
const SHORT = ['--machine', MACHINE, '--frames', '2', '--interval', '0.2'];

afterAll(cleanUp);

const pathOf = (name: string): string => join(SCRATCH, `${name}.json`);
const fileAt = (path: string): MachineFile & { readonly doctor?: Diagnosis } =>
  JSON.parse(readFileSync(path, 'utf8')) as MachineFile;
const commsOf = (file: MachineFile): ReadonlySet<string> =>
  new Set(file.libproc!.processes.map(({ comm }) => comm));
/** Nothing is left of a file that was not finished. */
const drafts = (): readonly string[] => readdirSync(SCRATCH).filter((name) => name.endsWith('.part'));

describe('record', () => {
  test('writes a file that plays as the Mac, says what is in it, and masks names', async () => {
    const path = pathOf('usual');
    const { code, stdout, stderr } = await run(['record', '-o', path, ...SHORT]);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(
      new RegExp(
        `^${PLAYING}Wrote ${path}: 2 frames in 0\\.\\d s, \\d\\.\\d MB\\. Play it with --machine ${path}\\n` +
          'It has \\d+ IOReport channels, \\d+ SMC keys, \\d+ HID sensors and \\d+ processes\\.\\n' +
          'Masked: \\d+ words, in names, serial numbers and UUIDs\\. Look through it before you publish it\\.\\n$',
      ),
    );
    expect(commsOf(fileAt(path))).not.toContain('WindowServer');
    const played = await run(['once', '--machine', path]);
    expect([played.code, played.stdout]).toEqual([0, expect.stringContaining('\nmac_info{model="Mac14,14"')]);
    expect(drafts()).toEqual([]);
  });

  test('a recording of a machine file says of what, and is none of a Mac', async () => {
    const path = pathOf('origin');
    await run(['record', '-o', path, ...SHORT]);
    const { about, origin } = fileAt(path);
    expect({ about, origin }).toEqual({ about: machineOf(MACHINE).about, origin: 'built' });
  });

  test('keeps the names of processes if asked to', async () => {
    const path = pathOf('names');
    expect((await run(['record', '-o', path, '--process-names', ...SHORT])).code).toBe(0);
    expect(commsOf(fileAt(path))).toContain('WindowServer');
    expect(fileAt(path).sysctl['kern.bootsessionuuid']).not.toEqual(
      machineOf(MACHINE).sysctl!['kern.bootsessionuuid'],
    );
  });

  test('masks nothing if told to, and warns', async () => {
    const path = pathOf('unmasked');
    const { stderr } = await run(['record', '-o', path, '--unmask', ...SHORT]);
    expect(stderr).toMatch(
      /^metalstat-exporter: --unmask: the file will hold serial numbers and the names of users, the host and processes\n/,
    );
    expect(stderr).not.toContain('Masked');
    expect(fileAt(path).sysctl['kern.bootsessionuuid']).toEqual(
      machineOf(MACHINE).sysctl!['kern.bootsessionuuid'],
    );
  });

  test(
    'Ctrl-C leaves a shorter file that plays',
    async () => {
      const path = pathOf('shorter');
      const recording = new Process(MAIN, [
        ...['record', '-o', path, '--machine', MACHINE],
        ...['--frames', '900', '--interval', '0.1'],
      ]);
      await sleep(2500);
      const { code, stderr } = await recording.stop('SIGINT');
      expect([code, stderr]).toEqual([0, expect.stringMatching(/^Wrote .*: \d+ of 900 frames in /m)]);
      expect((await run(['once', '--machine', path])).code).toBe(0);
      expect(drafts()).toEqual([]);
    },
    LONG,
  );

  test.each([
    [['record'], /^metalstat-exporter: record needs -o FILE: the machine file that it writes\n$/],
    [['record', '-o', 'x', '--frames', '0'], /--frames takes a whole number of 1 to 1000, not "0"\n$/],
    [['record', '-o', 'x', '--interval', '0'], /--interval takes seconds, 0\.1 to 3600, not "0"\n$/],
    [
      ['record', '-o', '/no/such/folder/x.json', '--machine', 'any'],
      /^metalstat-exporter: cannot write \/no\/such\/folder\/x\.json: ENOENT.*; name a file in a folder/,
    ],
    [
      ['doctor', '--bundle', '/no/such/folder/x.json', '--machine', 'any'],
      /^metalstat-exporter: cannot write \/no\/such\/folder\/x\.json: ENOENT/,
    ],
  ])('%j is refused in one line', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    expect(stderr).toMatch(message);
  });

  test('what was there is there still when nothing can be recorded', async () => {
    const path = scratch('kept.json', 'a recording of last week');
    const { code, stderr } = await run(['record', '-o', path, '--machine', 'no-such-machine']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no machine file no-such-machine')]);
    expect(readFileSync(path, 'utf8')).toBe('a recording of last week');
    expect(drafts()).toEqual([]);
  });

  const full = existsSync('/dev/full') ? test : test.skip;
  full('a full disk is told', async () => {
    const { code, stderr } = await run(['record', '-o', '/dev/full', ...SHORT]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot write \/dev\/full: ENOSPC.*\n$/)]);
    expect(existsSync('/dev/full')).toBe(true);
  });
});

describe('doctor --bundle', () => {
  test(
    'writes the report and a recording into one file, which plays',
    async () => {
      const path = pathOf('bundle');
      const { code, stdout, stderr } = await run([
        'doctor',
        '--json',
        '--bundle',
        path,
        '--machine',
        MACHINE,
      ]);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`Wrote ${path}: 4 frames`)]);
      const printed = JSON.parse(stdout) as Diagnosis;
      const { doctor, clock } = fileAt(path);
      expect(clock.absolute).toHaveLength(4);
      expect(doctor!.sources.map(({ source }) => source)).toEqual(
        printed.sources.map(({ source }) => source),
      );
      expect((await run(['once', '--machine', path])).code).toBe(0);
    },
    LONG,
  );
});
