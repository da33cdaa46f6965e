// What a recording has become, in a few lines.

import { counted } from '../doctor/text';
import type { Recorded } from './recorder';

export interface Written {
  /** That were asked for. */
  readonly frames: number;
  readonly path: string;
  readonly bytes: number;
  readonly masked: number;
}

export function describe(
  { file, failures, other }: Recorded,
  { frames, path, bytes, masked }: Written,
): readonly string[] {
  const { timebase, absolute } = file.clock;
  const elapsed = absolute.at(-1)! - absolute[0]!;
  const length = ((elapsed * timebase[0]) / timebase[1] / 1e9).toFixed(1);
  const channels = file.ioreport.reduce((sum, group) => sum + group.channels.length, 0);
  const taken =
    absolute.length === frames ? counted(frames, 'frame') : `${absolute.length} of ${frames} frames`;
  return [
    `Wrote ${path}: ${taken} in ${length} s, ${(bytes / 1e6).toFixed(1)} MB. Play it with --machine ${path}`,
    `It has ${counted(channels, 'IOReport channel')}, ${counted(file.smc?.keys.length ?? 0, 'SMC key')}, ` +
      `${counted(file.hid?.length ?? 0, 'HID sensor')} and ${file.libproc?.processes.length ?? 0} processes.`,
    ...(masked > 0
      ? [
          `Masked: ${counted(masked, 'word')}, in names, serial numbers and UUIDs. Look through it before you publish it.`,
        ]
      : []),
    ...(other > 0
      ? [`Left out: ${counted(other, 'channel')} of IOReport whose format a machine file does not hold.`]
      : []),
    ...failures.map(
      ({ call, code, remedy }) => `Not recorded: ${call}${code === 0 ? '' : `, code ${code}`}; ${remedy}`,
    ),
  ];
}
