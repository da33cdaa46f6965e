// The counters of an app, by index: those of its coalition, then its GPU time in nanoseconds.

import { USAGE, type UsageName } from '../decode/apps';

const indexOf = (name: UsageName): number => USAGE.indexOf(name);

export const ANE = indexOf('ane');
export const GPU = USAGE.length;
export const COUNTERS = GPU + 1;

/** Whose shares decide which apps have a label: CPU, GPU, ANE, disk. */
export const DECIDING = [[indexOf('cpu')], [GPU], [ANE], [indexOf('read'), indexOf('write')]] as const;

/** What a kernel may have a word for and never count: taken for there once one of them is not 0. */
export const MAY_BE_DEAD: ReadonlySet<number> = new Set([
  ANE,
  indexOf('energyCpu'),
  indexOf('energyGpu'),
  indexOf('energyAne'),
]);
