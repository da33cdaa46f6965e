// Unified memory: page counts of the Mach host, and the kernel's pressure figures.

import type { Channel } from '../native/native';
import { slotOf, valueAt, type Decoder, type Part } from './decoder';

const VM_FIELDS = [
  'free_count',
  'active_count',
  'inactive_count',
  'wire_count',
  'pageins',
  'pageouts',
  'faults',
  'purgeable_count',
  'speculative_count',
  'decompressions',
  'compressions',
  'swapins',
  'swapouts',
  'compressor_page_count',
  'external_page_count',
  'internal_page_count',
  'total_uncompressed_pages_in_compressor',
] as const;

/** Bytes, as Activity Monitor names them; events and bytes since boot. */
export interface Memory extends Part {
  readonly app: number;
  readonly wired: number;
  readonly active: number;
  readonly inactive: number;
  readonly compressed: number;
  readonly compressorOriginal: number;
  readonly cachedFiles: number;
  readonly free: number;
  readonly purgeable: number;
  readonly speculative: number;
  readonly used: number;
  readonly pagedIn: number;
  readonly pagedOut: number;
  readonly swappedIn: number;
  readonly swappedOut: number;
  readonly compressions: number;
  readonly decompressions: number;
  readonly faults: number;
}

/** A fact of the source `host`. */
const PAGE_SIZE = 'host_page_size';

export const memory: Decoder<Memory> = {
  source: 'host',
  groups: ['vm'],
  expected: true,
  wants: (c) => c.group === 'vm' && (VM_FIELDS as readonly string[]).includes(c.name),
  bind(chosen, facts) {
    const page = facts[PAGE_SIZE];
    if (typeof page !== 'number' || chosen.length < VM_FIELDS.length) return undefined;
    const at = (field: (typeof VM_FIELDS)[number]) =>
      chosen.find((channel) => channel.name === field)!.at + 1;
    const slots = {
      free: at('free_count'),
      active: at('active_count'),
      inactive: at('inactive_count'),
      wired: at('wire_count'),
      purgeable: at('purgeable_count'),
      speculative: at('speculative_count'),
      compressor: at('compressor_page_count'),
      original: at('total_uncompressed_pages_in_compressor'),
      external: at('external_page_count'),
      internal: at('internal_page_count'),
      pageins: at('pageins'),
      pageouts: at('pageouts'),
      swapins: at('swapins'),
      swapouts: at('swapouts'),
      compressions: at('compressions'),
      decompressions: at('decompressions'),
      faults: at('faults'),
    };
    return (values) => {
      const pages = (slot: number) => values[slot]! * page;
      const app = pages(slots.internal) - pages(slots.purgeable);
      const wired = pages(slots.wired);
      const compressed = pages(slots.compressor);
      const used = app + wired + compressed;
      if (Number.isNaN(used)) return undefined;
      return {
        app,
        wired,
        active: pages(slots.active),
        inactive: pages(slots.inactive),
        compressed,
        compressorOriginal: pages(slots.original),
        cachedFiles: pages(slots.external) + pages(slots.purgeable),
        // free_count contains the speculative pages; vm_stat takes them off too.
        free: pages(slots.free) - pages(slots.speculative),
        purgeable: pages(slots.purgeable),
        speculative: pages(slots.speculative),
        used,
        pagedIn: pages(slots.pageins),
        pagedOut: pages(slots.pageouts),
        swappedIn: pages(slots.swapins),
        swappedOut: pages(slots.swapouts),
        compressions: values[slots.compressions]!,
        decompressions: values[slots.decompressions]!,
        faults: values[slots.faults]!,
      };
    };
  },
};

const FREE_LEVEL = 'kern.memorystatus_level';
const KERNEL_LEVEL = 'kern.memorystatus_vm_pressure_level';
const SWAP = 'vm.swapusage';
const WIRED_LIMIT = 'iogpu.wired_limit_mb';

export const MEMORY_SYSCTLS: readonly string[] = [FREE_LEVEL, KERNEL_LEVEL, SWAP, WIRED_LIMIT];

export interface Pressure extends Part {
  /** Share of memory that is neither wired nor compressed, 0 to 1 (`kern.memorystatus_level`). */
  readonly free: number;
  /** 1 normal, 2 warning, 4 critical; NaN for any other value. */
  readonly kernelLevel: number;
}

/** `kern.memorystatus_vm_pressure_level`, xnu kern_memorystatus_notify.c: readable by name, hidden from listings. */
const KERNEL_LEVELS: ReadonlySet<number> = new Set([1, 2, 4]);

export const pressure = sysctlPart<Pressure>([FREE_LEVEL, KERNEL_LEVEL], (chosen) => {
  const free = slot(chosen, FREE_LEVEL);
  const level = slot(chosen, KERNEL_LEVEL);
  return (values) => ({
    free: valueAt(values, free) / 100,
    kernelLevel: KERNEL_LEVELS.has(valueAt(values, level)) ? valueAt(values, level) : NaN,
  });
});

/** Bytes. */
export interface Swap extends Part {
  readonly total: number;
  readonly used: number;
}

export const swap = sysctlPart<Swap>([SWAP], (chosen) => {
  const total = slot(chosen, SWAP, 'total');
  const used = slot(chosen, SWAP, 'used');
  return (values) => ({ total: valueAt(values, total), used: valueAt(values, used) });
});

export interface WiredLimit extends Part {
  /** Bytes; 0 while macOS decides. */
  readonly bytes: number;
}

/** Not every release of macOS has it. */
export const wiredLimit: Decoder<WiredLimit> = {
  ...sysctlPart<WiredLimit>([WIRED_LIMIT], (chosen) => {
    const limit = slot(chosen, WIRED_LIMIT);
    return (values) => ({ bytes: valueAt(values, limit) * 2 ** 20 });
  }),
  expected: false,
};

const LOAD = 'vm.loadavg';
export const LOAD_SYSCTLS: readonly string[] = [LOAD];

export interface Load extends Part {
  readonly one: number;
  readonly five: number;
  readonly fifteen: number;
}

export const load = sysctlPart<Load>([LOAD], (chosen) => {
  const slots = ['1', '5', '15', 'fscale'].map((name) => slot(chosen, LOAD, name));
  return (values) => {
    const scale = valueAt(values, slots[3]!);
    return {
      one: valueAt(values, slots[0]!) / scale,
      five: valueAt(values, slots[1]!) / scale,
      fifteen: valueAt(values, slots[2]!) / scale,
    };
  };
});

/** A part read from a few sysctls; undefined while none of them answers. */
function sysctlPart<P extends Part>(
  names: readonly string[],
  decode: (chosen: readonly Channel[]) => (values: Float64Array) => Omit<P, keyof Part>,
): Decoder<P> {
  return {
    source: 'sysctl',
    groups: names,
    expected: true,
    wants: (c) => names.includes(c.group),
    bind(chosen) {
      if (chosen.length === 0) return undefined;
      const decoded = decode(chosen);
      return (values) =>
        chosen.every((channel) => Number.isNaN(values[channel.at + 1]!)) ? undefined : decoded(values);
    },
  };
}

const slot = (chosen: readonly Channel[], group: string, name = ''): number =>
  slotOf(chosen, (channel) => channel.group === group && channel.name === name);
