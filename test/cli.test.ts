// The command line: what it prints, and what it refuses in one line.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { families } from '../src/metrics/catalogue';
import { version } from '../src/version';
import { only } from './support/exporter';
import { machineNames, machineOf, type Machine } from './support/machines';
import { parse } from './support/parse';
import { cleanUp, ROOT, run, scratch, type Ended, type ProcessOptions } from './support/command';

const M1 = 'Macmini9,1__m1__15.6__idle';

afterAll(cleanUp);

/** Expects a refusal: one line on standard error, exit code 2. */
async function refusal(args: readonly string[], options?: ProcessOptions): Promise<string> {
  const { code, signal, stderr } = await run(args, options);
  expect(stderr).toMatch(/^metalstat-exporter: .+\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  expect({ code, signal }).toEqual({ code: 2, signal: null });
  return stderr;
}

function expectSuccess({ code, signal, stderr }: Ended): void {
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
}

/** The path of a machine file that is M1 but for a change. */
function variant(name: string, change: (machine: Machine) => void): string {
  const machine = machineOf(M1);
  change(machine);
  return scratch(`${name}.json`, JSON.stringify(machine));
}

if (process.platform !== 'darwin') {
  describe('off a Mac', () => {
    test.concurrent.each([[['serve']], [[]], [['once']]])(
      '%j without --machine ends with one line that says what to type',
      async (args) => {
        expect(await refusal(args)).toMatch(/not a Mac; .*--machine any/);
        expect((await run(args)).stdout).toBe('');
      },
    );
  });
}

describe('a machine file is refused in one line', () => {
  test.concurrent.each<[string, (machine: Machine) => void, RegExp]>([
    ['of another format', (machine) => (machine.format = 2), /format: only format 1/],
    ['without a clock', (machine) => Reflect.deleteProperty(machine, 'clock'), /clock/],
    ['without a time base', ({ clock }) => Reflect.deleteProperty(clock, 'timebase'), /clock\.timebase/],
    [
      'with text for a number',
      ({ clock }) => Reflect.set(clock, 'timebase', ['x', 3]),
      /clock\.timebase\[0\]/,
    ],
    [
      'whose time runs backwards',
      ({ clock }) => clock.absolute.reverse(),
      /clock\.absolute\[\d\].*backwards/,
    ],
    ['with a frame too few in its clock', ({ clock }) => clock.continuous.pop(), /clock\.continuous/],
    [
      'with a frame too many in a channel',
      ({ ioreport }) => ioreport![0]!.channels[0]!.push(1, 2, 3, 4, 5, 6, 7, 8, 9),
      /ioreport\[0\]\.channels\[0\].*frames/,
    ],
    [
      'with a list for a group',
      ({ ioreport }) => Reflect.set(ioreport![0]!, 'group', []),
      /ioreport\[0\]\.group: expected a string/,
    ],
    ['with a wrong type', ({ sysctl }) => (sysctl!['hw.memsize'] = ['u65', 1]), /sysctl.*hw\.memsize/],
    ['with a member nobody knows', (machine) => Reflect.set(machine, 'colour', 1), /colour/],
  ])('%s, with the path of what is wrong', async (name, change, path) => {
    const file = variant(name.replaceAll(' ', '-'), change);
    const line = await refusal(['serve', '--machine', file]);
    expect(line).toMatch(path);
    expect(line).toContain(name.replaceAll(' ', '-'));
  });

  test.concurrent.each([
    ['', /1:1/],
    ['{"format": 1,\n "about" "x"}', /2:10/],
    ['[]', /expected an object/],
    ['\0\u{10ffff}', /1:1/],
  ])('%j, with line and column', async (text, where) => {
    expect(await refusal(['serve', '--machine', scratch(`broken-${text.length}.json`, text)])).toMatch(where);
  });

  test.concurrent('that is not there, with how to list those that are', async () => {
    expect(await refusal(['serve', '--machine', 'Mac99'])).toMatch(/no machine file Mac99; .*machines/);
    expect(await refusal(['once', '--machine', ROOT])).toMatch(/cannot read .*EISDIR/);
  });

  test.concurrent('of an Intel Mac', async () => {
    const file = variant('intel', ({ sysctl }) => {
      delete sysctl!['hw.optional.arm64'];
      sysctl!['machdep.cpu.brand_string'] = ['text', 'Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz'];
      sysctl!['hw.model'] = ['text', 'MacBookPro16,1'];
    });
    for (const command of ['serve', 'once'])
      expect(await refusal([command, '--machine', file])).toMatch(/no Apple Silicon/);
  });

  test.concurrent('of a process that Rosetta translates', async () => {
    const file = variant('rosetta', ({ sysctl }) => (sysctl!['sysctl.proc_translated'] = ['i32', 1]));
    for (const command of ['serve', 'once'])
      expect(await refusal([command, '--machine', file])).toMatch(/Rosetta/);
  });
});

describe('an option is refused in one line', () => {
  test.concurrent.each([
    [['--web.listen-adress', ':1'], '--web.listen-address?'],
    [['--web.listen-adress=:1'], '--web.listen-address?'],
    [['serve', '--colector.gpu'], '--collector.gpu?'],
    [['serve', '--no-collector.mmory'], '--no-collector.memory?'],
    [['once', '--formt', 'json'], '--format?'],
    [['metrics', '--markdwn'], '--markdown?'],
  ])('%j, with the nearest right one', async (args, nearest) => {
    expect(await refusal(args)).toContain(`Did you mean ${nearest}`);
  });

  test.concurrent.each([
    [['--web.listen-address', '13013'], /HOST:PORT.*"13013"/],
    [['--web.listen-address', '127.0.0.1:65536'], /HOST:PORT/],
    [['--web.listen-address', '[::zz]:1'], /HOST:PORT/],
    [['--web.listen-address', '192.0.2.1:1'], /192\.0\.2\.1:1 is no address of this machine/],
    [['--web.listen-address', 'unix:/no/such/folder/socket'], /the socket \/no\/such\/folder/],
    [['--web.telemetry-path', 'metrics'], /a path such as \/metrics, not "metrics"/],
    [['--web.telemetry-path', '/-/ready'], /a path such as/],
    [['--web.telemetry-path', '/page/metrics'], /a path such as/],
    [['--web.telemetry-path', '/api/v1/snapshot'], /a path such as/],
    [['--web.max-requests', '0'], /a whole number of 1 or more, not "0"/],
    [['--web.max-requests', 'many'], /not "many"/],
    [['--sampling.min-window', '-1'], /seconds, 1 or more, not "-1"/],
    [['--sampling.min-window', '60', '--sampling.max-window', '30'], /must not be below/],
    [['--sampling.interval', '0'], /--sampling\.interval takes seconds, 1 to 86400, not "0"/],
    [['--sampling.interval', '86401'], /seconds, 1 to 86400, not "86401"/],
    [['--collector.app.top', '0'], /a whole number of 1 to 100, not "0"/],
    [['--collector.app.top', '101'], /a whole number of 1 to 100, not "101"/],
    [['--collector.app.include', '('], /--collector\.app\.include takes a regular expression, not "\("/],
    [['--collector.app.exclude', '[z-a]'], /--collector\.app\.exclude takes a regular expression/],
    [['--collector.gpu=false'], /--collector\.gpu takes no value/],
    [['--machine'], /argument missing/],
  ])('%j, with what it takes', async (args, message) => {
    expect(await refusal(['serve', '--machine', 'any', ...args])).toMatch(message);
  });

  test.concurrent('whose variable is neither true nor false', async () => {
    const env = { METALSTAT_EXPORTER_COLLECTOR_GPU: 'perhaps' };
    expect(await refusal(['serve', '--machine', 'any'], { env })).toMatch(
      /COLLECTOR_GPU takes true or false/,
    );
  });

  test.concurrent('and so is a word that is no command', async () => {
    expect(await refusal(['srve'])).toMatch(/no command srve; there are: serve, once/);
    expect(await refusal(['machines', 'all'])).toMatch(/too many arguments/);
  });

  test.concurrent('and so is a format that is none', async () => {
    expect(await refusal(['once', '--format', 'xml'])).toMatch(/prometheus, openmetrics, json, not "xml"/);
  });
});

test.concurrent('12. a taken port ends the start with one line that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const address = ['--web.listen-address', '127.0.0.1:0', '--web.listen-address', `127.0.0.1:${port}`];
  expect(await refusal(['serve', '--machine', 'any', ...address])).toMatch(`127.0.0.1:${port} is in use`);
  other.close();
});

