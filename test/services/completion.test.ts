// completion: in each of the real shells, the same is offered: what the table of commands has.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, type CommandSpec } from '../../src/config/commands';
import { flagsOf } from '../../src/config/flags';
import { cleanUp, run, SCRATCH } from '../support/command';
import { machineNames } from '../support/machines';
import { Shells, SHELLS } from '../support/shells';

const specs: readonly CommandSpec[] = COMMANDS;
const names = specs.map(({ name }) => name);
const sorted = (words: readonly string[]) => [...words].sort();

let shells: Shells;
beforeAll(async () => {
  shells = await Shells.start();
});
afterAll(cleanUp);

describe.each(SHELLS)('%s', (shell) => {
  const offered = (...words: string[]) => shells.offered(shell, words);

  test('offers the commands', () => {
    expect(offered('')).toEqual(sorted(names));
    expect(offered('m')).toEqual(['machines', 'metrics']);
    expect(offered('nothing')).toEqual([]);
  });

  test.each(specs)('offers all options of $name', (spec) => {
    const long = flagsOf(spec).flatMap((flag) => flag.names.filter((name) => name.startsWith('--')));
    expect(offered(spec.name, '--')).toEqual(sorted(long));
  });

  test('offers short options too', () => {
    const status = specs.find(({ name }) => name === 'status')!;
    const all = flagsOf(status).flatMap((flag) => flag.names);
    expect(all).toContain('-c');
    expect(offered('status', '-')).toEqual(sorted(all));
  });

  test('offers those of the default command, and --version, where none is named', () => {
    const flags = flagsOf(specs.find(({ isDefault }) => isDefault)!);
    expect(offered('--')).toEqual(sorted(['--version', ...flags.flatMap((flag) => flag.names[0])]));
    expect(offered('--collector.fan', '--no-collector.f')).toEqual(['--no-collector.fan']);
  });

  test.each([
    [['once', '--format', '']],
    [['once', '--format=']],
    [['once', '--machine', 'any', '--format', '']],
  ])('offers the values after %j', (words) => {
    expect(offered(...words)).toEqual(['json', 'openmetrics', 'prometheus']);
  });

  test('offers values that begin as typed', () => {
    expect(offered('once', '--format=o')).toEqual(['openmetrics']);
    expect(offered('serve', '--collector.thermal.sensors', 'a')).toEqual(['all']);
    expect(offered('--collector.thermal.sensors', 'r')).toEqual(['roles']);
    expect(offered('completion', '')).toEqual(sorted(SHELLS));
  });

  test('offers programs for run', () => {
    expect(offered('run', 'metalstat-ex')).toEqual(['metalstat-exporter']);
    expect(offered('run', '--output', 'x', '--', 'metalstat-ex')).toEqual(['metalstat-exporter']);
  });

  test('offers nothing where any number or name may stand', () => {
    expect(offered('serve', '--web.max-requests', '')).toEqual([]);
    expect(offered('serve', '--collector.app.include', '')).toEqual([]);
  });

  test.each(['doctor', 'once', 'serve'])('offers the machine files of %s, and files', (command) => {
    const m5 = machineNames.filter((name) => name.startsWith('Mac17,6__'));
    expect(m5.length).toBeGreaterThan(1);
    expect(offered(command, '--machine', 'Mac17,6__')).toEqual(m5);
    const folder = join(SCRATCH, `files-${shell}-${command}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'own.json'), '{}');
    expect(shells.offered(shell, [command, '--machine', 'own'], folder)).toEqual(['own.json']);
    expect(shells.offered(shell, [command, '--machine', 'an'], folder)).toEqual(['any']);
  });
});

test('fish shows the help of each option', () => {
  for (const spec of specs) {
    const described = shells.described([spec.name, '--']);
    for (const { names: of, help } of flagsOf(spec))
      for (const name of of.filter((each) => each.startsWith('--')))
        expect([name, described.get(name)]).toEqual([name, help]);
  }
});

test('zsh has the help of each option', () => {
  const script = shells.scriptOf('zsh').replaceAll("'\\''", "'").replaceAll(/\\(.)/g, '$1');
  for (const spec of specs)
    for (const { names: of, help } of flagsOf(spec))
      for (const name of of) {
        const written = ['', '=', '=-', '+', '-'].map((suffix) => `${name}${suffix}[${help}]`);
        expect([name, written.some((text) => script.includes(text))]).toEqual([name, true]);
      }
});

test.each([
  [['completion'], /missing required argument 'SHELL'/],
  [['completion', 'tcsh'], /'tcsh' is invalid .*bash, zsh, fish/],
  [['completion', 'bash', 'zsh'], /too many arguments/],
])('%j is refused in one line', async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^metalstat-exporter: .+\n$/);
  expect(stderr).toMatch(message);
});

test('the choices of --format are those that once takes', async () => {
  const format = specs.find(({ name }) => name === 'once')!.options.find(({ name }) => name === 'format')!;
  const { stderr } = await run(['once', '--machine', 'any', '--format', 'none']);
  expect(stderr).toContain(`--format takes ${format.choices!.join(', ')}, not`);
});
