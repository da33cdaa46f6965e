// Runs one suite without jest itself, which needs modules built for the machine: in Node of any architecture.
// Prints what failed, as JSON. Copied to the tree that suite.ts makes, and run there.

import circus, { run } from 'jest-circus';
import { expect } from 'expect';

const PATIENCE = 600_000;

Object.assign(globalThis, circus, { expect, [Symbol.for('TEST_TIMEOUT_SYMBOL')]: PATIENCE });
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the suite is an argument
require(process.argv[2]!);

void run().then(({ testResults, unhandledErrors }) => {
  const failed = testResults.filter(({ errors }) => errors.length > 0);
  console.log(
    JSON.stringify({
      passed: testResults.length - failed.length,
      failed: failed.map(({ testPath, errors }) => [testPath.slice(1).join(' > '), ...errors].join('\n')),
      unhandled: unhandledErrors,
    }),
  );
});
