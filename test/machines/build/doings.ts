// What a Mac may do in a phase of a day, from the templates: see day.ts.
import type { App, Facts, Moment, Pressure, Step, Template } from './types';
import { buildFarm, compile, idle, llm, llmBrowser, runsOut, throttled, video } from './workloads';
import { resting } from './workloads/idle';
import { moments, type Shape } from './workloads/parts';
import { thrashing } from './workloads/runs-out';
import { hot } from './workloads/throttled';

/** A part of a phase. Each of its frames is one of `frames`, each of its spans one of `steps`. */
export interface Stretch {
  until: number; // share of the phase
  steps: readonly Step[];
  frames: readonly Moment[];
  pressure: Pressure;
  swapTotal?: number; // MiB
  thermal?: number;
}
export interface Doing {
  apps: readonly App[]; // a series of shares has an entry for each of `steps`
  stretches: readonly Stretch[];
}

/** The same from the beginning of the phase to its end. */
const steady =
  (template: Template) =>
  (facts: Facts): Doing => {
    const { apps, steps, frames } = template(facts);
    return { apps, stretches: [{ until: 1, steps, frames, pressure: 1 }] };
  };

/** The model is there, and nobody asks it anything. */
const loaded = (facts: Facts): Doing => {
  const { apps, frames } = llm(facts);
  const quiet = frames.map((moment): Moment => ({
    ...moment,
    utilization: [2, 1, 1],
    load: [0.7, 0.6, 0.6],
  }));
  return { apps, stretches: [{ until: 1, steps: [resting(facts)], frames: quiet, pressure: 1 }] };
};

const SHORT: Shape = {
  wired: 0.22,
  compressed: 0.36,
  internal: 0.24,
  external: 0.1,
  inUse: 0.05,
  allocated: 0.1,
  load: 0.7,
  device: [8, 9, 7, 10],
};

/** Memory becomes short, runs out in the middle half of the phase, and is there again. */
const goesRed = (facts: Facts): Doing => {
  const { apps, frames, swapTotal } = runsOut(facts);
  const short = (by: number, swap: number) => ({
    steps: [thrashing(facts, by)],
    frames: moments(facts, 'goes-red', { ...SHORT, swap: [0.9, 1, 0.95, 0.85].map((part) => swap * part) }),
    pressure: 2 as const,
    swapTotal: 2048,
  });
  return {
    apps,
    stretches: [
      { until: 0.25, ...short(0.35, 400) },
      {
        until: 0.75,
        steps: [1, 1.3, 0.8].map((by) => thrashing(facts, by)),
        frames,
        pressure: 4,
        swapTotal: [swapTotal].flat()[0] ?? 0,
      },
      { until: 1, ...short(0.1, 1500) },
    ],
  };
};

/** Thermal pressure rises to 3 and falls again under a load that stays. */
const getsHot = (facts: Facts): Doing => {
  const { apps, frames } = throttled(facts);
  const at = (until: number, thermal: number, clock: number, limited: number): Stretch => ({
    until,
    steps: [hot(facts, clock, limited)],
    frames,
    pressure: 1,
    thermal,
  });
  return {
    apps,
    stretches: [at(0.15, 1, 0.85, 0.2), at(0.4, 2, 0.55, 0.7), at(0.8, 3, 0.35, 0.96), at(1, 1, 0.7, 0.4)],
  };
};

export const DOINGS = {
  idle: steady(idle),
  compile: steady(compile),
  buildFarm: steady(buildFarm),
  llm: steady(llm),
  loaded,
  llmBrowser: steady(llmBrowser),
  video: steady(video),
  goesRed,
  throttled: getsHot,
} satisfies Readonly<Record<string, (facts: Facts) => Doing>>;
export type DoingName = keyof typeof DOINGS;
