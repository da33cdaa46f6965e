// libFuzzer on every parser of bytes from outside. Each target starts from its seeds and asserts a property; what it finds
// new stays in a folder of the system. A report has what broke a property as Base64.

import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DOUBLE, inParallel, Program, ROOT, run, sanitizers } from './toolchain';

const FOLDER = 'addon/fuzz';
export const TARGETS: readonly string[] = readdirSync(join(ROOT, FOLDER))
  .filter((file) => file.endsWith('.cc'))
  .map((file) => file.slice(0, -'.cc'.length))
  .sort();

/** Coverage for libFuzzer in all but the target's main. */
export const FUZZ_FLAGS = ['-fsanitize=fuzzer-no-link'];

/** Of the sources and the double, compiled once for all targets. */
export function fuzzProgram(folder: string): Program {
  const { flags, linking } = sanitizers();
  return new Program(folder, [...DOUBLE, 'addon/faults/sources.cc'], [...flags, ...FUZZ_FLAGS], linking);
}

/** Runs a target for some seconds. Answers what it has done, and throws its report. */
export async function fuzz(program: Program, target: string, seconds: number): Promise<string> {
  const source = `${FOLDER}/${target}.cc`;
  const own = new Program(
    program.folder,
    [...program.sources.filter((file) => !isIncludedBy(target, file)), source],
    [...program.flags],
    [...program.linking, '-fsanitize=fuzzer'],
  );
  await own.compile(source);
  const binary = await own.link(target);
  const found = join(program.folder, 'found', target);
  mkdirSync(found, { recursive: true });
  const args = [
    `-max_total_time=${seconds}`,
    '-timeout=20',
    '-print_final_stats=1',
    '-verbosity=0',
    found,
    join(ROOT, FOLDER, 'seeds', target),
  ];
  const { code, output } = await run(binary, args, { env: sanitizers().env, cwd: program.folder });
  if (code !== 0) throw new Error(`${target}\n${output}`);
  const runs = /number_of_executed_units:\s+(\d+)/.exec(output)?.[1] ?? '?';
  return `${target}: ${runs} runs, nothing found`;
}

/** One target includes its source, to get at what is private to it. */
const isIncludedBy = (target: string, file: string) =>
  target === 'raw_elements' && file === 'addon/sources/ioreport.cc';

/** All of them to their end, then throws what was found. */
export async function fuzzAll(
  program: Program,
  targets: readonly string[],
  seconds: number,
): Promise<readonly string[]> {
  const errors: string[] = [];
  const lines = await inParallel(targets, (target) =>
    fuzz(program, target, seconds).catch((error: unknown) => {
      errors.push((error as Error).message);
      return '';
    }),
  );
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return lines;
}
