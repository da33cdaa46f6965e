// --log.file: bounded files, opened anew when they are moved away, and never a reason to end.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOG_BYTES, LOG_FILES, LogFile, logFiles } from '../src/cli/log';
import { cleanUp, run, SCRATCH } from './support/command';
import { serve } from './support/serving';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /;

let folder: string;
let made = 0;
beforeEach(() => {
  folder = join(SCRATCH, `log-${++made}`);
  mkdirSync(folder);
});
afterAll(cleanUp);

const at = (name: string): string => join(folder, name);
const linesOf = (name: string): string[] => readFileSync(at(name), 'utf8').split('\n').slice(0, -1);

describe('the files', () => {
  test('43. are five of five megabytes at most, the oldest last; an entry is never torn apart', () => {
    const log = new LogFile(at('a.log'));
    const text = 'x'.repeat(99_000);
    for (let i = 0; i < 400; i++) log.append(`${i} ${text}`);
    const names = ['a.log', 'a.log.1', 'a.log.2', 'a.log.3', 'a.log.4'];
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(logFiles(at('a.log'))).toEqual(names.map(at));
    expect([LOG_FILES, LOG_BYTES]).toEqual([5, 5_000_000]);
    const sizes = names.map((name) => statSync(at(name)).size);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(LOG_BYTES);
    for (const size of sizes.slice(1)) expect(size).toBeGreaterThan(LOG_BYTES - 100_000);
    const numbers = names
      .reverse()
      .flatMap((name) => linesOf(name).map((line) => Number(line.split(' ')[1])));
    expect(numbers.at(-1)).toBe(399);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
  });

  test('grow on from what is there', () => {
    writeFileSync(at('a.log'), 'y'.repeat(LOG_BYTES - 10));
    new LogFile(at('a.log')).append('one more');
    expect([statSync(at('a.log.1')).size, linesOf('a.log')]).toEqual([
      LOG_BYTES - 10,
      [expect.stringMatching(/Z one more$/)],
    ]);
  });

  test('take an entry that is larger than a file', () => {
    const log = new LogFile(at('a.log'));
    log.append('z'.repeat(LOG_BYTES + 1));
    log.append('next');
    expect(linesOf('a.log')).toEqual([expect.stringMatching(/ next$/)]);
  });
});

describe('what cannot be written', () => {
  test('is told once for each time it begins, printed instead, and written again when it can', () => {
    const log = new LogFile(at('sub/a.log'));
    const printed: string[] = [];
    const say = (text: string) => log.append(text, (line) => printed.push(line));
    say('one\n');
    say('two\n');
    mkdirSync(at('sub'));
    say('three\n');
    expect(printed).toEqual([
      expect.stringMatching(/^metalstat-exporter: cannot write .*ENOENT/),
      'one\n',
      'two\n',
    ]);
    expect(linesOf('sub/a.log')).toEqual([expect.stringMatching(/ three$/)]);
    rmSync(at('sub'), { recursive: true });
    log.reopen();
    say('four\n');
    expect(printed.slice(3)).toEqual([expect.stringMatching(/cannot write/), 'four\n']);
  });
});

describe('serve --log.file', () => {
  async function until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await sleep(10);
    }
  }
  const text = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
  const serving = (path: string) => serve(['--log.file', path]);
  const urlIn = (name: string) => until(() => /Listening on (\S+)\/metrics/.exec(text(name))?.[1]);

  test('prints nothing on the terminal, and all of it with the time in the file', async () => {
    const server = serving(at('a.log'));
    await urlIn('a.log');
    expect(await server.stop('SIGTERM')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const lines = linesOf('a.log');
    expect(lines.filter((line) => !TIME.test(line))).toEqual([]);
    expect(lines.map((line) => line.replace(TIME, '').split(' ', 2).join(' '))).toEqual([
      'Playing the',
      'Listening on',
      'Stopping (SIGTERM).',
    ]);
  });

  test('opens the file anew on SIGHUP, and goes on', async () => {
    const server = serving(at('a.log'));
    const url = await urlIn('a.log');
    renameSync(at('a.log'), at('moved.log'));
    server.kill('SIGHUP');
    while (!existsSync(at('a.log'))) await sleep(10);
    while ((await fetch(`${url}/-/ready`)).status !== 200) await sleep(10);
    const { code } = await server.stop('SIGTERM');
    expect([code, linesOf('moved.log').length, linesOf('a.log')]).toEqual([
      0,
      2,
      [
        expect.stringMatching(/ The configuration was read again\.$/),
        expect.stringMatching(/ Stopping \(SIGTERM\)\.$/),
      ],
    ]);
  });

  test('has why it does not start, too', async () => {
    const { code, stderr } = await run(['serve', '--log.file', at('a.log'), '--web.max-requests', 'no']);
    expect([code, stderr]).toEqual([2, '']);
    expect(linesOf('a.log')).toEqual([
      expect.stringMatching(/ metalstat-exporter: --web.max-requests takes/),
    ]);
  });

  test.each(
    process.platform === 'linux' ? ['/dev/full', '/no/such/folder/a.log'] : ['/no/such/folder/a.log'],
  )('serves when nothing can be written to %s, and prints instead', async (path) => {
    const server = await serving(path).listening();
    expect((await server.get('/-/healthy')).status).toBe(200);
    const { code, stdout, stderr } = await server.stop('SIGTERM');
    expect(code).toBe(0);
    expect((stdout + stderr).match(/cannot write/g)).toHaveLength(1);
    expect(stdout).toMatch(/Stopping \(SIGTERM\)\.\n$/);
  });

  test('an empty name is refused', async () => {
    const { code, stderr } = await run(['serve', '--machine', 'any', '--log.file', '']);
    expect([code, stderr]).toEqual([2, 'metalstat-exporter: --log.file takes the path of a file\n']);
  });
});
