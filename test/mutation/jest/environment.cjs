// After a test that failed, the others of its file say nothing new of a mutant.

const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  #failed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#failed = true;
    if (name === 'test_start' && this.#failed) test.mode = 'skip';
  }
};
