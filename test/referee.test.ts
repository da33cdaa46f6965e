// Apple's powermetrics as referee: what it printed on real Macs is rebuilt as residencies, and the exporter's page
// over the same window must say the same, within the rounding of what was printed.
//
// Percentages were printed to two digits or two places and frequencies in whole MHz. Many residencies print alike:
// `meansAllowed` is the range of the mean frequencies of all of them. The frequency that powermetrics printed lies in
// that range, or its mean is not ours; and our page's lies in it, or we miscount.

import {
  M1_PRO_CHIP,
  M1_PRO_GPU_STEPS,
  M2_CHIP,
  M3_AIR_GPU_STEPS,
  M3_MAX_CHIP,
  M3_ULTRA_GPU_STEPS,
  M4_CHIP,
  M5_CHIP,
  macOfChip,
  onlyCores,
  unitsOf,
  windowOf,
  type Chip,
} from './referee/chips';
import {
  BASE_M5,
  M1_PRO,
  M1_PRO_GPU,
  M1_PRO_MACOS_27,
  M2_AIR,
  M3_AIR_GPU,
  M3_MAX,
  M3_ULTRA_GPU,
  M4_MINI,
  type Excerpt,
} from './referee/excerpts';
import { seen, type CoreSeen } from './referee/page';
import { meansAllowed, middle, readPrinted, rebuilt, type Printed, type Range } from './referee/printed';

/** Differences of large doubles lose their last digits. */
const DIGITS = 1e-6;

function expectWithin(what: string, value: number, { least, greatest }: Range): void {
  if (!(value >= least - DIGITS && value <= greatest + DIGITS))
    throw new Error(`${what}: ${value} is not in ${least} to ${greatest}`);
}

const wider = ({ least, greatest }: Range, by: number): Range => ({
  least: least - by,
  greatest: greatest + by,
});

/** Our residency against the printed one. */
function compareActive({ name, residency, idle, down }: Printed, ours: CoreSeen): void {
  if (residency) expectWithin(`${name}, active`, ours.active, residency);
  if (idle) expectWithin(`${name}, idle`, 100 - ours.active - (ours.down ?? 0), idle);
  if (down) expectWithin(`${name}, down`, ours.down ?? NaN, down);
}

/** Our frequency against the printed one, where the steps were printed. `rounding` is that of the steps, in MHz. */
function compareFrequency(printed: Printed, ours: number, rounding = 0): void {
  const { name, frequency, shares } = printed;
  const allowed = wider(meansAllowed(printed), rounding);
  expectWithin(`${name}, MHz`, ours, allowed);
  if (frequency) expectWithin(`${name}, printed MHz`, middle(frequency), wider(allowed, 0.5));
  // The digits are enough to notice a table that is read one step off.
  const list = rebuilt(printed);
  const total = list.reduce((a, b) => a + b, 0);
  const table = shares!.map(({ megahertz }) => megahertz);
  const steps = [0, ...table, 2 * table.at(-1)!];
  for (const off of [-1, 1]) {
    const wrong = list.reduce((sum, percent, i) => sum + percent * (steps[i + 1 + off] ?? 0), 0);
    expect(() => expectWithin(name, wrong / total, allowed)).toThrow(name);
  }
}

function compareCore(printed: Printed, ours: CoreSeen): void {
  compareActive(printed, ours);
  compareFrequency(printed, ours.frequency);
}

const coresOf = (chip: Chip, excerpt: Excerpt): [string, Printed][] =>
  [...unitsOf(chip, excerpt)].flatMap(([name, printed]) => {
    const core = /^CPU (\d+)$/.exec(name)?.[1];
    return core === undefined ? [] : [[core, printed]];
  });

const title = ({ source }: Excerpt): string => source;

