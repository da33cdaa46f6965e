// What `npm run test:nodes` runs, and how it reads what jest says.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN } from '../src/cli/serve/tune';
import { failuresOf, nodeVersions, QUICK, ROOT, type Report } from './nodes/nodes';

const majors = nodeVersions().map(({ version }) => version.split('.')[0]!);

test('the oldest version that package.json allows is one of them, and each is pinned', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  expect(engines.node).toBe(`>=${majors[0]!}`);
  for (const { version } of nodeVersions()) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the server is tuned for each', () => {
  expect(KNOWN).toEqual(majors);
});

test('the suites of --quick exist', () => {
  expect(QUICK.filter((name) => !existsSync(join(ROOT, 'test', `${name}.test.ts`)))).toEqual([]);
});

describe('what failed', () => {
  const report = (...testResults: Report['testResults']): Report => ({
    numTotalTestSuites: 1,
    numPassedTests: 0,
    numPendingTests: 0,
    success: false,
    testResults,
  });

  test('is each test that did, by name', () => {
    const tests = [
      { status: 'passed', fullName: 'adds' },
      { status: 'failed', fullName: 'takes away' },
      { status: 'pending', fullName: 'divides' },
    ];
    const suite = { name: 'sums.test.ts', status: 'failed', message: '', assertionResults: tests };
    expect(failuresOf(report(suite))).toEqual(['sums.test.ts: takes away']);
  });

  test('is a suite that does not load, too', () => {
    const suite = { name: 'sums.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    expect(failuresOf(report(suite))).toEqual(['sums.test.ts: does not run']);
  });
});
