// Every family, in the order of the page. To add a metric, add one literal to the file of its subsystem.

import { DECODED_NAMES, type DecodedName } from '../decode/parts';
import { cpuFamilies } from './cpu';
import { energyFamilies } from './energy';
import { exporterFamilies } from './exporter';
import { gpuFamilies } from './gpu';
import { memoryFamilies } from './memory';
import { metalFamilies } from './metal';
import { COLLECTORS, type AnyFamily, type Collector } from './metric';
import { osFamilies } from './os';

const all = [
  ...gpuFamilies,
  ...metalFamilies,
  ...memoryFamilies,
  ...cpuFamilies,
  ...energyFamilies,
  ...osFamilies,
  ...exporterFamilies,
] as const;

export type FamilyName = (typeof all)[number]['name'];
export const families: readonly AnyFamily[] = all;

export interface Selection {
  readonly collectors: ReadonlySet<Collector>;
  /** Names of options that switch optional families on. */
  readonly options: ReadonlySet<string>;
}

export const EVERYTHING_DEFAULT: Selection = { collectors: new Set(COLLECTORS), options: new Set() };

/** The families that a selection leaves on the page. */
export const selectFamilies = ({ collectors, options }: Selection): readonly AnyFamily[] =>
  families.filter(
    (family) =>
      (family.collector === 'exporter' || collectors.has(family.collector)) &&
      (family.option === undefined || options.has(family.option)),
  );

/** The parts to read for some families. `clocks` is always among them: it tells that the Mac slept. */
export function partsFor(selected: readonly AnyFamily[]): readonly DecodedName[] {
  const needed = new Set<string>(selected.flatMap((family) => family.from));
  const energy = needed.has('power') && selected.some((family) => family.collector === 'energy');
  return DECODED_NAMES.filter(
    (name) => name === 'clocks' || needed.has(name) || (name === 'energy' && energy),
  );
}
