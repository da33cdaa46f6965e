// Coalitions and the processes in them.

import { IDENTITY_TEXTS } from '../../decode/os';
import type { Coalitions, Libproc } from '../../native/machine_file';
import { judged, notChecked, type Check } from './check';
import { sum } from './words';

/** Bytes of coalition_resource_usage from a version of macOS on. */
const SIZES: readonly (readonly [version: number, bytes: number])[] = [
  [26, 360],
  [15, 352],
  [14.04, 304],
  [13, 296],
];
const CPU_TIME = 3;
const LAUNCHD = 1;

export const coalitions: Check = {
  number: 24,
  assumed: 'what coalitions use can be read without root, and holds what their processes use',
  expected:
    '360 bytes on macOS 26, 352 on 15, 304 on 14.4, 296 before; CPU time not below that of the processes; p_uniqueid of pid 1 told',
  async run(mac) {
    const version = (await mac.facts())[IDENTITY_TEXTS.version];
    // In this order: what is read later has used more.
    const processes = (await mac.record<Libproc>('libproc'))?.processes;
    const found = await mac.record<Coalitions>('coalition');
    if (!found || !processes) return notChecked('coalitions or processes cannot be read');
    const expected = sizeOn(String(version));
    const used = new Map<number, number>();
    for (const { coalition, usage } of processes)
      if (usage)
        used.set(coalition, (used.get(coalition) ?? 0) + sum([Number(usage.user), Number(usage.system)]));
    const readable = found.coalitions.filter(({ words }) => words !== undefined);
    const below = readable.filter(({ id, words }) => Number(words?.[CPU_TIME] ?? 0) < (used.get(id) ?? 0));
    const launchd = processes.find(({ pid }) => pid === LAUNCHD);
    const isTold = launchd !== undefined && launchd.unique > 0;
    return judged(
      (expected === undefined || found.bytes >= expected) && below.length === 0 && isTold,
      `${found.bytes} bytes on macOS ${String(version)}, ${readable.length} coalitions read and ${found.coalitions.length - readable.length} not, ${below.length} of them below their processes, p_uniqueid of pid 1 ${launchd?.unique ?? 'not told'}`,
    );
  },
};

/** 14.4 is 14.04 here: 14.10 comes after it. */
function sizeOn(version: string): number | undefined {
  const [major = NaN, minor = 0] = version.split('.').map(Number);
  return SIZES.find(([from]) => major + minor / 100 >= from)?.[1];
}
