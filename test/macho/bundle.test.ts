// The addon for Macs as a file: what the system's loader and its code signing look at before any of it runs.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonOf, crossBuildWith } from './cross';
import { BUNDLE, CPU, MachOFile, MACOS } from './macho_file';
import { libSystem, OUT, ROOT } from './places';
import { readSignature } from './signature';
import { declaredByApple, importedOnMacs, nodeApiOfMacNode } from './symbols';

const ARCHS = ['arm64', 'x64'] as const;
const LIMIT = 600_000;

/** Looked up while it runs, so that a Mac without them has the rest. */
const PRIVATE = /^_(IOReport|IOHIDEvent|IOHIDService|MTL|objc_msgSend|sel_|proc_listcoalitions|coalition_)/;

const foreign = (file: MachOFile): string[] =>
  file.imports.filter(({ from }) => from === undefined).map(({ symbol }) => symbol);

describe.each(ARCHS)('%s', (arch) => {
  const file = new MachOFile(addonOf(arch));
  const importsFrom = (library: string) =>
    file.imports.filter(({ from }) => from === library).map(({ symbol }) => symbol);

  test('is a bundle for this processor, for macOS 12 and later', () => {
    expect([file.cpu, file.type]).toEqual([CPU[arch], BUNDLE]);
    expect(file.minimum).toEqual({ platform: MACOS, version: '12.0.0' });
  });

  test('needs no library but public ones that every Mac has', () => {
    expect(file.libraries).toEqual([
      '/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation',
      '/System/Library/Frameworks/IOKit.framework/Versions/A/IOKit',
      '/usr/lib/libobjc.A.dylib',
      '/usr/lib/libc++.1.dylib',
      '/usr/lib/libSystem.B.dylib',
    ]);
  });

  test('imports nothing that has no library but functions of Node', () => {
    expect(foreign(file).filter((name) => !name.startsWith('_napi_'))).toEqual([]);
    expect(foreign(file).length).toBeGreaterThan(30);
  });

  test('imports no function that the oldest Node for Macs lacks', () => {
    const node = nodeApiOfMacNode();
    expect(foreign(file).filter((name) => !node.has(name))).toEqual([]);
  });

  test.each(['CoreFoundation', 'IOKit'] as const)(
    "imports of %s what Apple's headers declare",
    (framework) => {
      const declared = declaredByApple(framework);
      expect(importsFrom(framework).filter((name) => !declared.has(name))).toEqual([]);
      expect(importsFrom(framework).length).toBeGreaterThan(10);
    },
  );

  test('imports of libc++ and libobjc what programs made on a Mac import', () => {
    for (const library of ['libc++', 'libobjc'] as const) {
      const known = importedOnMacs(library);
      expect(importsFrom(library).filter((name) => !known.has(name))).toEqual([]);
      expect(importsFrom(library)).not.toEqual([]);
    }
  });

  test("imports of libSystem what Apple's list of macOS 12 has", () => {
    const list = new Set(readFileSync(libSystem, 'utf8').match(/\b_?\w+\b/g));
    expect(importsFrom('libSystem').filter((name) => !list.has(name))).toEqual([]);
  });

  test('links no private function', () => {
    expect(file.imports.filter(({ symbol }) => PRIVATE.test(symbol))).toEqual([]);
  });

  test('exports what Node calls, and little else', () => {
    expect(file.exports.filter((name) => !/^_(napi|node_api)_/.test(name))).toEqual([]);
    expect(file.exports).toContain('_napi_register_module_v1');
  });

  test('is small, and does not tell where it was built', () => {
    expect(file.bytes.length).toBeLessThan(LIMIT);
    expect(file.bytes.includes(ROOT)).toBe(false);
  });
});

describe('the code signature of arm64, without which macOS ends the process', () => {
  const path = addonOf('arm64');

  test('is one of the linker, and every page has its hash', () => {
    const file = new MachOFile(path);
    expect(readSignature(file)).toEqual({
      isAdHoc: true,
      isLinkerSigned: true,
      identifier: 'metalstat.node',
      covered: file.signature!.offset,
      pages: Math.ceil(file.signature!.offset / 4096),
      wrong: [],
    });
    expect(file.signature!.offset + file.signature!.size).toBe(file.bytes.length);
  });

  test('one changed byte is found', () => {
    const bytes = readFileSync(path);
    bytes[5 * 4096 + 7]! ^= 1;
    const changed = join(OUT, 'changed.node');
    writeFileSync(changed, bytes);
    expect(readSignature(new MachOFile(changed))?.wrong).toEqual([5]);
  });
});

test('a framework that binding.gyp does not name is found', () => {
  const change = (text: string) => text.replace("'-framework IOKit', ", '');
  crossBuildWith({ name: 'no-iokit', file: 'binding.gyp', change }, 'arm64');
  expect(foreign(new MachOFile(addonOf('no-iokit')))).toContain('_IOServiceMatching');
}, 120_000);
