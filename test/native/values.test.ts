// All that the sources say of some Macs, without a fault and with each of many, is what it was: as digests, a line a source
// and a function that fails. `npm run update` rewrites them. What a source says in full is printed by
//
//   build/Release/faults --values --source NAME [--plans FILE] MACHINE.json

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, ROOT, scratch } from '../support/command';
import { plansText, valueMachines } from './machines';

const GOLDEN = join(__dirname, 'values');
const FAULTS = join(ROOT, 'build', 'Release', 'faults');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** `source: digest`, then `source, function: digest` of all its calls that fail. */
function digests(said: string): string[] {
  return said
    .split(/^== /m)
    .slice(1)
    .flatMap((section) => {
      const [name, ...lines] = section.trimEnd().split('\n');
      const faults = lines.filter((line) => / call \d+ fails: [0-9a-f]{16}$/.test(line));
      const functions = [...new Set(faults.map((line) => line.split(' ')[0]!))];
      return [
        `${name}: ${digest(lines.slice(0, lines.length - faults.length).join('\n'))}`,
        ...functions.map(
          (called) =>
            `${name}, ${called} fails: ${digest(faults.filter((line) => line.startsWith(`${called} `)).join('\n'))}`,
        ),
      ];
    });
}

afterAll(cleanUp);

test.each(valueMachines().map((each) => [each.name, each] as const))(
  '%s',
  (name, each) => {
    const plans = scratch(`${name}.plans`, plansText(each));
    const { status, stdout, stderr } = spawnSync(
      FAULTS,
      ['--values', '--plans', plans, scratch(`${name}.json`, JSON.stringify(each.machine))],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const golden = join(GOLDEN, `${name}.txt`);
    const said = digests(stdout);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(GOLDEN, { recursive: true });
      writeFileSync(golden, `${said.join('\n')}\n`);
    }
    if (!existsSync(golden)) throw new Error(`${golden} is missing; write it with: npm run update`);
    expect(said).toEqual(readFileSync(golden, 'utf8').trimEnd().split('\n'));
  },
  120_000,
);
