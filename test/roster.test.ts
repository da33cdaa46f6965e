// Which names have a label of their own: the rule of src/sampler/roster.ts, step by step.

import fc from 'fast-check';
import { Roster, type RosterOptions } from '../src/sampler/roster';

const open = (options: Partial<RosterOptions> = {}): Roster =>
  new Roster({ counters: 1, deciding: [[0]], top: 2, most: 10, mayBeNamed: () => true, ...options });

type Use = Readonly<Record<string, number>>;

/** One collection: what each of those that are alive has used since the last one. */
function collect(roster: Roster, at: number, use: Use, lives: Use = {}): void {
  roster.begin(at);
  for (const [name, amount] of Object.entries(use)) roster.credit(roster.account(name), 0, amount);
  roster.end(
    () =>
      new Map(Object.entries(lives).map(([name, amount]) => [roster.account(name), Float64Array.of(amount)])),
  );
}

const labels = (roster: Roster): string[] => roster.labelled.map(({ name }) => name).sort();
const sums = (roster: Roster): Record<string, number> => ({
  ...Object.fromEntries(roster.labelled.map(({ name, sums: [own] }) => [name, own!])),
  other: roster.other[0]!,
});

/** Two apps with a label from the start, with a collection every 15 s from then on. */
function started(options: Partial<RosterOptions> = {}): {
  roster: Roster;
  run: (seconds: number, use: Use) => void;
} {
  const roster = open(options);
  let at = 1000;
  collect(roster, at, { a: 0, b: 0 }, { a: 100, b: 50 });
  return {
    roster,
    run(seconds, use) {
      for (const end = at + seconds; at < end;) collect(roster, (at += 15), use);
    },
  };
}

test('at start the labels go to those that used most in their lives, and count at once', () => {
  const roster = open();
  collect(roster, 1000, { a: 0, b: 0, c: 0, d: 0 }, { a: 5, b: 100, c: 50, d: 1 });
  expect(sums(roster)).toEqual({ b: 0, c: 0, other: 0 });
  collect(roster, 1015, { a: 1, b: 2, c: 4, d: 8 });
  expect(sums(roster)).toEqual({ b: 2, c: 4, other: 9 });
});

test('while there is a place, one with a share of 1 % gets it; below that nobody does', () => {
  const { roster, run } = started({ top: 4 });
  run(15, { a: 900, c: 10, d: 8 });
  expect(labels(roster)).toEqual(['a', 'b', 'c']);
});

test('a new label rests for two minutes, and then counts on from where it was', () => {
  const { roster, run } = started({ top: 3 });
  run(15, { c: 100 });
  expect(sums(roster)).toEqual({ a: 0, b: 0, c: 0, other: 100 });
  run(105, { c: 100 });
  expect(sums(roster)).toEqual({ a: 0, b: 0, c: 0, other: 800 });
  run(30, { c: 100 });
  expect(sums(roster)).toEqual({ a: 0, b: 0, c: 200, other: 800 });
});

test('a label is kept while nobody wants its place, however long its app rests', () => {
  const { roster, run } = started();
  run(7200, { a: 1 });
  expect(labels(roster)).toEqual(['a', 'b']);
});

test('one that has been no candidate for two minutes makes place, rests for two more, and ends', () => {
  const { roster, run } = started();
  run(60, { a: 50, b: 50 });
  const [own, other] = [sums(roster)['b']!, sums(roster)['other']!];
  // c has more than b at once, and wants its place.
  run(105, { a: 50, c: 500, b: 1 });
  expect(labels(roster)).toEqual(['a', 'b']);
  expect(sums(roster)['b']).toBe(own + 7);
  // In the collection that decides b still counts; from then on it rests.
  run(15, { a: 50, c: 500, b: 1 });
  expect(labels(roster)).toEqual(['a', 'b', 'c']);
  run(105, { a: 50, c: 500, b: 1 });
  expect(sums(roster)['b']).toBe(own + 8);
  run(15, { a: 50, c: 500, b: 1 });
  expect(labels(roster)).toEqual(['a', 'c']);
  expect(sums(roster)['other']).toBe(other + 15 * 500 + 8);
});

test('two that take turns in the last place do not take each other’s label', () => {
  const { roster, run } = started();
  for (let minute = 0; minute < 30; minute++)
    run(60, minute % 2 === 0 ? { a: 100, b: 10 } : { a: 100, c: 10 });
  expect(labels(roster)).toEqual(['a', 'b']);
});

