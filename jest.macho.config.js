// Tests of the addon that is cross-built for Macs. See test/macho.
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/macho'],
  modulePathIgnorePatterns: ['<rootDir>/test/macho/node_modules/', '<rootDir>/test/macho/loader/'],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
};