test.concurrent.each([
  [
    '192.0.2.1:0',
    /^metalstat-exporter: 192\.0\.2\.1:0 is no address of this machine; see --web\.listen-address\n$/,
  ],
  ['nowhere.invalid:0', /^metalstat-exporter: nowhere\.invalid:0 is no address of this machine/],
  ['unix:/nowhere/socket', /^metalstat-exporter: .*\/nowhere\/socket/],
])('12. the address %s ends the start with one line', async (address, line) => {
  expect(await refusal(['serve', '--machine', 'any', '--web.listen-address', address])).toMatch(line);
});

describe('once', () => {
  const once = (...args: string[]) => run(['once', '--machine', M1, ...args]);

  test.concurrent.each([
    [[], 'text'],
    [['--format', 'openmetrics'], 'openmetrics'],
  ] as const)('%j prints one page with its windows', async (args, format) => {
    const { code, stdout, stderr } = await once(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Playing .*\n$/) as string });
    const page = parse(stdout, format);
    expect(page.get('gpu_utilization')?.samples).toHaveLength(1);
    expect(page.get('mac_power_watts')?.samples.length).toBeGreaterThan(3);
  });

  test.concurrent('prints JSON', async () => {
    const { code, stdout } = await once(
      '--format',
      'json',
      '--collector.disable-defaults',
      '--collector.memory',
    );
    expect(code).toBe(0);
    const page = JSON.parse(stdout) as Record<string, unknown>;
    expect(page['memory_pressure_level']).toEqual({
      kind: 'gauge',
      unit: '',
      help: expect.stringContaining('kern.memorystatus_level') as string,
      samples: [{ labels: {}, value: expect.any(Number) as number }],
    });
    expect(Object.keys(page).filter((name) => name.startsWith('mac_gpu'))).toEqual([]);
  });

  test.concurrent('prints optional families when they are asked for', async () => {
    const { stdout } = await once(
      '--collector.disable-defaults',
      '--collector.cpu',
      '--collector.cpu.states',
    );
    expect(only(stdout, /^mac_cpu_state_seconds_total$/).length).toBeGreaterThan(10);
    expect(only(stdout, /^(gpu|metal|memory|mac_gpu|mac_memory)_/)).toEqual([]);
  });
});

