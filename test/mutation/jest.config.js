// The tests that say most of src/decode and src/chips in the least time.
/** @type {import('jest').Config} */
module.exports = {
  ...require('../../jest.config.js'),
  rootDir: '../..',
  testMatch: [
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
  ].map((name) => `**/test/${name}.test.ts`),
};
