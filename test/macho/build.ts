// npm run build:cross: builds, on Linux x86_64, what the package has for other computers, into `prebuilds`. Beside each file
// it says what that is, and what SHA-256 it has.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { writeSums } from '../../src/native/checksum';
import { noteFile } from '../../src/native/note';
import { distinctMachines } from '../support/machines';
import { addonOf, buildDoubleForLinux, crossBuild, crossBuildDouble, LINUX_ARM64 } from './cross';
import { EMULATED } from './execute';
import { llvm, ROOT } from './places';
import { run } from './run';
import { Tree } from './suite';

const LINUX = 'linux-arm64';

crossBuild('arm64');
crossBuildDouble();
const llvmTools = `clang and lld ${versionOf(llvm('clang'))}`;
const mac = `cross-built on Linux by ${llvmTools} for macOS 12 and later`;
put('darwin-arm64', addonOf('arm64'), `${mac}; its code is tested under emulation, never yet on a Mac`);
put('darwin-arm64', addonOf('arm64', 'double'), `${mac}; never run: not on a Mac, and not under emulation`);

buildDoubleForLinux(LINUX);
const loader = addonOf(LINUX, 'double');
const tree = new Tree(`run-${LINUX}`, { node: EMULATED, loader, env: {} }, distinctMachines);
const { passed, failed, unhandled } = tree.suite('golden');
if (passed === 0 || failed.length + unhandled.length > 0)
  throw new Error(`under emulation ${LINUX} fails: ${[...failed, ...unhandled].join('; ')}`);
const gcc = `${LINUX_ARM64.CXX} ${versionOf(LINUX_ARM64.CXX)}`;
put(
  LINUX,
  loader,
  `cross-built on Linux x86_64 by ${gcc}; run under emulation only, where it gives the pages of ${distinctMachines.length} machine files as on x86_64`,
);

function put(computer: string, built: string, note: string): void {
  const to = join(ROOT, 'prebuilds', computer, basename(built));
  mkdirSync(dirname(to), { recursive: true });
  cpSync(built, to);
  writeFileSync(noteFile(to), `${note}\n`);
  writeSums(dirname(to));
  console.log(`${relative(ROOT, to)}: ${note}`);
}

function versionOf(compiler: string): string {
  return /\d+\.\d+\.\d+/.exec(run(compiler, ['--version']))![0];
}
