// npm run generate: writes the list of the assumptions into the README. `--check` fails if it is out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from './checks';

const FILE = join(__dirname, '..', '..', '..', 'README.md');
const START = '<!-- assumptions: generated -->\n';
const END = '<!-- end of assumptions -->';

const list = (): string =>
  CHECKS.map(({ number, assumed, byHand }) => {
    const line = `${number}. ${assumed[0]!.toUpperCase()}${assumed.slice(1)}`;
    return byHand ? `${line} (by hand: not checked by this)` : line;
  }).join('\n');

/** The README with the list as it is to be. */
export function withAssumptions(readme: string): string {
  const from = readme.indexOf(START) + START.length;
  return `${readme.slice(0, from)}\n${list()}\n\n${readme.slice(readme.indexOf(END))}`;
}

if (require.main === module) {
  const readme = readFileSync(FILE, 'utf8');
  const wanted = withAssumptions(readme);
  if (wanted !== readme) {
    if (process.argv.includes('--check')) {
      console.error('README.md is out of date; run: npm run generate');
      process.exitCode = 1;
    } else {
      writeFileSync(FILE, wanted);
    }
  }
}
