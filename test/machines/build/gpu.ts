// Group "GPU Stats": the GPU's states, and the energy they cost.
import { TICKS } from './cpu';
import type { Facts, Report, Workload } from './types';
import { at, grow, reside, spans, spread, stepWatts, sum, type Span } from './workload';

const P_STATES = Array.from({ length: 15 }, (_, i) => `P${i + 1}`); // always 15, however many steps there are

export interface GpuTrace {
  joules: readonly number[];
  awake: readonly number[]; // seconds
}

export function gpu(facts: Facts, workload: Workload): GpuTrace {
  const { table, watts } = facts.gpu;
  const byStep = stepWatts(watts, table.raw, table);
  const over = spans(workload);
  return {
    joules: grow(over, (span) => {
      const shares = performance(facts, workload, span);
      return span.step.gpu.activity * sum(byStep.map((step, i) => (i === 0 ? 0 : step * at(shares, i))));
    }),
    awake: grow(over, (span) => span.step.gpu.awake),
  };
}

/** Shares of OFF, P1 … P15: P<i> is entry i of the table, the states beyond it are never entered. */
function performance(facts: Facts, workload: Workload, span: Span): number[] {
  const { index, step } = span;
  const steps = facts.gpu.table.raw.length - 1;
  const active = spread(span, steps, step.gpu.clock, `${workload.name}/GPUPH/${index}`);
  return [1 - step.gpu.awake, ...P_STATES.map((_, i) => step.gpu.awake * (active[i] ?? 0))];
}

export function gpuReports(facts: Facts, workload: Workload): Report[] {
  const over = spans(workload);
  const states = (
    subgroup: string,
    name: string,
    list: readonly string[],
    shares: (span: Span) => number[],
  ): Report => ({
    group: 'GPU Stats',
    subgroup,
    driver: facts.gpu.driver,
    unit: TICKS,
    format: 'state',
    states: list,
    channels: [['', name, ...reside(over, shares)]],
  });
  const limited = ({ step }: Span) => step.gpu.limited ?? 0;
  const top = facts.gpu.table.raw.length - 2; // index of the last real step in P_STATES
  const oneHot = (length: number, index: number, share: number) =>
    Array.from({ length }, (_, i) => (i === index ? share : 0));

  const reports = [
    states('GPU Performance States', 'GPUPH', ['OFF', ...P_STATES], (span) =>
      performance(facts, workload, span),
    ),
    states(
      'GPU Software Performance States',
      'GPU_SW',
      ['SW_OFF', ...P_STATES.map((p) => `SW_${p}`)],
      (span) => performance(facts, workload, span),
    ),
    states('GPU Boost Controller Performance States', 'BSTGPUPH', ['OFF', ...P_STATES], ({ step }) => [
      1 - step.gpu.awake * step.gpu.clock,
      ...oneHot(15, top, step.gpu.awake * step.gpu.clock),
    ]),
    states('CLTM-induced GPU Performance States', 'GPU_CLTM', ['OFF', ...P_STATES, 'NO_CLTM'], (span) => [
      0,
      ...P_STATES.map((_, i) => limited(span) * (i === top - 1 ? 0.8 : i === top - 2 ? 0.2 : 0)),
      1 - limited(span),
    ]),
    states('GPU Power Controller States', 'PWRCTRL', ['IDLE_OFF', 'DEADLINE', 'SE'], ({ step }) => {
      const { awake, activity } = step.gpu;
      return [1 - awake, awake * (1 - activity), awake * activity];
    }),
    states('PPM Target as % of Max GPU Power', 'GPU_PPM', ['25%', '50%', '75%', '100%'], (span) => [
      0,
      limited(span) * 0.1,
      limited(span) * 0.5,
      1 - limited(span) * 0.6,
    ]),
  ];
  const { throttlers } = facts.gpu;
  if (throttlers === undefined) return reports;
  return [
    ...reports,
    {
      group: 'GPU Stats',
      subgroup: 'GPU Throttler Counters',
      driver: facts.gpu.driver,
      unit: ['7205759403792793600', 'events'],
      format: 'simple',
      channels: throttlers.map((name, i) => [
        '',
        name,
        ...grow(over, (span) => (limited(span) * 40) / (i + 1)).map(Math.floor),
      ]),
    },
  ];
}
