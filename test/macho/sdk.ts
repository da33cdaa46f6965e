// What stands in for Xcode on Linux: wrapper compilers, Apple's own headers and lists of what Apple's libraries have.
// Nothing of it is committed.
//
// libc, Mach and libproc: Apple's headers. CoreFoundation, IOKit and libnotify: the double's, since no Apple header of
// these may be had; Apple's list of their names is, so that what Apple does not declare does not link.

import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { appleHeaders, LLVM, libSystem, llvm, OUT, ROOT, type Arch } from './places';
import { declaredByApple, FRAMEWORKS, importedOnMacs } from './symbols';

export interface Sdk {
  /** `cc` and `c++` with the headers of macOS 12, `c++-13` with those of 13, and an `xcodebuild` that tells a version, which is all that gyp wants of it. */
  readonly bin: string;
}

const TARGET: Readonly<Record<Arch, string>> = {
  arm64: 'arm64-apple-macos12',
  x64: 'x86_64-apple-macos12',
};

const LIBCXX = `/usr/lib/llvm-${LLVM}/include/c++/v1`;

const folderOf = (arch: Arch): string => join(OUT, `sdk-${arch}`);

/** After makeSdk(). */
export const sdkOf = (arch: Arch): Sdk => ({ bin: join(folderOf(arch), 'bin') });

export function makeSdk(arch: Arch): Sdk {
  const sdk = folderOf(arch);
  rmSync(sdk, { recursive: true, force: true });
  writeHeaders(join(sdk, 'double'));
  writeConfigSite(join(sdk, 'c++'));
  writeLibraries(sdk);
  const { bin } = sdkOf(arch);
  const c = (macOS: 12 | 13): string[] => [
    '-nostdlibinc',
    ...[...appleHeaders(arch, macOS), join(sdk, 'double')].map((path) => `-isystem ${path}`),
  ];
  const cxx = ['-nostdinc++', `-isystem ${join(sdk, 'c++')}`, `-isystem ${LIBCXX}`];
  writeWrapper(join(bin, 'cc'), llvm('clang'), arch, sdk, c(12));
  writeWrapper(join(bin, 'c++'), llvm('clang++'), arch, sdk, [...cxx, ...c(12)]);
  writeWrapper(join(bin, 'c++-13'), llvm('clang++'), arch, sdk, [...cxx, ...c(13)]);
  writeProgram(join(bin, 'xcodebuild'), "printf 'Xcode 13.0\\nBuild version 13A233\\n'");
  return { bin };
}

// Hidden are the double's own functions; Apple's are somewhere else.
function writeHeaders(to: string): void {
  const from = join(ROOT, 'addon', 'double', 'include');
  for (const name of ['CoreFoundation', 'IOKit', 'notify.h'])
    cpSync(join(from, name), join(to, name), { recursive: true });
  for (const file of readdirSync(to, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.h'),
  )) {
    const text = readFileSync(join(to, file), 'utf8');
    writeFileSync(
      join(to, file),
      text.replace(/^#(pragma GCC visibility|define METALSTAT_DOUBLE_HEADERS).*\n/gm, ''),
    );
  }
}

// With it, what Apple's libc++ of macOS 12 does not have yet does not compile. Debian has it off.
function writeConfigSite(to: string): void {
  const text = readFileSync(join(LIBCXX, '__config_site'), 'utf8');
  write(
    join(to, '__config_site'),
    text.replace(/^#define _LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS$/m, ''),
  );
}

function writeLibraries(sdk: string): void {
  for (const name of FRAMEWORKS) {
    const path = `System/Library/Frameworks/${name}.framework`;
    write(join(sdk, path, `${name}.tbd`), tbd(`/${path}/Versions/A/${name}`, declaredByApple(name)));
  }
  write(join(sdk, 'usr/lib/libc++.tbd'), tbd('/usr/lib/libc++.1.dylib', importedOnMacs('libc++')));
  write(join(sdk, 'usr/lib/libobjc.tbd'), tbd('/usr/lib/libobjc.A.dylib', importedOnMacs('libobjc')));
  cpSync(libSystem, join(sdk, 'usr/lib/libSystem.tbd'));
}

const tbd = (installName: string, symbols: ReadonlySet<string>): string => `--- !tapi-tbd
tbd-version: 4
targets: [ arm64-macos, x86_64-macos ]
install-name: '${installName}'
exports:
  - targets: [ arm64-macos, x86_64-macos ]
    symbols: [ ${[...symbols].map((name) => `'${name}'`).join(', ')} ]
...
`;

// -mlinker-version: lld is told the minimum OS as Apple's linker of that version is. An inline delete of a known size is
// in no libc++ of macOS 12.
function writeWrapper(
  file: string,
  compiler: string,
  arch: Arch,
  sdk: string,
  options: readonly string[],
): void {
  const all = [
    `--target=${TARGET[arch]}`,
    `-isysroot ${sdk}`,
    `--ld-path=/usr/bin/${llvm('ld64.lld')}`,
    '-mlinker-version=820',
    '-fno-sized-deallocation',
    '-Wno-unused-command-line-argument',
    ...options,
  ];
  writeProgram(file, `exec ${compiler} \\\n  ${all.join(' \\\n  ')} \\\n  "$@"`);
}

function writeProgram(file: string, script: string): void {
  write(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
