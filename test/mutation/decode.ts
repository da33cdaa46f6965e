// npm run mutation:decode: changes src/decode and src/chips in one place after the other with Stryker, and sees whether one of
// the suites of that file notices (suites.json). Prints the score and the survivors, and writes test/mutation/decode.md. What
// was judged is kept in build/mutation: of code and suites that are as they were, nothing is judged again (delete the folder
// if what the suites import has changed).
//
//   npm run mutation:decode                                    all of it: a quarter of an hour on one processor
//   npm run mutation:decode -- src/decode/energy.ts            some files
//   npm run mutation:decode -- --report                        only the report, of what is judged by now

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { whyOf, type Mutant } from './explained_decode';
import { sectionsOf } from './survivors';

const { values: options, positionals } = parseArgs({
  options: {
    report: { type: 'boolean', default: false },
    width: { type: 'string', default: '2' },
  },
  allowPositionals: true,
});

const ROOT = join(__dirname, '..', '..');
const OWN = join(__dirname, 'node_modules');
/** By file, so that a run that is stopped keeps what it has. */
const judgedOf = (file: string): string => join('build', 'mutation', `${file.replaceAll('/', '_')}.json`);

/** What is read here of the report of Stryker (mutation-testing-elements' schema). */
interface Judged {
  readonly source: string;
  readonly mutants: readonly Verdict[];
}
interface Verdict {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly static?: boolean;
  readonly status: 'Killed' | 'Timeout' | 'RuntimeError' | 'Survived' | 'NoCoverage' | 'Ignored';
  readonly location: Readonly<Record<'start' | 'end', { readonly line: number; readonly column: number }>>;
}
interface Result extends Mutant {
  readonly status: Verdict['status'];
}

/** Each has its suites in suites.json. */
const FILES = ['src/decode', 'src/chips'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`),
);

function judge(file: string): void {
  const { status } = spawnSync(
    join(OWN, '.bin', 'stryker'),
    [
      ...['run', 'test/mutation/stryker.config.json', '--mutate', file, '--concurrency', options.width],
      ...['--incrementalFile', judgedOf(file), ...(hasStatic(file) ? ['--force'] : [])],
    ],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, MUTATED: file } },
  );
  if (status !== 0) throw new Error(`${file} was not judged`);
}

/** Stryker takes new tests into account for all survivors but those that are worked out as a module loads. */
const hasStatic = (file: string): boolean =>
  keptOf(file)?.files[file]?.mutants.some((each) => each.static && each.status === 'Survived') ?? false;

interface Kept {
  readonly files: Readonly<Record<string, Judged | undefined>>;
}

function keptOf(file: string): Kept | undefined {
  const kept = join(ROOT, judgedOf(file));
  return existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Kept) : undefined;
}

function resultsOf(file: string, { source, mutants }: Judged): Result[] {
  const lines = source.split('\n');
  return mutants
    .map(({ mutatorName, replacement = '', status, location: { start, end } }) => {
      const text = lines[start.line - 1]!;
      const rest = start.line === end.line ? end.column - 1 : text.length;
      return {
        file,
        line: start.line,
        operator: mutatorName,
        text: text.trim(),
        before: text.slice(start.column - 1, rest),
        after: replacement.replaceAll(/\s+/g, ' '),
        status,
      };
    })
    .sort((a, b) => a.line - b.line);
}

/** Undefined for a file that was not judged, or that has changed since. */
function judged(file: string): Result[] | undefined {
  const of = keptOf(file)?.files[file];
  return of?.source === readFileSync(join(ROOT, file), 'utf8') ? resultsOf(file, of) : undefined;
}

/** A loop that never ends, and a suite that does not load, are noticed too. */
const NOTICED: ReadonlySet<string> = new Set(['Killed', 'Timeout', 'RuntimeError']);
const isKilled = ({ status }: Result) => NOTICED.has(status);
const count = (results: readonly Result[], status: Verdict['status']) =>
  results.filter((result) => result.status === status).length;

function score(results: readonly Result[]): string {
  const killed = results.filter(isKilled).length;
  return `${killed} of ${results.length} killed, ${((100 * killed) / results.length).toFixed(1)} %`;
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(OWN, name, 'package.json'), 'utf8')) as { version: string }).version;

function report(): string {
  const byFile = FILES.map((file) => ({ file, results: judged(file) }));
  const all = byFile.flatMap(({ results = [] }) => results);
  const survivors = all.filter((result) => !isKilled(result));
  const open = survivors.filter((result) => whyOf(result) === undefined);
  const missing = byFile.filter(({ results }) => !results).map(({ file }) => file);
  return [
    '# Mutation of src/decode and src/chips',
    '',
    'Written by `npm run mutation:decode`, which ran on Linux: not on a Mac.',
    '',
    `${new Date().toISOString().slice(0, 10)}; Stryker ${versionOf('@stryker-mutator/core')}, Jest ${versionOf('jest')}, Node ${process.version}.`,
    '',
    `**${score(all)}**, of them ${count(all, 'Timeout')} by a timeout and ${count(all, 'RuntimeError')} as a suite does not load.`,
    `Of ${survivors.length} survivors ${survivors.length - open.length} are explained.`,
    ...(missing.length > 0 ? [`Not judged: ${missing.join(', ')}.`] : []),
    '',
    ...byFile.flatMap(({ file, results }) => (results ? [`- ${file}: ${score(results)}`] : [])),
    '',
    ...sectionsOf(survivors, whyOf),
    '',
  ].join('\n');
}

if (!options.report) for (const file of positionals.length > 0 ? positionals : FILES) judge(file);
const text = report();
writeFileSync(join(__dirname, 'decode.md'), text);
console.log(text);
