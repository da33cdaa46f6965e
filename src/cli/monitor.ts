// Reads a Mac for the terminal, as often as it is asked to: what `status` and `run` have in common.

import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { aboutThis, assemble, checkMac } from '../exporter';
import { withDefaults, type Selection } from '../metrics/catalogue';
import type { Collector } from '../metrics/metric';
import type { Collection, Pages } from '../metrics/page';
import type { Sampler } from '../sampler/sampler';
import { VIEW_WINDOW } from '../sampler/sampler';
import type { WindowRule } from '../sampler/window';
import { openChosen, type Opened } from './machine';

/** Seconds for the first reading, and the most that any other takes. */
const TIMEOUT = 10;
/** Seconds over the length of a window after which it has passed for sure. */
const MARGIN = 0.1;

const ALWAYS: readonly Collector[] = ['gpu', 'metal', 'memory', 'cpu', 'energy', 'os', 'exporter'];

export class Monitor {
  private constructor(
    private readonly opened: Opened,
    private readonly pages: Pages,
    private readonly sampler: Sampler,
    private readonly window: WindowRule,
  ) {}

  /** `length`: seconds that means are over, at least. */
  static async open(
    chosen: string | undefined,
    { length = VIEW_WINDOW.min, also = [] }: { length?: number; also?: readonly Collector[] } = {},
  ): Promise<Monitor> {
    const opened = openChosen(chosen);
    try {
      const selection: Selection = {
        collectors: new Set([...ALWAYS, ...also]),
        options: withDefaults([]),
      };
      const { pages, sampler } = assemble(opened.native, selection, aboutThis(opened.machine));
      await checkMac(opened.native);
      await Promise.race([sampler.discover(), sleep(TIMEOUT * 1000, undefined, { ref: false })]);
      const window = { min: length, max: Math.max(VIEW_WINDOW.max, 2 * length) };
      return new Monitor(opened, pages, sampler, window);
    } catch (error) {
      opened.native.close();
      throw error;
    }
  }

  /** The machine file that is played. */
  get machine(): string | undefined {
    return this.opened.machine?.name;
  }

  /** Of the Mac that is read: what host a machine file is of is not known. */
  get hostname(): string | undefined {
    return this.opened.machine ? undefined : hostname();
  }

  /** Seconds after which means are there. */
  get firstAfter(): number {
    return this.window.min + MARGIN;
  }

  /** Never rejects. */
  collect(timeout = TIMEOUT): Promise<Collection> {
    return this.pages.collect(Math.min(timeout, TIMEOUT), this.window);
  }

  close(): void {
    this.sampler.close();
  }
}

/** Waits until `signal` or for so many seconds; answers whether all of them have passed. */
export const waits = (seconds: number, signal: AbortSignal): Promise<boolean> =>
  sleep(seconds * 1000, true, { signal }).catch(() => false);

/** Calls `tick` every so many seconds, by the clock, until `signal`. A tick that takes longer costs those it runs into. */
export async function every(seconds: number, signal: AbortSignal, tick: () => Promise<void>): Promise<void> {
  const now = () => performance.now() / 1000;
  for (let next = now(); !signal.aborted;) {
    await tick();
    next = Math.max(next + seconds, now());
    if (!(await waits(next - now(), signal))) return;
  }
}
