// Which addon is loaded, and whether it is the one of the package.

import { join, relative } from 'node:path';
import { loadedFile, type AddonFile, type MachineFile } from '../../exporter';
import { isAsSummed } from '../../native/checksum';
import { noteOf } from '../../native/note';

export interface LoadedAddon extends AddonFile {
  /** Whether it is the file that was packed; null where it was built here. */
  readonly asPacked: boolean | null;
  /** What the package says of a prebuilt one: where it was built and run, if not on such a computer. */
  readonly note: string | null;
}

/** With its file as seen from the package's folder. */
export function loadedAddon(machine?: MachineFile): LoadedAddon {
  const { file, kind } = loadedFile(machine);
  return {
    file: relative(join(__dirname, '..', '..', '..'), file),
    kind,
    asPacked: kind === 'prebuilt' ? isAsSummed(file) : null,
    note: kind === 'prebuilt' ? noteOf(file) : null,
  };
}
