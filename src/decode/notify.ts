// States that other parts of macOS post: thermal pressure, low power mode.

import { isVirtual } from './os';
import type { Decoder, Part } from './decoder';

const NOTIFY = 'notify';
const THERMAL_PRESSURE = 'com.apple.system.thermalpressurelevel';
const LOW_POWER_MODE = 'com.apple.system.lowpowermode';

export const NOTIFY_KEYS: readonly string[] = [THERMAL_PRESSURE, LOW_POWER_MODE];

export interface State extends Part {
  readonly state: number;
}

/**
 * 0 nominal, 1 moderate, 2 heavy, 3 trapping, 4 sleeping. A virtual machine has no such thing: nobody posts it there, and
 * a key that nobody posts reads 0.
 */
export const thermalPressure: Decoder<State> = {
  source: 'notify',
  groups: [NOTIFY],
  expected: true,
  choosesByFacts: true,
  wants: (c, facts) => c.group === NOTIFY && c.name === THERMAL_PRESSURE && !isVirtual(facts),
  bind: (chosen) => oneOf(chosen[0]?.at, 4),
};

/** 0 off, 1 on. */
export const lowPowerMode: Decoder<State> = {
  source: 'notify',
  groups: [NOTIFY],
  expected: true,
  wants: (c) => c.group === NOTIFY && c.name === LOW_POWER_MODE,
  bind: (chosen) => oneOf(chosen[0]?.at, 1),
};

/** A state from 0 to `highest`; any other value means something that nobody has described. */
function oneOf(slot: number | undefined, highest: number) {
  if (slot === undefined) return undefined;
  return (values: Float64Array) => {
    const state = values[slot + 1]!;
    return Number.isInteger(state) && state >= 0 && state <= highest ? { state } : undefined;
  };
}
