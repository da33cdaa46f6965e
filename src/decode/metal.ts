// What Metal says of the GPU.

import type { FactMap } from '../native/native';
import { METAL_FAMILIES } from '../chips/generations';
import type { Decoder, Part } from './decoder';

const METAL = 'Metal';
const NAME = 'Metal name';
const FAMILY = 'Metal family';

export interface MetalDevice extends Part {
  /** recommendedMaxWorkingSetSize, bytes. */
  readonly recommended: number;
}

export const metalDevice: Decoder<MetalDevice> = {
  source: 'metal',
  groups: [METAL],
  expected: true,
  wants: (c) => c.group === METAL && c.name === 'recommendedMaxWorkingSetSize',
  bind(chosen) {
    const slot = chosen[0]?.at;
    if (slot === undefined) return undefined;
    return (values) => {
      const recommended = values[slot + 1]!;
      return recommended > 0 ? { recommended } : undefined;
    };
  },
};

/** `Metal 3`, `Metal 4`; empty where Metal does not tell. */
export const metalFamilyOf = (facts: FactMap): string => METAL_FAMILIES[Number(facts[FAMILY])] ?? '';

/** The GPU's name, which is the one its driver has. */
export const metalNameOf = (facts: FactMap): unknown => facts[NAME];
