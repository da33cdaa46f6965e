// `run`: the command runs as if it had been started by itself, and the files say what the Mac did meanwhile.

import { existsSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cleanUp,
  MAIN,
  Process,
  run,
  script,
  SCRATCH,
  type Ended,
  type ProcessOptions,
} from './support/command';
import type { FaultPlan } from './support/exporter';

const M1 = 'Macmini9,1__m1__15.6__load';
const VM = 'VirtualMac2,1__vm__15.5__compile';
const PLAYING = `Playing the machine file ${M1}: nothing of this computer is measured.\n`;
const SUMMARY =
  /^metalstat-exporter: ran \d+\.\d s; GPU mean \d+\.\d%(, peak \d+\.\d%)?; Metal peak \d+\.\d\d GiB; energy cpu \d+\.\d J, .*gpu \d+\.\d J$/m;

afterAll(cleanUp);

type Sample = Record<string, number | string | null>;

/** Where a run writes, and what it has written. */
class Output {
  readonly prefix = join(mkdtempSync(join(SCRATCH, 'run-')), 'out');

  text(ending: string): string {
    return readFileSync(this.prefix + ending, 'utf8');
  }

  get meta(): Record<string, unknown> {
    return JSON.parse(this.text('.meta.json')) as Record<string, unknown>;
  }

  /** Every one must be whole. */
  get lines(): readonly Sample[] {
    const text = this.text('.jsonl');
    expect(text === '' || text.endsWith('\n')).toBe(true);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Sample);
  }

  args(options: readonly string[], command: readonly string[], machine = M1): string[] {
    return ['run', '-o', this.prefix, '--machine', machine, ...options, '--', ...command];
  }

  run(options: readonly string[], command: readonly string[], rest: ProcessOptions = {}): Promise<Ended> {
    return run(this.args(options, command), rest);
  }

  start(options: readonly string[], command: readonly string[], rest: ProcessOptions = {}): Process {
    return new Process(MAIN, this.args(options, command), rest);
  }
}

