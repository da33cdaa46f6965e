// How the double plays a driver of a recording, which published now and then ("Publication" in
// test/machines/README.md). Frames are at 0, 1, 2 and 3 s, and so a cycle is 3 s long.

import fc from 'fast-check';
import type { Channel, MachineFile, Report } from '../src/native/machine_file';
import type { FaultPlan } from './support/exporter';
import type { Machine } from './support/machines';
import { bare, TestSource, watch, withSource } from './support/source';

const SECOND = 24_000_000;
const BEGIN = 1000;
const FRAMES = [0, 1, 2, 3];
const ticks = (seconds: number) => (BEGIN + seconds) * SECOND;
const CLOCK: MachineFile['clock'] = {
  timebase: [125, 3],
  absolute: FRAMES.map(ticks),
  continuous: FRAMES.map(ticks),
};

/** Published at these seconds. */
const driver = (
  stamps: readonly number[],
  values: readonly unknown[],
  more: Partial<Report> = {},
): Report => ({
  group: 'Energy Model',
  subgroup: '',
  driver: [77, 'AppleT8103PMGR'],
  unit: ['216173314689728512', 'mJ'],
  format: 'simple',
  stamps: stamps.map(ticks),
  channels: [['0000000000000001', 'GPU Energy', ...values] as unknown as Channel],
  ...more,
});

/** `[stamp, …values]` of the channel; NaN is what it does not have. */
type Look = () => Promise<readonly number[]>;

async function playing<T>(
  report: Report,
  use: (look: Look, source: TestSource) => Promise<T>,
  plan: FaultPlan = {},
): Promise<T> {
  const machine = { ...bare({}), clock: CLOCK, ioreport: [report] } as unknown as Machine;
  const source = new TestSource(machine, 'ioreport', { ioreport: [report.group] }, plan);
  return withSource(source, async () => {
    const { at, states } = (await source.start()).channels[0]!;
    const look: Look = async () => {
      const { values, failures } = await source.double.sources.ioreport.read();
      expect(failures).toEqual([]);
      const stamp = Math.round((values[at]! - BEGIN) * SECOND) / SECOND;
      return [stamp, ...values.slice(at + 1, at + 1 + Math.max(1, states.length))];
    };
    return use(look, source);
  });
}

/** What is seen at each of these seconds. */
const played = (report: Report, seconds: readonly number[], plan: FaultPlan = {}) =>
  playing(report, (look, source) => watch(source, seconds, look), plan);

const STAMPS = [-0.5, 0.75, 1.5, 2.75];
const VALUES = [10, 20, 50, 60];
const GAIN = 50;

test('in each frame its values, with its stamp', async () => {
  expect(await played(driver(STAMPS, VALUES), FRAMES)).toEqual([
    [-0.5, 10],
    [0.75, 20],
    [1.5, 50],
    [2.75, 60],
  ]);
});

test('between two frames what the later one saw, from the moment it was published; nothing in between', async () => {
  expect(await played(driver(STAMPS, VALUES), [0.5, 0.749, 0.75, 1.25, 1.5, 2.5, 2.75])).toEqual([
    [-0.5, 10],
    [-0.5, 10],
    [0.75, 20],
    [0.75, 20],
    [1.5, 50],
    [1.5, 50],
    [2.75, 60],
  ]);
});

test('a cycle begins with what the one before has ended with, and is as far above it as that grew', async () => {
  expect(await played(driver(STAMPS, VALUES), [3, 3.5, 3.75, 4, 4.5, 6, 6.5, 6.75])).toEqual([
    [2.75, 60],
    [2.75, 60],
    [3.75, 20 + GAIN],
    [3.75, 20 + GAIN],
    [4.5, 50 + GAIN],
    [5.75, 60 + GAIN],
    [5.75, 60 + GAIN],
    [6.75, 20 + 2 * GAIN],
  ]);
});

