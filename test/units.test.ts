// src/chips/units.ts: what a count of an IOReport channel stands for.

import fc from 'fast-check';
import { inBaseUnits, parseUnit, unitOf } from '../src/chips/units';

/** IOReportChannelUnit: 8 bits quantity, 8 cardinal, 8 IEC, 8 SI, 32 constant. */
const code = (quantity: number, { si = 0, iec = 0, constant = 0, cardinal = 0 } = {}): string =>
  (
    (BigInt(quantity) << 56n) |
    (BigInt(cardinal) << 48n) |
    (BigInt(iec) << 40n) |
    (BigInt(si) << 32n) |
    BigInt(constant)
  ).toString();
const [SECONDS, JOULES, BYTES, EVENTS] = [1, 3, 9, 100] as const;
const exponent = (power: number) => 127 + power;
const ONE_OVER = 2 ** 31;

test.each([
  ['216173314689728512', 'joules', 1e-3],
  ['216173301804826624', 'joules', 1e-6],
  ['216173288919924736', 'joules', 1e-9],
  ['72058115876454424', 'seconds', 1 / 24e6],
  ['648661282852962304', 'bytes', 1],
  ['7205759403792793600', 'events', 1],
])('the unit %s that Macs report is %s times %d', (text, quantity, scale) => {
  expect(parseUnit(text)?.quantity).toBe(quantity);
  expect(parseUnit(text)!.scale / scale).toBeCloseTo(1, 14);
});

test.each([
  ['no scale at all', code(JOULES), 1],
  ['a constant', code(SECONDS, { constant: 5 }), 5],
  ['one over a constant', code(SECONDS, { constant: ONE_OVER + 8 }), 1 / 8],
  ['an SI prefix', code(JOULES, { si: exponent(3) }), 1e3],
  [
    'an SI prefix and one over a constant',
    code(SECONDS, { si: exponent(-6), constant: ONE_OVER + 24 }),
    1 / 24e6,
  ],
  // Data is counted in bits, a byte is 2^3 of them.
  ['an IEC prefix: KiB', code(BYTES, { iec: exponent(13) }), 1024],
  ['events by the thousand', code(EVENTS, { si: exponent(3) }), 1000],
])('%s is decoded', (_, text, scale) => {
  const unit = parseUnit(text)!;
  expect(unit.scale / scale).toBeCloseTo(1, 14);
  expect(inBaseUnits(7, unit) / (7 * scale)).toBeCloseTo(1, 14);
});

test('counts are divided where that is exact', () => {
  expect(parseUnit(code(JOULES, { iec: exponent(-2) }))).toEqual({
    quantity: 'joules',
    scale: 0.25,
    divisor: 4,
  });
  expect(parseUnit(code(JOULES, { iec: exponent(2) }))).toEqual({ quantity: 'joules', scale: 4 });
});

test.each([
  ['J', 'joules', 1],
  ['mJ', 'joules', 1e-3],
  ['mJ  ', 'joules', 1e-3],
  [' uJ\t', 'joules', 1e-6],
  ['nJ', 'joules', 1e-9],
  ['24Mticks', 'seconds', 1 / 24e6],
  ['bytes', 'bytes', 1],
  ['B', 'bytes', 1],
  ['events', 'events', 1],
])('the label %j is %s where there is no number', (label, quantity, scale) => {
  const unit = parseUnit(label)!;
  expect(unit.quantity).toBe(quantity);
  expect(unit.scale / scale).toBeCloseTo(1, 14);
  expect(inBaseUnits(7, unit) / (7 * scale)).toBeCloseTo(1, 14);
});

test.each([
  ['', 'no label'],
  ['hogsheads', 'an unknown label'],
  ['toString', 'a name that every object has'],
  ['0', 'a number without quantity'],
  [code(2), 'an unknown quantity'],
  [code(SECONDS, { cardinal: 1 }), 'a multiple that only the kernel knows'],
  [code(SECONDS, { constant: ONE_OVER }), 'one over nothing'],
])('the unit %j is not known: %s', (text) => {
  expect(parseUnit(text)).toBeUndefined();
});

test('a millijoule counter is divided, not multiplied: 0.1 and not 0.1000000000000000055', () => {
  expect(inBaseUnits(39_096_343, parseUnit('mJ')!)).toBe(39096.343);
  expect(inBaseUnits(3, parseUnit('216173314689728512')!)).toBe(0.003);
});

test('a channel of another quantity has no such unit', () => {
  expect(unitOf({ unit: 'mJ' }, 'joules')).toBeDefined();
  expect(unitOf({ unit: 'mJ' }, 'seconds')).toBeUndefined();
  expect(unitOf({ unit: '24Mticks' }, 'joules')).toBeUndefined();
  expect(unitOf({ unit: 'hogsheads' }, 'joules')).toBeUndefined();
});

test('number and label of one unit say the same', () => {
  for (const [text, label] of [
    ['216173314689728512', 'mJ'],
    ['216173301804826624', 'uJ'],
    ['216173288919924736', 'nJ'],
    ['72058115876454424', '24Mticks'],
  ] as const)
    for (const count of [1, 7, 123_456_789, 2 ** 53 - 1])
      expect(inBaseUnits(count, parseUnit(text)!)).toBe(inBaseUnits(count, parseUnit(label)!));
});

test('any text and any 64 bits give a unit of a positive finite scale, or none, and never throw', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    fc.constant('9'.repeat(40)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const unit = parseUnit(text);
      if (unit === undefined) return;
      expect(unit.scale).toBeGreaterThanOrEqual(0);
      expect(Number.isNaN(inBaseUnits(1, unit))).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
