// Puts what was built here where the package has it (npm run prebuilds), or looks whether all is there (with `check`).

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAsSummed, SUMS, writeSums } from './checksum';
import { noteFile } from './note';

const ROOT = join(__dirname, '..', '..');
const PREBUILDS = join(ROOT, 'prebuilds');

/** What a package must have. */
const WANTED = [
  'darwin-arm64/metalstat.node',
  'darwin-arm64/double.node',
  'linux-x64/double.node',
  'linux-arm64/double.node',
] as const;

function copy(): void {
  const built = join(ROOT, 'build', 'Release');
  const folder = join(PREBUILDS, `${process.platform}-${process.arch}`);
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(built).filter((name) => name.endsWith('.node'));
  for (const name of names) {
    copyFileSync(join(built, name), join(folder, name));
    // It was of a file that was built elsewhere.
    rmSync(noteFile(join(folder, name)), { force: true });
  }
  writeSums(folder);
}

/** What is wrong with each file, in a line. */
function complaints(): readonly string[] {
  return WANTED.flatMap((name) => {
    const file = join(PREBUILDS, name);
    if (!existsSync(file)) return `prebuilds/${name} is missing: run npm run prebuilds on such a computer`;
    return isAsSummed(file) ? [] : `prebuilds/${name} is not the file that ${SUMS} beside it is about`;
  });
}

if (process.argv[2] === 'check') {
  const wrong = complaints();
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
} else copy();
