// Takes the frames of a recording, one after the other, until there are enough or somebody has seen enough.

import type { MachineFile } from '../../native/machine_file';
import type { Failure, Native } from '../../native/native';
import { Camera, PATIENCE, type Frame } from './frame';
import { mergeFrames } from './merge';

export interface RecordOptions {
  readonly frames: number;
  /** Ahead of each frame, by its number from 0. Ends early once `over` is aborted. */
  wait(next: number): Promise<void>;
  /** Recorded frames; 0 while all there is to read is being listed, which takes seconds on a Mac. */
  progress(frames: number): void;
  readonly over: AbortSignal;
  /** Seconds for each source in each frame. */
  readonly patience?: number;
}

export interface Recorded {
  readonly file: MachineFile;
  /** Each once, whichever frame it was in. */
  readonly failures: readonly Failure[];
  /** Channels that could not be recorded: histograms and arrays of IOReport. */
  readonly other: number;
}

/** Undefined if it was over before there was a frame. */
export async function recordFrames(native: Native, options: RecordOptions): Promise<Recorded | undefined> {
  const camera = new Camera(native, options.patience ?? PATIENCE);
  options.progress(0);
  // Whatever is slow only once must not lie between a frame's time and its values.
  await camera.take(options.over);
  const isOver = () => options.over.aborted;
  const frames: Frame[] = [];
  for (let next = 0; next < options.frames && !isOver(); next++) {
    await options.wait(next);
    const frame = await camera.take(options.over);
    // One that was broken off is not whole.
    if (isOver()) break;
    if (frame && isLater(frame, frames.at(-1))) frames.push(frame);
    options.progress(frames.length);
  }
  if (frames.length === 0) return undefined;
  return {
    file: mergeFrames(frames),
    failures: distinct(frames.flatMap(({ failures }) => failures)),
    other: frames.find(({ ioreport }) => ioreport)?.ioreport?.other ?? 0,
  };
}

const isLater = (frame: Frame, before: Frame | undefined): boolean =>
  before === undefined || frame.clock.absolute > before.clock.absolute;

const distinct = (failures: readonly Failure[]): readonly Failure[] => [
  ...new Map(
    failures.map((failure) => [`${failure.group} ${failure.call} ${failure.code}`, failure]),
  ).values(),
];
