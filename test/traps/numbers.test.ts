// Two numbered lists: twenty traps, ways in which these Macs have been read wrong, and forty points, facts about how the
// OS answers. Every one is tested in this folder by name, or there is a reason why it cannot be.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TRAPS = 20;
const POINTS = 40;

const LATER_POINTS: Readonly<Record<number, string>> = {
  40: 'what a double hides cannot be tested with it: a recording of a real Mac must',
};

const text = readdirSync(__dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(__dirname, file), 'utf8'))
  .join('\n');

/** Numbers of `trap 3: …` at the start of the names of tests. */
function named(kind: 'trap' | 'point'): number[] {
  const names = text.matchAll(new RegExp(`(?<!describe\\()['"\`]${kind} (\\d+): `, 'g'));
  return [...new Set([...names].map((match) => Number(match[1])))].sort((a, b) => a - b);
}

const allBut = (count: number, later: Readonly<Record<number, string>>): number[] =>
  Array.from({ length: count }, (_, i) => i + 1).filter((number) => !(number in later));

test('each of the 20 traps has a named test', () => {
  expect(named('trap')).toEqual(allBut(TRAPS, {}));
});

test('each of the 40 points has a named test or a reason in LATER_POINTS, and none has both', () => {
  expect(named('point')).toEqual(allBut(POINTS, LATER_POINTS));
});
