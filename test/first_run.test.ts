// doctor --first-run: on a machine file all is as expected, and each deviation that is planted is found by its check.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { asExpected, type Check } from '../src/cli/first_run/check';
import { CHECKS } from '../src/cli/first_run/checks';
import { Mac, type Surroundings } from '../src/cli/first_run/mac';
import { printFirstRun } from '../src/cli/first_run/print';
import { withAssumptions } from '../src/cli/first_run/readme';
import { runChecks, type Finding, type FirstRun } from '../src/cli/first_run/run';
import { portsOf } from '../src/cli/first_run/surroundings';
import { painter, WIDTH } from '../src/cli/doctor/text';
import { RECORD_WANTS } from '../src/cli/record/wants';
import { aboutThis, openMachine } from '../src/exporter';
import type { Double } from '../src/native/native';
import { cleanUp, MAIN, Process, ROOT, run, SCRATCH, script, scratch } from './support/command';
import type { FaultPlan } from './support/exporter';
import { distinctMachines, machineNames, machineOf, type Machine } from './support/machines';
import { NOTHING_OPEN } from './support/source';

afterAll(cleanUp);

const M5_MAX = 'Mac17,6__m5-max__27.0__mixed';
const VIRTUAL = 'VirtualMac2,1__vm__15.5__compile';
const BY_HAND = [14, 15, 17, 23];

interface Options {
  readonly plan?: FaultPlan;
  readonly around?: (double: Double) => Partial<Surroundings>;
  readonly checks?: readonly Check[];
  readonly patience?: number;
}

async function findingsOf(
  machine: Machine,
  { plan = {}, around, ...options }: Options = {},
): Promise<readonly Finding[]> {
  const double = openMachine({ name: 'a variant', text: JSON.stringify(machine) }, 'manual', RECORD_WANTS);
  double.plan(JSON.stringify(plan));
  const mac = new Mac(double, {
    isPlayed: true,
    collections: 5,
    wait: (seconds) => {
      double.step(seconds);
      return Promise.resolve();
    },
    now: () => double.now(),
    ask: () => Promise.resolve(undefined),
    held: () => Promise.resolve({ ports: double.live().ports }),
    ...around?.(double),
  });
  try {
    return await runChecks(mac, options);
  } finally {
    double.plan('{}');
    double.releaseHangs();
    while (!double.close());
    expect(double.live()).toEqual(NOTHING_OPEN);
  }
}

const checkOf = (number: number): Check => CHECKS.find((check) => check.number === number)!;

