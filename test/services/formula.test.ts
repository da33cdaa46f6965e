// The Homebrew formula, evaluated by ruby with stand-ins of Homebrew's words. No Homebrew has installed it yet.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from '../../dashboards/names';
import { COMMANDS, commandOptions } from '../../src/config/commands';
import { readConfigFile } from '../../src/config/config_file';
import { fileOptions } from '../../src/config/given';
import { cleanUp, MAIN, ROOT, scratch, SCRATCH } from '../support/command';

const FORMULA = join(ROOT, 'Formula', 'metalstat-exporter.rb');
const PREFIX = join(SCRATCH, 'homebrew');
const NAME = 'metalstat-exporter';
const { name, version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

interface Asked {
  readonly class: string;
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
  readonly license: string;
  readonly depends_on: readonly object[];
  readonly system: readonly (readonly string[])[];
  readonly symlinks: Readonly<Record<string, readonly string[]>>;
  readonly etc: Readonly<Record<string, string>>;
  readonly completions: readonly (readonly string[])[];
  readonly shell: readonly string[];
  readonly service: Readonly<Record<string, unknown>> & { readonly run: readonly string[] };
}

function ruby(...args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('ruby', args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

let asked: Asked;
beforeAll(() => {
  for (const folder of ['bin', 'libexec/bin']) {
    mkdirSync(join(PREFIX, folder), { recursive: true });
    const program = join(PREFIX, folder, NAME);
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
    chmodSync(program, 0o755);
  }
  asked = JSON.parse(ruby(join(ROOT, 'test/support/formula.rb'), FORMULA, PREFIX)) as Asked;
});
afterAll(cleanUp);

test('is of this package, at this version', () => {
  expect(asked).toMatchObject({ class: 'MetalstatExporter', version, license });
  expect(asked.url).toBe(`${REPOSITORY}/releases/download/v${version}/${name}-${version}.tgz`);
  expect(asked.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('has a checksum of nothing only while it says that nothing is published', () => {
  const isPublished = !readFileSync(FORMULA, 'utf8').startsWith('# Not published yet');
  expect(/^0+$/.test(asked.sha256)).toBe(!isPublished);
});

test('wants node, an Apple Silicon Mac, and the macOS that the addon is built for', () => {
  expect(asked.depends_on).toEqual([{ arch: 'arm64' }, { macos: 'monterey' }, { formula: 'node' }]);
  expect(readFileSync(join(ROOT, 'binding.gyp'), 'utf8')).toContain("'MACOSX_DEPLOYMENT_TARGET': '12.0'");
});

test('installs with npm, and links the command, the man page and completions', () => {
  expect(asked.system).toEqual([['npm', 'install', `--prefix=${PREFIX}/libexec`]]);
  expect(asked.symlinks).toEqual({
    bin: [`libexec/bin/${NAME}`],
    'share/man/man1': [`libexec/lib/node_modules/${NAME}/man/${NAME}.1`],
  });
  expect(asked.completions).toEqual([[NAME, 'completion']]);
});

test('runs the service with a configuration in etc, by paths that upgrades leave in place', () => {
  const [program, command, ...words] = asked.service.run;
  expect(program).toBe(`${PREFIX}/opt/${NAME}/bin/${NAME}`);
  expect(COMMANDS.map((spec): string => spec.name)).toContain(command);
  expect(words).toEqual(['--config.file', `${PREFIX}/etc/${NAME}.yaml`]);
  expect(commandOptions('serve').map((option) => option.name)).toContain('config.file');
  expect(asked.service).toMatchObject({
    keep_alive: { successful_exit: false },
    environment_variables: { PATH: `${PREFIX}/bin:/usr/bin:/bin` },
    log_path: [`${PREFIX}/var/log/${NAME}.log`],
    error_log_path: [`${PREFIX}/var/log/${NAME}.log`],
  });
});

test('installs a configuration that changes nothing, whose every example is right', () => {
  const [[file, text], ...others] = Object.entries(asked.etc) as [[string, string], ...unknown[]];
  expect([file, others]).toEqual([`etc/${NAME}.yaml`, []]);
  const options = fileOptions(commandOptions('serve'));
  expect(readConfigFile(scratch('installed.yaml', text), options)).toEqual({});
  const examples = text.replaceAll(/^# (?=[a-z-]+\.[\w.-]+: )/gm, '');
  const values = readConfigFile(scratch('examples.yaml', examples), options);
  expect(Object.keys(values).length).toBeGreaterThan(3);
});

test('is tested by commands that work', () => {
  expect(asked.shell).toEqual([`${NAME} --version`, `${NAME} once --machine Macmini9,1__m1__15.6__idle`]);
});

test('gets the address and the checksum of what was published from the release', () => {
  const release = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as {
    readonly jobs: { readonly publish: { readonly steps: readonly { name?: string; run?: string }[] } };
  };
  const { run } = release.jobs.publish.steps.find((step) => step.name?.startsWith('Write the formula'))!;
  const folder = join(SCRATCH, 'released');
  cpSync(FORMULA, join(folder, 'Formula', 'metalstat-exporter.rb'));
  writeFileSync(join(folder, 'metalstat-exporter-12.3.4.tgz'), 'packed');
  const { status, stderr } = spawnSync('bash', ['-e', '-c', run!], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      GITHUB_REF_NAME: 'v12.3.4',
      GITHUB_SERVER_URL: 'https://git.example',
      GITHUB_REPOSITORY: 'mac/exporter',
    },
  });
  expect([status, stderr]).toEqual([0, '']);
  const written = join(folder, 'Formula', 'metalstat-exporter.rb');
  expect(ruby('-c', written)).toBe('Syntax OK\n');
  const text = readFileSync(written, 'utf8');
  expect(text).not.toContain('Not published');
  expect(text).toContain(
    `url "https://git.example/mac/exporter/releases/download/v12.3.4/${name}-12.3.4.tgz"`,
  );
  expect(text).toContain(`sha256 "${createHash('sha256').update('packed').digest('hex')}"`);
});
