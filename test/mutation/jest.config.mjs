// The tests that say most of src/decode and src/chips in the least time.

import base from '../../jest.config.js';

const SUITES = [
  'accumulate',
  'bandwidth',
  'chips',
  'reset',
  'rows',
  'sensors',
  'topology',
  'units',
  'native/tables',
  'oracle/machines',
];

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  testMatch: SUITES.map((name) => `**/test/${name}.test.ts`),
};
