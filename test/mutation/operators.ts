// Small changes that make C++ wrong. Line by line, on code that clang-format has laid out: operators have spaces around
// them and templates have none.

export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
}

/** The line with comments and the inside of strings and characters blanked, so that places stay the same. */
function codeOf(line: string): string {
  const blank = (text: string) => ' '.repeat(text.length);
  return line
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) => `"${blank(text.slice(2))}"`)
    .replaceAll(/'(?:[^'\\]|\\.)'/g, (text) => `'${blank(text.slice(2))}'`)
    .replace(/\/\/.*$/, blank);
}

/** Every match of `pattern` in the code replaced, one at a time. */
const each =
  (pattern: RegExp, replace: (match: string, before: string) => string | undefined) =>
  (line: string): string[] =>
    [...codeOf(line).matchAll(pattern)].flatMap((match) => {
      const other = replace(match[0], line.slice(0, match.index));
      if (other === undefined || other === match[0]) return [];
      return [line.slice(0, match.index) + other + line.slice(match.index + match[0].length)];
    });

const swap = (pairs: Readonly<Record<string, string>>, pattern: RegExp) =>
  each(pattern, (match) => pairs[match.trim()] && ` ${pairs[match.trim()]!} `);

/** A statement of one line that calls or assigns; declarations and what leads somewhere else are none. */
const STATEMENT =
  /^\s+(?!return\b|const\b|auto\b|using\b|static\b|constexpr\b|else\b|case\b|if\b|for\b|while\b|delete\b|virtual\b|explicit\b|friend\b|typedef\b)(?:[\w.[\]*()]|->|::)+?(?:\(.*\)|(?: [-+|&]?= .+)|\+\+|--);$/;
const DECLARATION = /^\s+(?:[\w:]+(?:<.*>)?[&*]? )+[&*]?\w+(?:\(.*\)|\{.*\}| = .*)?;$/;
const RELEASE =
  /\b(?:CFRelease|IOObjectRelease|IOServiceClose|vm_deallocate|mach_port_deallocate|notify_cancel|reset|cancel|end_client)\(.*\);$/;

const isStatement = (code: string) =>
  (STATEMENT.test(code.trimEnd()) && !DECLARATION.test(code.trimEnd())) ||
  /^\s+\w[\w.]*->?\w* = .*;$/.test(code);

/**
 * What stands before a 0 that any number could take the place of: a hint of how much there will be, the options of IOReport
 * that nobody knows, and the size of what sysctlbyname is to write where it writes nothing.
 */
const MEANS_NOTHING =
  /CreateMutable(?:Copy)?\(kCFAllocatorDefault, $|^\s+kCFAllocatorDefault, $|\bnullptr, (?:0, )*$|AllChannels\((?:0, )?$|channels\.out\(\), $/;

/** `long value = 0;`, where the next lines hand `value` to a call that writes it. */
function isFilledIn(lines: readonly string[], i: number): boolean {
  const name = /^\s+(?:[\w:]+ )+(\w+) = 0;/.exec(lines[i]!)?.[1];
  if (name === undefined) return false;
  const [next = '', ...later] = lines.slice(i + 1, i + 4);
  return (
    [next, ...later].some((line) => new RegExp(`&${name}\\b`).test(line)) ||
    new RegExp(`\\w\\(.*[(,] ?${name}[,)]`).test(next)
  );
}

const OPERATORS: Readonly<Record<string, (line: string) => string[]>> = {
  'release dropped': (line) => {
    const code = codeOf(line).trimEnd();
    return RELEASE.test(code) && !/\breturn\b/.test(code) ? [''] : [];
  },
  'statement dropped': (line) => {
    const code = codeOf(line).trimEnd();
    return isStatement(code) && !RELEASE.test(code) ? [''] : [];
  },
  'early end dropped': (line) =>
    /^\s+if \(.*\) (?:return\b.*|continue|break);/.test(codeOf(line)) ? [''] : [],
  comparison: swap(
    { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==' },
    / (?:<=|>=|==|!=|<|>) /g,
  ),
  'and, or': swap({ '&&': '||', '||': '&&' }, / (?:&&|\|\|) /g),
  'not dropped': each(/!(?=[a-z_(])/gi, () => ''),
  arithmetic: swap(
    {
      '+': '-',
      '-': '+',
      '*': '/',
      '/': '*',
      '<<': '>>',
      '>>': '<<',
      '|': '&',
      '&': '|',
      '+=': '-=',
      '|=': '&=',
      '&=': '|=',
    },
    / (?:\+=|\|=|&=|<<|>>|[-+*/|&]) /g,
  ),
  number: each(/(?<![\w.])\d+(?![\w.x])/g, (digits, before) =>
    MEANS_NOTHING.test(before) ? undefined : String(Number(digits) + 1),
  ),
  unit: each(/(?<![\w.])(?:\d+\.\d*(?:e-?\d+)?|\d+e-?\d+|0x[0-9A-Fa-f]+)/g, (text) =>
    text.startsWith('0x') ? `(${text} >> 1)` : `(${text} * 1000)`,
  ),
  truth: each(/\b(?:true|false)\b/g, (text) => (text === 'true' ? 'false' : 'true')),
};

/** What is not code of a function: directives, what the compiler checks, and texts for people. */
const isLeftOut = (code: string): boolean =>
  /^\s*#|static_assert|^\s*(?:public|private|protected):/.test(code);

export function mutantsOf(file: string, text: string): Mutant[] {
  const lines = text.split('\n');
  return lines.flatMap((before, i) => {
    if (isLeftOut(codeOf(before))) return [];
    return Object.entries(OPERATORS)
      .filter(([operator]) => operator !== 'number' || !isFilledIn(lines, i))
      .flatMap(([operator, change]) =>
        [...new Set(change(before))].map((after): Mutant => ({ file, line: i + 1, operator, before, after })),
      );
  });
}

export function applied(text: string, { line, after }: Mutant): string {
  const lines = text.split('\n');
  lines[line - 1] = after;
  return lines.join('\n');
}
