// Recordings of machine files, taken at the moments of their frames.

import { recordFrames, type Recorded } from '../../src/cli/record/recorder';
import { serialize } from '../../src/cli/record/serialize';
import { RECORD_WANTS } from '../../src/cli/record/wants';
import { loadDouble } from '../../src/native/load';
import type { MachineFile } from '../../src/native/machine_file';
import type { Double } from '../../src/native/native';
import type { FaultPlan } from './exporter';

/** Seconds. */
const PATIENCE = 0.5;
const NEVER = new AbortController().signal;

/** Moves a manual clock from one frame of a file to the next. */
export function toFrame(native: Double, { clock }: MachineFile, frame: number): void {
  if (frame === 0) return;
  const ticks = clock.absolute[frame]! - clock.absolute[frame - 1]!;
  native.step((ticks * clock.timebase[0]) / clock.timebase[1] / 1e9);
}

export interface HowToRecord {
  /** A plan for the double. */
  readonly faults?: FaultPlan;
  /** Frames at other moments than those of the file, so many seconds apart. */
  readonly every?: { readonly seconds: number; readonly frames: number };
}

export async function recordingOf(text: string, { faults = {}, every }: HowToRecord = {}): Promise<Recorded> {
  const file = JSON.parse(text) as MachineFile;
  const native = loadDouble().open(RECORD_WANTS, text, { clock: 'manual' });
  try {
    native.plan(JSON.stringify(faults));
    const recorded = await recordFrames(native, {
      frames: every?.frames ?? file.clock.absolute.length,
      wait: (next) => {
        if (!every) toFrame(native, file, next);
        else if (next > 0) native.step(every.seconds);
        return Promise.resolve();
      },
      progress: () => undefined,
      over: NEVER,
      patience: PATIENCE,
    });
    if (!recorded) throw new Error('there is no frame');
    return recorded;
  } finally {
    native.releaseHangs();
    native.close();
  }
}

/** As it is read from its file. */
export const parsed = (file: MachineFile): MachineFile => JSON.parse(serialize(file)) as MachineFile;
