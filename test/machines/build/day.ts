// A Mac whose work changes: a machine file that is composed of phases, each of them one of the doings.
import { check } from './check';
import { allApps, type Turn } from './day-apps';
import { DOINGS, type DoingName, type Stretch } from './doings';
import { build } from './machine';
import { MACHINES } from './machines';
import type { Facts, MachineFile, Moment, Step, Workload } from './types';
import { at, noise } from './workload';
import { idle } from './workloads';

export interface Phase {
  readonly doing: DoingName;
  readonly seconds: number;
}
export interface Day {
  readonly phases: readonly Phase[];
  readonly every?: number; // seconds between two frames, more or less; left out: 30
  readonly name?: string; // days of another name vary in another way; left out: day
  /** A laptop's, on its battery, at the beginning and at the end. */
  readonly charge?: readonly [from: number, to: number];
}

/** A machine file, and its name without .json. It has been checked as those of test/machines are. */
export function machineOfDay(facts: Facts, day: Day): { name: string; file: MachineFile } {
  const workload = workloadOf(facts, day);
  const name = `${facts.model}__${facts.chip}__${facts.macos}__${workload.name}`;
  const file = build(facts, workload);
  check(name, file, facts, workload);
  return { name, file };
}

/** Of a Mac that there are machine files of, by the beginning of their names. */
export function factsOf(prefix: string): Facts {
  const all = MACHINES.map(({ facts }) => facts);
  const found = all.find(({ model, chip, macos }) => `${model}__${chip}__${macos}`.startsWith(prefix));
  if (found === undefined) throw new Error(`no machine file begins with ${prefix}`);
  return found;
}

export function workloadOf(facts: Facts, { phases, every = 30, name = 'day', charge }: Day): Workload {
  const doings = new Map(phases.map(({ doing }) => [doing, DOINGS[doing](facts)]));
  let end = 0;
  const slots = phases.flatMap(({ doing, seconds }) => {
    const from = end;
    end += seconds;
    return slotsOf(doing, doings.get(doing)?.stretches ?? [], { from, seconds, every, name });
  });
  const last = at(slots, slots.length - 1);
  const frames = [...slots, last]; // shown for an instant only
  const base = idle(facts);
  const names = [...doings.keys()].join(', ');
  const instants = [...slots.map(({ from }) => from), end].map((seconds) => Math.round(seconds * 100) / 100);
  return {
    name,
    about: `${facts.title}, macOS ${facts.macos}: a day of ${names}`,
    awake: base.awake,
    asleep: base.asleep,
    past: base.past,
    at: instants,
    steps: slots.map(({ stretch, turn }, n) => stirred(at(stretch.steps, turn.step), wave(name, n))),
    frames: smoothed(
      frames.map(({ moment }) => moment),
      instants,
    ),
    pressure: frames.map(({ stretch }) => stretch.pressure),
    swapTotal: frames.map(({ stretch }) => stretch.swapTotal ?? 0),
    wiredLimit: 0,
    thermal: frames.map(({ stretch }) => stretch.thermal ?? 0),
    apps: allApps(
      doings,
      slots.map(({ turn }) => turn),
    ),
    ...(charge && {
      supply: {
        source: 'battery' as const,
        charge: instants.map((seconds) => charge[0] + ((charge[1] - charge[0]) * seconds) / end),
      },
    }),
  };
}

/** A frame and the span after it. */
interface Slot {
  from: number; // seconds after the first frame
  stretch: Stretch;
  turn: Turn;
  moment: Moment;
}

function slotsOf(
  doing: DoingName,
  stretches: readonly Stretch[],
  { from, seconds, every, name }: { from: number; seconds: number; every: number; name: string },
): Slot[] {
  const count = Math.max(1, Math.round(seconds / every));
  return Array.from({ length: count }, (_, n) => {
    const stretch = stretches.find(({ until }) => n / count < until) ?? at(stretches, stretches.length - 1);
    const start = from + (n * seconds) / count;
    const any = (of: readonly unknown[], what: string) =>
      Math.floor(noise(name, doing, what, start.toFixed(2)) * of.length);
    const turn = { doing, step: any(stretch.steps, 'step') };
    return { from: start, stretch, turn, moment: at(stretch.frames, any(stretch.frames, 'frame')) };
  });
}

/** 0.8 to 1.05, and not far from what it was. */
function wave(name: string, n: number): number {
  const near = [0, 1, 2, 3].map((by) => noise(name, 'wave', String(n + by)));
  return 0.8 + 0.25 * (near.reduce((a, b) => a + b, 0) / near.length);
}

/** As the step, but a little more or less of it. */
const stirred = (step: Step, by: number): Step => ({
  ...step,
  cpu: Object.fromEntries(
    Object.entries(step.cpu).map(([letter, activity]) => [
      letter,
      { ...activity, busy: Math.min(0.995, activity.busy * by) },
    ]),
  ),
  gpu: { ...step.gpu, awake: Math.min(1, step.gpu.awake * by) },
  rails: Object.fromEntries(Object.entries(step.rails).map(([rail, watts]) => [rail, watts * by])),
});

/** The kernel's load averages come near what runs in 1, 5 and 15 minutes. */
function smoothed(moments: readonly Moment[], instants: readonly number[]): Moment[] {
  let load = at(moments, 0).load;
  return moments.map((moment, n) => {
    const passed = at(instants, n) - (instants[n - 1] ?? 0);
    const near = (index: 0 | 1 | 2, minutes: number) =>
      load[index] + (moment.load[0] - load[index]) * (1 - Math.exp(-passed / 60 / minutes));
    load = [near(0, 1), near(1, 5), near(2, 15)];
    return { ...moment, load };
  });
}
