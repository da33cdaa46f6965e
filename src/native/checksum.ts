// What SHA-256 a prebuilt addon must have: the file SHA256SUMS beside it, in the format of sha256sum.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const SUMS = 'SHA256SUMS';

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** One line for each file. */
const sumsOf = (files: readonly string[]): string =>
  files.map((file) => `${sha256(file)}  ${basename(file)}\n`).join('');

/** Of all that is in a folder. */
export function writeSums(folder: string): void {
  const names = readdirSync(folder).filter((name) => name !== SUMS);
  writeFileSync(join(folder, SUMS), sumsOf(names.sort().map((name) => join(folder, name))));
}

/** Whether a file is the one that was summed; false also where there is no sum of it. */
export function isAsSummed(file: string): boolean {
  let sums;
  try {
    sums = readFileSync(join(dirname(file), SUMS), 'utf8');
  } catch {
    return false;
  }
  return sums.split('\n').includes(`${sha256(file)}  ${basename(file)}`);
}
