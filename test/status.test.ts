// `status` where its output is no terminal: what it prints, and what it refuses. test/services/terminal.test.ts has the rest.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanUp, MAIN, Process, run, script, type Ended, type ProcessOptions } from './support/command';
import type { FaultPlan } from './support/exporter';

const M1 = 'Macmini9,1__m1__15.6__load';
const M5_MAX = 'Mac17,6__m5-max__27.0__load';
const VM = 'VirtualMac2,1__vm__15.5__compile';
const PLAYING = `Playing the machine file ${M1}: nothing of this computer is measured.`;
const ESCAPE = '\x1b';

afterAll(cleanUp);

const status = (args: readonly string[], options?: ProcessOptions, machine = M1): Promise<Ended> =>
  run(['status', '--machine', machine, ...args], options);

async function printed(...given: Parameters<typeof status>): Promise<string> {
  const { code, stdout, stderr } = await status(...given);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('the view', () => {
  test.concurrent('is one line, under what is played and the time', async () => {
    const lines = (await printed([])).split('\n');
    expect(lines).toEqual([
      PLAYING,
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      expect.stringMatching(
        /^Apple M1 \| GPU +\d+\.\d%, \d+ MHz, \d+\.\dW \| Metal \d\.\d \/ 10\.7 GB \| ●green$/,
      ),
      '',
    ]);
  });

  test.concurrent('has a line for each subject with -a', async () => {
    const page = await printed(['-a', '--no-header']);
    expect(page.split('\n')[1]).toBe('Apple M1  8C CPU (4P + 4E) / 8C GPU / Metal 3');
    for (const line of [
      /^ +GPU +\d+\.\d% +\d+ MHz {3}\d+\.\dW$/m,
      /^ +CPU +\d+\.\d% {3}P: +\d+% {3}E: +\d+% {3}\d+\.\dW$/m,
      /^ {2}Memory {2}\d+\.\d \/ 16\.0 GB {3}●green$/m,
      /^ +\d\.\dG wired \/ \d\.\dG active \/ \d\.\dG inactive \/ \d\.\dG compressed$/m,
      /^ +Metal {2}\d\.\dG \/ 10\.7G$/m,
      /^ +Swap {2}\d\.\dG \/ 2\.0G$/m,
      /^ +Power {2}Pkg \d+\.\dW {3}CPU \d+\.\dW {3}GPU \d\.\dW {3}DRAM \d\.\dW {3}ANE \d\.\dW$/m,
    ])
      expect(page).toMatch(line);
    expect(page).not.toMatch(/Temp|Process|\d\d:\d\d/);
  });

  test.concurrent('tells super and performance cores apart', async () => {
    const page = await printed(['-c'], {}, M5_MAX);
    expect(page).toMatch(/^Apple M5 Max {2}18C CPU \(6S \+ 12P\) \/ 40C GPU \/ Metal 4$/m);
    expect(page).toMatch(/^ +CPU +\d+\.\d% {3}S: +\d+% {3}P: +\d+%$/m);
  });

  test.concurrent('has power on macOS 27 where the sample is long enough for two publications', async () => {
    const page = await printed(['-P', '--sample-duration', '4'], {}, M5_MAX);
    expect(page).toMatch(/ Pkg \d+\.\dW {3}CPU \d+\.\dW /);
  });

  test.concurrent('says of a virtual machine what is not there', async () => {
    const page = await printed(['-a', '-t'], {}, VM);
    expect(page).toMatch(/^ +GPU {2}not available$/m);
    expect(page).toMatch(/^ +Metal {2}- \/ -$/m);
    expect(page).toMatch(/^ +Power {2}Pkg - {3}CPU - {3}GPU - {3}DRAM - {3}ANE -$/m);
    expect(page).toMatch(/^ +Temp {2}CPU - {3}GPU - {3}SoC -$/m);
  });

  test.concurrent('has as many processes as were asked for, and temperatures', async () => {
    const page = await printed(['-p', '-n', '3', '-t']);
    expect(page).toMatch(/^ +Temp {2}CPU \d+ °C {3}GPU \d+ °C {3}SoC \d+ °C$/m);
    const table = page.slice(page.indexOf('  #  Process')).trimEnd().split('\n');
    expect(table).toHaveLength(4);
    for (const line of table.slice(1)) expect(line).toMatch(/^ +\d {2}\S.* \d+ +\d+M +\d+M +(\d+%|-) +\S+$/);
  });

  test.concurrent('is written again and again with -i, without a word to a terminal', async () => {
    const watching = new Process(MAIN, ['status', '--machine', M1, '-a', '-i', '0.2']);
    await watching.until(/(Apple M1 [^]*){3}/);
    const { code, stdout } = await watching.stop('SIGTERM');
    expect(code).toBe(0);
    expect(stdout).not.toContain(ESCAPE);
  });
});

describe('colours', () => {
  test.concurrent('are not written into a file', async () => {
    expect(await printed(['-a', '-p'])).not.toContain(ESCAPE);
  });

  test.concurrent.each([
    ['--color', ['--color'], {}, true],
    ['--color in spite of NO_COLOR', ['--color'], { NO_COLOR: '1' }, true],
    ['the last of two', ['--color', '--no-color'], {}, false],
    ['the variable', [], { METALSTAT_EXPORTER_COLOR: 'true' }, true],
  ] as const)('%s', async (_, args, env, isColoured) => {
    const page = await printed(args, { env });
    expect(page.includes(`${ESCAPE}[1;36mApple M1${ESCAPE}[0m`)).toBe(isColoured);
    expect(page.includes(ESCAPE)).toBe(isColoured);
  });
});

describe('JSON', () => {
  test.concurrent('is one line with --jsonl', async () => {
    const { code, stdout, stderr } = await status(['--jsonl']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${PLAYING}\n` });
    expect(stdout).toMatch(/^\{"t":\d+\.?\d*,"elapsed_s":0,"gpu_util":.*\}\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      mem_pressure_level: 'green',
      mem_used_gb: expect.any(Number) as number,
    });
  });

  test.concurrent('is a line a tick with -i, until it is told to stop', async () => {
    const watching = new Process(MAIN, ['status', '--machine', M1, '--jsonl', '--watch', '0.2']);
    await watching.until(/(\{.*\}\n){3}/);
    const { code, stdout } = await watching.stop('SIGINT');
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number>);
    for (const [i, { t, elapsed_s: elapsed }] of lines.entries()) {
      expect(elapsed).toBeCloseTo(t! - lines[0]!['t']!, 2);
      if (i > 0) expect(elapsed).toBeGreaterThan(lines[i - 1]!['elapsed_s']!);
      expect(Object.keys(lines[i]!)).toEqual(Object.keys(lines[0]!));
    }
  });

  test.concurrent('of what does not change is an object', async () => {
    const { code, stdout, stderr } = await status(['--meta-json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${PLAYING}\n` });
    expect(JSON.parse(stdout)).toMatchObject({
      // Whose Mac a machine file is of is not known: this computer's name would be wrong.
      hostname: null,
      chip: { name: 'Apple M1', cpu_cores: { total: 8, performance: 4, efficiency: 4 }, gpu_cores: 8 },
      memory_total_gb: 16,
    });
  });

  test.concurrent('ends quietly when its reader has gone', async () => {
    const child = spawn(process.execPath, [MAIN, 'status', '--machine', M1, '--jsonl', '-i', '0.2'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaints = '';
    child.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    child.stdout.destroy();
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(complaints).toBe(`${PLAYING}\n`);
    expect(first.toString()).toMatch(/^\{.*\}\n/);
  });
});

test.concurrent('a full disk ends it with one line', async () => {
  const [code, stderr] = await new Promise<[unknown, string]>((resolve) => {
    const args = [
      '-c',
      'exec "$0" "$@" >/dev/full',
      process.execPath,
      MAIN,
      'status',
      '--machine',
      M1,
      '--jsonl',
    ];
    execFile('bash', args, (error, _, complaints) => resolve([error?.code, complaints]));
  });
  expect(code).toBe(1);
  expect(stderr.replace(`${PLAYING}\n`, '')).toMatch(
    /^metalstat-exporter: cannot write to standard output: ENOSPC.*\n$/,
  );
});

describe('--debug', () => {
  const PLAN: FaultPlan = {
    calls: [{ function: 'host_statistics64', nth: 1, forever: true, how: 'fail', code: 5 }],
  };
  const failing = (...args: string[]) =>
    run(['status', '--machine', M1, '-m', ...args], {
      env: { TEST_PLAN: JSON.stringify(PLAN) },
      node: ['-r', script('control')],
    });

  test.concurrent('says what failed, with its code and what to do', async () => {
    const { code, stdout, stderr } = await failing('--debug');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^metalstat-exporter: cannot read host: host_statistics64.*, code 5; .+$/m);
    expect(stdout).toMatch(/^ +Memory {2}- \/ 16\.0 GB/m);
    expect(stdout).toMatch(/^ +- wired \/ - active/m);
  });

  test.concurrent('and without it nothing', async () => {
    const { code, stderr } = await failing();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('is refused in one line', () => {
  test.concurrent.each([
    [['-n', '0'], /--num-procs takes a whole number of 1 or more, not "0"/],
    [['-i', '0'], /--interval takes seconds, 0\.1 to 86400, not "0"/],
    [['--watch', 'often'], /--interval takes seconds, .*not "often"/],
    [['--sample-duration', '0.5'], /--sample-duration takes seconds, 1 to 86400, not "0\.5"/],
    [['--jsonl', '--meta-json'], /--jsonl and --meta-json exclude each other/],
    [['--meta-json', '-i', '1'], /--meta-json is printed once/],
    [['--show-cpus'], /Did you mean --show-cpu/],
    [['-x'], /unknown option '-x'/],
    [['all'], /too many arguments/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await status(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^metalstat-exporter: .+\n$/);
    expect(stderr).toMatch(message);
  });

  if (process.platform !== 'darwin')
    test.concurrent('off a Mac', async () => {
      const { code, stderr } = await run(['status']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^metalstat-exporter: this is not a Mac; .*--machine any.*\n$/);
    });
});