test('one that comes again goes on where its sum was', () => {
  const { roster, run } = started();
  run(60, { a: 50, b: 50 });
  run(600, { a: 50, c: 500 });
  expect(labels(roster)).toEqual(['a', 'c']);
  run(1500, { a: 50, b: 500 });
  const before = 4 * 50;
  expect(labels(roster)).toEqual(['a', 'b']);
  expect(sums(roster)['b']).toBeGreaterThan(before);
});

test('the largest of several shares decides, and counters of one group are added', () => {
  const roster = open({ counters: 3, deciding: [[0], [1, 2]], top: 1 });
  roster.begin(1);
  const [cpu, disk] = [roster.account('cpu'), roster.account('disk')];
  roster.end(
    () =>
      new Map([
        [cpu, Float64Array.of(60, 0, 0)],
        [disk, Float64Array.of(40, 35, 35)],
      ]),
  );
  expect(labels(roster)).toEqual(['disk']);
});

test('a name that may have no label never has one, and its share is still part of all', () => {
  const { roster, run } = started({ mayBeNamed: (name) => name !== 'c', top: 4 });
  run(600, { a: 1, c: 98, d: 0.9 });
  expect(labels(roster)).toEqual(['a', 'b']);
  expect(roster.dropped).toEqual({ top: 1, cap: 0, pattern: 1 });
});

test('no more labels than the cap, those that are about to end included; who wants one is counted', () => {
  const { roster, run } = started({ top: 2, most: 2 });
  run(135, { a: 1, b: 1, c: 500 });
  expect(labels(roster)).toEqual(['a', 'b']);
  expect(roster.dropped).toEqual({ top: 0, cap: 1, pattern: 0 });
  run(90, { a: 1, b: 1, c: 500 });
  expect(roster.dropped).toEqual({ top: 0, cap: 1, pattern: 0 });
  run(15, { a: 1, b: 1, c: 500 });
  expect(labels(roster)).toEqual(['b', 'c']);
  expect(roster.dropped).toEqual({ top: 1, cap: 0, pattern: 0 });
});

test('who wanted a label and is gone is not counted as left out', () => {
  const { roster, run } = started({ top: 2, most: 2 });
  run(135, { a: 1, b: 1, c: 500 });
  expect(roster.dropped).toEqual({ top: 0, cap: 1, pattern: 0 });
  run(15, { a: 1, b: 1 });
  expect(roster.dropped).toEqual({ top: 0, cap: 0, pattern: 0 });
});

test('of those without a candidate for two minutes the one that rests longest makes place', () => {
  const { roster, run } = started({ top: 3 });
  run(300, { a: 100, b: 100, c: 100 });
  expect(labels(roster)).toEqual(['a', 'b', 'c']);
  // First b goes out of use, then a; both are far from being candidates when d comes.
  run(1500, { a: 100, c: 100 });
  run(3000, { c: 100 });
  run(15, { c: 100, d: 5000 });
  expect(roster.labelled.find(({ name }) => name === 'b')!.state).toBe('leaving');
  expect(roster.labelled.find(({ name }) => name === 'a')!.state).toBe('named');
});

test('one that is about to end and is wanted again stays, and rests anew', () => {
  const { roster, run } = started({ mayBeNamed: (name) => name !== 'z' });
  const stateOf = (name: string) => roster.everyone.find((account) => account.name === name)!.state;
  // Beside z, which may have no label, nobody has a share.
  run(150, { a: 0, b: 0, z: 1e9 });
  run(15, { c: 1e9, z: 1e9 });
  expect(['a', 'b', 'c'].map(stateOf)).toEqual(['leaving', 'named', 'resting']);
  run(15, { a: 1e9, c: 1e9, z: 1e9 });
  expect(['a', 'b', 'c'].map(stateOf)).toEqual(['resting', 'leaving', 'resting']);
});

test('one that is gone for long and comes again has its own label, and only one', () => {
  const { roster, run } = started();
  run(1200, { a: 1 });
  run(15, { a: 1, b: 5 });
  expect(sums(roster)).toMatchObject({ b: 5 });
  expect(labels(roster)).toEqual(['a', 'b']);
});

test('more places than labels are no more than labels', () => {
  const roster = open({ top: 5, most: 2 });
  collect(roster, 1000, { a: 0, b: 0, c: 0 }, { a: 3, b: 2, c: 1 });
  expect(labels(roster)).toEqual(['a', 'b']);
  for (let at = 1015; at < 2000; at += 15) collect(roster, at, { a: 1, b: 1, c: 1, d: 1 });
  expect(labels(roster)).toEqual(['a', 'b']);
  expect(roster.dropped).toEqual({ top: 0, cap: 2, pattern: 0 });
});

