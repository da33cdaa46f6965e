// Finds the addon by its exact name. `double` is loaded only for a machine file: never in place of the Mac.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DoubleAddon, MetalstatAddon } from './native';

const root = join(__dirname, '..', '..');

export class AddonError extends Error {
  readonly code = 'ERR_METALSTAT_ADDON';
}

export type AddonName = 'metalstat' | 'double';

export interface AddonFile {
  readonly file: string;
  readonly kind: 'prebuilt' | 'built here';
}

/** The file that is loaded. Who built one had a reason not to use that of the package. */
export function addonFile(name: AddonName): AddonFile | undefined {
  const built = join(root, 'build', 'Release', `${name}.node`);
  const prebuilt = join(root, 'prebuilds', `${process.platform}-${process.arch}`, `${name}.node`);
  if (existsSync(built)) return { file: built, kind: 'built here' };
  return existsSync(prebuilt) ? { file: prebuilt, kind: 'prebuilt' } : undefined;
}

const loaded = new Map<AddonName, unknown>();

/** Its file may be gone later: npm and brew upgrade in place. */
function loadOnce(name: AddonName): unknown {
  if (!loaded.has(name)) loaded.set(name, load(name));
  return loaded.get(name);
}

/** Works in a clone and where it was installed: in its scripts npm has a node-gyp of its own. */
const remedy = (name: AddonName): string =>
  `build it with: npm --prefix ${JSON.stringify(root)} run build:addon -- ${name}`;

function load(name: AddonName): unknown {
  const path = addonFile(name)?.file;
  if (!path) {
    throw new AddonError(
      `the addon ${name}.node is not there for ${process.platform}-${process.arch}; ${remedy(name)}`,
    );
  }
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an addon can only be required
    return require(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AddonError(`${path} does not load: ${reason}; ${remedy(name)}`, { cause });
  }
}

export const loadMetalstat = (): MetalstatAddon => loadOnce('metalstat') as MetalstatAddon;
export const loadDouble = (): DoubleAddon => loadOnce('double') as DoubleAddon;
