// Why a mutant that survives changes nothing that could be noticed, or nothing on the double. What is not here is not
// explained, and wants a test.

import type { Mutant } from './operators';

interface Explanation {
  readonly file: RegExp;
  /** In the line before the change. */
  readonly line: RegExp;
  readonly operators?: readonly string[];
  readonly why: string;
}

const EXPLAINED: readonly Explanation[] = [
  {
    file: /./,
    line: /^\s+(?:[\w:]+\s)+\w+ = 0;$/,
    operators: ['number'],
    why: 'written by a call before it is read',
  },
  {
    file: /ioreport(_record)?\.cc$/,
    line: /IOReportCopyChannelsInGroup\(|IOReportCopyAllChannels\(|subscription\.channels\.out\(\), 0,/,
    operators: ['number'],
    why: 'an argument whose meaning nobody knows: every public reader passes 0, and the double takes any number',
  },
  { file: /cf\.cc$/, line: /\) \+ 1;$/, operators: ['number'], why: 'room for one character more' },
  {
    file: /./,
    line: /constexpr \w+ k(Words|WordsRoom|PidsAtFirst|AtFirst|AtMost)\b/,
    why: 'room for more than there is',
  },
  {
    file: /ioreport\.cc$/,
    line: /step < count|group < groups_\.size\(\) && group < copies_\.size\(\)/,
    operators: ['comparison'],
    why: 'one step more comes round to the first again, or is ended by the other bound',
  },
  {
    file: /libproc\.cc$/,
    line: /still == unique|errno = 0;/,
    why: 'the pid of an ended process that is another’s by then: the double does not take a pid away between two calls',
  },
  {
    file: /clock\.h$/,
    line: /continuous > absolute/,
    operators: ['comparison'],
    why: 'both are 0 where they are equal',
  },
];

export const whyOf = ({ file, operator, before }: Mutant): string | undefined =>
  EXPLAINED.find(
    (each) =>
      each.file.test(file) &&
      each.line.test(before) &&
      (!each.operators || each.operators.includes(operator)),
  )?.why;
