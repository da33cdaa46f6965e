// A day, in which a Mac does one thing after the other: its page is what the file says in every phase.

import { factsOf, machineOfDay, type Phase } from './machines/build/day';
import type { DoingName } from './machines/build/doings';
import { serialize } from '../src/cli/record/serialize';
import { appUsage } from './oracle/apps';
import { growth, toNumber } from './oracle/exact';
import type { MachineFile } from './oracle/format';
import { Machine as Oracle } from './oracle/machine';
import { parsePage } from './oracle/page';
import { truth } from './oracle/truth';
import { withExporter } from './support/exporter';
import type { Machine } from './support/machines';

const PHASES: readonly Phase[] = [
  { doing: 'idle', seconds: 240 },
  { doing: 'compile', seconds: 300 },
  { doing: 'llm', seconds: 300 },
  { doing: 'idle', seconds: 120 },
  { doing: 'goesRed', seconds: 480 },
  { doing: 'throttled', seconds: 600 },
  { doing: 'idle', seconds: 120 },
];
/** Seconds between two scrapes: no multiple of the 30 s between frames. */
const EVERY = 17;

interface Scrape {
  readonly at: number;
  readonly samples: ReadonlyMap<string, number>;
}

function dayOf(prefix: string, charge?: readonly [number, number]): Machine {
  const { file } = machineOfDay(factsOf(prefix), { phases: PHASES, ...(charge && { charge }) });
  return JSON.parse(serialize(file)) as Machine;
}

const scrapeAll = (machine: Machine): Promise<Scrape[]> =>
  withExporter(machine, async (exporter) => {
    const scrapes: Scrape[] = [];
    const end = PHASES.reduce((all, { seconds }) => all + seconds, 0);
    for (let at = 0; at <= end; at += EVERY) {
      scrapes.push({ at, samples: parsePage(await exporter.page()).samples });
      exporter.step(EVERY);
    }
    return scrapes;
  });

/** Where a phase is, and where it ends: the n-th of those in which the Mac does this. */
function phaseOf(doing: DoingName, nth = 0): readonly [from: number, to: number] {
  let from = 0;
  for (const phase of PHASES) {
    const to = from + phase.seconds;
    if (phase.doing === doing && nth-- === 0) return [from, to];
    from = to;
  }
  throw new Error(`nowhere ${doing}`);
}

const within = (scrapes: readonly Scrape[], [from, to]: readonly [number, number]) =>
  scrapes.filter(({ at }) => at >= from && at < to);

/** What all series of a family whose labels match grow by in a second of a phase. */
function rate(scrapes: readonly Scrape[], phase: readonly [number, number], series: RegExp): number {
  const inside = within(scrapes, phase);
  const [first, last] = [inside[0]!, inside.at(-1)!];
  const sum = ({ samples }: Scrape) =>
    [...samples].filter(([name]) => series.test(name)).reduce((all, [, value]) => all + value, 0);
  return (sum(last) - sum(first)) / (last.at - first.at);
}

