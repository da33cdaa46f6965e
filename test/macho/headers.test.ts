// The sources, and the double's picture of macOS, against Apple's own libc, Mach and libproc headers of macOS 12; and
// against Apple's list of what CoreFoundation and IOKit have, as no Apple header of these may be had.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { appleHeaders, macNode, OUT, ROOT } from './places';
import { sdkOf } from './sdk';
import { FRAMEWORKS, parametersByApple } from './symbols';

const DOUBLE = join(ROOT, 'addon', 'double');
const CHECK = readFileSync(join(DOUBLE, 'abi_check.cc'), 'utf8');
const PROTOTYPES = readFileSync(join(DOUBLE, 'prototypes.inc'), 'utf8');

interface Check {
  readonly layouts?: string;
  readonly prototypes?: string;
  readonly macOS?: 12 | 13;
}

/** What the compiler says of abi_check.cc with Apple's headers, and which headers it read. */
function check({ layouts = CHECK, prototypes = PROTOTYPES, macOS = 12 }: Check) {
  const folder = join(OUT, 'abi');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'abi_check.cc'), layouts.replace('"../darwin/', '"darwin/'));
  writeFileSync(join(folder, 'prototypes.inc'), prototypes);
  const compiler = join(sdkOf('arm64').bin, macOS === 12 ? 'c++' : 'c++-13');
  const options = ['-std=c++17', '-fsyntax-only', '-H', '-DMETALSTAT_ABI_CHECK', `-I${join(ROOT, 'addon')}`];
  const { stderr } = spawnSync(compiler, [...options, join(folder, 'abi_check.cc')], { encoding: 'utf8' });
  return {
    errors: [...stderr.matchAll(/error: (.*)/g)].map(([, error]) => error!),
    headers: [...stderr.matchAll(/^\.+ (.*)$/gm)].map(([, header]) => header!),
  };
}

// Of macOS 13 there are headers, too; they have more fields.
describe.each([12, 13] as const)('macOS %i', (macOS) => {
  test("prototypes and layouts of the double are those of Apple's headers", () => {
    expect(check({ macOS }).errors).toEqual([]);
  });

  test("the headers are Apple's", () => {
    const { headers } = check({ macOS });
    const apple = appleHeaders('arm64', macOS);
    for (const name of ['libproc.h', 'sys/proc_info.h', 'sys/resource.h', 'sys/sysctl.h', 'mach/mach.h'])
      expect(
        headers.filter((header) => apple.some((folder) => relative(folder, header) === name)),
      ).toHaveLength(1);
    expect(headers.filter((header) => header.startsWith(DOUBLE))).toEqual([]);
  });
});

const ADDON = join(ROOT, 'addon');
const files = readdirSync(ADDON, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.cc'),
);

// On a Mac the double and `faults` are built, too.
test.each(files)(
  '%s compiles for a Mac, without a warning',
  (file) => {
    const warnings = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-command-line-argument'];
    const style = ['-std=c++17', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-fsyntax-only'];
    const napi = ['-DNAPI_VERSION=8', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DMETALSTAT_DOUBLE'];
    const includes = [join(macNode, 'include', 'node'), join(ROOT, 'node_modules', 'node-addon-api')];
    const { stderr } = spawnSync(
      join(sdkOf('arm64').bin, 'c++'),
      [...warnings, ...style, ...napi, ...includes.map((path) => `-isystem${path}`), join(ADDON, file)],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
  },
  60_000,
);

const replaced = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`there is no ${from}`);
  return text.replace(from, to);
};

test.each([
  [
    'proc_pidinfo',
    'F(proc_pidinfo, int (*)(int, int, uint64_t,',
    'F(proc_pidinfo, int (*)(int, int, uint32_t,',
  ],
  ['sysctlbyname', 'F(sysctlbyname, int (*)(const char*, void*,', 'F(sysctlbyname, int (*)(char*, void*,'],
  ['mach_host_self', 'F(mach_host_self, host_t (*)())', 'F(mach_host_self, uint64_t (*)())'],
])('a wrong prototype of %s is found', (name, from, to) => {
  const { errors } = check({ prototypes: replaced(PROTOTYPES, from, to) });
  expect(errors).toEqual([expect.stringContaining(name)]);
});

test.each([
  ['AT(vm_statistics64, swapins, 112, 8)', 'AT(vm_statistics64, swapins, 104, 8)'],
  ['AT(proc_bsdshortinfo, pbsi_uid, 36, 4)', 'AT(proc_bsdshortinfo, pbsi_uid, 32, 4)'],
  ['ri_proc_start_abstime)', 'ri_proc_exit_abstime)'],
  ['VALUE(sizeof(proc_bsdshortinfo), 64)', 'VALUE(sizeof(proc_bsdshortinfo), 60)'],
])('a wrong offset or size is found: %s', (from, to) => {
  const { errors } = check({ layouts: replaced(CHECK, from, to) });
  expect(errors).toEqual([expect.stringContaining('static assertion failed')]);
});

describe.each(FRAMEWORKS)('%s', (framework) => {
  const section = PROTOTYPES.split(/^\/\/ /m).find((text) => text.startsWith(`${framework}\n`))!;

  test('every function is one of Apple, with as many parameters', () => {
    const apple = parametersByApple(framework);
    const own = parametersOf(section);
    expect(own.size).toBeGreaterThan(15);
    for (const [name, count] of own) expect([name, apple.get(name)]).toEqual([name, count]);
  });
});

test('a function with a parameter too many is found', () => {
  const own = parametersOf(replaced(PROTOTYPES, '(*)(CFTypeRef))', '(*)(CFTypeRef, int))'));
  expect(own.get('CFRetain')).not.toBe(parametersByApple('CoreFoundation').get('CFRetain'));
});

/** Functions of prototypes.inc and the number of their parameters. */
function parametersOf(prototypes: string): Map<string, number> {
  const rows = prototypes.matchAll(/^F\((\w+),[^(]*\(\*\)\(([^)]*)\)\)/gm);
  return new Map([...rows].map(([, name, list]) => [name!, list === '' ? 0 : list!.split(',').length]));
}
