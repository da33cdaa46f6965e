// Wrong code, planted into a copy of the addon: a stage that does not find what it is for is worth nothing.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './toolchain';

export interface Defect {
  readonly what: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  /** What the stage that finds it says. */
  readonly said: RegExp;
}

export const LEAK: Defect = {
  what: 'a leak',
  file: 'addon/sources/metal.cc',
  right: 'return by_default();',
  wrong: 'Owned<CFTypeRef> kept = by_default();\n    if (kept) CFRetain(kept.get());\n    return kept;',
  said: /left open: objects [1-9]/,
};

export const OVER_RELEASE: Defect = {
  what: 'one release too many',
  file: 'addon/sources/ioreport.cc',
  right: 'return static_cast<CFArrayRef>(get_typed(dictionary, key_.get(), CFArrayGetTypeID()));',
  wrong:
    'const Owned<CFTypeRef> array(get_typed(dictionary, key_.get(), CFArrayGetTypeID()));\n' +
    '    return static_cast<CFArrayRef>(array.get());',
  said: /^darwin double: CF\w+\(0x[0-9a-f]+\): |heap-use-after-free/m,
};

export const WRONG_OFFSET: Defect = {
  what: 'a wrong offset',
  file: 'addon/sources/ioreport_channel.cc',
  right: 'std::memcpy(&element, bytes_ + i * sizeof element, sizeof element);',
  wrong: 'std::memcpy(&element, bytes_ + (i + 1) * sizeof element, sizeof element);',
  said: /heap-buffer-overflow/,
};

export const WRONG_UNIT: Defect = {
  what: 'a wrong unit',
  file: 'addon/sources/smc.cc',
  right: 'return little<int64_t>(bytes) / 65536;',
  wrong: 'return little<int64_t>(bytes) / 65535;',
  said: /not so: the value/,
};

export const NOT_FILLED_IN: Defect = {
  what: 'use of what was not filled in',
  file: 'addon/sources/libproc.cc',
  right: 'if (size == static_cast<int>(sizeof info)) return true;',
  wrong: 'if (size >= 0) return true;',
  said: /uninitialised value/,
};

export const WRONG_PROTOTYPE: Defect = {
  what: 'a wrong prototype',
  file: 'addon/double/include/mach/mach_host.h',
  right: 'kern_return_t host_page_size(host_t host, vm_size_t* out_page_size);',
  wrong: 'kern_return_t host_page_size(host_t host, int* out_page_size);',
  said: /host_page_size/,
};

/** A copy of the addon with a defect. */
export function plant(defect: Defect, folder: string): string {
  const copy = join(folder, defect.what.replaceAll(' ', '-'));
  mkdirSync(copy, { recursive: true });
  cpSync(join(ROOT, 'addon'), join(copy, 'addon'), { recursive: true });
  const file = join(copy, defect.file);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(defect.right)) throw new Error(`${defect.file} has no more: ${defect.right}`);
  writeFileSync(
    file,
    text.replace(defect.right, () => defect.wrong),
  );
  return copy;
}
