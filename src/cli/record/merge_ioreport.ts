// The frames of IOReport's channels, and when their drivers set them.

import type { Channel, Int, Report, Residencies } from '../../native/machine_file';
import type { Frame, RecordedChannel, RecordedGroup } from './frame';
import { isConstant, filled } from './series';

type Value = Int | null | Residencies;

/** What one channel was in each frame. */
interface Told {
  readonly values: readonly Value[];
  /** 0: never, or not known. */
  readonly stamps: readonly Int[];
}

/** The moments of a frame: just before its channels were sampled, and the frame's own time. */
interface Moment {
  readonly begin: Int;
  readonly absolute: Int;
}

export function mergeIoReport(frames: readonly Frame[]): Report[] {
  const samples = frames.map(({ ioreport, clock }) => ({ groups: ioreport?.groups, clock }));
  const listing = samples.find(({ groups }) => groups)?.groups ?? [];
  return listing.flatMap((group, at) => {
    const moments = samples.map(({ groups, clock: { absolute } }) => ({
      begin: groups?.[at]?.begin ?? absolute,
      absolute,
    }));
    const rows = group.channels.map(([id, name, value], row) => {
      const told = samples.map(({ groups }) => groups?.[at]?.channels[row]);
      return channelOf(id, name, toldOf(told, value), group.format, moments);
    });
    return inRuns(rows).map(({ stamps, channels }) => reportOf(group, stamps, channels));
  });
}

function toldOf(channels: readonly (RecordedChannel | undefined)[], first: Value): Told {
  const missing = Array.isArray(first) ? (first as Residencies).map(() => null) : null;
  return {
    values: channels.map((channel) => channel?.[2] ?? (missing as Value)),
    stamps: channels.map((channel) => channel?.[3] ?? 0),
  };
}

interface Row {
  readonly channel: Channel;
  /** Undefined for a channel that is up to date whenever it is sampled. */
  readonly stamps: readonly Int[] | undefined;
}

function channelOf(
  id: string,
  name: string,
  told: Told,
  format: Report['format'],
  moments: readonly Moment[],
): Row {
  const { values, stamps } = told;
  const isUpToDate =
    stamps.every((stamp) => stamp === 0) ||
    (format === 'state' ? followsGrowth(told, moments) : isOfTheSample(told, moments));
  return {
    channel: [id, name, ...(isConstant(values) ? [values[0]!] : values)],
    stamps: isUpToDate ? undefined : ascending(stamps, moments),
  };
}

/** A driver that is asked for every sample sets its stamp during it. */
const isOfTheSample = ({ values, stamps }: Told, moments: readonly Moment[]): boolean =>
  stamps.every((stamp, i) => values[i] === null || stamp === 0 || stamp >= moments[i]!.begin);

/**
 * A state that is up to date has the stamp that the double gives it without being told: that of the sample while its
 * residency grows, else that of the frame up to which it grew.
 */
function followsGrowth({ values, stamps }: Told, moments: readonly Moment[]): boolean {
  const grew = values.slice(1).map((value, i) => hasGrown(values[i]!, value));
  return stamps.every((stamp, frame) => {
    if (grew[frame]) return stamp >= moments[frame]!.begin;
    const until = grew.lastIndexOf(true, frame - 1) + 1;
    if (frame === 0 || until === 0) return stamp === 0;
    return stamp >= moments[until]!.begin && stamp <= moments[until]!.absolute;
  });
}

const hasGrown = (before: Value, after: Value): boolean =>
  (after as readonly (Int | null)[]).some((value, i) => {
    const earlier = (before as readonly (Int | null)[])[i] ?? null;
    return value !== null && earlier !== null && value > earlier;
  });

/** One for each frame, not above its time, and never going back. */
function ascending(stamps: readonly Int[], moments: readonly Moment[]): readonly Int[] {
  let before: Int = 0;
  const known = filled(stamps.map((stamp) => (stamp === 0 ? undefined : stamp))) ?? stamps;
  return known.map((stamp, i) => {
    const { absolute } = moments[i]!;
    const clamped = stamp > absolute ? absolute : stamp;
    return (before = clamped > before ? clamped : before);
  });
}

/** Channels that follow one another and were published at the same moments. */
function inRuns(rows: readonly Row[]): readonly { stamps: Row['stamps']; channels: Channel[] }[] {
  const runs: { stamps: Row['stamps']; key: string; channels: Channel[] }[] = [];
  for (const { channel, stamps } of rows) {
    const key = stamps?.join() ?? '';
    const last = runs.at(-1);
    if (last?.key === key) last.channels.push(channel);
    else runs.push({ stamps, key, channels: [channel] });
  }
  return runs;
}

function reportOf(
  { group, subgroup, driver, unit, format, states, subscribable }: RecordedGroup,
  stamps: Row['stamps'],
  channels: readonly Channel[],
): Report {
  return {
    group,
    subgroup,
    driver,
    // As the files of test/machines have it: a code is no quantity.
    unit: [String(unit[0]), unit[1]],
    format,
    ...(states && { states }),
    ...(stamps && { stamps }),
    ...(subscribable === false && { subscribable }),
    channels,
  };
}
