// Memory traffic: AMC Stats counts bytes, DCS BW says how long an agent moved how many GB/s.
import { TICKS } from './cpu';
import type { Agent, Channel, Facts, Report, Step, Traffic, TrafficPart, Workload } from './types';
import { at, grow, reside, spans, sum, vary, type Span } from './workload';

const BYTES = ['648661282852962304', 'B'] as const;
const BINS = 32; // of an agent: 1 … 32 GB/s
/** Requests before the system cache, against those that reach the memory. */
const CACHED = 1.6;

const PARTS: readonly TrafficPart[] = ['cpu', 'gpu', 'ane', 'media', 'display', 'io'];

const agent = (part: TrafficPart, share: number, reads: number, ...names: readonly string[]): Agent[] =>
  names.map((name) => ({ name, part, share: share / names.length, reads }));

/** The units of AMC Stats, as an M1 Pro and an M1 Max list them: NeoAsitop #2, kennss/SiliconScope. */
export const amcAgents = (cpus: readonly string[] = ['ECPU', 'PCPU0', 'PCPU1']): Agent[] => [
  ...cpus.map((name, n): Agent => ({ name, part: 'cpu', share: weight(n, cpus.length), reads: 0.68 })),
  ...agent('gpu', 1, 0.72, 'GFX'),
  ...agent('media', 0.2, 0.9, 'ISP'),
  ...agent('media', 0.6, 0.55, 'VENC', 'VDEC'),
  ...agent('media', 0.2, 0.5, 'PRORES', 'JPG', 'MSR'),
  ...agent('display', 1, 0.97, 'DISP'),
  ...agent('io', 0.8, 0.5, 'ANS'),
  ...agent('io', 0.2, 0.4, 'ATC0', 'PCIE LN'),
];

/** The requestors of DCS BW: kennss/SiliconScope. `cpus` are the clusters, the slowest first. */
export const dcsAgents = (cpus: readonly string[], others: readonly string[] = []): Agent[] => [
  ...cpus.map((name, n): Agent => ({ name, part: 'cpu', share: weight(n, cpus.length), reads: 0.68 })),
  ...agent('gpu', 1, 0.72, 'AGX'),
  ...agent('ane', 1, 0.8, ...others.filter((name) => name.startsWith('ANE'))),
  ...agent('media', 1, 0.6, ...others.filter((name) => /^(AVE|AVD|ISP|JPEG|PRORES|SCODEC|MSR)/.test(name))),
  ...agent('display', 1, 0.97, ...others.filter((name) => name.startsWith('DISP'))),
  ...agent('io', 1, 0.5, ...others.filter((name) => /^(ANS|ATC)/.test(name))),
];

/** The first cluster (of the slow cores) moves the least. */
const weight = (n: number, of: number) => (of === 1 ? 1 : n === 0 ? 0.2 : 0.8 / (of - 1));

export function bandwidthReports(facts: Facts, workload: Workload): Report[] {
  return [...amcReports(facts, workload), ...dcsReports(facts, workload)];
}

function amcReports(facts: Facts, workload: Workload): Report[] {
  const amc = facts.bandwidth?.amc;
  if (amc === undefined) return [];
  const over = spans(workload);
  const counted = amc.agents.map((one) => {
    const bytes = (share: number) =>
      grow(over, (span) => rate(facts, span, one) * share * 1e9).map((value) => BigInt(Math.floor(value)));
    return { name: one.name, read: bytes(one.reads), written: bytes(1 - one.reads) };
  });
  // An M3 Ultra passes 2^53 bytes in weeks.
  const add = (counters: readonly (readonly bigint[])[]) =>
    over.map((_, frame) => counters.reduce((all, counter) => all + at(counter, frame), 0n));
  const read = add(counted.map((one) => one.read));
  const written = add(counted.map((one) => one.written));
  const cached = (counter: readonly bigint[]) =>
    counter.map((value) => BigInt(Math.floor(Number(value) * CACHED)));
  const rows: Channel[] = [
    ...counted.flatMap((one): Channel[] => [
      ['', `${one.name} DCS RD`, ...one.read],
      ['', `${one.name} DCS WR`, ...one.written],
      ['', `${one.name} RD`, ...cached(one.read)],
      ['', `${one.name} WR`, ...cached(one.written)],
    ]),
    ['', 'DCS RD', ...read],
    ['', 'DCS WR', ...written],
    ['', 'DCS', ...add([read, written])],
  ];
  return [
    {
      group: 'AMC Stats',
      subgroup: 'Perf Counters',
      driver: amc.driver,
      unit: BYTES,
      format: 'simple',
      ...(amc.dead === 'no subscription' ? { subscribable: false as const } : {}),
      channels: amc.dead ? rows.map(([id, name]): Channel => [id, name, null]) : rows,
    },
  ];
}

