// Group "Energy Model": millijoules of everything, counted up from the residencies.
import { isActive, kindOf, type Core, type Cpu } from './cpu';
import type { GpuTrace } from './gpu';
import type { Channel, Facts, Publication, Report, Workload } from './types';
import { at, grow, HZ, spans, stepWatts, sum, vary } from './workload';

const SRAM_OF_CORE = 0.12;
const SRAM_OF_MANAGER = 0.1;
const GPU_OF_ENERGY = 0.963;
const SRAM_OF_ENERGY = 0.033;
const CODES = { mJ: '216173314689728512', uJ: '216173301804826624', nJ: '216173288919924736' } as const;

type Counter = readonly number[]; // by frame
type Named = readonly [name: string, counter: Counter];

export function energyReports(facts: Facts, workload: Workload, cpu: Cpu, gpu: GpuTrace): Report[] {
  const { publish } = facts;
  const processor = processorChannels(facts, workload, cpu);
  const rails = (unit: 'mJ' | 'uJ') => railChannels(facts, workload, unit);
  const report = (unit: keyof typeof CODES, channels: readonly Channel[], when?: Publication): Report => ({
    group: 'Energy Model',
    subgroup: '',
    driver: unit === 'nJ' ? facts.gpu.driver : facts.pmgr.driver,
    unit: [CODES[unit], facts.labels[unit]],
    format: 'simple',
    ...(when === undefined ? {} : { publish: when }),
    channels,
  });
  const row = ([name, counter]: Named): Channel =>
    workload.unpopulated?.includes(name) ? ['', name, null] : ['', name, ...counter];

  const millijoules = [...gpuRails(facts, gpu), ...rails('mJ')];
  const nano: Channel = [
    '',
    'GPU Energy',
    ...gpu.joules.map((joules) => BigInt(Math.floor(joules * 1e8)) * 10n),
  ];
  return [
    ...(publish
      ? [report('mJ', processor.map(row), publish.cpu), report('mJ', millijoules.map(row), publish.rest)]
      : [report('mJ', [...processor, ...millijoules].map(row))]),
    report('uJ', rails('uJ').map(row), publish?.rest),
    report('nJ', [nano]),
    ...pmpCounters(facts, new Map([...processor, ...millijoules])),
  ];
}

/** Cores, managers, SRAM, clusters, total and then the detail of each state, one total after the other. */
function processorChannels(facts: Facts, workload: Workload, { cores, complexes }: Cpu): Named[] {
  const over = spans(workload);
  const parts = facts.clusters.map((cluster) => {
    const own = cores.filter((core) => core.cluster === cluster).map((core) => coreEnergy(facts, core));
    const complex = complexes.find((candidate) => candidate.cluster === cluster);
    const { idle, busy } = kindOf(facts, cluster.letter).manager;
    const watts = grow(over, ({ index }) => idle + busy * (complex?.active[index] ?? 0));
    const { energy } = cluster;
    const core = own.map(({ counter }, n): Named => [energy.core(n), counter]);
    const manager: Named = [energy.manager, watts.map((joules) => Math.floor(joules * 1000))];
    const sram = energy.sram
      ? own.map(({ counter }, n): Named => [energy.sram?.(n) ?? '', scale(counter, SRAM_OF_CORE)])
      : [];
    const managerSram: Named[] = energy.managerSram
      ? [[energy.managerSram, scale(manager[1], SRAM_OF_MANAGER)]]
      : [];
    const held = [...core, ...sram, ...(facts.totalsHoldManagers ? [manager, ...managerSram] : [])];
    const total: Named = [energy.cluster, add(held.map(([, counter]) => counter))];
    const detail = own.flatMap(({ steps }, n) =>
      steps.map((counter, step): Named => [energy.detail(n, step.toString(16)), counter]),
    );
    const outside = facts.totalsHoldManagers ? [] : [manager, ...managerSram];
    return { cluster, core, manager, sram, managerSram, total, detail, outside };
  });
  const totals = [...new Set(parts.map(({ cluster }) => cluster.energy.total))];
  const heads = totals.flatMap((name) => {
    const mine = parts.filter(({ cluster }) => cluster.energy.total === name);
    const energy: Named = [
      name,
      add(mine.flatMap(({ total, outside }) => [total, ...outside]).map(([, counter]) => counter)),
    ];
    return [
      ...mine.flatMap(({ core }) => core),
      ...mine.map(({ manager }) => manager),
      ...mine.flatMap(({ sram }) => sram),
      ...mine.flatMap(({ managerSram }) => managerSram),
      ...mine.map(({ total }) => total),
      energy,
    ];
  });
  return [...heads, ...parts.flatMap(({ detail }) => detail)];
}

/** What each state cost a core, and the core's own counter: their sum. */
function coreEnergy(facts: Facts, { cluster, n, states, residency }: Core) {
  const { table, watts } = kindOf(facts, cluster.letter);
  const byStep = stepWatts(watts * vary(0.06, facts.chip, cluster.complex, String(n)), table.raw, table);
  const first = states.findIndex(isActive);
  const steps = byStep.map((power, i) =>
    residency.map((frame) => Math.floor((at(frame, first + i) / HZ) * power * 1000)),
  );
  return { steps, counter: add(steps) };
}

function gpuRails(facts: Facts, { joules }: GpuTrace): Named[] {
  const part = (of: number) => joules.map((value) => Math.floor(value * of * 1000));
  const { rail, sram } = facts.gpu;
  return [[rail, part(GPU_OF_ENERGY)], ...(sram ? [[sram, part(SRAM_OF_ENERGY)] as const] : [])];
}

function railChannels(facts: Facts, workload: Workload, unit: 'mJ' | 'uJ'): Named[] {
  const over = spans(workload);
  const perJoule = unit === 'mJ' ? 1e3 : 1e6;
  return facts.rails
    .filter((rail) => rail.unit === unit)
    .map(({ name, source, share }) => {
      const watts = grow(
        over,
        ({ step, index }) => (step.rails[source] ?? 0) * share * vary(0.04, name, String(index)),
      );
      return [name, watts.map((joules) => Math.floor(joules * perJoule))];
    });
}

/** The second place where the base M1 counts the same energy. */
function pmpCounters(facts: Facts, counted: ReadonlyMap<string, Counter>): Report[] {
  const { counters } = facts;
  if (counters === undefined) return [];
  return [
    {
      group: 'PMP',
      subgroup: 'Energy Counters',
      driver: counters.driver,
      unit: [CODES.mJ, counters.label],
      format: 'simple',
      channels: Object.entries(counters.of).map(([name, of]) => ['', name, ...(counted.get(of) ?? [])]),
    },
  ];
}

const scale = (counter: Counter, by: number) => counter.map((value) => Math.floor(value * by));
const add = (counters: readonly Counter[]): number[] =>
  at(counters, 0).map((_, frame) => sum(counters.map((counter) => at(counter, frame))));
