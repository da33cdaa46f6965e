// Why a mutant of src/decode or src/chips that survives changes nothing that could be noticed. What is not here is not
// explained, and wants a test.

export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly operator: string;
  /** The line it begins in. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

interface Explanation {
  readonly file?: RegExp;
  /** In the line the mutant begins in. */
  readonly text?: RegExp;
  readonly before?: RegExp;
  readonly after?: RegExp;
  readonly why: string;
}

const EXPLAINED: readonly Explanation[] = [
  {
    file: /apps\.ts$/,
    text: /^\w+: \[\],$/,
    why: 'no source has a column of that name',
  },
  {
    text: /; row < rows; row\+\+\)|; mode < MODES\.length;|; i < part\.stamps\.length;/,
    before: /^\w+ < [\w.]+$/,
    after: /^\w+ <= /,
    why: 'what is behind is written over, or is behind the end of a typed array, which takes nothing there',
  },
  {
    file: /os\.ts$/,
    before: /^before\.asleep > part\.asleep$/,
    after: /^before\.asleep >= part\.asleep$/,
    why: 'the longer of two equals',
  },
  {
    file: /parts\.ts$/,
    text: /live: BATTERY_LIVE, facts: \[\]/,
    before: /^\[\]$/,
    why: 'nothing has that name',
  },
  {
    file: /channels\.ts$/,
    before: /^\/\^\(\.\+\) RD/,
    after: /^\/\(\.\+\) RD.*\$\/$/,
    why: 'begins with any characters: they are those from the start',
  },
  {
    file: /frequencies\.ts$/,
    text: /const documented = |const first = tables\(own === undefined|index === undefined \? NaN/,
    why: 'there is no table, and no entry in one, of a number that is none',
  },
  { file: /sensors\.ts$/, before: /^\/\^Apple /, why: 'no chip has it elsewhere in its name' },
  { file: /sensors\.ts$/, before: /^!roles$/, after: /^true$/, why: 'works out again what is known' },
  {
    file: /sensors\.ts$/,
    before: /constant\) < 0\.005$/,
    after: /constant\) <= 0\.005$/,
    why: 'no float of a sensor is that far from a constant to the bit',
  },
  { before: /^delivered\+\+$/, after: /^delivered--$/, why: 'is compared with 0' },
  {
    file: /temperatures\.ts$/,
    before: /^index\[i\]! >= 0$/,
    after: /^true$/,
    why: 'a typed array takes nothing before its start, and has nothing there',
  },
  {
    file: /temperatures\.ts$/,
    before: /^celsius\[label\]! >= value$/,
    after: /^celsius\[label\]! > value$/,
    why: 'the hotter of two equals',
  },
  { before: /^\(\) => false$/, after: /^\(\) => undefined$/, why: 'is no less false' },
  {
    file: /sums\.ts$/,
    before: /^last !== undefined$/,
    after: /^true$/,
    why: 'nothing is greater than undefined',
  },
  { file: /sums\.ts$/, before: /^value > last$/, after: /^value >= last$/, why: 'adds 0' },
  {
    file: /energy\.ts$/,
    before: /^span > window$/,
    after: /^span >= window$/,
    why: 'the greater of two equals',
  },
  {
    file: /energy\.ts$/,
    before: /^chosen\.filter\(isEnergy\)$/,
    why: 'a channel of a cluster counts time, and is no part by its unit either',
  },
  {
    file: /decoder\.ts$/,
    before: /^slot < 0$/,
    after: /^slot <= 0$/,
    why: 'the first value is the time of the read, which is no channel’s',
  },
];

export const whyOf = (mutant: Mutant): string | undefined =>
  EXPLAINED.find(
    ({ file, text, before, after }) =>
      (!file || file.test(mutant.file)) &&
      (!text || text.test(mutant.text)) &&
      (!before || before.test(mutant.before)) &&
      (!after || after.test(mutant.after)),
  )?.why;