describe('cores: frequency while active and residency', () => {
  test.each([
    [title(M1_PRO), M1_PRO_CHIP, M1_PRO, ['0', '1']],
    [
      `${title(M2_AIR)}; CPU 2 without a frequency, the upper steps of CPU 4 cut off`,
      M2_CHIP,
      M2_AIR,
      ['2', '3', '4'],
    ],
    [title(BASE_M5), M5_CHIP, BASE_M5, ['0', '1', '2', '3', '4']],
  ] as const)('%s', async (_, chip, excerpt, cores) => {
    const page = await seen(macOfChip(chip, excerpt));
    const printed = coresOf(chip, excerpt);
    expect(printed.map(([core]) => core)).toEqual(cores);
    for (const [core, unit] of printed) compareCore(unit, page.cores.get(core)!);
    // What was not printed is idle in the rebuilt Mac, and has no frequency.
    for (const [core, { active, frequency }] of page.cores) {
      if (cores.some((one) => one === core)) continue;
      expect(active).toBe(0);
      expect(frequency).toBeNaN();
    }
  });

  test(`${title(M3_MAX)}: CPU 6 and 7 with their time in DOWN; of the second P cluster its time online`, async () => {
    const page = await seen(macOfChip(M3_MAX_CHIP, M3_MAX));
    const units = unitsOf(M3_MAX_CHIP, M3_MAX);
    compareActive(units.get('CPU 6')!, page.cores.get('6')!);
    compareCore(units.get('CPU 7')!, page.cores.get('7')!);
    expect(page.cores.get('7')!.cluster).toBe('PCPU');
    const { online } = units.get('P1-Cluster')!;
    expectWithin('online', 100 - page.offline.get('PCPU1')!, online!);
    expect(page.offline.get('PCPU')).toBe(0);
    const second = [...page.cores.values()].filter(({ cluster }) => cluster === 'PCPU1');
    expect(second).toHaveLength(6);
    for (const { active, down } of second) {
      expect(active).toBe(0);
      expectWithin('online', 100 - down!, online!);
    }
  });
});

describe('clusters', () => {
  // No family has a cluster's own residency, which is not utilisation (trap 10): a cluster's frequency on the page is
  // the mean of its cores. So the list of a cluster is compared where its only core spent its time alike.
  test.each([
    [title(M1_PRO), M1_PRO_CHIP, M1_PRO, { 'E-Cluster': '0', 'P0-Cluster': '1' }],
    [`${title(M2_AIR)}, the steps of 0 % left out`, M2_CHIP, M2_AIR, { 'P-Cluster': '1' }],
    [title(BASE_M5), M5_CHIP, BASE_M5, { 'E-Cluster': '0' }],
  ] as const)('%s: as the list of its only core', async (_, chip, excerpt, only) => {
    const page = await seen(onlyCores(chip, excerpt));
    const units = unitsOf(chip, excerpt);
    for (const [name, core] of Object.entries(only)) {
      const ours = page.cores.get(core)!;
      compareCore(units.get(name)!, ours);
      expect(page.clusters.get(ours.cluster)).toBeCloseTo(ours.frequency, 6);
    }
  });

  test(`${title(M1_PRO_MACOS_27)}: frequencies and residencies without steps, as the two steps around each`, async () => {
    const page = await seen(onlyCores(M1_PRO_CHIP, M1_PRO_MACOS_27));
    const units = [...unitsOf(M1_PRO_CHIP, M1_PRO_MACOS_27).values()];
    expect(units.map(({ name }) => name)).toEqual(['E-Cluster', 'P0-Cluster', 'P1-Cluster']);
    units.forEach((unit, core) => {
      const ours = page.cores.get(String(core))!;
      compareActive(unit, ours);
      expectWithin(unit.name, ours.frequency, unit.frequency!);
    });
    expect([...page.clusters.keys()]).toEqual(['ECPU', 'PCPU', 'PCPU1']);
  });

  test(`${title(M3_MAX)}: of the second P cluster the frequency alone, as the two steps around it`, async () => {
    const page = await seen(onlyCores(M3_MAX_CHIP, M3_MAX));
    expectWithin(
      'MHz',
      page.clusters.get('PCPU1')!,
      unitsOf(M3_MAX_CHIP, M3_MAX).get('P1-Cluster')!.frequency!,
    );
  });

  test(`${title(M1_PRO)}: our frequency is that of the cores while active, not that of a cluster that waits`, async () => {
    const page = await seen(macOfChip(M1_PRO_CHIP, M1_PRO));
    const [first, second] = [page.cores.get('0')!, page.cores.get('1')!];
    const mean =
      (first.frequency * first.active + second.frequency * second.active) / (first.active + second.active);
    expect(page.clusters.get('ECPU')).toBeCloseTo(mean, 6);
    // powermetrics prints 1618 and 1610 MHz of the cores and 1541 MHz of their cluster.
    expectWithin('ECPU', mean, { least: 1610, greatest: 1623 });
  });

  test(`${title(M2_AIR)}: nothing on the page is active for the 50.16 % of a cluster whose cores are not`, async () => {
    const page = await seen(macOfChip(M2_CHIP, M2_AIR));
    const own = unitsOf(M2_CHIP, M2_AIR).get('P-Cluster')!;
    expectWithin(
      'P-Cluster, as rebuilt',
      rebuilt(own).reduce((a, b) => a + b, 0),
      own.residency!,
    );
    const ofCluster = [...page.cores.values()].filter(({ cluster }) => cluster === 'PCPU');
    expect(ofCluster).toHaveLength(4);
    for (const { active } of ofCluster) expect(active).toBeLessThan(0.64);
    expect(page.clusters.get('PCPU')).toBeCloseTo(page.cores.get('4')!.frequency, 6);
  });

  test(`${title(M4_MINI)}: frequencies of the cores alone; of their clusters a mean, where powermetrics prints 0 MHz`, async () => {
    const page = await seen(macOfChip(M4_CHIP, M4_MINI));
    const printed = coresOf(M4_CHIP, M4_MINI);
    expect(printed).toHaveLength(10);
    for (const [core, { name, frequency }] of printed)
      expectWithin(name, page.cores.get(core)!.frequency, frequency!);
    const ofCluster = (name: string) =>
      [...page.cores.values()].filter(({ cluster }) => cluster === name).map(({ frequency }) => frequency);
    for (const [name, count] of [
      ['ECPU', 6],
      ['PCPU', 4],
    ] as const) {
      const frequencies = ofCluster(name);
      expect(frequencies).toHaveLength(count);
      const range = { least: Math.min(...frequencies), greatest: Math.max(...frequencies) };
      expectWithin(name, page.clusters.get(name)!, range);
    }
  });
});

