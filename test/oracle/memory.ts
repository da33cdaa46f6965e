import { exact, type Exact } from './exact';
import { integer, type Machine } from './machine';
import { sysctl } from './registry';
import { series } from './series';

const COUNTERS: Readonly<Record<string, readonly [field: string, inPages: boolean]>> = {
  mac_memory_paged_in_bytes_total: ['pageins', true],
  mac_memory_paged_out_bytes_total: ['pageouts', true],
  mac_memory_swapped_in_bytes_total: ['swapins', true],
  mac_memory_swapped_out_bytes_total: ['swapouts', true],
  mac_memory_compressed_pages_total: ['compressions', false],
  mac_memory_decompressed_pages_total: ['decompressions', false],
  mac_memory_faults_total: ['faults', false],
};

/** Bytes as sums of page counts, each with its sign. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  used: ['internal_page_count', '-purgeable_count', 'wire_count', 'compressor_page_count'],
  app: ['internal_page_count', '-purgeable_count'],
  wired: ['wire_count'],
  active: ['active_count'],
  inactive: ['inactive_count'],
  compressed: ['compressor_page_count'],
  compressor_original: ['total_uncompressed_pages_in_compressor'],
  cached_files: ['external_page_count', 'purgeable_count'],
  // The kernel counts speculative pages as free.
  free: ['free_count', '-speculative_count'],
  purgeable: ['purgeable_count'],
  speculative: ['speculative_count'],
};

const pageSize = (machine: Machine): bigint | undefined => sysctl(machine, 'hw.pagesize', 0n);

export function* memoryCounters(machine: Machine, ticks: bigint): Generator<[string, Exact]> {
  const page = pageSize(machine);
  for (const [name, [field, inPages]] of Object.entries(COUNTERS)) {
    const counts = machine.file.host?.vm?.[field];
    if (counts === undefined || (inPages && page === undefined)) continue;
    yield [name, exact(machine.counter(counts, ticks) * (inPages ? (page ?? 0n) : 1n))];
  }
}

export function* memoryGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const total = sysctl(machine, 'hw.memsize', ticks);
  if (total !== undefined) yield ['mac_memory_total_bytes', Number(total)];
  const page = pageSize(machine);
  for (const [name, fields] of Object.entries(PAGES)) {
    const pages = pageSum(machine, fields, ticks);
    if (pages === undefined || page === undefined) continue;
    yield [`mac_memory_${name}_bytes`, Number(pages * page)];
  }
  const swap = [
    sysctl(machine, 'vm.swapusage', ticks, 0),
    sysctl(machine, 'vm.swapusage', ticks, 2),
  ] as const;
  if (swap[0] !== undefined) yield ['mac_swap_total_bytes', Number(swap[0])];
  if (swap[1] !== undefined) yield ['mac_swap_used_bytes', Number(swap[1])];
  yield* pressureGauges(machine, ticks);
}

function pageSum(machine: Machine, fields: readonly string[], ticks: bigint): bigint | undefined {
  let pages = 0n;
  for (const field of fields) {
    const counts = machine.file.host?.vm?.[field.replace('-', '')];
    if (counts === undefined) return undefined;
    const value = integer(machine.gauge(counts, ticks));
    pages += field.startsWith('-') ? -value : value;
  }
  return pages;
}

function* pressureGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const free = sysctl(machine, 'kern.memorystatus_level', ticks);
  if (free !== undefined) {
    const level = free > 50n ? 0 : free < 25n ? 2 : 1;
    yield ['memory_pressure_level', level];
    for (const [i, state] of ['green', 'yellow', 'red'].entries()) {
      yield [series('mac_memory_pressure_state', { state }), i === level ? 1 : 0];
    }
    yield ['mac_memory_pressure_free_ratio', Number(free) / 100];
  }
  const kernel = sysctl(machine, 'kern.memorystatus_vm_pressure_level', ticks);
  if (kernel === 1n || kernel === 2n || kernel === 4n) {
    yield ['mac_memory_pressure_kernel_level', Number(kernel)];
  }
}
