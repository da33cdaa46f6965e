// Puts the layers together: from the addon, or a machine file, to pages.

import { basename } from 'node:path';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WANTS } from './decode/parts';
import { partsFor, selectFamilies, type Selection } from './metrics/catalogue';
import type { About } from './metrics/health';
import { Pages } from './metrics/page';
import type { Double, FactsReading, Native, Wants } from './native/native';
import { addonFile, loadDouble, loadMetalstat, type AddonFile } from './native/load';
import { Sampler, type SamplerOptions } from './sampler/sampler';
import { version } from './version';

/** A reason not to start, in one line. */
export class StartError extends Error {
  readonly code = 'ERR_METALSTAT_START';
}

export interface MachineFile {
  readonly name: string;
  readonly text: string;
}

/** Opens this Mac. */
export function openMac(wants: Wants = WANTS): Native {
  if (process.platform !== 'darwin' || process.arch !== 'arm64')
    throw new StartError(
      process.platform === 'darwin'
        ? 'this is not an Apple Silicon process (Node for x86-64, under Rosetta or on an Intel Mac); run it with Node for arm64'
        : 'this is not a Mac; to play a machine file add --machine any, or --machine FILE',
    );
  return loadMetalstat().open(wants);
}

/** Opens a machine file in place of a Mac. */
export function openMachine(
  { name, text }: MachineFile,
  clock: 'real' | 'manual' = 'real',
  wants: Wants = WANTS,
): Double {
  const double = loadDouble();
  try {
    return double.open(wants, text, { clock });
  } catch (error) {
    throw new StartError(
      `the machine file ${name} is not valid: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

export function readMachine(file: string): MachineFile {
  try {
    return { name: basename(file, '.json'), text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new StartError(
      `cannot read the machine file ${file}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Milliseconds to wait for a few sysctls; a kernel that does not answer is found out by the collections. */
const PATIENCE = 1_000;
const ARM64 = 'hw.optional.arm64';

/** Times under Rosetta are wrong by 125/3, and nothing of this is on an Intel Mac: refuses both. */
export async function checkMac(native: Native): Promise<void> {
  const nothing = sleep(PATIENCE, { values: {}, failures: [] }, { ref: false });
  const { values: facts, failures }: FactsReading = await Promise.race([
    native.sources.sysctl.facts(),
    nothing,
  ]);
  if (facts['sysctl.proc_translated'] === 1)
    throw new StartError(
      'this process is translated by Rosetta, whose clock differs from the hardware counters; run it with Node for arm64',
    );
  // A call that failed proves nothing.
  const known = facts['hw.model'] !== undefined && !failures.some(({ group }) => group === ARM64);
  if (known && facts[ARM64] !== 1)
    throw new StartError('this Mac has no Apple Silicon; the exporter reads nothing of an Intel Mac');
}

export type { AddonFile };

/** The file of the addon that is loaded for this Mac, or for a machine file: it was found when it was loaded. */
export const loadedFile = (machine?: MachineFile): AddonFile => addonFile(machine ? 'double' : 'metalstat')!;

export const aboutThis = (machine?: MachineFile): About => ({
  build: { version, node: process.version, platform: process.platform, arch: process.arch },
  machine: machine ? { origin: 'machine-file', name: machine.name } : { origin: 'live', name: '' },
});

export interface Assembly {
  readonly pages: Pages;
  readonly sampler: Sampler;
}

export function assemble(
  native: Native,
  selection: Selection,
  about: About,
  options: Omit<SamplerOptions, 'parts'> = {},
): Assembly {
  const families = selectFamilies(selection);
  const sampler = new Sampler(native, { ...options, parts: partsFor(families) });
  return { sampler, pages: new Pages(sampler, families, about) };
}
