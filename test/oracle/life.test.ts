import { gain, isSteady, Lifetime } from './life';
import { SECOND, small } from './small';

const S = (seconds: number): bigint => BigInt(Math.round(seconds * Number(SECOND)));

const life = (from: number, to: number, every?: number) => ({
  from: String(S(from)),
  to: String(S(to)),
  step: 7,
  ...(every !== undefined && { every: String(S(every)) }),
});

const machine = small({}, [0, 4]);
const lifetime = (from: number, to: number, every?: number) => new Lifetime(machine, life(from, to, every));
const sights = (of: Lifetime, ...seconds: readonly number[]) =>
  [...of.sights(seconds.map(S))].map(({ k, first, last }) => [Number(k), first, last]);

it('the k-th is there from its birth, and not at its end', () => {
  const of = lifetime(1, 3, 10);
  const there = (ticks: bigint) => {
    const [first, last] = of.living(ticks);
    return first === last ? first : undefined;
  };
  expect([0n, S(1) - 1n, S(1), S(3) - 1n, S(3), S(11), S(13)].map(there)).toEqual(
    [undefined, undefined, 0, 0, undefined, 1, undefined].map((k) => (k === undefined ? k : BigInt(k))),
  );
});

it.each([
  ['lives that overlap', [0, 5, 2], 4.5, [0n, 2n]],
  ['lives that overlap, one of which ends', [0, 5, 2], 5, [1n, 2n]],
  ['a birth before open: the lives before it do not exist', [-3, 1, 2], 0, [0n, 1n]],
  ['none yet', [5, 6, 2], 4, [0n, -1n]],
  ['the period, if nothing else is said', [1, 2], 9.5, [2n, 2n]],
] as const)('%s', (_, [from, to, every], seconds, expected) => {
  expect(lifetime(from, to, every).living(S(seconds))).toEqual(expected);
});

it('without a life it is always there', () => {
  const always = new Lifetime(machine, undefined);
  expect(always.living(S(1000))).toEqual([0n, 0n]);
  expect(sights(always, 0, 1, 1000)).toEqual([[0, 0, 2]]);
  expect(always.id(9n, 0n)).toBe(9n);
  expect([...always.unseen([0n, S(1000)])]).toEqual([]);
});

it('ids ascend by the step', () => {
  expect([0n, 1n, 40n].map((k) => lifetime(0, 1).id(100n, k))).toEqual([100n, 107n, 380n]);
});

it('collections see some, from one to another, and miss others', () => {
  const of = lifetime(1, 3, 2);
  expect(sights(of, 0, 1, 2, 4, 4.5, 9)).toEqual([
    [0, 1, 2],
    [1, 3, 4],
    [4, 5, 5],
  ]);
  expect([...lifetime(1, 2, 2).unseen([0, 1, 2, 4, 4.5, 9].map(S))].map(Number)).toEqual([1, 2, 3]);
  expect([...lifetime(1, 2, 2).unseen([3.5, 4].map(S))]).toEqual([]);
});

it('a counter begins at 0 and grows to its number, rounded down', () => {
  const of = lifetime(1, 4, 10);
  const at = (ticks: bigint) => of.counter(100, 1n, ticks);
  expect([S(11), S(12), S(13), S(14) - 1n].map(at)).toEqual([0n, 33n, 66n, 99n]);
  expect(of.counter('9223372036854775807', 1n, S(14) - 1n)).toBe(9223371908752386406n);
  expect(() => of.counter([1, 2], 1n, S(11))).toThrow('a single number');
});

it('with one frame a life says how often it comes', () => {
  const still = small({}, [0]);
  expect(() => new Lifetime(still, life(0, 1))).toThrow('a life without length or end');
  expect(new Lifetime(still, life(0, 1, 2)).living(S(2.5))).toEqual([1n, 1n]);
  expect(() => lifetime(1, 1, 2)).toThrow('a life without length or end');
});

it('a value that falls gains nothing', () => {
  const values = [5n, 9n, 2n, 4n];
  const read = (i: bigint) => values[Number(i)]!;
  expect(gain(read, { first: 0, last: 3 }, [0n, 1n, 2n, 3n])).toBe(6n);
  expect(gain(read, { first: 2, last: 2 }, [0n, 1n, 2n, 3n])).toBe(0n);
  expect([7, [1, 1, '2'], [1, 3, 2]].map(isSteady)).toEqual([true, true, false]);
});