describe('once, of apps', () => {
  const FARM = 'Mac14,14__m2-ultra__15.2__build-farm';
  const once = async (...args: string[]) => {
    const app = ['--collector.disable-defaults', '--collector.app'];
    const { code, stdout } = await run(['once', '--machine', FARM, ...app, ...args]);
    expect(code).toBe(0);
    const names = (label: string) =>
      new Set([...stdout.matchAll(new RegExp(`\\b${label}="([^"]*)"`, 'g'))].map(([, name]) => name!));
    return { apps: names('app'), processes: names('process') };
  };

  test.concurrent('tells ten and the others', async () => {
    const { apps } = await once();
    expect(apps).toContain('Runner.Listener');
    expect(apps).toContain('other');
    expect(apps.size).toBeLessThanOrEqual(11);
  });

  test.concurrent.each([
    [
      ['--collector.app.include', 'Runner.*'],
      ['Runner.Listener', 'other'],
    ],
    [['--collector.app.include', 'Runner'], ['other']],
  ])('%j tells just these', async (args, names) => {
    expect((await once(...args)).apps).toEqual(new Set(names));
  });

  test.concurrent('or fewer', async () => {
    expect((await once('--collector.app.top', '2')).apps.size).toBe(3);
  });

  test.concurrent('leaves out those whose whole name matches', async () => {
    expect((await once('--collector.app.exclude', 'Runner')).apps).toContain('Runner.Listener');
    expect((await once('--collector.app.exclude', 'Runner.*|sshd')).apps).not.toContain('Runner.Listener');
  });

  test.concurrent('hashes names where they shall not be told', async () => {
    const { apps, processes } = await once('--collector.app.anonymise');
    expect(apps.size).toBeGreaterThan(2);
    for (const name of [...apps, ...processes]) expect(name).toMatch(/^(other|[0-9a-f]{12})$/);
    // The same until the Mac restarts.
    expect(await once('--collector.app.anonymise')).toEqual({ apps, processes });
  });
});

test.concurrent('machines lists the machine files', async () => {
  const ended = await run(['machines']);
  expectSuccess(ended);
  expect(ended.stdout).toBe(`${machineNames.join('\n')}\n`);
});

describe('metrics', () => {
  test.concurrent('lists every family in a line', async () => {
    const ended = await run(['metrics']);
    expectSuccess(ended);
    expect(ended.stdout.split('\n')).toHaveLength(families.length + 1);
    expect(ended.stdout).toMatch(/^mac_energy_joules_total\{rail,die\} counter$/m);
  });

  test.concurrent('lists them as JSON', async () => {
    const ended = await run(['metrics', '--json']);
    expectSuccess(ended);
    const names = (JSON.parse(ended.stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(families.map(({ name }) => name));
  });

  test.concurrent('prints METRICS.md', async () => {
    const ended = await run(['metrics', '--markdown']);
    expectSuccess(ended);
    const file = join(ROOT, 'src', 'metrics', 'METRICS.md');
    if (existsSync(file)) expect(ended.stdout).toBe(readFileSync(file, 'utf8'));
    for (const { name } of families) expect(ended.stdout).toContain(`| \`${name}\` |`);
  });
});

test.concurrent('--version prints the version', async () => {
  const ended = await run(['--version']);
  expectSuccess(ended);
  expect(ended.stdout).toBe(`${version}\n`);
});

test.concurrent(
  '--help prints the commands, and of each command its options with their variables',
  async () => {
    const help = await run(['--help']);
    expectSuccess(help);
    for (const command of ['serve', 'once', 'machines', 'metrics'])
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    const ended = await run(['serve', '--help']);
    expectSuccess(ended);
    expect(ended.stdout).toMatch(/--web\.listen-address <ADDRESS>[^]*127\.0\.0\.1:13013/);
    expect(ended.stdout).toContain('METALSTAT_EXPORTER_WEB_LISTEN_ADDRESS');
    expect(ended.stdout).toContain('--no-collector.energy');
  },
);
