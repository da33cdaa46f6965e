// The suites that say most of the file that is mutated in the least time, the most telling first: of all of them there are
// hundreds, and a mutant that survives is run by each.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import base from '../../jest.config.js';

const here = (file) => join(import.meta.dirname, file);
const suites = JSON.parse(readFileSync(here('suites.json'), 'utf8'))[process.env.MUTATED];

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  testMatch: suites.map((name) => `**/test/${name}.test.ts`),
  globals: { suites },
  testEnvironment: here('jest/environment.cjs'),
  testSequencer: here('jest/sequencer.cjs'),
  runner: here('jest/runner.cjs'),
};
