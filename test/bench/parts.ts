// npm run bench:parts: where the time of a page goes, how it grows with the Mac, what the way from C++ costs, and how long
// JavaScript waits for a slow source. On the double: its own work is in `read`, the kernel's of a Mac is not.

import { parseArgs } from 'node:util';
import { verdictOf } from './bars';
import { rounded } from './figures';
import { boundary } from './parts/boundary';
import { eventLoop } from './parts/event_loop';
import { grown, pageCost, STAGES, stages, type Sized } from './parts/stages';

/** Channels, by those of an M2 Ultra; the last has 20,000 series. */
const SIZES = [1, 4, 16, 41];
/** Growth is fitted to these. */
const FITTED = 3;
const CHANNELS = 300;

const FULL = { rounds: 15, loopRounds: 5, loopSeconds: 6 };
const QUICK = { rounds: 2, loopRounds: 1, loopSeconds: 1 };

async function measure(size: typeof FULL) {
  const sized = await stages(SIZES, size.rounds);
  const growth = grown(sized.slice(0, FITTED));
  const crossing = await boundary(CHANNELS, size.rounds);
  const loop = await eventLoop(size.loopRounds, size.loopSeconds);
  const bar = (what: string, value: number, most: number) => ({
    what,
    value: rounded(value),
    'at most': rounded(most),
    verdict: verdictOf(most, value),
  });
  return {
    stages: sized,
    growth,
    boundary: crossing,
    eventLoop: loop,
    bars: [
      bar('growth of CPU with the series, 1x to 16x the channels (exponent)', growth.bySeries.page, 1),
      bar('growth of CPU with the channels (exponent)', growth.byChannels.page, 1),
      bar('filling an array of 300 channels, by returning them as objects', crossing.ratio, 1 / 300),
      bar('garbage of filling it 10,000 times, collections', crossing.garbage.collections, 0),
      bar('event loop p99, 14 ms source at 10 a second, by none', loop.readRatio, 1.5),
      bar('event loop p99, whole pages with it, by none', loop.pageRatio, 1.5),
    ],
  };
}

function print({ stages: sized, growth, boundary: crossing, eventLoop: loop, bars }: Measured): void {
  console.log('CPU of a page, all threads, by part and by number of channels');
  console.table(sized.flatMap(rowsOf));
  console.log('Exponents of growth, 1x to 16x the channels');
  console.table({ 'by channels': roundedAll(growth.byChannels), 'by series': roundedAll(growth.bySeries) });
  console.log(`The way from C++, ${crossing.channels} channels, ns a call`);
  const { garbage, ...times } = crossing;
  console.table([{ ...roundedAll(times), 'bytes of garbage': rounded(garbage.bytes) }]);
  console.log('p99 of the delay of the event loop, ms');
  console.table([roundedAll(loop)]);
  console.table(bars);
}

type Measured = Awaited<ReturnType<typeof measure>>;

function rowsOf(of: Sized): readonly object[] {
  const { times, channels, series, bytes, cost } = of;
  const size = { times, channels, series, KiB: Math.round(bytes / 1024) };
  const row = (part: string, nanoseconds: number) => ({
    ...size,
    part,
    µs: rounded(nanoseconds / 1e3),
    'ns a series': rounded(nanoseconds / series),
    'ns a channel': rounded(nanoseconds / channels),
  });
  return [...STAGES.map((stage) => row(stage, cost[stage])), row('page, not compressed', pageCost(of))];
}

const roundedAll = (values: object): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value as number)]));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  });
  const measured = await measure(values.quick ? QUICK : FULL);
  if (values.json) console.log(JSON.stringify(measured, undefined, 2));
  else print(measured);
}

void main();
