// Which channels of the group "Energy Model" are power rails. The rails are disjoint: no channel of one is contained in
// another. Left out on purpose: the PCIe counters (ports and controllers may overlap) and `GPU CS` (nobody knows whether
// GPU Energy contains it).

import { splitDie } from './channels';

export interface RailName {
  readonly rail: string;
  /** Die number; empty where one channel serves the whole chip. */
  readonly die: string;
}

/** Channel name without die prefix and number -> rail. */
const RAILS: Readonly<Record<string, string>> = {
  ANE: 'ane',
  DRAM: 'dram',
  ISP: 'isp',
  AVE: 'media',
  MSR: 'media',
  VDEC: 'media',
  DISP: 'display',
  DISPEXT: 'display',
  AMCC: 'amcc',
  DCS: 'dcs',
  AFR: 'afr',
  FAB: 'fab',
  SOC_AON: 'soc_aon',
  SOC_REST: 'soc_rest',
};

/** `ANE`, `ANE0` (one die), `ANE0_1` (instance 0 on die 1). */
const NUMBERED = /^([A-Z]+(?:_[A-Z]+)?)\d*(?:_(\d+))?$/;

/**
 * The rail of a channel. The CPU is exactly `CPU Energy` (on Ultra chips one a die, and no total): a search for "CPU"
 * would add clusters, cores and per-state channels to it. The GPU is `GPU Energy`.
 */
export function railOf(name: string): RailName | undefined {
  const { die, rest } = splitDie(name);
  if (rest === 'CPU Energy') return { rail: 'cpu', die };
  if (rest === 'GPU Energy') return { rail: 'gpu', die };
  return numbered(name, (base) => RAILS[base]);
}

/** The GPU's rail on chips without `GPU Energy`. Never both: GPU0 is 96 % of GPU Energy. */
export const gpuFallbackRailOf = (name: string): RailName | undefined =>
  numbered(name, (base) => (base === 'GPU' ? 'gpu' : undefined));

export interface RailPart extends RailName {
  readonly part: string;
}

/**
 * Parts of a rail: CPU clusters (`EACC_CPU`, `PCPU`, `MCPU0`) and the GPU's SRAM. `ECPU0` is a core on an M1 and `MCPU0`
 * a cluster on an M5: such a name is a part only if it is also the name of a cluster channel of "CPU Stats".
 */
export function railPartOf(name: string, clusters: ReadonlySet<string>): RailPart | undefined {
  const { die, rest } = splitDie(name);
  if (/^[A-Z]ACC\d*_CPU$/.test(rest) || clusters.has(name)) return { rail: 'cpu', part: rest, die };
  const sram = /^GPU SRAM0*(\d*)(?:_(\d+))?$/.exec(name);
  return sram ? { rail: 'gpu', part: `sram${sram[1]!}`, die: sram[2] ?? '' } : undefined;
}

function numbered(name: string, rail: (base: string) => string | undefined): RailName | undefined {
  const match = NUMBERED.exec(name);
  if (!match) return undefined;
  const found = rail(match[1]!);
  return found === undefined ? undefined : { rail: found, die: match[2] ?? '' };
}