test('there are 25 checks, in order', () => {
  expect(CHECKS.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  expect(CHECKS.filter(({ byHand }) => byHand).map(({ number }) => number)).toEqual(BY_HAND);
});

describe.each(distinctMachines.filter((name) => name !== VIRTUAL))('%s', (name) => {
  test('is as expected in all that can be checked here', async () => {
    const findings = await findingsOf(machineOf(name));
    const others = findings.filter(({ verdict }) => verdict !== 'as expected');
    expect(others.map(({ number }) => number)).toEqual(BY_HAND);
    for (const { verdict, found } of others) {
      expect(verdict).toBe('could not be checked');
      expect(found).toMatch(/^not checked by this; by hand: \w+/);
    }
  });
});

test('of a virtual machine what it does not have could not be checked, and nothing is different', async () => {
  expect(machineNames).toContain(VIRTUAL);
  const findings = await findingsOf(machineOf(VIRTUAL));
  const numbers = (verdict: string) =>
    findings.filter((finding) => finding.verdict === verdict).map(({ number }) => number);
  expect(numbers('as expected')).toEqual([1, 2, 3, 4, 18, 19, 24, 25]);
  expect(numbers('different')).toEqual([]);
});

/** Ways in which a Mac may be another than expected, each by the check that must find it, and what that says. */
const DEVIATIONS: readonly {
  readonly number: number;
  readonly what: string;
  readonly plan?: FaultPlan;
  readonly change?: (machine: Machine) => void;
  readonly around?: (double: Double) => Partial<Surroundings>;
  readonly found: RegExp;
}[] = [
  {
    number: 1,
    what: 'Rosetta translates',
    change: ({ sysctl }) => (sysctl!['sysctl.proc_translated'] = ['i32', 1]),
    found: /^sysctl\.proc_translated 1, no virtual machine/,
  },
  {
    number: 2,
    what: 'the clocks run apart',
    around: (double) => ({ now: () => double.now() * 1.0001 }),
    found: /clocks 1000\.\d us apart after 10\.0 s/,
  },
  {
    number: 2,
    what: 'a tick is another',
    change: ({ clock }) => Object.assign(clock, { timebase: [1, 1] }),
    found: /^timebase 1\/1, hw\.tbfrequency 24000000/,
  },
  {
    number: 3,
    what: 'a function is gone',
    plan: { without: ['IOReportCreateSamplesDelta', 'IOHIDServiceClientCopyEvent'] },
    found: /^missing: IOReportCreateSamplesDelta, IOHIDServiceClientCopyEvent$/,
  },
  {
    number: 4,
    what: 'a group that is not there is no dictionary',
    plan: { calls: [{ function: 'IOReportCopyChannelsInGroup', nth: 8 }] },
    found: /^no channels, no subscription, code 0$/,
  },
  {
    number: 5,
    what: 'a channel is not delivered',
    plan: { events: [{ at: 0, take: ['Energy Model', 'GPU Energy'] }] },
    found: /Energy Model 363 of 364/,
  },
  {
    number: 5,
    what: 'another group than AMC Stats refuses',
    change: ({ ioreport }) =>
      ioreport!.filter(({ group }) => group === 'GPU Stats').forEach((set) => (set.subscribable = false)),
    found: /GPU Stats refused \(0xe00002c2\)/,
  },
  {
    number: 6,
    what: 'a channel has other sizes',
    plan: { calls: [{ function: 'IOReportCreateSamples', nth: 7, how: 'short' }] },
    found: /^400 of 400 samples, 0 in another order, [1-9]\d* channels of another size$/,
  },
  {
    number: 6,
    what: 'a sample fails',
    plan: { calls: [{ function: 'IOReportCreateSamples', nth: 7 }] },
    found: /^399 of 400 samples/,
  },
  {
    number: 7,
    what: 'RawElements have another layout',
    // The last of the first 20, those of Energy Model.
    plan: { calls: [{ function: 'IOReportCreateSamples', nth: 20, how: 'garbage' }] },
    found: /^364 of 8920 values are others, in Energy Model$/,
  },
  {
    number: 8,
    what: 'a delta has other values',
    plan: { calls: [{ function: 'IOReportCreateSamplesDelta', nth: 1, how: 'garbage' }] },
    found: /^\d+ of \d+ differences are others$/,
  },
  {
    number: 8,
    what: 'there is no delta',
    plan: { calls: [{ function: 'IOReportCreateSamplesDelta', nth: 2 }] },
    found: /^no delta of CPU Stats: code 0xe00002bc$/,
  },
  {
    number: 9,
    what: 'the GPU is published once a second',
    change: ({ ioreport }) =>
      ioreport!
        .filter(({ channels }) => channels.some(([, name]) => name === 'GPU Energy'))
        .forEach((set) => (set.publish = { period: 24_000_000, at: [0] })),
    found: /^late: GPU Energy 0\.\d+ s/,
  },
  {
    number: 10,
    what: 'a counter starts again',
    plan: { events: [{ at: 5.1, reset: ['Energy Model', 'GPU Energy'] }] },
    found: /^lower: Energy Model: GPU Energy$/,
  },
  {
    number: 11,
    what: 'a counter starts again with a subscription',
    plan: { events: [{ at: 1.5, reset: ['Energy Model', 'GPU Energy'] }] },
    found: /^lower: Energy Model: GPU Energy$/,
  },
  {
    number: 12,
    what: 'residencies count in another unit',
    change: ({ ioreport }) =>
      ioreport!
        .filter(({ subgroup }) => subgroup === 'GPU Performance States')
        .forEach((set) => (set.unit = [String((1n << 56n) | (118n << 32n)), null])),
    found: /^GPUPH 0\.0240$/,
  },
  {
    number: 16,
    what: "the GPU's two tables differ",
    change: ({ ioregistry }) => {
      const sgx = ioregistry!.find(({ path }) => path?.endsWith('/arm-io/sgx'))!;
      const { data } = sgx.properties['perf-states'] as { data: string };
      Object.assign(sgx.properties, { 'perf-states': { data: `ff${data.slice(2)}` } });
    },
    found: /^the GPU's tables differ: sgx \d+ and pmgr \d+ entries$/,
  },
  {
    number: 18,
    what: 'memory statistics are refused now and then',
    plan: { calls: [{ function: 'host_statistics64', nth: 9, code: 5 }] },
    found: /^19 answered, codes .*0x5/,
  },
  {
    number: 19,
    what: 'ticks stand still',
    plan: { calls: [{ function: 'host_processor_info', nth: 1, forever: true, how: 'garbage' }] },
    found: /CPUs, 0\.0000 to 0\.0000 s a second/,
  },
  {
    number: 19,
    what: 'memory_pressure prints another level',
    around: () => ({ ask: () => Promise.resolve('System-wide memory free percentage: 33%\n') }),
    found: /memorystatus_level \d+, printed 33$/,
  },
  {
    number: 20,
    what: 'the SMC has another name',
    plan: { calls: [{ function: 'IORegistryEntryGetName', nth: 1, forever: true }] },
    found: /^, 80 bytes: code 0, 76: 0xe00002c2/,
  },
  {
    number: 20,
    what: 'a real SMC has few keys',
    around: () => ({ isPlayed: false }),
    found: /#KEY 377,/,
  },
  {
    number: 21,
    what: 'a sensor answers not always',
    plan: { calls: [{ function: 'IOHIDServiceClientCopyEvent', nth: 300, how: 'null' }] },
    found: /^69 or 68 of 69 answered/,
  },
  {
    number: 22,
    what: 'there are two devices',
    change: ({ metal }) => Object.assign(metal!, { devices: [...metal!.devices, ...metal!.devices] }),
    found: /^2 devices/,
  },
  {
    number: 24,
    what: 'a process has used more than its coalition',
    // One of our own user: what those of others use is not told.
    change: ({ libproc }) =>
      Object.assign(libproc!.processes.find(({ uid, usage }) => uid === libproc!.uid && usage)!.usage!, {
        user: 2 ** 52,
      }),
    found: /[1-9] of them below their processes/,
  },
  {
    number: 25,
    what: 'something stays open',
    around: () => ({ held: growing() }),
    found: /^5 collections, files 1 before and 2 after/,
  },
];

function growing(): Surroundings['held'] {
  let files = 0;
  return () => Promise.resolve({ files: ++files });
}

describe.each(DEVIATIONS)('$number, where $what', ({ number, plan, change, around, found: pattern }) => {
  test('is different', async () => {
    const machine = machineOf(M5_MAX);
    change?.(machine);
    const [finding] = await findingsOf(machine, {
      checks: [checkOf(number)],
      ...(plan && { plan }),
      ...(around && { around }),
    });
    expect(finding).toMatchObject({ number, verdict: 'different' });
    expect(finding!.found).toMatch(pattern);
  });
});

describe('a check', () => {
  const made = (run: Check['run']): Check => ({ ...checkOf(1), run });

  test('that throws could not be checked, and the next one is', async () => {
    const findings = await findingsOf(machineOf(VIRTUAL), {
      checks: [
        made(() => Promise.reject(new Error('out of order'))),
        made(() => Promise.resolve(asExpected('well'))),
      ],
    });
    expect(findings.map(({ verdict, found }) => [verdict, found])).toEqual([
      ['could not be checked', 'out of order'],
      ['as expected', 'well'],
    ]);
  });

  test('whose source hangs could not be checked, and others are', async () => {
    const findings = await findingsOf(machineOf(M5_MAX), {
      plan: { calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] },
      checks: [checkOf(7), checkOf(20)],
      patience: 0.5,
    });
    expect(findings.map(({ verdict }) => verdict)).toEqual(['could not be checked', 'as expected']);
    expect(findings[0]!.found).toMatch(/^no answer in /);
  });

  test('of a facility whose every call fails could not be checked, or is different', async () => {
    const plan: FaultPlan = { calls: [{ function: '*', nth: 1, forever: true }] };
    const findings = await findingsOf(machineOf(M5_MAX), { plan });
    expect(findings).toHaveLength(25);
    const well = findings.filter(({ verdict }) => verdict === 'as expected');
    expect(well.map(({ number }) => number)).toEqual([25]);
  });
});

