// Tests that need Prometheus and promtool on the PATH, or that take minutes. See the README.
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/services', '<rootDir>/test/long'],
  testPathIgnorePatterns: [],
  // What they measure must not be disturbed.
  maxWorkers: 1,
};