interface Shelled {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The exporter as `"$0" "$@"` of a script. */
const bash = (text: string, args: readonly string[]): Promise<Shelled> =>
  new Promise((resolve) => {
    execFile('bash', ['-c', text, process.execPath, MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const sh = (text: string): string[] => ['sh', '-c', text];

describe('the files', () => {
  test.concurrent('say what the Mac is and does, and what ran', async () => {
    const output = new Output();
    const before = Date.now();
    const { code, stdout, stderr } = await output.run(['-i', '0.5'], sh('sleep 2; echo done'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
    expect(stderr).toMatch(SUMMARY);
    expect(stderr.startsWith(PLAYING)).toBe(true);
    expect(stderr.split('\n')).toHaveLength(3);
    const { command, started, chip, hostname } = output.meta;
    expect({ command, hostname }).toEqual({ command: ['sh', '-c', 'sleep 2; echo done'], hostname: null });
    expect(chip).toMatchObject({ name: 'Apple M1', gpu_cores: 8 });
    expect(Date.parse(started as string)).toBeGreaterThanOrEqual(before);
    const { lines } = output;
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(Object.keys(line)).toEqual(Object.keys(lines[0]!));
    const elapsed = lines.map((line) => Number(line['elapsed_s']));
    expect([...elapsed].sort((a, b) => a - b)).toEqual(elapsed);
    expect(lines.at(-1)).toMatchObject({ mem_pressure_level: 'green', cpu_w: expect.any(Number) as number });
    expect(existsSync(`${output.prefix}.log`)).toBe(false);
  });

  test.concurrent('are there while it runs', async () => {
    const output = new Output();
    const running = output.start(['-i', '0.2'], sh('echo up; read line; echo down'));
    await running.until(/up/);
    expect(output.meta['command']).toContain('-c');
    while (output.lines.length < 2) await sleep(20);
    expect((await running.stop('SIGTERM')).code).toBe(143);
  });

  test.concurrent('have a line even of what ends at once', async () => {
    const output = new Output();
    expect((await output.run([], ['true'])).code).toBe(0);
    expect(output.lines).toHaveLength(1);
  });

  test.concurrent('of a virtual machine say null, and its summary leaves out what is not there', async () => {
    const output = new Output();
    const { code, stderr } = await run(output.args([], ['true'], VM));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^metalstat-exporter: ran \d\.\d s$/m);
    expect(output.lines[0]).toMatchObject({ gpu_util: null, pkg_w: null });
  });

  test.concurrent('have what it printed with --capture, both streams', async () => {
    const output = new Output();
    const ended = await output.run(['--capture'], sh('echo one; echo two >&2; sleep 0.2; echo three'));
    expect(ended).toMatchObject({ code: 0, stdout: 'one\nthree\n' });
    expect(ended.stderr).toContain('\ntwo\n');
    expect(output.text('.log').split('\n').sort()).toEqual(['', 'one', 'three', 'two']);
    expect(output.text('.log')).toMatch(/three\n$/);
  });

  test.concurrent('have 100 MB of it, and so has who reads it', async () => {
    const output = new Output();
    const args = output.args(['--capture'], ['head', '-c', '100000000', '/dev/zero']);
    const { code, stdout } = await bash('"$0" "$@" | wc -c; exit "${PIPESTATUS[0]}"', args);
    expect({ code, bytes: Number(stdout) }).toEqual({ code: 0, bytes: 100_000_000 });
    expect(statSync(`${output.prefix}.log`).size).toBe(100_000_000);
  });

  test.concurrent('have all of it when its reader has gone', async () => {
    const output = new Output();
    const args = output.args(['--capture'], sh('for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done'));
    const { code, stdout } = await bash('"$0" "$@" | head -1; exit "${PIPESTATUS[0]}"', args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' });
    expect(output.text('.log')).toBe('1\n2\n3\n4\n5\n6\n7\n8\n');
  });
});

test.concurrent('what the command leaves running is not waited for', async () => {
  const { code, stdout } = await new Output().run(['--capture'], sh('sleep 20 & echo $!; exit 6'));
  expect(code).toBe(6);
  // It is still there.
  process.kill(Number(stdout), 'SIGKILL');
});

describe('the exit code is that of the command', () => {
  test.concurrent.each([
    [0, sh('exit 0')],
    [3, sh('exit 3')],
    [255, sh('exit 255')],
    [143, sh('kill -TERM $$')],
    [137, sh('kill -KILL $$')],
    [134, sh('kill -ABRT $$')],
  ])('%i of %j', async (code, command) => {
    expect(await new Output().run([], command)).toMatchObject({ code, signal: null });
  });

  test.concurrent('127 if there is none', async () => {
    const { code, stderr } = await new Output().run([], ['no-such-command']);
    expect({ code, stderr }).toEqual({
      code: 127,
      stderr: `${PLAYING}metalstat-exporter: there is no command no-such-command; give a path, or a name that is on PATH\n`,
    });
  });

  test.concurrent('126 if it cannot be executed', async () => {
    const output = new Output();
    writeFileSync(`${output.prefix}.txt`, 'text');
    for (const path of [`${output.prefix}.txt`, SCRATCH]) {
      const { code, stderr } = await output.run([], [path]);
      expect(code).toBe(126);
      expect(stderr).toMatch(/^metalstat-exporter: cannot start .*EACCES.*executable\?$/m);
    }
  });
});

describe('signals', () => {
  test.concurrent.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('%s is forwarded', async (signal) => {
    const running = new Output().start(
      [],
      sh(`trap 'echo got ${signal}; exit 7' ${signal.slice(3)}; echo up; while :; do sleep 0.05; done`),
    );
    await running.until(/up/);
    const { code, stdout, stderr } = await running.stop(signal);
    expect({ code, stdout }).toEqual({ code: 7, stdout: `up\ngot ${signal}\n` });
    expect(stderr).toMatch(SUMMARY);
  });

  test.concurrent('are for the command to ignore: it is waited for until it ends', async () => {
    const output = new Output();
    const running = output.start(
      ['-i', '0.2'],
      sh(`trap 'echo no' TERM; echo "up $$"; while :; do sleep 0.05; done`),
    );
    const [, pid] = await running.until(/up (\d+)/);
    running.kill('SIGTERM');
    await running.until(/no/);
    const lines = output.lines.length;
    while (output.lines.length < lines + 2) await sleep(20);
    process.kill(Number(pid), 'SIGKILL');
    expect(await running.ended).toMatchObject({ code: 137, signal: null });
  });
});

describe('a full disk', () => {
  test.concurrent('is told once and keeps nothing from running', async () => {
    const output = new Output();
    for (const ending of ['.jsonl', '.log']) symlinkSync('/dev/full', output.prefix + ending);
    const { code, stdout, stderr } = await output.run(
      ['-i', '0.1', '--capture'],
      sh('for i in 1 2 3 4; do echo $i; sleep 0.1; done; exit 5'),
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: '1\n2\n3\n4\n' });
    expect(stderr.match(/cannot write .*\.jsonl: ENOSPC/g)).toHaveLength(1);
    expect(stderr.match(/cannot write .*\.log: ENOSPC/g)).toHaveLength(1);
    expect(stderr).toMatch(SUMMARY);
  });

  test.concurrent('leaves whole lines', async () => {
    const output = new Output();
    const args = output.args(['-i', '0.1'], sh('sleep 2; echo done'));
    // Blocks of 1024 bytes: several lines, and a part of one.
    const { code, stdout, stderr } = await bash('ulimit -f 3; exec "$0" "$@"', args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
    expect(stderr.match(/cannot write .*\.jsonl: EFBIG/g)).toHaveLength(1);
    expect(output.lines.length).toBeGreaterThan(3);
    expect(output.text('.jsonl').length).toBeLessThanOrEqual(3072);
  });
});

describe('a reading that fails', () => {
  const failing = (plan: FaultPlan): ProcessOptions => ({
    env: { TEST_PLAN: JSON.stringify(plan) },
    node: ['-r', script('control')],
  });

  test.concurrent('is null, and the command knows nothing of it', async () => {
    const output = new Output();
    const plan: FaultPlan = {
      calls: [{ function: 'host_statistics64', nth: 3, forever: true, how: 'fail', code: 5 }],
    };
    const { code, stdout } = await output.run(['-i', '0.2'], sh('sleep 1; echo done; exit 4'), failing(plan));
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'done\n' });
    expect(output.lines.at(-1)).toMatchObject({ mem_used_gb: null, mem_pressure_level: 'green' });
  });

  test.concurrent('or hangs', async () => {
    const output = new Output();
    const plan: FaultPlan = {
      calls: [{ function: 'host_statistics64', nth: 6, forever: true, how: 'hang' }],
    };
    const { code, stdout } = await output.run(['-i', '0.2'], sh('sleep 2; echo done; exit 4'), failing(plan));
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'done\n' });
    expect(output.lines.at(-1)).toMatchObject({ mem_used_gb: null, mem_pressure_level: 'green' });
  });
});

describe('is refused in one line, and nothing is started', () => {
  const started = () => join(mkdtempSync(join(SCRATCH, 'refused-')), 'started');

  test.concurrent.each([
    [[], ['COMMAND'], /run needs -o PREFIX/],
    [['-o', 'PREFIX'], [], /run needs a command: .* -- COMMAND/],
    [['-o', 'PREFIX', '-i', '0'], ['COMMAND'], /--interval takes seconds, 0\.1 to 86400, not "0"/],
    [
      ['-o', '/no/such/folder/x'],
      ['COMMAND'],
      /cannot write \/no\/such\/folder\/x\.meta\.json: ENOENT.*give -o/,
    ],
    [['-o', 'PREFIX', '--captur'], ['COMMAND'], /Did you mean --capture/],
  ])('%j -- %j', async (options, command, message) => {
    const file = started();
    const args = options.map((word) => (word === 'PREFIX' ? `${file}-out` : word));
    const { code, stdout, stderr } = await run([
      'run',
      '--machine',
      M1,
      ...args,
      '--',
      ...command.flatMap(() => ['touch', file]),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.replace(PLAYING, '')).toMatch(/^metalstat-exporter: .+\n$/);
    expect(stderr).toMatch(message);
    expect(existsSync(file)).toBe(false);
  });
});