test('each call of a probe that fails leaves nothing open', async () => {
  const machine = machineOf(M5_MAX);
  machine.ioreport = machine.ioreport!.filter(({ group }) => group === 'GPU Stats').slice(0, 1);
  for (let nth = 1; nth <= 40; nth++)
    for (const how of ['fail', 'null', 'short', 'garbage'] as const) {
      const plan: FaultPlan = { calls: [{ function: '*', nth, how }] };
      const findings = await findingsOf(machine, { plan, checks: [checkOf(8), checkOf(20)] });
      expect(findings).toHaveLength(2);
    }
});

describe('the report', () => {
  const reportOf = async (name: string): Promise<FirstRun> => ({
    version: 1,
    ...aboutThis({ name, text: '' }),
    mac: { model: null, chip: null, osVersion: null, osBuild: null, virtualMachine: null, rosetta: null },
    findings: await findingsOf(machineOf(name), {
      plan: { events: [{ at: 0, take: ['Energy Model', 'GPU Energy'] }] },
    }),
  });

  test('says first that a machine file is played, then each number with expected and found, then how many', async () => {
    const lines = printFirstRun(await reportOf(M5_MAX), painter(false)).split('\n');
    expect(lines[0]).toContain(`machine file ${M5_MAX}`);
    expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
    const marks = lines.flatMap((line) => /^ ?(\d+) ([✓✗–]) /.exec(line)?.slice(1, 3).join('') ?? []);
    expect(marks).toEqual(
      CHECKS.map(({ number }) => `${number}${number === 5 ? '✗' : BY_HAND.includes(number) ? '–' : '✓'}`),
    );
    expect(lines.filter((line) => line.startsWith('     expected  '))).toHaveLength(25);
    expect(lines.filter((line) => line.startsWith('     found     '))).toHaveLength(25);
    expect(lines).toContain('20 as expected, 1 different, 4 could not be checked.');
  });

  test('is the same with colours, but for these', async () => {
    const report = await reportOf(M5_MAX);
    const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const text = printFirstRun(report, painter(true));
    expect(text).toMatch(colour);
    expect(text.replaceAll(colour, '')).toBe(printFirstRun(report, painter(false)));
  });
});

