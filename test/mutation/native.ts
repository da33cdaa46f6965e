// npm run mutation:native: changes the native code in one place after the other, and sees whether `faults` notices: by what
// is left open, by a crash, or by what the sources say (test/native/values.test.ts holds it). Prints the score and the
// survivors, and writes test/mutation/native.json.
//
//   npm run mutation:native                                all of it, half an hour
//   npm run mutation:native -- addon/sources/smc.cc        some files
//   npm run mutation:native -- --survivors                 again what survived last time

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { valueMachines } from '../native/machines';
import {
  CLANG,
  COMMON,
  FAULTS,
  INCLUDE,
  inParallel,
  Program,
  ROOT,
  run,
  versionOf,
} from '../native/toolchain';
import { applied, mutantsOf, type Mutant } from './operators';

const { values: options, positionals } = parseArgs({
  options: { survivors: { type: 'boolean', default: false }, width: { type: 'string', default: '2' } },
  allowPositionals: true,
});
const WIDTH = Number(options.width);
const RESULTS = join(__dirname, 'native.json');
const SCRATCH = mkdtempSync(join(tmpdir(), 'metalstat-mutation-'));
const FLAGS = [...COMMON, ...INCLUDE, '-O0', '-w'];
/** A mutant that takes longer runs for ever. */
const PATIENCE = 60_000;

/** By which sources each file is run. */
const RUN_BY: Readonly<Record<string, readonly string[]>> = {
  'addon/sources/coalition.cc': ['coalition'],
  'addon/sources/hid.cc': ['hid'],
  'addon/sources/host.cc': ['host'],
  'addon/sources/ioregistry.cc': ['ioregistry', 'power_sources'],
  'addon/sources/ioregistry_children.cc': ['gpu_clients'],
  'addon/sources/ioreport.cc': ['ioreport'],
  'addon/sources/ioreport_channel.cc': ['ioreport'],
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
  'addon/darwin/owned.h': ['ioregistry', 'smc', 'hid', 'ioreport'],
};
/** Headers with code of their own, and who is compiled with them. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'addon/table.h': /sources\/(libproc|coalition|ioregistry_children)\.cc/,
  'addon/darwin/owned.h': /sources\/.*\.cc|darwin\/cf\.cc/,
  'addon/darwin/clock.h': /sources\/.*\.cc/,
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

const compile = (source: string, folder: string, cwd: string) =>
  run(CLANG, [...FLAGS, '-include-pch', prelude, '-c', source, '-o', objectOf(folder, source)], { cwd });

async function link(folder: string, changed: readonly string[], program: string): Promise<void> {
  const objects = FAULTS.map((source) => objectOf(changed.includes(source) ? folder : base, source));
  const { code, output } = await run(CLANG, [...objects, '-lpthread', '-o', program]);
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

const machines = valueMachines().map(({ name, machine }) => {
  const file = join(SCRATCH, `${name}.json`);
  writeFileSync(file, JSON.stringify(machine));
  return file;
});

async function say(program: string, source: string, machine: string): Promise<string> {
  const { code, output } = await run(program, ['--values', '--source', source, machine], {
    timeout: PATIENCE,
  });
  return `${code}\n${output}`;
}

const known = new Map<string, string>();

async function isNoticed(program: string, sources: readonly string[]): Promise<boolean> {
  for (const machine of machines)
    for (const source of sources)
      if ((await say(program, source, machine)) !== known.get(`${source} ${machine}`)) return true;
  return false;
}

let done = 0;

async function judge(mutant: Mutant, count: number): Promise<Result> {
  const folder = mkdtempSync(join(SCRATCH, 'mutant-'));
  try {
    const header = HEADERS[mutant.file];
    const changed = header ? FAULTS.filter((file) => header.test(file)) : [mutant.file];
    // The compiler looks beside the file first, and then where the addon is.
    cpSync(join(ROOT, 'addon'), join(folder, 'addon'), { recursive: true });
    writeFileSync(join(folder, mutant.file), applied(read(mutant.file), mutant));
    const compiled = [];
    for (const source of changed) compiled.push(await compile(source, folder, folder));
    if (++done % 50 === 0) console.log(`${done} of ${count}`);
    if (compiled.some(({ code }) => code !== 0)) return { ...mutant, verdict: 'does not compile' };
    const program = join(folder, 'faults');
    await link(folder, changed, program);
    const noticed = await isNoticed(program, RUN_BY[mutant.file]!);
    return { ...mutant, verdict: noticed ? 'killed' : 'survived' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const keyOf = ({ file, operator, before, after }: Mutant) =>
  [file, operator, before.trim(), after.trim()].join('\n');

function print(results: readonly Result[]): void {
  const count = (of: readonly Result[], verdict: Verdict) =>
    of.filter((each) => each.verdict === verdict).length;
  const score = (of: readonly Result[]) => {
    const [killed, survived] = [count(of, 'killed'), count(of, 'survived')];
    return `${killed} of ${killed + survived} killed, ${((100 * killed) / (killed + survived)).toFixed(1)} %`;
  };
  for (const { file, line, operator, before, after } of results.filter(
    ({ verdict }) => verdict === 'survived',
  ))
    console.log(`${file}:${line}: ${operator}\n  - ${before.trim()}\n  + ${after.trim()}`);
  for (const file of new Set(results.map((result) => result.file)))
    console.log(`${file}: ${score(results.filter((result) => result.file === file))}`);
  console.log(
    `all: ${score(results)}; ${count(results, 'does not compile')} do not compile; ${versionOf(CLANG)}`,
  );
}

async function main(): Promise<void> {
  const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Result[]) : [];
  const survivors = new Set(before.filter(({ verdict }) => verdict === 'survived').map(keyOf));
  const all = FILES.flatMap((file) => mutantsOf(file, read(file)));
  const wanted = all.filter(
    (mutant) =>
      (positionals.length === 0 || positionals.includes(mutant.file)) &&
      (!options.survivors || survivors.has(keyOf(mutant))),
  );
  await compilePrelude();
  await new Program(base, FAULTS, ['-O1']).build('faults');
  const program = join(base, 'faults');
  const sources = [...new Set(FILES.flatMap((file) => RUN_BY[file]!))];
  await inParallel(
    machines.flatMap((machine) => sources.map((source) => ({ machine, source }))),
    async ({ machine, source }) => {
      const said = await say(program, source, machine);
      if (!said.startsWith('0\n')) throw new Error(`${machine}: ${said.slice(0, 2000)}`);
      known.set(`${source} ${machine}`, said);
    },
    WIDTH,
  );
  console.log(`${wanted.length} mutants of ${all.length}`);
  const judged = await inParallel(wanted, (mutant) => judge(mutant, wanted.length), WIDTH);
  const latest = new Map([...before, ...judged].map((result) => [keyOf(result), result]));
  const results = all.flatMap((mutant) => {
    const result = latest.get(keyOf(mutant));
    return result ? [{ ...mutant, verdict: result.verdict }] : [];
  });
  print(results);
  writeFileSync(RESULTS, `[\n${results.map((result) => JSON.stringify(result)).join(',\n')}\n]\n`);
  rmSync(SCRATCH, { recursive: true, force: true });
}

void main();
