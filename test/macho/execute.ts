// What is needed to run the Mac's code on Linux.
//
// The code is that of the addon's own object files. They are linked once more, with LLVM's libc++ for Macs inside: libc++
// of Linux has another layout of strings. The loader maps it, and the double answers.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINUX_ARM64, nodeGyp, objectsOf, stage } from './cross';
import { armNode, OUT, ROOT, zig, type Arch } from './places';
import { run } from './run';

export interface Runner {
  /** Node of that architecture, and what comes before the script. */
  readonly node: readonly [command: string, ...args: string[]];
  /** To be loaded in place of double.node. */
  readonly loader: string;
  readonly env: NodeJS.ProcessEnv;
}

const LINKED = ['-framework', 'CoreFoundation', '-framework', 'IOKit', '-lobjc'];
const ARM_ROOT = '/usr/aarch64-linux-gnu';
export const EMULATED = ['qemu-aarch64', '-L', ARM_ROOT, armNode] as const;
const linked = (name: string): string => join(OUT, name, 'metalstat-libc++.node');

/** For the build of that name. After buildLoader() and linkForLinux(). */
export const runnerOf = (arch: Arch, name: string = arch): Runner => ({
  node: arch === 'arm64' ? EMULATED : [process.execPath],
  loader: join(OUT, `loader-${arch}`, 'build', 'Release', 'loader.node'),
  env: { METALSTAT_MACHO: linked(name) },
});

/** After crossBuild() of that name. */
export function linkForLinux(arch: Arch, name: string = arch): void {
  const objects = readdirSync(objectsOf(name), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.o'),
  );
  const bundle = ['-bundle', '-undefined', 'dynamic_lookup', '-nostdlib++', '-Wl,-dead_strip'];
  const exported = '-Wl,-exported_symbol,_napi_register_module_v1';
  const code = [...objects.map((object) => join(objectsOf(name), object)), ...staticLibcxx(arch)];
  run(join(OUT, `sdk-${arch}`, 'bin', 'c++'), [...bundle, exported, ...LINKED, ...code, '-o', linked(name)]);
}

export function buildLoader(arch: Arch): void {
  const source = join(ROOT, 'test', 'macho', 'loader');
  const folder = stage(`loader-${arch}`, readdirSync(source), source);
  nodeGyp(folder, 'loader', [`--arch=${arch}`], arch === 'arm64' ? LINUX_ARM64 : {});
}

// Zig compiles it at its first use, and keeps it.
function staticLibcxx(arch: Arch): string[] {
  const cache = join(OUT, `zig-${arch}`);
  mkdirSync(cache, { recursive: true });
  const program = join(cache, 'any.cc');
  writeFileSync(program, '#include <string>\nint main() { return std::to_string(0).empty(); }\n');
  const target = `${arch === 'arm64' ? 'aarch64' : 'x86_64'}-macos.12.0`;
  run(zig, ['c++', '-target', target, program, '-o', join(cache, 'any')], {
    env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
  });
  const made = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  return ['libc++.a', 'libc++abi.a'].map((library) =>
    join(
      cache,
      made.find((file) => file.endsWith(`/${library}`))!,
    ),
  );
}
