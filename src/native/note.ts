// Where a prebuilt addon was built and run, if not on such a computer as it is for: a text file beside it.

import { readFileSync } from 'node:fs';

export const noteFile = (addon: string): string => addon.replace(/\.node$/, '.txt');

/** In one line; null where there is none. */
export function noteOf(addon: string): string | null {
  try {
    return readFileSync(noteFile(addon), 'utf8').trim().replaceAll(/\s+/g, ' ');
  } catch {
    return null;
  }
}
