// All checks, in the order of the list in the README.

import { coalitions } from './apps';
import { coreMap, energyOfLoad, gpuLoad, sleep } from './by_hand';
import type { Check } from './check';
import { cost } from './cost';
import { metal, sensors, smc } from './devices';
import { statistics, ticks } from './host';
import { absentGroup, delivered, deltas, getters, reopened, stable } from './ioreport';
import { isNative, symbols, timebase } from './process';
import { ages, frequencies, origin, undisturbed, wholeSeconds } from './series';

export const CHECKS: readonly Check[] = [
  isNative,
  timebase,
  symbols,
  absentGroup,
  delivered,
  stable,
  getters,
  deltas,
  ages,
  undisturbed,
  reopened,
  wholeSeconds,
  origin,
  energyOfLoad,
  sleep,
  frequencies,
  coreMap,
  statistics,
  ticks,
  smc,
  sensors,
  metal,
  gpuLoad,
  coalitions,
  cost,
];
