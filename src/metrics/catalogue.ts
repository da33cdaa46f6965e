// Every family, in the order of the page. To add a metric, add one literal to the file of its subsystem.

import { DECODED_NAMES, MADE_OF, type DecodedName } from '../decode/parts';
import { aneFamilies } from './ane';
import { appFamilies } from './app';
import { bandwidthFamilies } from './bandwidth';
import { batteryFamilies } from './battery';
import { cpuFamilies } from './cpu';
import { energyFamilies } from './energy';
import { exporterFamilies } from './exporter';
import { fanFamilies } from './fan';
import { gpuFamilies } from './gpu';
import { memoryFamilies } from './memory';
import { metalFamilies } from './metal';
import { COLLECTORS, type AnyFamily, type Collector } from './metric';
import { osFamilies } from './os';
import { DEFAULT_SENSORS, thermalFamilies } from './thermal';

const all = [
  ...gpuFamilies,
  ...metalFamilies,
  ...memoryFamilies,
  ...cpuFamilies,
  ...energyFamilies,
  ...aneFamilies,
  ...bandwidthFamilies,
  ...thermalFamilies,
  ...fanFamilies,
  ...batteryFamilies,
  ...appFamilies,
  ...osFamilies,
  ...exporterFamilies,
] as const;

export type FamilyName = (typeof all)[number]['name'];
export const families: readonly AnyFamily[] = all;

export interface Selection {
  readonly collectors: ReadonlySet<Collector>;
  /** Options that switch families on: `name`, or `name=value`. */
  readonly options: ReadonlySet<string>;
}

export const EVERYTHING_DEFAULT: Selection = {
  collectors: new Set(COLLECTORS),
  options: new Set([DEFAULT_SENSORS]),
};

/** `options`, and the defaults of those that are not among them. */
export const withDefaults = (options: readonly string[]): ReadonlySet<string> =>
  new Set([
    ...[...EVERYTHING_DEFAULT.options].filter(
      (option) => !options.some((given) => given.startsWith(option.replace(/[^=]*$/, ''))),
    ),
    ...options,
  ]);

/** The families that a selection leaves on the page. */
export const selectFamilies = ({ collectors, options }: Selection): readonly AnyFamily[] =>
  families.filter(
    (family) =>
      (family.collector === 'exporter' || collectors.has(family.collector)) &&
      (family.option === undefined || options.has(family.option)),
  );

/**
 * The parts to read for some families; what the exporter says of itself needs none of its own. `clocks` is always among
 * them: it tells that the Mac slept.
 */
export function partsFor(selected: readonly AnyFamily[]): readonly DecodedName[] {
  const needed = new Set<string>(
    selected
      .filter(({ collector }) => collector !== 'exporter')
      .flatMap(({ from, also = [] }) => [...from, ...also]),
  );
  for (const [part, parts] of Object.entries(MADE_OF))
    if (needed.has(part)) for (const each of parts) needed.add(each);
  needed.add('clocks');
  return DECODED_NAMES.filter((name) => needed.has(name));
}