test('frames that all saw one publication show that one', async () => {
  expect(await played(driver([-0.5, -0.5, 1.5, 1.5], [10, 10, 50, 50]), [1, 1.5, 3, 4, 4.5, 7])).toEqual([
    [-0.5, 10],
    [1.5, 50],
    [1.5, 50],
    // -0.5 + 3 is later, but nothing was published there.
    [1.5, 50],
    [4.5, 90],
    [4.5, 90],
  ]);
});

/** Up to 2 s before the first frame; then for each, how long before it, or not again, and what it had counted since. */
const publications = fc
  .tuple(
    fc.integer({ min: 0, max: 20 }),
    fc.tuple(
      ...FRAMES.slice(1).map(() => fc.record({ back: fc.integer({ min: -1, max: 9 }), grown: fc.nat(9) })),
    ),
  )
  .map(([before, frames]) => {
    const stamps = [-before / 10];
    const values = [100];
    frames.forEach(({ back, grown }, i) => {
      const stamp = Math.max(i + 1 - back / 10, stamps.at(-1)!);
      const isNew = back >= 0 && stamp > stamps.at(-1)!;
      stamps.push(isNew ? stamp : stamps.at(-1)!);
      values.push(values.at(-1)! + (isNew ? grown : 0));
    });
    return { stamps: stamps.map((stamp) => Math.round(stamp * 10) / 10), values };
  });

test('whenever it published, neither stamps nor counters ever go back, and no stamp is of the future', async () => {
  const seconds = Array.from({ length: 49 }, (_, i) => i / 4);
  await fc.assert(
    fc.asyncProperty(publications, async ({ stamps, values }) => {
      let [stamp, value] = [-Infinity, 0];
      for (const [i, [now, counted]] of (await played(driver(stamps, values), seconds)).entries()) {
        expect(now).toBeGreaterThanOrEqual(stamp);
        expect(now).toBeLessThanOrEqual(seconds[i]!);
        expect(counted).toBeGreaterThanOrEqual(value);
        [stamp, value] = [now!, counted!];
      }
    }),
    { numRuns: 60 },
  );
});

test('a driver that published once is silent for ever', async () => {
  expect(await played(driver([-2, -2, -2, -2], [7]), [0, 1, 3.5, 11])).toEqual(Array(4).fill([-2, 7]));
});

test('a driver without a stamp has none, and the values of its frames', async () => {
  const none = driver([], VALUES, { stamps: FRAMES.map(() => 0) });
  expect(await played(none, [0, 1, 1.5, 3, 3.5, 4])).toEqual([
    [NaN, 10],
    [NaN, 20],
    [NaN, 20],
    [NaN, 60],
    [NaN, 10 + GAIN],
    [NaN, 20 + GAIN],
  ]);
});

test('a channel that was not filled in a frame is not, and has no stamp there', async () => {
  expect(await played(driver(STAMPS, [null, 20, null, 60]), FRAMES)).toEqual([
    [NaN, NaN],
    [0.75, 20],
    [NaN, NaN],
    [2.75, 60],
  ]);
});

test('all states of a channel have the stamp, whether they grew or not', async () => {
  const states = { format: 'state', states: ['OFF', 'P1'] } as const;
  const rows = [
    [10, 5],
    [20, 5],
    [30, 5],
    [40, 5],
  ];
  expect(await played(driver(STAMPS, rows, states), [0, 1.25, 3.75])).toEqual([
    [-0.5, 10, 5],
    [0.75, 20, 5],
    [3.75, 50, 5],
  ]);
  expect(await played(driver(STAMPS, [[null, null]], states), [1.25])).toEqual([[NaN, NaN, NaN]]);
});

test('one that restarts goes on as before until its driver publishes, and then counts from there', async () => {
  const plan: FaultPlan = { events: [{ at: 1.25, reset: ['Energy Model', 'GPU Energy'] }] };
  // At 1.25 s, a quarter of the way, it would have counted 20 + 30 / 4 = 27.
  expect(await played(driver(STAMPS, VALUES), [1, 1.25, 1.5, 3, 3.75], plan)).toEqual([
    [0.75, 20],
    [0.75, 20],
    [1.5, 50 - 27],
    [2.75, 60 - 27],
    [3.75, 20 + GAIN - 27],
  ]);
});
