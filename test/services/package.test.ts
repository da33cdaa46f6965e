// 42. What is packed is an allow-list, and what was packed works where it is installed. As no Mac is here, the double of this
// computer is the prebuilt addon.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import type { Diagnosis } from '../../src/cli/doctor/diagnosis';
import { cleanUp, ROOT, SCRATCH } from '../support/command';
import { serve } from '../support/serving';

jest.setTimeout(600_000);

const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
const PLATFORM = `${process.platform}-${process.arch}`;
const CLEAN = join(SCRATCH, 'clean');
const PREFIX = join(SCRATCH, 'prefix');
const INSTALLED = join(PREFIX, 'lib', 'node_modules', name!);
const LEFT_OUT = /^(node_modules|\.git|build|dist|prebuilds|test\/(golden|macho|nodes|pictures|referee))$/;

/** Not as a part of the npm that runs the tests. Time on optimizing would be lost. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([variable]) => !/^(npm_config_(local|global)_prefix|METALSTAT_EXPORTER_.*)$/.test(variable),
    ),
  ),
  CXXFLAGS: '-O0',
};

const npm = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const FEW_WORDS = ['--prefer-offline', '--no-audit', '--no-fund'];

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Some versions of npm answer with a list, others by name. */
function pack(folder: string): Packed {
  const [packed] = Object.values(
    JSON.parse(npm(folder, 'pack', '--json', '--ignore-scripts')) as Record<string, Packed>,
  );
  return packed!;
}

const installed = (...args: readonly string[]) =>
  spawnSync(join(PREFIX, 'bin', name!), args, { cwd: SCRATCH, env, encoding: 'utf8' });
const doctor = () =>
  JSON.parse(installed('doctor', '--json', '--machine', 'any').stdout) as Pick<Diagnosis, 'addon'>;

