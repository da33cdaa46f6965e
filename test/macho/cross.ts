// Builds the Mac's addon on Linux, from binding.gyp, by the way that node-gyp goes on a Mac.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { macNode, OUT, ROOT, type Arch } from './places';
import { run } from './run';
import { makeSdk, sdkOf, type Sdk } from './sdk';

/** A build with a defect that shall be found. */
export interface Defect {
  readonly name: string;
  /** binding.gyp, or a file of the addon. */
  readonly file: string;
  readonly change: (text: string) => string;
}

/** Where the object files of a build are. */
export const objectsOf = (name: string): string =>
  join(OUT, name, 'build', 'Release', 'obj.target', 'metalstat');

/** A file that a build makes. */
export const addonOf = (name: string, target = 'metalstat'): string =>
  join(OUT, name, 'build', 'Release', `${target}.node`);

/** What a build for Linux on arm64 is made by. */
export const LINUX_ARM64 = {
  CC: 'aarch64-linux-gnu-gcc',
  CXX: 'aarch64-linux-gnu-g++',
  LINK: 'aarch64-linux-gnu-g++',
};

const SOURCES = ['addon', 'binding.gyp', 'package.json'];

export function crossBuild(arch: Arch): void {
  build(stage(arch, SOURCES, ROOT), arch, makeSdk(arch));
}

/** The double for Macs on arm64. After crossBuild(). */
export function crossBuildDouble(): void {
  build(join(OUT, 'arm64'), 'arm64', sdkOf('arm64'), 'double');
}

/** The double for Linux on arm64, as the build of that name. */
export function buildDoubleForLinux(name: string): void {
  nodeGyp(stage(name, SOURCES, ROOT), 'double', ['--arch=arm64'], LINUX_ARM64);
}

/** After crossBuild() of that architecture: only what the defect concerns is built again. */
export function crossBuildWith({ name, file, change }: Defect, arch: Arch): void {
  const folder = join(OUT, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(OUT, arch), folder, { recursive: true, preserveTimestamps: true, dereference: true });
  const text = readFileSync(join(folder, file), 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${file}: there is nothing to change for ${name}`);
  writeFileSync(join(folder, file), changed);
  build(folder, arch, sdkOf(arch));
}

function build(folder: string, arch: Arch, { bin }: Sdk, target = 'metalstat'): void {
  const compilers = { CC: join(bin, 'cc'), CXX: join(bin, 'c++'), LINK: join(bin, 'c++') };
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  nodeGyp(folder, target, [`--arch=${arch}`, '--', '-f', 'make-mac'], { ...compilers, PATH: path });
}

/** A folder to build in: node-gyp builds where binding.gyp is, and there is the build for this machine. */
export function stage(name: string, links: readonly string[], from: string): string {
  const folder = join(OUT, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const link of links) symlinkSync(join(from, link), join(folder, link));
  return folder;
}

export function nodeGyp(
  folder: string,
  target: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv,
): void {
  // node-gyp heeds npm's variable more than its own option.
  const all = { ...process.env, ...env, npm_config_nodedir: macNode };
  run(join(ROOT, 'node_modules', '.bin', 'node-gyp'), ['configure', ...options], { cwd: folder, env: all });
  run('make', ['-C', 'build', '-j2', 'BUILDTYPE=Release', target], { cwd: folder, env: all });
}
