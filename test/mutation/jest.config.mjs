// The suites that say most of src/decode and src/chips in the least time, the most telling first.

import { join } from 'node:path';
import base from '../../jest.config.js';

const SUITES = [
  'decode/moments',
  'decode/battery',
  'decode/memory',
  'decode/os',
  'decode/energy',
  'decode/cpu',
  'decode/gpu',
  'decode/bandwidth',
  'decode/sums',
  'decode/parts',
  'units',
  'topology',
  'rows',
  'sensors',
  'accumulate',
  'chips',
  'bandwidth',
];

const here = (file) => join(import.meta.dirname, 'jest', file);

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  testMatch: SUITES.map((name) => `**/test/${name}.test.ts`),
  globals: { suites: SUITES },
  testEnvironment: here('environment.cjs'),
  testSequencer: here('sequencer.cjs'),
  runner: here('runner.cjs'),
};