test('the shares of equals are decided by their names, and half as much counts after three minutes', () => {
  const equals = open({ top: 1 });
  collect(equals, 1000, { b: 0, a: 0 }, { b: 5, a: 5 });
  expect(labels(equals)).toEqual(['a']);
  const { roster, run } = started({ top: 4 });
  run(15, { c: 1024 });
  run(15 * 12, {});
  const { recent } = roster.everyone.find(({ name }) => name === 'c')!;
  expect(recent[0]).toBeCloseTo(1024 / 2, 6);
});

test('exactly 1 % is a share', () => {
  const { roster, run } = started({ top: 5 });
  run(15, { a: 98, c: 1, d: 1 });
  expect(labels(roster)).toEqual(['a', 'b', 'c', 'd']);
});

test('nothing is decided before anybody has used anything', () => {
  const roster = open();
  collect(roster, 1000, { a: 0 });
  collect(roster, 1015, { a: 5 });
  expect(labels(roster)).toEqual([]);
  collect(roster, 1030, { a: 5, b: 0 }, { a: 10, b: 90 });
  expect(labels(roster)).toEqual(['a', 'b']);
});

describe('who is gone', () => {
  const crowd = (n: number, amount: number): Use =>
    Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`test_${n}_${i}`, amount]));

  test('is kept for ten minutes, whatever it used: its owner may only have been hidden', () => {
    const { roster, run } = started({ top: 1 });
    const account = roster.account('hidden');
    run(600, { a: 1e9 });
    expect(roster.account('hidden')).toBe(account);
    run(615, { a: 1e9 });
    expect(roster.everyone).not.toContain(account);
  });

  test('leaves nothing behind when what it used has faded', () => {
    const { roster, run } = started({ top: 1 });
    for (let n = 0; n < 60; n++) run(15, { a: 1e9, ...crowd(n, 1e6) });
    expect(roster.everyone.length).toBeGreaterThan(16_000);
    run(6_000, { a: 1e9 });
    expect(roster.everyone.length).toBeLessThanOrEqual(2);
  });

  test('is forgotten beyond ten thousand, the longest gone first', () => {
    const { roster, run } = started({ top: 1 });
    for (let n = 0; n < 100; n++) run(15, { a: 1e9, ...crowd(n, 1e9) });
    // 40 collections of 400 may only be hidden.
    expect(roster.everyone.length).toBeLessThanOrEqual(16_402);
    const names = new Set(roster.everyone.map(({ name }) => name));
    expect([names.has('test_99_0'), names.has('test_58_0'), names.has('test_0_0')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('and had a label once is remembered with its sum, a thousand of them', () => {
    const roster = open({ top: 40, most: 100 });
    let at = 1000;
    collect(roster, at, { a: 0 }, { a: 1 });
    for (let n = 0; n < 30; n++) {
      const names = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`app_${n}_${i}`, 4 ** n]));
      for (let i = 0; i < 20; i++) collect(roster, (at += 15), names);
      for (let i = 0; i < 60; i++) collect(roster, (at += 15), {});
    }
    const remembered = roster.everyone.filter(({ state, sums: [sum] }) => state === 'other' && sum! > 0);
    expect(remembered.length).toBeGreaterThan(500);
    expect(remembered.length).toBeLessThanOrEqual(1_000);
    expect(roster.everyone.some(({ name }) => name === 'app_0_0')).toBe(false);
  });
});

test('whatever comes and goes, every sum rises and their sum is all that was observed', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const step = fc.record({
    seconds: fc.integer({ min: 0, max: 400 }),
    use: fc.dictionary(name, fc.integer({ min: 0, max: 1000 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (steps, top) => {
      const roster = open({ top, most: 4 });
      const before = new Map<string, number>();
      let [at, all] = [0, 0];
      for (const { seconds, use } of steps) {
        collect(roster, (at += seconds), use, use);
        for (const amount of Object.values(use)) all += amount;
        let sum = roster.other[0]!;
        for (const account of roster.everyone) {
          sum += account.sums[0]!;
          if (account.sums[0]! < (before.get(account.name) ?? 0)) throw new Error(`${account.name} fell`);
          before.set(account.name, account.sums[0]!);
        }
        expect(sum).toBe(all);
        expect(roster.labelled.length).toBeLessThanOrEqual(4);
        expect(roster.labelled.filter(({ state }) => state !== 'leaving').length).toBeLessThanOrEqual(top);
      }
    }),
  );
});