test.each([
  ['PORTS #TH\n212   14/1\n', { ports: 212, threads: 14 }],
  ['PORTS #TH\n212+ 14\n', { ports: 212, threads: 14 }],
  ['top: not for you\n', {}],
])('of what top prints, %j, ports and threads are read', (text, expected) => {
  expect(portsOf(text)).toEqual(expected);
});

test('the README has the list of what is checked; else run: npm run generate', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  expect(withAssumptions(readme)).toBe(readme);
  for (const { number, byHand } of CHECKS)
    expect(readme).toMatch(
      new RegExp(`^${number}\\. .*${byHand ? '\\(by hand: not checked by this\\)' : ''}$`, 'm'),
    );
});

test('the issue template asks for chip, macOS, what differed and the file', () => {
  const text = readFileSync(join(ROOT, '.github/ISSUE_TEMPLATE/first-run.yml'), 'utf8');
  const form = parse(text) as {
    readonly name: string;
    readonly description: string;
    readonly body: readonly { readonly id?: string; readonly validations?: { readonly required: boolean } }[];
  };
  expect(form.name).toBe('First run on a Mac');
  const required = form.body.filter(({ validations }) => validations?.required).map(({ id }) => id);
  expect(required).toEqual(['chip', 'macos', 'different', 'bundle']);
  expect(text).toContain('doctor --first-run');
});

describe('the command', () => {
  test('ends with 1 where something is different, and writes a bundle that can be played', async () => {
    const file = scratch('before.json', JSON.stringify(machineOf(M5_MAX)));
    const bundle = scratch('first-run.json', '');
    const plan: FaultPlan = { calls: [{ function: 'IOReportCreateSamplesDelta', nth: 1 }] };
    const ended = await new Process(
      MAIN,
      ['doctor', '--first-run', '--json', '--machine', file, '--bundle', bundle],
      { node: ['-r', script('control')], env: { TEST_PLAN: JSON.stringify(plan) }, patience: 100_000 },
    ).ended;
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.stderr).toMatch(/^Playing the machine file before: /);
    const told = JSON.parse(ended.stdout) as FirstRun;
    expect(told).toMatchObject({ version: 1, machine: { origin: 'machine-file', name: 'before' } });
    const differing = told.findings.filter(({ verdict }) => verdict === 'different');
    expect(differing.map(({ number }) => number)).toEqual([8]);
    const written = JSON.parse(readFileSync(bundle, 'utf8')) as {
      readonly doctor: { readonly version: 1; readonly firstRun: FirstRun };
    };
    expect(written.doctor).toMatchObject({ version: 1, ok: true });
    expect(written.doctor.firstRun.findings.map(({ number, verdict }) => [number, verdict])).toEqual(
      told.findings.map(({ number, verdict }) => [number, verdict]),
    );
    expect((await run(['once', '--machine', bundle])).code).toBe(0);
  }, 120_000);

  test('is broken off by Ctrl-C, and leaves no file', async () => {
    const bundle = join(SCRATCH, 'broken-off.json');
    const drafts = () => readdirSync(SCRATCH).filter((name) => name.startsWith('broken-off'));
    const running = new Process(MAIN, ['doctor', '--first-run', '--machine', 'any', '--bundle', bundle]);
    while (drafts().length === 0) await sleep(20);
    // Its handler is set right after the draft is opened.
    await sleep(200);
    expect(await running.stop('SIGINT')).toMatchObject({ code: 130, stdout: '' });
    expect(drafts()).toEqual([]);
  });

  test('is wrong use off a Mac without a machine file', async () => {
    if (process.platform === 'darwin') return;
    const bundle = join(ROOT, 'build', 'none.json');
    const { code, stderr } = await run(['doctor', '--first-run', '--bundle', bundle]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/this is not a Mac/);
    expect(() => readFileSync(bundle)).toThrow(/ENOENT/);
  });
});
