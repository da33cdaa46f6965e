// Tables of the device tree as the fuzz targets have them (addon/fuzz/seeds/registry_data), and any other bytes: whatever
// they are, what is decoded is in them.

import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gpuTable, largestOf, parseTable, PMGR, SGX } from '../../src/chips/frequencies';
import { ROOT } from './toolchain';

const SEEDS = join(ROOT, 'addon', 'fuzz', 'seeds', 'registry_data');
const seeds = readdirSync(SEEDS).map((name) => new Uint8Array(readFileSync(join(SEEDS, name))));

/** Each byte may be another, and the end may be missing. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 8 }),
    fc.nat(4000),
  )
  .map(([seed, changes, cut]) => {
    const bytes = Uint8Array.from(seed);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes.subarray(0, cut % 3 === 0 ? cut : bytes.length);
  });
const anyBytes = fc.oneof(mutated, fc.uint8Array({ maxLength: 300 }));

/** The 32-bit numbers at multiples of eight bytes, read by hand. */
const words = (bytes: Uint8Array): number[] =>
  Array.from(
    { length: Math.floor(bytes.length / 8) },
    (_, i) =>
      bytes[i * 8]! + bytes[i * 8 + 1]! * 2 ** 8 + bytes[i * 8 + 2]! * 2 ** 16 + bytes[i * 8 + 3]! * 2 ** 24,
  );

test('there are seeds', () => {
  expect(seeds.length).toBeGreaterThan(10);
});

test.each([false, true])('a table has the frequencies of its bytes, in hertz: %s', (hertz) => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const expected = words(bytes);
      const largest = Math.max(0, ...expected);
      const table = parseTable(bytes, hertz);
      if (largest === 0) return table === undefined;
      const unit = !hertz && largest < 1e8 ? 1000 : 1;
      return (
        table !== undefined &&
        expected.every((word, i) => table[i] === word * unit) &&
        table.length === expected.length
      );
    }),
    { numRuns: 2000 },
  );
});

test("the GPU's table is no longer than its count says, begins with 0 Hz, and has no frequency that its bytes lack", () => {
  fc.assert(
    fc.property(anyBytes, fc.nat(64), (bytes, count) => {
      const facts = {
        [`${SGX} perf-states`]: bytes,
        [`${SGX} perf-state-count`]: Uint8Array.of(count, 0, 0, 0),
      };
      const table = gpuTable(facts);
      if (table === undefined) return true;
      const own = words(bytes.subarray(0, count * 8));
      const frequencies = [...table].filter((frequency) => frequency !== 0);
      return (
        table[0] === 0 &&
        largestOf(table) === Math.max(...own) &&
        frequencies.length === own.filter((word) => word !== 0).length &&
        frequencies.every((frequency) => own.includes(frequency))
      );
    }),
    { numRuns: 2000 },
  );
});

test("what is no table of the GPU's own leaves pmgr's", () => {
  const pmgr = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0, 0x65, 0xcd, 0x1d, 2, 0, 0, 0);
  const facts = { [`${SGX} perf-states`]: new Uint8Array(16), [`${PMGR} voltage-states9-sram`]: pmgr };
  expect(gpuTable({ ...facts, [`${SGX} perf-state-count`]: Uint8Array.of(2, 0, 0, 0) })).toEqual(
    Float64Array.of(0, 500_000_000),
  );
});
