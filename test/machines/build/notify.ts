// notify(3): the states that keys carry.
import type { Series, Workload } from './types';
import { at } from './workload';

export function notify({ thermal = [0], lowPower }: Workload): Record<string, Series> {
  return {
    'com.apple.system.thermalpressurelevel': thermal.every((level) => level === thermal[0])
      ? at(thermal, 0)
      : thermal,
    'com.apple.system.lowpowermode': lowPower ? 1 : 0,
  };
}
