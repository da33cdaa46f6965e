// npm run test:nodes: the tests with each version of Node that is supported, on Linux x86_64. The addon is built once: it
// keeps to Node-API, so each loads the same file. `-- --quick` runs a part of them; other words are versions: `-- 22 24`.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { failuresOf, messagesOf, nodeVersions, QUICK, ROOT, type NodeVersion, type Report } from './nodes';

interface Outcome {
  /** None if jest itself did not come to its end. */
  readonly report: Report | undefined;
  readonly stderr: string;
  readonly seconds: number;
}

const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const scratch = mkdtempSync(join(tmpdir(), 'metalstat-exporter-nodes-'));

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** First on the PATH too: what tests start by the name of `node` or `npm` is of this version. */
const environment = ({ folder }: NodeVersion): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [folder, process.env['PATH']].join(delimiter),
});

function runTests(node: NodeVersion): Outcome {
  const start = performance.now();
  const program = join(node.folder, 'node');
  const env = environment(node);
  const { stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (error || stdout.trim() !== `v${node.version}`)
    throw error ?? new Error(`${program} is ${stdout.trim()}`);
  const file = join(scratch, `${node.version}.json`);
  const suites = values.quick ? [`/test/(${QUICK.join('|')})\\.test\\.ts$`] : [];
  const { stderr } = spawnSync(program, [JEST, '--json', '--outputFile', file, ...suites], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { report: read(file), stderr, seconds: (performance.now() - start) / 1000 };
}

function read(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')} min`;

function say({ version }: NodeVersion, { report, stderr, seconds }: Outcome): void {
  const failed = report ? failuresOf(report) : ['jest did not end'];
  const verdict = failed.length === 0 ? 'all passed' : `${failed.length} failed`;
  console.log(`Node ${version}: ${verdict} in ${minutes(seconds)}`);
  for (const each of failed) console.log(`  ${relative(ROOT, each)}`);
  if (failed.length > 0) console.error(report ? messagesOf(report) : stderr);
}

const wanted = nodeVersions().filter(
  ({ version }) =>
    positionals.length === 0 || positionals.some((word) => `${version}.`.startsWith(`${word}.`)),
);
if (wanted.length === 0) throw new Error(`none of the versions is ${positionals.join(' or ')}`);
const outcomes = wanted.map((node) => {
  const outcome = runTests(node);
  say(node, outcome);
  return { node, ...outcome };
});
console.table(
  outcomes.map(({ node, report, seconds }) => ({
    Node: node.version,
    suites: report?.numTotalTestSuites,
    passed: report?.numPassedTests,
    failed: report ? failuresOf(report).length : undefined,
    skipped: report?.numPendingTests,
    time: minutes(seconds),
  })),
);
rmSync(scratch, { recursive: true });
if (!outcomes.every(({ report }) => report?.success)) process.exitCode = 1;