describe('the GPU: frequency while awake and residency', () => {
  test.each([
    [title(M1_PRO_GPU), M1_PRO_GPU, M1_PRO_GPU_STEPS],
    [`${title(M3_AIR_GPU)}, whose table does not ascend`, M3_AIR_GPU, M3_AIR_GPU_STEPS],
    [`${title(M3_ULTRA_GPU)}, of the steps the first and the last`, M3_ULTRA_GPU, M3_ULTRA_GPU_STEPS],
  ] as const)('%s', async (_, excerpt, steps) => {
    const whole = steps.map(Math.round);
    const printed = readPrinted(excerpt.text, () => whole).get('GPU')!;
    const { gpu } = await seen({
      window: windowOf(excerpt),
      tables: { 'voltage-states9': [0, ...steps].map((megahertz) => Math.round(megahertz * 1e6)) },
      gpu: { percent: rebuilt(printed) },
    });
    const { residency, idle, frequency, shares } = printed;
    for (const [counted, mean, what] of [
      [gpu.active, gpu.frequency, 'counters'],
      [gpu.utilization, gpu.mean, 'gauges'],
    ] as const) {
      expectWithin(`residency, ${what}`, counted, residency!);
      if (idle) expectWithin(`idle, ${what}`, 100 - counted, idle);
      expectWithin(`MHz, ${what}`, mean, frequency!);
      compareFrequency(printed, mean, 0.5);
    }
    const [off, ...awake] = gpu.states;
    expect(off![0]).toBe('OFF');
    expect(awake.map(([state]) => state)).toEqual(steps.map((__, i) => `P${i + 1}`));
    expect(awake.map(([, , megahertz]) => Math.round(megahertz))).toEqual(whole);
    awake.forEach(([state, percent], i) => expectWithin(state, percent, wider(shares![i]!.percent, 1e-4)));
  });
});
