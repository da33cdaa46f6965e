// The findings for people, as a list with numbers.

import { wrap, type Paint } from '../doctor/text';
import { playing } from '../machine';
import type { Verdict } from './check';
import { countOf, type FirstRun } from './run';

const MARKS: Readonly<Record<Verdict, { mark: string; colour: Parameters<Paint>[0] }>> = {
  'as expected': { mark: '✓', colour: 'green' },
  different: { mark: '✗', colour: 'red' },
  'could not be checked': { mark: '–', colour: 'dim' },
};

export function printFirstRun({ findings, machine }: FirstRun, paint: Paint): string {
  const lines = findings.flatMap(({ number, assumed, expected, verdict, found }) => {
    const { mark, colour } = MARKS[verdict];
    return [
      ...wrap(`${String(number).padStart(2)} M `, assumed).map((line) =>
        line.replace(/^( ?\d+) M /, (_, place: string) => `${place} ${paint(colour, mark)} `),
      ),
      ...wrap('     expected  ', expected),
      ...wrap('     found     ', verdict === 'different' ? `different: ${found}` : found),
    ];
  });
  const counts = (Object.keys(MARKS) as Verdict[]).map(
    (verdict) => `${countOf(findings, verdict)} ${verdict}`,
  );
  return [
    ...(machine.origin === 'live' ? [] : [...wrap('', playing(machine.name)), '']),
    ...lines,
    '',
    `${counts.join(', ')}.`,
    ...(machine.origin === 'live'
      ? wrap('', 'Whatever it is: attach the file to an issue of the kind "First run on a Mac".')
      : []),
    '',
  ].join('\n');
}
