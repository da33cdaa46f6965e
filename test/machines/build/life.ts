// What comes and goes: when, under which ids, and how much of it there was up to an instant.
import type { Life, Stay, Workload } from './types';
import { at, elapsed, HZ } from './workload';

/** So many at any moment, one after the other. They need as many pids, or more. None begins when a file is opened. */
export function stream(atOnce: number, every: number, pids: number, phase = 0.5): Stay {
  const from = hundredths((phase - atOnce) * every) / 100;
  return { from, to: from + atOnce * every, every, pids };
}

export interface Lived {
  first: number; // its id
  life: Life;
}

/** Their lives, with ids as a kernel gives them: the later something begins, the higher, and above `base`. */
export function lives(stays: readonly Stay[], workload: Workload, base: number): Lived[] {
  const cycle = at(workload.at, workload.at.length - 1);
  return stays.map((stay, n) => {
    const id = (seconds: number) => stays.length * hundredths(seconds);
    return {
      first: base + id(stay.from) + n,
      life: {
        from: ticks(stay.from),
        to: ticks(stay.to),
        ...(stay.every !== undefined && { every: ticks(stay.every) }),
        step: id(stay.every ?? cycle),
        ...(stay.pids !== undefined && { pids: stay.pids }),
      },
    };
  });
}

/** How many began and how many ended up to an instant, in ticks after the first frame. */
export function counted({ from, to, every }: Life, cycle: number, now: number) {
  const upTo = (first: number) => Math.max(0, Math.floor((now - first) / (every ?? cycle)) + 1);
  return { begun: upTo(from), ended: upTo(to) };
}

/** How much of a counter that is 1 at the end of each life was counted up to an instant, by all of them. */
export function lived(life: Life, cycle: number, now: number): number {
  const { begun, ended } = counted(life, cycle, now);
  let all = ended;
  for (let k = ended; k < begun; k++)
    all += (now - life.from - k * (life.every ?? cycle)) / (life.to - life.from);
  return all;
}

/** What one of them has counted at its end, if all together never count slower than between these frames. */
export function inOneLife(life: Life, workload: Workload, counter: readonly number[]): number {
  const frames = elapsed(workload);
  const cycle = at(frames, frames.length - 1);
  const rates = counter
    .slice(1)
    .map((value, n) => (value - at(counter, n)) / (at(frames, n + 1) - at(frames, n)));
  return Math.floor(Math.min(...rates) * Math.min(life.to - life.from, life.every ?? cycle));
}

const hundredths = (seconds: number) => Math.round(seconds * 100);
const ticks = (seconds: number) => hundredths(seconds) * (HZ / 100);
