// Builds the Mac's addon on Linux, from binding.gyp, by the way that node-gyp goes on a Mac.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { macNode, OUT, ROOT, type Arch } from './places';
import { makeSdk } from './sdk';

export interface Changes {
  /** What the build is called; default the architecture. */
  readonly name?: string;
  /** The text of binding.gyp that is built from, for defects that shall be found. */
  readonly gyp?: (text: string) => string;
}

/** The file that was built. */
export function crossBuild(arch: Arch, { name = arch, gyp = (text) => text }: Changes = {}): string {
  const { bin } = makeSdk(arch);
  const folder = stage(name, gyp(readFileSync(join(ROOT, 'binding.gyp'), 'utf8')));
  // node-gyp heeds npm's variable more than its own option.
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    CC: join(bin, 'cc'),
    CXX: join(bin, 'c++'),
    LINK: join(bin, 'c++'),
    npm_config_nodedir: macNode,
  };
  const nodeGyp = join(ROOT, 'node_modules', '.bin', 'node-gyp');
  run(nodeGyp, ['configure', `--arch=${arch}`, '--', '-f', 'make-mac'], folder, env);
  run('make', ['-C', 'build', '-j2', 'BUILDTYPE=Release', 'metalstat'], folder, env);
  return join(folder, 'build', 'Release', 'metalstat.node');
}

// node-gyp builds in the folder of binding.gyp, and there is the build for Linux.
function stage(name: string, gyp: string): string {
  const folder = join(OUT, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const link of ['addon', 'package.json']) symlinkSync(join(ROOT, link), join(folder, link));
  writeFileSync(join(folder, 'binding.gyp'), gyp);
  return folder;
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): void {
  try {
    execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}
