// 44. The faces of the table of commands: parsing and help, completion, man page, and what --config.check prints. Each has
// every option.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, type CommandSpec } from '../../src/config/commands';
import { flagsOf } from '../../src/config/flags';
import { manPage } from '../../src/config/man';
import { environmentName } from '../../src/config/options';
import { cleanUp, ROOT, run } from '../support/command';
import { Shells, SHELLS } from '../support/shells';

const PAGE = join(ROOT, 'man', 'metalstat-exporter.1');
const specs: readonly CommandSpec[] = COMMANDS;

afterAll(cleanUp);

function outputOf(program: string, args: readonly string[]): string {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw error;
  return stdout + stderr;
}

/** Bold is printed twice. */
const OVERSTRUCK = new RegExp(`.${String.fromCharCode(8)}`, 'g');

/** Chapters of the page as it is shown, by heading; commands are chapters too. */
function chapters(): ReadonlyMap<string, string> {
  const shown = outputOf('mandoc', ['-T', 'ascii', '-O', 'width=200', PAGE]).replaceAll(OVERSTRUCK, '');
  const parts = shown.split(/^(?: {0,3})(?=\S)/m);
  return new Map(parts.map((part) => [part.split('\n', 1)[0]!.trim(), part] as const));
}

const optionsIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/(?<![\w-])(--[a-z][\w.-]*\w|-[a-zA-Z])(?![\w-])/g)].map(([name]) => name));

describe('the man page', () => {
  test('is what is generated; else run: npm run generate', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(manPage());
  });

  test('has nothing that groff or mandoc warns of', () => {
    expect(outputOf('groff', ['-man', '-ww', '-z', PAGE])).toBe('');
    // A date would be out of date.
    const warnings = outputOf('mandoc', ['-T', 'lint', '-W', 'warning', PAGE]).split('\n');
    expect(warnings.filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });

  test('is in the package', () => {
    const { man, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    // npm links those of a list only.
    expect(man).toEqual([expect.any(String)]);
    expect(join(ROOT, String(man))).toBe(PAGE);
    expect(files).toContain('man');
  });

  test('says what each option does, its default and its variable', () => {
    const words = [...chapters().values()].join('\n').replaceAll(/\s+/g, ' ');
    for (const { options } of specs)
      for (const { name, help, default: preset, value } of options) {
        expect(words).toContain(help.replaceAll('…', '...'));
        expect(words).toContain(environmentName(name));
        if (preset !== undefined && value !== undefined)
          expect(words).toContain(`Default: ${[preset].flat().join(',')}.`);
      }
  });
});

describe.each(specs)('44. $name', (spec) => {
  const flags = flagsOf(spec);
  const names = flags.flatMap((flag) => flag.names).sort();
  /** The second long name of an option is kept for those who know it. */
  const aliases = spec.options.flatMap(({ alias }) => (alias ? [`--${alias}`] : []));

  test('has the same options in its help', async () => {
    const { code, stdout } = await run([spec.name, '--help'], { env: { COLUMNS: '200' } });
    expect(code).toBe(0);
    const left = stdout
      .slice(stdout.indexOf('\nOptions:'))
      .split('\n')
      .map((line) => /^ {2}(-.*?)(?: {2}|$)/.exec(line)?.[1] ?? '');
    expect([...optionsIn(left.join('\n')), ...aliases].sort()).toEqual(names);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(spec.summary);
  });

  test('has the same options in the man page', () => {
    const chapter = chapters().get(spec.name)!;
    const heads = chapter
      .split('\n')
      .filter((line) => /^ {5,8}-/.test(line) || line.includes('Common options:'));
    const rest = chapter.slice(chapter.indexOf('Common options:'));
    expect([...new Set([...optionsIn(heads.join('\n')), ...optionsIn(rest)])].sort()).toEqual(names);
    expect(chapter.replaceAll(/\s+/g, ' ')).toContain(spec.summary.replaceAll('…', '...'));
  });

  test('has the same options in the completion of each shell', async () => {
    const shells = await Shells.start();
    for (const shell of SHELLS)
      expect([shell, shells.offered(shell, [spec.name, '-'])]).toEqual([shell, names]);
  });
});

describe('44. the program', () => {
  test('has the commands of the table in its help, its man page and the completion of each shell', async () => {
    const names = specs.map(({ name }) => name).sort();
    const { stdout } = await run(['--help']);
    const listed = stdout.slice(stdout.indexOf('\nCommands:')).matchAll(/^ {2}([a-z]+) /gm);
    expect([...listed].map(([, name]) => name).sort()).toEqual(names);
    expect([...chapters().keys()]).toEqual(expect.arrayContaining(names));
    const shells = await Shells.start();
    for (const shell of SHELLS) expect([shell, shells.offered(shell, [''])]).toEqual([shell, names]);
  });

  test('has --version everywhere, and prints that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await run(['--version'])).stdout).toBe(`${version}\n`);
    expect((await run(['--help'])).stdout).toMatch(/^ +--version +print the version$/m);
    expect(chapters().get('COMMON OPTIONS') ?? '').toContain('--version');
  });

  test('prints every option of serve when it checks the configuration', async () => {
    const { code, stdout } = await run(['serve', '--config.check']);
    expect(code).toBe(0);
    const printed = [...stdout.matchAll(/^([\w.-]+) {2,}/gm)].map(([, name]) => name!);
    const inTable = specs.find(({ name }) => name === 'serve')!.options.map(({ name }) => name);
    expect(printed.sort()).toEqual(inTable.filter((name) => name !== 'config.check').sort());
  });
});
