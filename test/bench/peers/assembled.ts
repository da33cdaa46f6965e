// The built exporter in a peer: what it reads, and how it decodes it.

import { join } from 'node:path';
import type * as Exporter from '../../../src/exporter';
import type * as Catalogue from '../../../src/metrics/catalogue';
import type { Native } from '../../../src/native/native';

/** Seconds that a peer may collect. */
export const TIMEOUT = 10;

/** `folder`: that of the built exporter. */
export function assembled(
  folder: string,
  machineFile: string,
): Exporter.Assembly & { readonly native: Native } {
  /* eslint-disable @typescript-eslint/no-require-imports -- what is built, not what it is built from */
  const exporter = require(join(folder, 'exporter')) as typeof Exporter;
  const { EVERYTHING_DEFAULT } = require(join(folder, 'metrics', 'catalogue')) as typeof Catalogue;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const machine = exporter.readMachine(machineFile);
  const native = exporter.openMachine(machine);
  return { native, ...exporter.assemble(native, EVERYTHING_DEFAULT, exporter.aboutThis(machine)) };
}
