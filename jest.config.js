/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: ['/test/services/', '/test/long/', '/test/macho/'],
  // Folders with packages of their own.
  modulePathIgnorePatterns: [
    '<rootDir>/test/pictures/',
    '<rootDir>/test/macho/',
    '<rootDir>/test/nodes/node_modules/',
  ],
  // Most of them wait for other processes.
  maxWorkers: '100%',
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  // Browsers want the ending in the page's imports; here there are no .js files yet.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