let packed: Packed;
let paths: readonly string[];
beforeAll(() => {
  cpSync(ROOT, CLEAN, { recursive: true, filter: (path) => !LEFT_OUT.test(relative(ROOT, path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(CLEAN, 'node_modules'));
  npm(CLEAN, 'run', 'build:ts');
  mkdirSync(join(CLEAN, 'build', 'Release'), { recursive: true });
  cpSync(join(ROOT, 'build', 'Release', 'double.node'), join(CLEAN, 'build', 'Release', 'double.node'));
  npm(CLEAN, 'run', 'prebuilds');
  packed = pack(CLEAN);
  paths = packed.files.map(({ path }) => path);
  npm(SCRATCH, 'install', '--global', '--prefix', PREFIX, ...FEW_WORDS, join(CLEAN, packed.filename));
});
afterAll(cleanUp);

describe('42. what is packed', () => {
  const ALLOWED = [
    /^(CHANGELOG\.md|LICENSE|README\.md|package\.json|binding\.gyp)$/,
    /^addon\/(README\.md|[\w/]+\.(cc|h|inc))$/,
    /^dist\/[\w/]+\.(js|d\.ts)$/,
    /^dist\/server\/page\/status\.css$/,
    /^man\/metalstat-exporter\.1$/,
    /^prebuilds\/(darwin-arm64|linux-x64|linux-arm64)\/(metalstat\.(node|txt)|double\.node|SHA256SUMS)$/,
    /^src\/(config\/config\.schema\.json|metrics\/METRICS\.md)$/,
    /^test\/machines\/[\w,.-]+\.json$/,
  ];

  test('is on the list, and nothing else', () => {
    expect(paths.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(ALLOWED.filter((pattern) => !paths.some((path) => pattern.test(path)))).toEqual([]);
  });

  test('is every module with its types, and nothing that has no source', () => {
    const notBuilt = /^(metrics\/generate|native\/prebuild)$|^server\/page\/client\//;
    const modules = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).flatMap(
      (file) => /^(.*)\.ts$/.exec(file)?.slice(1) ?? [],
    );
    const built = modules.filter((module) => !notBuilt.test(module));
    const inPage = modules.filter((module) => module.startsWith('server/page/client/'));
    expect(paths.filter((path) => /^dist\/.*(\.js|\.d\.ts)$/.test(path)).sort()).toEqual(
      [
        ...built.flatMap((module) => [`dist/${module}.js`, `dist/${module}.d.ts`]),
        ...inPage.map((module) => `dist/${module}.js`),
      ].sort(),
    );
  });

  test('is every machine file', () => {
    const machines = readdirSync(join(ROOT, 'test', 'machines')).filter((file) => file.endsWith('.json'));
    expect(machines.length).toBeGreaterThan(20);
    expect(paths).toEqual(expect.arrayContaining(machines.map((file) => `test/machines/${file}`)));
  });

  test('names no source map, as there are none', () => {
    const code = paths.filter((path) => /\.(js|css)$/.test(path));
    expect(
      code.filter((path) => readFileSync(join(CLEAN, path), 'utf8').includes('sourceMappingURL')),
    ).toEqual([]);
  });

  test('is small enough to download without a thought', () => {
    expect(packed.size).toBeLessThan(4_000_000);
    expect(packed.unpackedSize).toBeLessThan(14_000_000);
  });

  test('is the same again when it is unpacked and packed, as Homebrew does', () => {
    const again = join(SCRATCH, 'again');
    mkdirSync(again);
    execFileSync('tar', ['-xzf', join(CLEAN, packed.filename), '-C', again]);
    const unpacked = join(again, 'package');
    expect(
      pack(unpacked)
        .files.map(({ path }) => path)
        .sort(),
    ).toEqual([...paths].sort());
  });

  test('is refused while a prebuilt addon is missing, or is not the one that was summed', () => {
    const check = () => spawnSync('npm', ['run', '-s', 'prepack'], { cwd: CLEAN, env, encoding: 'utf8' });
    const first = check();
    expect(first.status).toBe(1);
    expect(first.stderr).toContain('prebuilds/darwin-arm64/metalstat.node is missing');
    expect(first.stderr).not.toContain(`prebuilds/${PLATFORM}/double.node`);
    const file = join(CLEAN, 'prebuilds', PLATFORM, 'double.node');
    const kept = readFileSync(file);
    appendFileSync(file, 'x');
    expect(check().stderr).toContain(`prebuilds/${PLATFORM}/double.node is not the file`);
    rmSync(file);
    cpSync(join(ROOT, 'build', 'Release', 'double.node'), file);
    expect(readFileSync(file).equals(kept)).toBe(true);
  });

  test('has checksums that sha256sum finds right', () => {
    const { status, stdout } = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: join(INSTALLED, 'prebuilds', PLATFORM),
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, 'double.node: OK\n']);
  });
});

describe('42. installed globally', () => {
  test('it says its version, and has compiled nothing', () => {
    expect(installed('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(existsSync(join(INSTALLED, 'build'))).toBe(false);
  });

  test('it prints a page and lists the machine files, with the prebuilt addon', () => {
    const { status, stdout } = installed('once', '--machine', 'any');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^metal_alloc_bytes \d+$/m)]);
    expect(installed('machines').stdout).toContain('Macmini9,1__m1__15.6__idle');
    expect(doctor().addon).toEqual({
      file: `prebuilds/${PLATFORM}/double.node`,
      kind: 'prebuilt',
      asPacked: true,
      note: null,
    });
  });

  test('it serves pages to scrapers and browsers', async () => {
    const server = await serve([], { main: join(INSTALLED, 'dist', 'main.js') }).ready();
    const page = (await server.get('/')).text;
    const links = [...page.matchAll(/(?:src|href)="([^":]+\.(?:js|css))"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(1);
    for (const path of ['/metrics', ...links])
      expect([path, (await fetch(new URL(path, server.url))).status]).toEqual([path, 200]);
    expect((await server.stop('SIGTERM')).code).toBe(0);
  });

  test('man finds its page in the prefix', () => {
    const page = readFileSync(join(PREFIX, 'share', 'man', 'man1', `${name!}.1`), 'utf8');
    expect(page).toBe(readFileSync(join(ROOT, 'man', `${name!}.1`), 'utf8'));
  });

  test('a program can require it', () => {
    const program = `console.log(typeof require(${JSON.stringify(INSTALLED)}).createExporter)`;
    expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })).toBe('function\n');
  });

  test('doctor prints what is said beside the addon', () => {
    const file = join(INSTALLED, 'prebuilds', PLATFORM, 'double.txt');
    writeFileSync(file, 'cross-built on another computer\n');
    expect(doctor().addon.note).toBe('cross-built on another computer');
    expect(installed('doctor', '--machine', 'any').stdout).toContain(
      '\n          cross-built on another computer\n',
    );
    rmSync(file);
  });

  test('doctor tells of an addon that is not the one that was packed', () => {
    appendFileSync(join(INSTALLED, 'prebuilds', PLATFORM, 'double.node'), 'x');
    expect(doctor().addon.asPacked).toBe(false);
    expect(installed('doctor', '--machine', 'any').stdout).toContain('not as packed: its sha256 is another');
  });

  test('with one that this computer cannot load it says why, and prints the command that builds one', () => {
    writeFileSync(join(INSTALLED, 'prebuilds', PLATFORM, 'double.node'), 'of another computer');
    const { status, stderr } = installed('once', '--machine', 'any');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/double\.node does not load: .+; build it with: npm .+\n$/),
    ]);
  });

  test('without a prebuilt addon it prints a command, which builds one', () => {
    rmSync(join(INSTALLED, 'prebuilds'), { recursive: true });
    const { status, stderr } = installed('once', '--machine', 'any');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(`the addon double.node is not there for ${PLATFORM}; build it with: npm `),
    ]);
    const [, command] = /build it with: (.*)\n/.exec(stderr)!;
    const built = spawnSync('sh', ['-c', command!], { cwd: SCRATCH, env, encoding: 'utf8' });
    expect([built.status, built.stderr]).toEqual([0, expect.stringContaining('gyp info ok')]);
    expect(installed('once', '--machine', 'any').stdout).toMatch(/^metal_alloc_bytes \d+$/m);
    // Who built one is not given that of the package again.
    cpSync(join(CLEAN, 'prebuilds'), join(INSTALLED, 'prebuilds'), { recursive: true });
    expect(doctor().addon).toEqual({
      file: 'build/Release/double.node',
      kind: 'built here',
      asPacked: null,
      note: null,
    });
  });
});

test('42. npm ci --ignore-scripts is enough for what was built', () => {
  rmSync(join(CLEAN, 'node_modules'));
  rmSync(join(CLEAN, 'build'), { recursive: true });
  npm(CLEAN, 'ci', '--ignore-scripts', '--omit=dev', ...FEW_WORDS);
  const once = ['dist/main.js', 'once', '--machine', 'any'];
  const page = execFileSync(process.execPath, once, { cwd: CLEAN, env, encoding: 'utf8', stdio: 'pipe' });
  expect(page).toMatch(/^metal_alloc_bytes \d+$/m);
});
