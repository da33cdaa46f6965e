// The compilers and checkers that the checks of the addon use, and how they are called.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** The version whose options and warnings are known. */
const VERSION = '19';
export const CLANG = `clang++-${VERSION}`;
export const TIDY = `clang-tidy-${VERSION}`;
export const LLD = `ld.lld-${VERSION}`;

export const COMMON = [
  '-std=c++17',
  '-fno-exceptions',
  '-fno-rtti',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
];
export const INCLUDE = ['-Iaddon/double/include'];

const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.cc'))
    .sort()
    .map((file) => `${folder}/${file}`);

/** What asks macOS. */
export const SOURCES: readonly string[] = [
  'addon/runner.cc',
  ...filesOf('addon/darwin'),
  ...filesOf('addon/sources'),
];
/** With the double and what uses both without Node. */
export const DOUBLE: readonly string[] = [...SOURCES, ...filesOf('addon/double')];
export const FAULTS: readonly string[] = [...DOUBLE, ...filesOf('addon/faults')];

/** The first line that a tool says of itself; undefined where it is not installed. */
export function versionOf(tool: string): string | undefined {
  const { status, stdout } = spawnSync(tool, ['--version'], { encoding: 'utf8' });
  return status === 0
    ? stdout
        .split('\n')
        .find((line) => /\d+\.\d+/.test(line))
        ?.trim()
    : undefined;
}

export interface Ended {
  readonly code: number | null;
  /** Of both streams. */
  readonly output: string;
}

export const run = (
  command: string,
  args: readonly string[],
  {
    env = {},
    timeout = 0,
    cwd = ROOT,
  }: { env?: Record<string, string>; timeout?: number; cwd?: string } = {},
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      timeout,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data));
    child.stderr.on('data', (data: Buffer) => output.push(data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output).toString() }));
  });

/** Does all jobs, as many at once as this computer has processors. Answers in their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  job: (item: T) => Promise<R>,
  width = availableParallelism(),
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await job(items[i]!);
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}

/**
 * For a Mac's processor and system, with the double's headers in the place of Apple's and the C and C++ headers of this
 * system. Those of glibc ask which x86 it is, and give __nonnull another meaning than clang for Darwin.
 */
export function darwinFlags(): string[] {
  const { stderr } = spawnSync('g++', ['-xc++', '-E', '-v', '/dev/null'], { encoding: 'utf8' });
  const listed = /> search starts here:\n([^]*?)End of search list/.exec(stderr)?.[1] ?? '';
  const folders = [...listed.matchAll(/^ (\S+)$/gm)].map(([, folder]) => folder!);
  const system = folders.filter((folder) => !folder.includes('/lib/gcc/'));
  return [
    ...['-target', 'arm64-apple-macos12', '-nostdlibinc', '-nostdinc++', '-U__nonnull', '-D_GNU_SOURCE'],
    ...(process.arch === 'x64' ? ['-D__x86_64__'] : []),
    ...system.flatMap((folder) => ['-isystem', folder]),
    ...INCLUDE,
    ...COMMON,
  ];
}

/** A program of some sources, each with an object file that a changed copy of that source can take the place of. */
export class Program {
  constructor(
    readonly folder: string,
    readonly sources: readonly string[],
    readonly flags: readonly string[],
    readonly linking: readonly string[] = [],
  ) {
    mkdirSync(folder, { recursive: true });
  }

  objectOf(source: string): string {
    return join(this.folder, `${source.replaceAll('/', '_')}.o`);
  }

  /** Throws what the compiler says. `cwd`: where the addon, or a changed copy of it, is. */
  async compile(source: string, object = this.objectOf(source), cwd = ROOT): Promise<void> {
    const args = [...COMMON, ...INCLUDE, ...this.flags, '-c', source, '-o', object];
    const { code, output } = await run(CLANG, args, { cwd });
    if (code !== 0) throw new Error(output);
  }

  async link(name: string, replaced: ReadonlyMap<string, string> = new Map()): Promise<string> {
    const program = join(this.folder, name);
    const objects = this.sources.map((source) => replaced.get(source) ?? this.objectOf(source));
    const { code, output } = await run(CLANG, [
      ...this.flags,
      ...objects,
      ...this.linking,
      '-lpthread',
      '-o',
      program,
    ]);
    if (code !== 0) throw new Error(output);
    return program;
  }

  async build(name: string): Promise<string> {
    await inParallel(this.sources, (source) => this.compile(source));
    return this.link(name);
  }
}

/**
 * The sanitizers' runtime as a library of its own: a static one would call the double's dlsym. `env` is for programs that
 * have other libraries before it.
 */
export function sanitizers(): { flags: string[]; linking: string[]; env: Record<string, string> } {
  const name = `libclang_rt.asan-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so`;
  const runtime = spawnSync(CLANG, [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
  return {
    flags: ['-O1', '-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-shared-libasan'],
    linking: [`-Wl,-rpath,${join(runtime, '..')}`],
    env: { LD_PRELOAD: runtime },
  };
}
