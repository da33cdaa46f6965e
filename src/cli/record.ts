// record: this Mac as a machine file, for a bug report or for test/machines.

import { OptionError, seconds, wholeNumber, type OptionValues } from '../config/settings';
import { checkMac } from '../exporter';
import { openChosen, playing } from './machine';
import { waits } from './monitor';
import { say, warn } from './output_file';
import { describe } from './record/describe';
import { progressOf } from './record/progress';
import { recordFrames } from './record/recorder';
import { SavedFile } from './record/save';
import { textOf, type Masking } from './record/text';
import { RECORD_WANTS } from './record/wants';

const MOST_FRAMES = 1_000;
const LONGEST_INTERVAL = 3_600;
const SHORTEST_INTERVAL = 0.1;
/** Exit code of a shell, for what Ctrl-C has ended. */
export const INTERRUPTED = 130;

export async function record(values: OptionValues): Promise<void> {
  const path = values['output'];
  if (typeof path !== 'string' || path === '')
    throw new OptionError('record needs -o FILE: the machine file that it writes');
  const frames = wholeNumber(values, 'frames', MOST_FRAMES);
  const interval = seconds(values, 'interval', LONGEST_INTERVAL, SHORTEST_INTERVAL);
  const masking = maskingOf(values);
  if (masking === 'none')
    warn('--unmask: the file will hold serial numbers and the names of users, the host and processes');
  const saved = await recordTo(new SavedFile(path), values['machine'] as string | undefined, {
    frames,
    interval,
    masking,
  });
  if (!saved) process.exitCode = INTERRUPTED;
}

export interface HowToRecord {
  readonly frames: number;
  readonly interval: number;
  readonly masking: Masking;
  /** Put into the file beside the recording. */
  readonly doctor?: unknown;
}

/** False if it was broken off before there was a frame: there is no file then. */
export async function recordTo(
  file: SavedFile,
  chosen: string | undefined,
  { frames, interval, masking, doctor }: HowToRecord,
): Promise<boolean> {
  const over = new AbortController();
  const stop = () => over.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const progress = progressOf(process.stderr, frames);
  try {
    const { native, machine } = openChosen(chosen, RECORD_WANTS);
    try {
      if (machine) say(playing(machine.name));
      await checkMac(native);
      const recorded = await recordFrames(native, {
        frames,
        wait: byTheClock(interval, over.signal),
        progress: (done) => progress.show(done),
        over: over.signal,
      });
      progress.end();
      if (!recorded) {
        file.discard();
        warn('ended before there was a frame; nothing was written');
        return false;
      }
      const { text, masked } = textOf(recorded.file, { machine, masking, doctor });
      file.save(text);
      for (const line of describe(recorded, { frames, path: file.path, bytes: text.length, masked }))
        say(line);
      return true;
    } finally {
      native.close();
    }
  } catch (error) {
    progress.end();
    file.discard();
    throw error;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  }
}

/** What a frame takes is no part of the interval. */
function byTheClock(interval: number, over: AbortSignal): (next: number) => Promise<void> {
  const now = () => performance.now() / 1000;
  let start = now();
  return async (next) => {
    if (next === 0) start = now();
    else await waits(Math.max(0, start + next * interval - now()), over);
  };
}

function maskingOf(values: OptionValues): Masking {
  if (values['unmask'] === true) return 'none';
  return values['process-names'] === true ? 'keep process names' : 'all';
}
