// States as words and colours, and the thresholds that alerts share.

import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { KERNEL_PRESSURE, METAL_ALLOC, PRESSURE, TEMPERATURE, THERMAL } from '../thresholds';
import type { Steps } from './panel';

type Words = readonly (readonly [value: number, text: string, color: string])[];

/** Each value of a state as a word in a colour. */
export interface States {
  readonly mappings: readonly ValueMapping[];
  readonly steps: Steps;
}

function states(words: Words): States {
  const options = Object.fromEntries(
    words.map(([value, text, color], index) => [String(value), { text, color, index }]),
  );
  // In a table a cell without a value would have the colour of the first step: absence would look healthy.
  const absent = {
    match: SpecialValueMatch.NullAndNan,
    result: { text: '', color: 'transparent', index: words.length },
  };
  return {
    mappings: [
      { type: MappingType.ValueToText, options },
      { type: MappingType.SpecialValue, options: absent },
    ],
    steps: words.map(([value, , color], i) => [i === 0 ? null : value, color]),
  };
}

export const PRESSURE_STATES = states([
  [PRESSURE.green, 'green', 'green'],
  [PRESSURE.yellow, 'yellow', 'yellow'],
  [PRESSURE.red, 'red', 'red'],
]);

export const KERNEL_STATES = states([
  [KERNEL_PRESSURE.normal, 'normal', 'green'],
  [KERNEL_PRESSURE.warning, 'warning', 'yellow'],
  [KERNEL_PRESSURE.critical, 'critical', 'red'],
]);

export const THERMAL_STATES = states([
  [THERMAL.nominal, 'nominal', 'green'],
  [THERMAL.moderate, 'moderate', 'yellow'],
  [THERMAL.heavy, 'heavy', 'orange'],
  [THERMAL.trapping, 'trapping', 'red'],
  [THERMAL.sleeping, 'sleeping', 'purple'],
]);

export const SUCCESS_STATES = states([
  [0, 'failing', 'red'],
  [1, 'ok', 'green'],
]);

export const UP_STATES = states([
  [0, 'down', 'red'],
  [1, 'up', 'green'],
]);

export const YES_NO = states([
  [0, 'no', 'text'],
  [1, 'yes', 'blue'],
]);

export const METAL_STEPS: Steps = [
  [null, 'green'],
  [METAL_ALLOC.high, 'yellow'],
  [METAL_ALLOC.nearLimit, 'red'],
];

export const TEMPERATURE_STEPS: Steps = [
  [null, 'green'],
  [TEMPERATURE.warm, 'yellow'],
  [TEMPERATURE.hot, 'red'],
];