function dcsReports(facts: Facts, workload: Workload): Report[] {
  const dcs = facts.bandwidth?.dcs;
  if (dcs === undefined) return [];
  const report = (subgroup: string, step: number, bins: number, channels: readonly Channel[]): Report => ({
    group: dcs.group,
    subgroup,
    driver: dcs.driver,
    unit: TICKS,
    format: 'state',
    states: Array.from({ length: bins }, (_, bin) => `${String((bin + 1) * step).padStart(4)}GB/s`),
    channels,
  });
  const requestors = (agents: readonly Agent[], cached = 1) =>
    agents.flatMap((one): Channel[] =>
      (['RD', 'WR', 'RD+WR'] as const).map((way) => {
        const share = way === 'RD' ? one.reads : way === 'WR' ? 1 - one.reads : 1;
        const gigabytes = (span: Span) => rate(facts, span, one) * share * cached;
        return ['', `${one.name} ${way}`, ...histogram(workload, `${one.name} ${way}`, 1, BINS, gigabytes)];
      }),
    );
  const { agents, fabric, controller } = dcs;
  const all = ({ step }: Span) => sum(Object.values(traffic(facts, step)));
  return [
    ...(agents.length > 0 ? [report('DCS BW', 1, BINS, requestors(agents))] : []),
    ...(controller
      ? [
          report('DCS BW', controller.step, controller.bins, [
            ['', 'AMCC RD+WR', ...histogram(workload, 'AMCC RD+WR', controller.step, controller.bins, all)],
          ]),
        ]
      : []),
    ...(fabric ? [report('AF BW', 1, BINS, requestors(fabric, CACHED))] : []),
  ];
}

/**
 * Residencies whose mean is `gigabytes`, as far as the bins go: at rest in the lowest one, which is also where no
 * traffic is counted, and above the highest in that one.
 */
function histogram(
  workload: Workload,
  name: string,
  step: number,
  bins: number,
  gigabytes: (span: Span) => number,
): number[][] {
  return reside(spans(workload), (span) => {
    const wanted = Math.min(bins, Math.max(1, gigabytes(span) / step));
    const centre = Math.min(bins, wanted * 1.25 + 1);
    const weights = Array.from({ length: bins }, (_, bin) => {
      const near = Math.exp(-(((bin + 1 - centre) / 1.2) ** 2) / 2);
      return near < 0.05 ? 0 : near * vary(0.3, workload.name, name, String(span.index), String(bin));
    });
    const all = sum(weights);
    const mean = sum(weights.map((weight, bin) => weight * (bin + 1))) / all;
    const moving = mean <= 1 ? 0 : Math.min(1, (wanted - 1) / (mean - 1));
    return weights.map((weight, bin) => (weight / all) * moving + (bin === 0 ? 1 - moving : 0));
  });
}

/** GB/s of an agent; two agents of one kind never move exactly the same. */
const rate = (facts: Facts, { step, index }: Span, { name, part, share }: Agent) =>
  traffic(facts, step)[part] * share * vary(0.05, name, String(index));

/** What the parts move, if a step does not say so: by how busy they are and how fast the memory is. */
export function traffic(facts: Facts, step: Step): Traffic {
  if (step.traffic) return step.traffic;
  const peak = facts.bandwidth?.peak ?? 0;
  const cores = sum(facts.clusters.map((cluster) => cluster.cores));
  const busy = sum(
    facts.clusters.map(({ letter, cores: of }) => {
      const given = step.cpu[letter];
      const tier = facts.kinds[letter]?.tier === 0 ? 1 : 0.4;
      return ((given?.busy ?? 0) * (given?.clock ?? 0) * tier * of) / cores;
    }),
  );
  const { awake, activity } = step.gpu;
  const watts = (name: string) => step.rails[name] ?? 0;
  const wanted: Traffic = {
    cpu: 0.05 + busy * peak * 0.4,
    gpu: awake * activity * peak * 0.85,
    ane: watts('ane') * 6,
    media: (watts('ave') + watts('msr') + watts('vdec') + watts('isp')) * 4,
    display: watts('disp') > 0 ? 0.9 : 0,
    io: 0.02 + watts('pcie') * 1.5,
  };
  const scale = Math.min(1, (0.9 * peak) / Math.max(1e-9, sum(Object.values(wanted))));
  return Object.fromEntries(PARTS.map((part) => [part, wanted[part] * scale])) as Record<TrafficPart, number>;
}
