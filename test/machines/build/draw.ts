// What a machine draws at each frame, and how warm and how busy that makes it.
import type { Channel, Facts, Report, Workload } from './types';
import { at, spans, sum } from './workload';

export interface Draw {
  cpu: readonly number[]; // watts at each frame, as all of these
  gpu: readonly number[];
  rails: readonly number[];
  system: readonly number[];
  /** 0 … 1: of what the part can draw. */
  heat: { cpu: readonly number[]; gpu: readonly number[]; soc: readonly number[] };
}

const PER_JOULE: Readonly<Record<string, number>> = { mJ: 1e3, uJ: 1e6, nJ: 1e9 };
/** What the SMC's total says more than the rails: vladkens/macmon and others show 10 to 13 percent. */
const ABOVE_RAILS = 1.1;

/** A Mac under thermal pressure is hot, however little it still draws. By the level of the pressure. */
const HEAT = [0, 0.8, 0.92, 1];

/** A frame shows what was drawn in the span before it; the first one what is drawn after it. */
export function draw(facts: Facts, workload: Workload, reports: readonly Report[]): Draw {
  const totals = new Set(facts.clusters.map(({ energy }) => energy.total));
  const rails = new Set(facts.rails.map(({ name }) => name).filter((name) => !name.startsWith('GPU')));
  const cpu = watts(workload, reports, (name) => totals.has(name));
  const gpu = watts(workload, reports, (name) => name === 'GPU Energy');
  const others = watts(workload, reports, (name) => rails.has(name));
  const most = {
    cpu: sum(facts.clusters.map(({ letter, cores }) => cores * (facts.kinds[letter]?.watts ?? 0))),
    gpu: facts.gpu.watts,
  };
  const all = cpu.map((value, frame) => value + at(gpu, frame) + at(others, frame));
  const share = (values: readonly number[], of: number) =>
    values.map((value, frame) =>
      Math.min(1, Math.max(value / of, HEAT[workload.thermal?.[frame] ?? 0] ?? 1)),
    );
  return {
    cpu,
    gpu,
    rails: others,
    system: all.map((value) => value * ABOVE_RAILS + (facts.smc?.base ?? 0)),
    heat: {
      cpu: share(cpu, most.cpu),
      gpu: share(gpu, most.gpu),
      soc: share(all, (most.cpu + most.gpu) * 0.8),
    },
  };
}

function watts(workload: Workload, reports: readonly Report[], wanted: (name: string) => boolean): number[] {
  const over = spans(workload);
  const all = joules(reports, over.length, wanted);
  const drawn = (frame: number) => (at(all, frame) - at(all, frame - 1)) / at(over, frame).seconds;
  return over.map((_, frame) => (over.length === 1 ? 0 : drawn(Math.max(1, frame))));
}

/** What channels of the Energy Model have counted at each of so many frames, published or not. */
export function joules(
  reports: readonly Report[],
  frames: number,
  wanted: (name: string) => boolean,
): number[] {
  const counters = reports
    .filter(({ group }) => group === 'Energy Model')
    .flatMap(({ unit, channels }) =>
      channels
        .filter(([, name]) => wanted(name))
        .map((channel) => ({ channel, perJoule: PER_JOULE[unit[1]?.trim() ?? ''] ?? 1 })),
    );
  return Array.from({ length: frames }, (_, frame) =>
    sum(counters.map(({ channel, perJoule }) => valueAt(channel, frame) / perJoule)),
  );
}

const valueAt = ([, , ...values]: Channel, frame: number) => Number(values[frame] ?? values[0] ?? 0);
