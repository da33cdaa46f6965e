// After a suite that failed, the others say nothing new of a mutant. Jest's own `bail` ends the process (jestjs/jest#11766).

const { default: TestRunner } = require('jest-runner');

module.exports = class extends TestRunner {
  async runTests(tests, watcher, options) {
    let failed = false;
    this.on('test-file-success', ([, { numFailingTests, testExecError }]) => {
      failed ||= numFailingTests > 0 || testExecError !== undefined;
    });
    this.on('test-file-failure', () => {
      failed = true;
    });
    for (const test of tests)
      if (!failed) await super.runTests([test], watcher, { ...options, serial: true });
  }
};
