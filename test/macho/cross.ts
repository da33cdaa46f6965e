// Builds the Mac's addon on Linux, from binding.gyp, by the way that node-gyp goes on a Mac.

import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { macNode, OUT, ROOT, type Arch } from './places';
import { run } from './run';
import { makeSdk } from './sdk';

export interface Changes {
  /** What the build is called; default the architecture. */
  readonly name?: string;
  /** The text of binding.gyp that is built from, for defects that shall be found. */
  readonly gyp?: (text: string) => string;
}

/** The folder of a build of the addon. */
export const objectsOf = (name: string): string =>
  join(OUT, name, 'build', 'Release', 'obj.target', 'metalstat');

/** The file that was built. */
export function crossBuild(arch: Arch, { name = arch, gyp = (text) => text }: Changes = {}): string {
  const { bin } = makeSdk(arch);
  const compilers = { CC: join(bin, 'cc'), CXX: join(bin, 'c++'), LINK: join(bin, 'c++') };
  const folder = stage(name, ['addon', 'package.json'], ROOT);
  writeFileSync(join(folder, 'binding.gyp'), gyp(readFileSync(join(ROOT, 'binding.gyp'), 'utf8')));
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  nodeGyp(folder, 'metalstat', [`--arch=${arch}`, '--', '-f', 'make-mac'], { ...compilers, PATH: path });
  return join(folder, 'build', 'Release', 'metalstat.node');
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
