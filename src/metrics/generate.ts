// npm run generate: writes METRICS.md, the README's table and the man page. `--check` fails if one of them is out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOptions } from '../config/commands';
import { manPage } from '../config/man';
import { schemaOf } from '../config/schema';
import { metricsMarkdown, readmeTable } from './reference';

const root = join(__dirname, '..', '..');
const START = '<!-- families: generated -->\n';
const END = '<!-- end of families -->';

export function generated(): ReadonlyMap<string, string> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const from = readme.indexOf(START) + START.length;
  const to = readme.indexOf(END);
  return new Map([
    [join(root, 'src/metrics/METRICS.md'), metricsMarkdown()],
    [join(root, 'man/metalstat-exporter.1'), manPage()],
    [
      join(root, 'src/config/config.schema.json'),
      `${JSON.stringify(schemaOf(commandOptions('serve')), undefined, 2)}\n`,
    ],
    [join(root, 'README.md'), `${readme.slice(0, from)}\n${readmeTable()}\n${readme.slice(to)}`],
  ]);
}

if (require.main === module) {
  for (const [file, text] of generated()) {
    if (readFileSync(file, 'utf8') === text) continue;
    if (process.argv.includes('--check')) {
      console.error(`${file} is out of date; run: npm run generate`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, text);
    }
  }
}
