// Memory, from page counts and sysctls.

import { load, memory, pressure, swap, wiredLimit } from '../../src/decode/memory';
import { decoded, wanted, type Listed } from './listed';

const PAGE = 16_384;
const FACTS = { host_page_size: PAGE };

/** Each another number, so that no two fields can be taken for each other. */
const PAGES = {
  free_count: 1_000,
  active_count: 2_000,
  inactive_count: 3_000,
  wire_count: 400,
  pageins: 51,
  pageouts: 52,
  faults: 53,
  purgeable_count: 60,
  speculative_count: 70,
  decompressions: 81,
  compressions: 82,
  swapins: 83,
  swapouts: 84,
  compressor_page_count: 900,
  external_page_count: 1_100,
  internal_page_count: 5_000,
  total_uncompressed_pages_in_compressor: 2_700,
};
const vm = (pages: Readonly<Record<string, number>> = PAGES): Listed[] =>
  Object.entries(pages).map(([name, value]) => ({ group: 'vm', name, value }));

test('page counts are bytes, as Activity Monitor names them; events are counted as they are', () => {
  expect(decoded(memory, vm(), FACTS)).toEqual({
    app: (5_000 - 60) * PAGE,
    wired: 400 * PAGE,
    active: 2_000 * PAGE,
    inactive: 3_000 * PAGE,
    compressed: 900 * PAGE,
    compressorOriginal: 2_700 * PAGE,
    cachedFiles: (1_100 + 60) * PAGE,
    free: (1_000 - 70) * PAGE,
    purgeable: 60 * PAGE,
    speculative: 70 * PAGE,
    used: (5_000 - 60 + 400 + 900) * PAGE,
    pagedIn: 51 * PAGE,
    pagedOut: 52 * PAGE,
    swappedIn: 83 * PAGE,
    swappedOut: 84 * PAGE,
    compressions: 82,
    decompressions: 81,
    faults: 53,
  });
});

test('without the size of a page, one of the counts, or its value there is no memory to tell of', () => {
  expect(decoded(memory, vm())).toBeUndefined();
  expect(decoded(memory, vm(), { host_page_size: '16384' })).toBeUndefined();
  expect(decoded(memory, vm().slice(1), FACTS)).toBeUndefined();
  expect(decoded(memory, vm({ ...PAGES, wire_count: NaN }), FACTS)).toBeUndefined();
});

test('fields of the same name elsewhere, and others of the host, are not read', () => {
  const more = { group: 'vm', name: 'zero_fill_count', value: 1 };
  const elsewhere = { group: 'cpu', name: 'free_count', value: 1 };
  expect(wanted(memory, [more, elsewhere, ...vm()])).toEqual(Object.keys(PAGES));
});

const FREE = 'kern.memorystatus_level';
const LEVEL = 'kern.memorystatus_vm_pressure_level';
const sysctl = (group: string, value: number, name = ''): Listed => ({ group, name, value });

describe('pressure', () => {
  test('is the share that is free, and the level of the kernel', () => {
    expect(decoded(pressure, [sysctl(FREE, 43), sysctl(LEVEL, 2)])).toEqual({ free: 0.43, kernelLevel: 2 });
  });

  test.each([1, 2, 4])('level %i is one of the kernel', (level) =>
    expect(decoded(pressure, [sysctl(FREE, 43), sysctl(LEVEL, level)])).toMatchObject({ kernelLevel: level }),
  );

  test.each([0, 3, 8])('level %i is none that anybody has described', (level) =>
    expect(decoded(pressure, [sysctl(FREE, 43), sysctl(LEVEL, level)])).toMatchObject({ kernelLevel: NaN }),
  );

  test('one of the two is told without the other; with neither there is none', () => {
    expect(decoded(pressure, [sysctl(FREE, 43), sysctl(LEVEL, NaN)])).toEqual({
      free: 0.43,
      kernelLevel: NaN,
    });
    expect(decoded(pressure, [sysctl(FREE, NaN), sysctl(LEVEL, NaN)])).toBeUndefined();
    expect(decoded(pressure, [])).toBeUndefined();
  });
});

test('swap is in bytes', () => {
  const told = ['total', 'avail', 'used'].map((name, i) => sysctl('vm.swapusage', 100 + i, name));
  expect(decoded(swap, told)).toEqual({ total: 100, used: 102 });
});

test('the wired limit is told in MiB, and not every macOS has one', () => {
  expect(decoded(wiredLimit, [sysctl('iogpu.wired_limit_mb', 3)])).toEqual({ bytes: 3 * 1024 * 1024 });
  expect(decoded(wiredLimit, [])).toBeUndefined();
  expect([wiredLimit.expected, swap.expected]).toEqual([false, true]);
});

test('load is a fraction of the kernel’s scale', () => {
  const told = [
    sysctl('vm.loadavg', 2048, '1'),
    sysctl('vm.loadavg', 1024, '5'),
    sysctl('vm.loadavg', 512, '15'),
    sysctl('vm.loadavg', 2048, 'fscale'),
  ];
  expect(decoded(load, told)).toEqual({ one: 1, five: 0.5, fifteen: 0.25 });
});
