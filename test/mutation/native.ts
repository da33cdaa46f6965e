// npm run mutation:native: changes the native code in one place after the other, and sees whether `faults` notices: by what
// is left open, by a crash, or by what the sources say (test/native/values.test.ts holds it). Prints the score and the
// survivors, and writes test/mutation/native.json and report.md.
//
//   npm run mutation:native                                all of it: half an hour on two idle processors, by what parts of it took
//   npm run mutation:native -- --rest                      what is not judged yet, as after a run that was stopped
//   npm run mutation:native -- --survivors                 again what survived without an explanation
//   npm run mutation:native -- addon/sources/smc.cc        some files
//   npm run mutation:native -- --report                    only the report, of what is judged by now

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { oddMachines, plansText } from '../native/machines';
import {
  CLANG,
  COMMON,
  FAULTS,
  INCLUDE,
  inParallel,
  LLD,
  Program,
  ROOT,
  run,
  versionOf,
} from '../native/toolchain';
import { whyOf } from './explained';
import { applied, mutantsOf, type Mutant } from './operators';
import { sectionsOf } from './survivors';

const { values: options, positionals } = parseArgs({
  options: {
    survivors: { type: 'boolean', default: false },
    rest: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    width: { type: 'string', default: '2' },
  },
  allowPositionals: true,
});
const WIDTH = Number(options.width);
const RESULTS = join(__dirname, 'native.json');
const SCRATCH = mkdtempSync(join(tmpdir(), 'metalstat-mutation-'));
process.once('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));
/** lld is faster. */
const LINKER = versionOf(LLD) ? [`-fuse-ld=${LLD.replace(/^ld\./, '')}`] : [];
/** With the checks of the standard library: an index that is too large is noticed. */
const FLAGS = [...COMMON, ...INCLUDE, '-O0', '-w', '-D_GLIBCXX_ASSERTIONS', '-fpch-instantiate-templates'];
/**
 * Kilobytes: a mutant that takes more grows for ever. With small stacks, as a client of HID leaves a thread behind for a
 * moment.
 */
const ROOM = 'ulimit -s 512 && ulimit -v 4000000';
/** Milliseconds. One that waits longer waits for ever. */
const PATIENCE = 120_000;

/** By which sources each file is run. */
const RUN_BY: Readonly<Record<string, readonly string[]>> = {
  'addon/sources/coalition.cc': ['coalition'],
  'addon/sources/hid.cc': ['hid'],
  'addon/sources/host.cc': ['host'],
  'addon/sources/ioregistry.cc': ['ioregistry', 'power_sources'],
  'addon/sources/ioregistry_children.cc': ['gpu_clients'],
  'addon/sources/ioreport.cc': ['ioreport'],
  'addon/sources/ioreport_channel.cc': ['ioreport'],
  'addon/sources/ioreport_probe.cc': ['ioreport'],
  'addon/sources/ioreport_record.cc': ['ioreport'],
  'addon/sources/libproc.cc': ['libproc'],
  'addon/sources/metal.cc': ['metal'],
  'addon/sources/notify.cc': ['notify'],
  'addon/sources/registry_record.cc': ['ioregistry', 'power_sources', 'smc'],
  'addon/sources/smc.cc': ['smc'],
  'addon/sources/smc_client.cc': ['smc'],
  'addon/sources/sysctl.cc': ['sysctl'],
  'addon/table.h': ['libproc', 'coalition', 'gpu_clients'],
  'addon/darwin/cf.cc': ['ioregistry', 'hid', 'ioreport'],
  'addon/darwin/clock.h': ['host', 'hid', 'metal'],
  'addon/darwin/owned.h': ['ioregistry', 'smc', 'hid'],
};
/** Headers with code of their own, and who is compiled with them: all that these sources run. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'addon/table.h': /sources\/(libproc|coalition|ioregistry_children)\.cc/,
  'addon/darwin/owned.h': /sources\/(ioregistry|registry_record|smc|smc_client|hid)\.cc|darwin\/cf\.cc/,
  'addon/darwin/clock.h': /sources\/(host|hid|metal)\.cc/,
};
const FILES = [...FAULTS.filter((file) => /addon\/(sources|darwin)\//.test(file)), ...Object.keys(HEADERS)];

type Verdict = 'killed' | 'survived' | 'does not compile';
interface Result extends Mutant {
  readonly verdict: Verdict;
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const objectOf = (folder: string, source: string): string => join(folder, `${source.replaceAll('/', '_')}.o`);
const base = join(SCRATCH, 'base');
const prelude = join(SCRATCH, 'prelude.pch');

/** With the file that `overlay` puts in the place of another. */
const compile = (source: string, folder: string, overlay: string) =>
  run(CLANG, [
    ...FLAGS,
    ...['-include-pch', prelude, '-ivfsoverlay', overlay, '-c', source, '-o', objectOf(folder, source)],
  ]);

const rests = new Map<string, Promise<string>>();

/** All but what changes in one object file, which is made once. */
function restOf(changed: readonly string[]): Promise<string> {
  const key = changed.join(' ');
  const made = rests.get(key) ?? linkRest(changed, join(SCRATCH, `rest-${rests.size}.o`));
  rests.set(key, made);
  return made;
}

async function linkRest(changed: readonly string[], object: string): Promise<string> {
  const objects = FAULTS.filter((source) => !changed.includes(source)).map((source) =>
    objectOf(base, source),
  );
  const { code, output } = await run('ld', ['-r', ...objects, '-o', object]);
  if (code !== 0) throw new Error(output);
  return object;
}

async function link(folder: string, changed: readonly string[], program: string): Promise<void> {
  const objects = changed.map((source) => objectOf(folder, source));
  const { code, output } = await run(CLANG, [
    ...LINKER,
    ...objects,
    await restOf(changed),
    ...['-lpthread', '-o', program],
  ]);
  if (code !== 0) throw new Error(output);
}

/** The standard headers of all sources, compiled once. */
async function compilePrelude(): Promise<void> {
  const headers = new Set(FAULTS.flatMap((file) => read(file).match(/^#include <[a-z_]+>$/gm) ?? []));
  const standard = [...headers].filter((line) => !/<(dlfcn|libproc|notify)>/.test(line));
  const file = join(SCRATCH, 'prelude.h');
  writeFileSync(file, standard.join('\n'));
  const { code, output } = await run(CLANG, [...FLAGS, '-x', 'c++-header', file, '-o', prelude]);
  if (code !== 0) throw new Error(output);
}

const machines = oddMachines().map((each) => {
  const file = join(SCRATCH, `${each.name}.json`);
  writeFileSync(file, JSON.stringify(each.machine));
  writeFileSync(`${file}.plans`, plansText(each));
  return file;
});

interface Said {
  readonly text: string;
  /** That it took. */
  readonly seconds: number;
}

/**
 * What a program says of a source on a machine. Undefined as soon as it is something else than expected: most mutants are
 * noticed by their first lines.
 */
const say = (
  program: string,
  source: string,
  machine: string,
  expected?: Said,
): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const args = ['--values', '--source', source, '--plans', `${machine}.plans`, machine];
    // One that takes several times as long runs for ever. It is not optimized.
    const seconds = expected ? 2 + Math.ceil(5 * expected.seconds) : 60;
    const child = spawn('sh', ['-c', `ulimit -t ${seconds} && ${ROOM} && exec "$0" "$@"`, program, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let differs = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      differs ||= expected?.text.startsWith(text, said.length) === false;
      said += text;
      if (differs) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code) =>
      resolve(code === 0 && !differs && (expected?.text ?? said).length === said.length ? said : undefined),
    );
  });

const known = new Map<string, Said>();

async function isNoticed(program: string, sources: readonly string[]): Promise<boolean> {
  for (const machine of machines)
    for (const source of sources)
      if ((await say(program, source, machine, known.get(`${source} ${machine}`))) === undefined) return true;
  return false;
}

/** Lets the compiler find a mutant in the place of its file. */
function overlayOf(mutant: Mutant, folder: string): string {
  const changed = join(folder, basename(mutant.file));
  writeFileSync(changed, applied(read(mutant.file), mutant));
  const roots = [{ type: 'file', name: join(ROOT, mutant.file), 'external-contents': changed }];
  const overlay = join(folder, 'overlay.yaml');
  writeFileSync(overlay, JSON.stringify({ version: 0, roots }));
  return overlay;
}

async function judge(mutant: Mutant): Promise<Result> {
  const folder = mkdtempSync(join(SCRATCH, 'mutant-'));
  try {
    const header = HEADERS[mutant.file];
    const changed = header ? FAULTS.filter((file) => header.test(file)) : [mutant.file];
    const overlay = overlayOf(mutant, folder);
    for (const source of changed) {
      const { code } = await compile(source, folder, overlay);
      if (code !== 0) return { ...mutant, verdict: 'does not compile' };
    }
    const program = join(folder, 'faults');
    await link(folder, changed, program);
    const noticed = await isNoticed(program, RUN_BY[mutant.file]!);
    return { ...mutant, verdict: noticed ? 'killed' : 'survived' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In an order in which the first ones are a sample of all. */
const scattered = (mutants: readonly Mutant[]): Mutant[] =>
  mutants
    .map((mutant, i) => ({ mutant, place: (i * 0.618034) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ mutant }) => mutant);

const keyOf = ({ file, line, operator, after }: Mutant) => [file, line, operator, after.trim()].join('\n');

const survived = (of: readonly Result[]) => of.filter(({ verdict }) => verdict === 'survived');
const unexplained = (of: readonly Result[]) => survived(of).filter((mutant) => whyOf(mutant) === undefined);

function score(of: readonly Result[]): string {
  const killed = of.filter(({ verdict }) => verdict === 'killed').length;
  const all = killed + survived(of).length;
  return all === 0 ? 'none compiles' : `${killed} of ${all} killed, ${((100 * killed) / all).toFixed(1)} %`;
}

/** Of what is judged by now. */
function report(results: readonly Result[], count: number): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const open = unexplained(results);
  return [
    '# Mutation of the native code',
    '',
    'Written by `npm run mutation:native`, which ran on Linux, on the double: not on a Mac.',
    '',
    `${new Date().toISOString().slice(0, 10)}; ${versionOf(CLANG)}; Node ${process.version}.`,
    `${results.length} of ${count} mutants judged, in an order in which any part is a sample of all.`,
    'What was killed, on these machines or on earlier ones, is not judged again unless its file is asked for.',
    'No mutant is made of a number that means nothing: the initial one of what the next call fills in, a hint of a capacity,',
    'an option of IOReport that nobody knows, the size of what sysctlbyname does not write.',
    '',
    `**${score(results)}**; ${results.filter(({ verdict }) => verdict === 'does not compile').length} do not compile.`,
    `Of ${survived(results).length} survivors ${survived(results).length - open.length} are explained.`,
    '',
    ...files.map((file) => `- ${file}: ${score(results.filter((result) => result.file === file))}`),
    '',
    ...sectionsOf(survived(results), whyOf),
    '',
  ].join('\n');
}

function write(results: readonly Result[], count: number): void {
  const text = report(results, count);
  writeFileSync(join(__dirname, 'report.md'), text);
  console.log(text);
}

async function main(): Promise<void> {
  const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Result[]) : [];
  const judged = new Set(before.map(keyOf));
  const survivors = new Set(unexplained(before).map(keyOf));
  const all = FILES.flatMap((file) => mutantsOf(file, read(file)));
  const isAsked = (mutant: Mutant) =>
    (options.rest && !judged.has(keyOf(mutant))) || (options.survivors && survivors.has(keyOf(mutant)));
  const wanted = all.filter(
    (mutant) =>
      (positionals.length === 0 || positionals.includes(mutant.file)) &&
      ((!options.rest && !options.survivors) || isAsked(mutant)),
  );
  const latest = new Map(before.map((result) => [keyOf(result), result]));
  const save = () => {
    const results = all.flatMap((mutant) => {
      const result = latest.get(keyOf(mutant));
      return result ? [{ ...mutant, verdict: result.verdict }] : [];
    });
    writeFileSync(RESULTS, `[\n${results.map((result) => JSON.stringify(result)).join(',\n')}\n]\n`);
    return results;
  };
  if (options.report) {
    write(save(), all.length);
    return;
  }
  await compilePrelude();
  await new Program(base, FAULTS, ['-O1']).build('faults');
  const program = join(base, 'faults');
  const sources = [...new Set(FILES.flatMap((file) => RUN_BY[file]!))];
  await inParallel(
    machines.flatMap((machine) => sources.map((source) => ({ machine, source }))),
    async ({ machine, source }) => {
      const began = performance.now();
      const text = await say(program, source, machine);
      if (text === undefined) throw new Error(`${source} fails on ${machine}`);
      known.set(`${source} ${machine}`, { text, seconds: (performance.now() - began) / 1000 });
    },
    WIDTH,
  );
  console.log(`${wanted.length} mutants of ${all.length}`);
  let done = 0;
  await inParallel(
    scattered(wanted),
    async (mutant) => {
      latest.set(keyOf(mutant), await judge(mutant));
      if (++done % 50 !== 0) return;
      save();
      console.log(`${done} of ${wanted.length}`);
    },
    WIDTH,
  );
  write(save(), all.length);
}

void main();
