// In the order of the list of suites.

const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => placeOf(a) - placeOf(b));
  }
};

function placeOf({ path, context }) {
  const { suites } = context.config.globals;
  return suites.findIndex((suite) => path.endsWith(`/test/${suite}.test.ts`));
}
