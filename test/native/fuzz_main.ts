// npm run fuzz: every target for a minute. npm run fuzz -- --seconds 600 smc: one of them, for longer.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzAll, fuzzProgram, TARGETS } from './fuzz';
import { CLANG, inParallel, versionOf } from './toolchain';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seconds: { type: 'string', default: '60' } },
    allowPositionals: true,
  });
  if (versionOf(CLANG) === undefined) {
    console.log(`skipped, ${CLANG} is not installed`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'metalstat-fuzz-'));
  const program = fuzzProgram(folder);
  await inParallel(program.sources, (source) => program.compile(source));
  const targets = positionals.length > 0 ? positionals : TARGETS;
  for (const line of await fuzzAll(program, targets, Number(values.seconds))) console.log(line);
  rmSync(folder, { recursive: true, force: true });
}

void main();
