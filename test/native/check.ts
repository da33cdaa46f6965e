// npm run check:native: compilers and checkers on the addon. Each stage first has to find the defects that are planted for
// it. Without clang or valgrind the stages that need them are left out, and it says so.
//
//   npm run check:native                     all stages, some minutes; writes test/native/report.md
//   npm run check:native -- --whole          with all machine files and all calls, an hour
//   npm run check:native -- sanitizers       one stage, or several; CI runs some

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineNames, machineOf, MACHINES, reduced } from '../support/machines';
import { fuzz, fuzzAll, fuzzProgram, TARGETS } from './fuzz';
import {
  LEAK,
  NOT_FILLED_IN,
  OVER_RELEASE,
  plant,
  WRONG_OFFSET,
  WRONG_PROTOTYPE,
  WRONG_UNIT,
  type Defect,
} from './planted';
import {
  CLANG,
  COMMON,
  darwinFlags,
  FAULTS,
  INCLUDE,
  inParallel,
  Program,
  ROOT,
  run,
  sanitizers,
  SOURCES,
  TIDY,
  versionOf,
} from './toolchain';

const { values: options, positionals } = parseArgs({
  options: { whole: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const SCRATCH = mkdtempSync(join(tmpdir(), 'metalstat-native-'));
const COLLECTIONS = 100_000;

/** All but the smallest are cut down, so that a run of all of it takes some minutes. */
const SHORT = [
  'Macmini9,1__m1__15.6__mixed',
  'Mac17,6__m5-max__27.0__mixed',
  'VirtualMac2,1__vm__15.5__compile',
];
const SHORT_CALLS = 60;

interface Stage {
  readonly needs: readonly string[];
  /** Answers what it has found to be so, and throws what is wrong. */
  readonly run: () => Promise<string>;
}

const fail = (what: string): never => {
  throw new Error(what);
};

async function expectSuccess(command: string, args: readonly string[], env = {}): Promise<string> {
  const { code, output } = await run(command, args, { env });
  return code === 0 ? output.trim() : fail(`${command} ${args.join(' ')}\n${output}`);
}

/** Builds the defect in, and sees to it that `use` fails over it. */
async function mustFind(
  program: Program,
  defect: Defect,
  use: (program: string) => readonly [string, ...string[]],
): Promise<void> {
  const object = join(program.folder, `${defect.what.replaceAll(' ', '-')}.o`);
  await program.compile(defect.file, object, plant(defect, SCRATCH));
  const [command, ...args] = use(await program.link('planted', new Map([[defect.file, object]])));
  const { code, output } = await run(command, args, { timeout: 300_000 });
  if (code === 0 || !defect.said.test(output))
    fail(`${defect.what} in ${defect.file} was not found:\n${output}`);
}

/** Files of machines for a run of the plan. */
function machineFiles(): string[] {
  if (options.whole) return machineNames.map((name) => join(MACHINES, `${name}.json`));
  mkdirSync(join(SCRATCH, 'machines'), { recursive: true });
  return SHORT.map((name) => {
    const file = join(SCRATCH, 'machines', `${name}.json`);
    writeFileSync(file, JSON.stringify(reduced(machineOf(name))));
    return file;
  });
}

const short = (output: string): string => output.replaceAll(/^.*[/\\](?=[^/\\]+\.json: )/gm, '');

/** clang-tidy, which runs clang's analyzer too, for a Mac's target. */
async function tidy(): Promise<string> {
  const flags = darwinFlags();
  const check = (file: string) =>
    run(TIDY, ['--quiet', `--config-file=${join(ROOT, 'addon', '.clang-tidy')}`, file, '--', ...flags]);
  const planted = join(ROOT, 'test', 'native', 'planted', 'ownership.cc');
  const { output: found } = await check(planted);
  const expected = readFileSync(planted, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      const checker = /\/\/ expect (\S+)/.exec(line)?.[1];
      return checker === undefined ? [] : [`${i + 1}:\\d+: error: .*\\[clang-analyzer-${checker}`];
    });
  const missed = expected.filter((pattern) => !new RegExp(pattern).test(found));
  if (missed.length > 0) fail(`not found in ${planted}: ${missed.join(', ')}\n${found}`);
  const results = await inParallel(SOURCES, check);
  const bad = results.filter(({ code, output }) => code !== 0 || /warning:|error:/.test(output));
  if (bad.length > 0) fail(bad.map(({ output }) => output).join('\n'));
  return `${SOURCES.length} files, 0 warnings; ${expected.length} of ${expected.length} planted defects of ownership found`;
}

/** The double's headers against the table of Apple's prototypes. */
async function prototypes(): Promise<string> {
  const check = (cwd: string) =>
    run(CLANG, [...COMMON, ...INCLUDE, '-fsyntax-only', 'addon/double/abi_check.cc'], { cwd });
  const good = await check(ROOT);
  if (good.code !== 0) fail(good.output);
  const planted = await check(plant(WRONG_PROTOTYPE, SCRATCH));
  if (planted.code === 0 || !WRONG_PROTOTYPE.said.test(planted.output))
    fail('the planted prototype was not found');
  return 'prototypes and layouts agree; 1 of 1 planted defects found';
}

/** The plan under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer, and 100,000 collections. */
async function sanitized(): Promise<string> {
  const { flags, linking } = sanitizers();
  const program = new Program(join(SCRATCH, 'sanitized'), FAULTS, flags, linking);
  const faults = await program.build('faults');
  const files = machineFiles();
  const smallest = files[0]!;
  for (const defect of [LEAK, OVER_RELEASE, WRONG_OFFSET])
    await mustFind(program, defect, (planted) => [planted, '--calls', '4', smallest]);
  const calls = options.whole ? [] : ['--calls', `${SHORT_CALLS}`];
  const plans = await inParallel(files, (file) => expectSuccess(faults, [...calls, file]));
  const values = await inParallel(options.whole ? files : [smallest], async (file) => {
    await expectSuccess(faults, ['--values', file]);
    return file;
  });
  const growth = await expectSuccess(faults, ['--collections', `${COLLECTIONS}`, smallest]);
  return [
    'no report; 3 of 3 planted defects found (leak, over-release, wrong offset)',
    ...plans.map(short),
    `calls of each function failed, the first ones in 18 ways, on ${values.length} machine files: no report`,
    short(growth),
  ].join('\n');
}

/** Every fuzz target on its seeds and for some seconds. Of a defect in what it reads, it has to find it. */
async function fuzzing(): Promise<string> {
  const program = fuzzProgram(join(SCRATCH, 'fuzz'));
  await inParallel(program.sources, (source) => program.compile(source));
  const lines = await fuzzAll(program, TARGETS, options.whole ? 120 : 5);
  const right = program.objectOf(WRONG_UNIT.file);
  await program.compile(WRONG_UNIT.file, right, plant(WRONG_UNIT, SCRATCH));
  const planted = await fuzz(program, 'smc', 30).then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  if (!WRONG_UNIT.said.test(planted)) fail(`${WRONG_UNIT.what} was not found:\n${planted}`);
  return ['1 of 1 planted defects found (wrong unit)', ...lines].join('\n');
}

/** A shorter plan: it is fifty times slower. It sees what the sanitizers do not: what was never written. */
async function valgrind(): Promise<string> {
  const program = new Program(join(SCRATCH, 'valgrind'), FAULTS, ['-O1', '-g', '-gdwarf-4']);
  const faults = await program.build('faults');
  const args = (binary: string, calls: number, file: string): [string, ...string[]] => [
    'valgrind',
    ...[
      '--quiet',
      '--error-exitcode=9',
      '--leak-check=full',
      '--errors-for-leak-kinds=definite,indirect,possible',
      `--suppressions=${join(__dirname, 'valgrind.supp')}`,
    ],
    ...[binary, '--calls', `${calls}`, file],
  ];
  const files = machineFiles();
  const calls = options.whole ? 20 : 4;
  await mustFind(program, NOT_FILLED_IN, (planted) => [
    'valgrind',
    ...['--quiet', '--error-exitcode=9', planted, '--values', '--source', 'libproc', files[0]!],
  ]);
  const [command] = args(faults, calls, '');
  const plans = await inParallel(options.whole ? files : files.slice(0, 2), (file) =>
    expectSuccess(command, args(faults, calls, file).slice(1)),
  );
  return ['0 errors; 1 of 1 planted defects found (use of what was not filled in)', ...plans.map(short)].join(
    '\n',
  );
}

const STAGES: Readonly<Record<string, Stage>> = {
  prototypes: { needs: [CLANG], run: prototypes },
  tidy: { needs: [TIDY], run: tidy },
  sanitizers: { needs: [CLANG], run: sanitized },
  fuzz: { needs: [CLANG], run: fuzzing },
  valgrind: { needs: [CLANG, 'valgrind'], run: valgrind },
};

function report(lines: readonly string[]): void {
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
  const versions = [CLANG, TIDY, 'valgrind'].map((tool) => versionOf(tool) ?? `${tool}: not installed`);
  writeFileSync(
    join(__dirname, 'report.md'),
    [
      '# The last check of the addon',
      '',
      `Written by \`npm run check:native${options.whole ? ' -- --whole' : ''}\`. It ran on Linux, on the double: not on a Mac.`,
      '',
      `${new Date().toISOString().slice(0, 10)}, revision ${revision}; ${versions.join('; ')}.`,
      '',
      '```text',
      ...lines,
      '```',
      '',
    ].join('\n'),
  );
}

async function main(): Promise<void> {
  const lines: string[] = [];
  let failed = false;
  const say = (line: string) => {
    lines.push(line);
    console.log(line);
  };
  const unknown = positionals.filter((name) => !STAGES[name]);
  if (unknown.length > 0)
    fail(`no such stage: ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}`);
  for (const [name, { needs, run: stage }] of Object.entries(STAGES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const missing = needs.filter((tool) => versionOf(tool) === undefined);
    if (missing.length > 0) {
      say(`${name}: skipped, ${missing.join(' and ')} not installed`);
      continue;
    }
    const began = Date.now();
    try {
      const found = await stage();
      say(`${name}: ${found} (${Math.round((Date.now() - began) / 1000)} s)`);
    } catch (error) {
      failed = true;
      say(`${name}: FAILED\n${(error as Error).message}`);
    }
  }
  if (positionals.length === 0 && !failed) report(lines);
  rmSync(SCRATCH, { recursive: true, force: true });
  process.exitCode = failed ? 1 : 0;
}

void main();
