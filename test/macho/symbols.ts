// Names that Apple's libraries have, each list from a file that was made on a Mac.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appleList, llvm, macNode, madeOnMacs } from './places';
import { join } from 'node:path';

export const FRAMEWORKS = ['CoreFoundation', 'IOKit'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** Functions and constants of a framework that are in Apple's headers, as symbols. */
export const declaredByApple = (framework: Framework): Set<string> =>
  new Set(
    [...readFileSync(appleList(framework), 'utf8').matchAll(/^declare (?:function|const) (\w+)/gm)].map(
      ([, name]) => `_${name}`,
    ),
  );

/** How many parameters a function has in Apple's headers. */
export function parametersByApple(framework: Framework): Map<string, number> {
  const functions = readFileSync(appleList(framework), 'utf8').matchAll(
    /^declare function (\w+)\(([^\n]*)\): [^\n]*;$/gm,
  );
  return new Map(
    [...functions].map(([, name, list]) => [name!, list === '' ? 0 : list!.match(/\w+\??: /g)!.length]),
  );
}

const nm = (options: readonly string[], file: string): string[] =>
  execFileSync(llvm('llvm-nm'), [...options, '--format=just-symbols', '--arch=arm64', file], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .split('\n')
    .filter((line) => line !== '');

// std::string's compare(position, length, text) and its like, which none of those programs calls, are in LLVM's list of
// what every libc++ for Macs has: libcxx/lib/abi/arm64-apple-darwin.libcxxabi.v1.stable.exceptions.nonew.abilist.
const STRING = '__ZNKSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE';
const IN_EVERY_LIBCXX = [`${STRING}7compareEmmPKc`, `${STRING}7compareEmmRKS5_mm`];

/** What programs that were linked on a Mac import of libc++ and of libobjc. */
export function importedOnMacs(library: 'libc++' | 'libobjc'): Set<string> {
  const names = madeOnMacs().flatMap((file) => nm(['--undefined-only'], file));
  const [mine, more] = library === 'libc++' ? [/^(__Z|___cxa_|___gxx_)/, IN_EVERY_LIBCXX] : [/^_objc_/, []];
  return new Set([...names.filter((name) => mine.test(name)), ...more]);
}

/** The functions that Node for Macs, of the oldest version that is supported, has for addons. */
export const nodeApiOfMacNode = (): Set<string> =>
  new Set(
    nm(['--defined-only', '--extern-only'], join(macNode, 'bin', 'node')).filter((name) =>
      name.startsWith('_napi_'),
    ),
  );