describe.each([
  { prefix: 'Mac14,14' },
  { prefix: 'MacBookPro18,3', charge: [0.9, 0.6] as const },
  { prefix: 'Mac17,6' },
])('a day of $prefix', ({ prefix, charge }) => {
  const machine = dayOf(prefix, charge);
  const oracle = new Oracle(machine as unknown as MachineFile);
  let scrapes: Scrape[];

  beforeAll(async () => {
    scrapes = await scrapeAll(machine);
  }, 60_000);

  test('every counter grows by what the file says, from each scrape to the next', () => {
    const file = truth(oracle);
    for (const [n, { at, samples }] of scrapes.entries()) {
      if (n === 0) continue;
      const before = scrapes[n - 1]!;
      const [then, now] = [file.counters(oracle.ticks(before.at)), file.counters(oracle.ticks(at))];
      expect(now.size).toBeGreaterThan(50);
      for (const [series, exact] of now) {
        const expected = toNumber(growth(then.get(series)!, exact));
        const grown = samples.get(series)! - before.samples.get(series)!;
        if (!(Math.abs(grown - expected) <= 1e-3 + 1e-12 * samples.get(series)!))
          throw new Error(`${series} grew by ${grown} up to ${at} s, the file says ${expected}`);
      }
    }
  });

  test('every gauge of a single sample is what the file says', () => {
    const file = truth(oracle);
    for (const { at, samples } of scrapes)
      for (const [series, value] of file.gauges(oracle.ticks(at)).plain)
        expect([at, series, samples.get(series)]).toEqual([at, series, value]);
  });

  test('all apps together have used what the file says', () => {
    const { totals } = appUsage(
      oracle,
      scrapes.map(({ at }) => oracle.ticks(at)),
    );
    // An app that lost its label keeps what it had.
    const last = new Map(scrapes.flatMap(({ samples }) => [...samples]));
    expect(totals.size).toBeGreaterThan(6);
    for (const [key, exact] of totals) {
      const [family, labels = ''] = key.replace('}', '').split('{');
      const told = [...last].filter(
        ([series]) => series.replace(/\{.*/, '') === family && series.includes(labels),
      );
      const sum = told.reduce((all, [, value]) => all + value, 0);
      expect(Math.abs(sum - toNumber(exact))).toBeLessThanOrEqual(1e-6 * toNumber(exact));
    }
  });

  test('an app is at work in its phases only', () => {
    const server = /^mac_app_(gpu|cpu)_seconds_total\{app="llama-server"\}/;
    expect(rate(scrapes, phaseOf('llm'), server)).toBeGreaterThan(0.5);
    expect(rate(scrapes, phaseOf('compile'), server)).toBe(0);
    expect(rate(scrapes, phaseOf('idle', 2), server)).toBe(0);
  });

  test('watts follow the phases', () => {
    const watts = (doing: DoingName, rail: string) =>
      rate(scrapes, phaseOf(doing), new RegExp(`^mac_energy_joules_total\\{rail="${rail}"`));
    expect(watts('compile', 'cpu')).toBeGreaterThan(5 * watts('idle', 'cpu'));
    expect(watts('llm', 'gpu')).toBeGreaterThan(20 * watts('idle', 'gpu'));
    expect(watts('compile', 'gpu')).toBeLessThan(0.1 * watts('llm', 'gpu'));
  });

  test('memory goes from green to red and back at the scheduled times, and the kernel says so', () => {
    const [from, to] = phaseOf('goesRed');
    const quarter = (to - from) / 4;
    const says = (seconds: readonly [number, number]) => {
      const values = (name: string) => within(scrapes, seconds).map(({ samples }) => samples.get(name));
      return {
        level: [...new Set(values('memory_pressure_level'))],
        kernel: [...new Set(values('mac_memory_pressure_kernel_level'))],
        swaps: values('mac_swap_used_bytes').every((bytes) => bytes! > 0),
      };
    };
    const [green, yellow] = [
      { level: [0], kernel: [1], swaps: false },
      { level: [1], kernel: [2], swaps: true },
    ];
    expect(says(phaseOf('idle', 1))).toEqual(green);
    expect(says([from, from + quarter])).toEqual(yellow);
    expect(says([from + quarter, to - quarter])).toEqual({ level: [2], kernel: [4], swaps: true });
    expect(says([to - quarter, to])).toEqual(yellow);
    expect(says(phaseOf('throttled'))).toEqual(green);
  });

  test('thermal pressure rises to 3 and falls, and the GPU is limited', () => {
    const [from, to] = phaseOf('throttled');
    const level = (part: number) =>
      within(scrapes, [from + part * (to - from), to])[0]!.samples.get('mac_thermal_pressure_level');
    expect([0.02, 0.2, 0.5, 0.9].map(level)).toEqual([1, 2, 3, 1]);
    const limited = /^mac_gpu_cltm_limited_seconds_total/;
    expect(rate(scrapes, [from + 0.5 * (to - from), from + 0.75 * (to - from)], limited)).toBeGreaterThan(
      0.8,
    );
    expect(rate(scrapes, phaseOf('idle'), limited)).toBe(0);
  });

  test('a battery falls from its first charge to its last', () => {
    const charges = scrapes.flatMap(({ samples }) => samples.get('mac_battery_charge_ratio') ?? []);
    if (charge === undefined) {
      expect(charges.filter((ratio) => ratio < 1)).toEqual([]);
      return;
    }
    expect(charges).toEqual([...charges].sort((a, b) => b - a));
    expect(charges[0]).toBeCloseTo(charge[0], 2);
    expect(charges.at(-1)).toBeCloseTo(charge[1], 1);
  });
});

test('a day of a virtual machine is a machine file as well', async () => {
  const scrapes = await scrapeAll(dayOf('VirtualMac2,1'));
  const cpu = /^mac_cpu_seconds_total\{.*mode="user"/;
  expect(rate(scrapes, phaseOf('compile'), cpu)).toBeGreaterThan(4 * rate(scrapes, phaseOf('idle'), cpu));
}, 60_000);

test('the same schedule gives the same file, and one of another name another one', () => {
  const text = (name: string) =>
    serialize(machineOfDay(factsOf('Macmini9,1'), { phases: PHASES, name }).file);
  expect(text('monday')).toBe(text('monday'));
  expect(text('monday')).not.toBe(text('tuesday'));
});
