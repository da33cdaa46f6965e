// Our own sums over several raw counters.

import { Sums, sumUp } from '../../src/decode/sums';

const ONE = { name: 'one', channels: [0] };
const TWO = { name: 'two', channels: [0, 1] };

/** Totals of one series after each of these readings of its channels. */
function totalsOf(
  series: typeof ONE,
  readings: readonly (readonly number[])[],
  isUsable?: (i: number) => boolean,
) {
  const sums = new Sums();
  return readings.map((raw) => {
    const totals = new Float64Array(1);
    const keys = raw.map((_, i) => `key ${i}`);
    sumUp({ series: [series], raw: Float64Array.from(raw), keys, totals }, sums, isUsable);
    return totals[0];
  });
}

test('one channel is its own counter', () => {
  expect(totalsOf(ONE, [[70], [75], [NaN], [3]])).toEqual([70, 75, NaN, 3]);
});

test('of several channels the growth is summed up, from 0', () => {
  expect(
    totalsOf(TWO, [
      [70, 30],
      [75, 30],
      [76, 32],
    ]),
  ).toEqual([0, 5, 8]);
});

test('a channel that restarts takes nothing away, and counts from where it is', () => {
  expect(
    totalsOf(TWO, [
      [70, 30],
      [75, 30],
      [2, 31],
      [4, 31],
    ]),
  ).toEqual([0, 5, 6, 8]);
});

test('while a channel is missing the sum is unknown; what it grew meanwhile is in it later', () => {
  expect(
    totalsOf(TWO, [
      [70, 30],
      [71, NaN],
      [72, 36],
    ]),
  ).toEqual([0, NaN, 8]);
});

test('a value that means nothing now is counted, and not told', () => {
  expect(totalsOf(ONE, [[70]], () => false)).toEqual([NaN]);
  let alive = true;
  const isUsable = () => alive;
  const sums = new Sums();
  const at = (raw: number[]) => {
    const totals = new Float64Array(1);
    sumUp({ series: [TWO], raw: Float64Array.from(raw), keys: ['a', 'b'], totals }, sums, isUsable);
    return totals[0];
  };
  expect(at([1, 1])).toBe(0);
  alive = false;
  expect(at([3, 1])).toBeNaN();
  alive = true;
  expect(at([3, 2])).toBe(3);
});
