// What the server asks of V8 does what it is for, on the Node that runs the tests. test/nodes runs them with others.

import { FLAGS } from '../src/cli/serve/tune';
import { cleanUp, Process, script } from './support/command';

afterAll(cleanUp);

const [major] = process.versions.node.split('.') as [string];

interface Seen {
  readonly optimised: boolean;
  /** Bytes that are set aside for what is young. */
  readonly young: number;
  /** And for what is old, at most. */
  readonly old: number;
  readonly stderr: string;
}

async function seen(version: string): Promise<Seen> {
  const running = new Process(script('tuned'), [version], { node: ['--trace-opt'] });
  const { stdout, stderr, code } = await running.ended;
  expect(code).toBe(0);
  return {
    optimised: /^\[marking .*<JSFunction busy .* for optimization/m.test(stdout),
    young: Number(/^young (\d+)$/m.exec(stdout)![1]),
    old: Number(/^old (\d+)$/m.exec(stdout)![1]),
    stderr,
  };
}

const testKnown = major in FLAGS ? test : test.skip;

testKnown(
  'what is called 10000 times is not optimised, and memory does not grow because there is garbage',
  async () => {
    const [tuned, untuned] = await Promise.all([seen(process.versions.node), seen('0.0.0')]);
    expect([untuned.optimised, tuned.optimised]).toEqual([true, false]);
    expect(tuned.young).toBeLessThan(untuned.young);
    expect(tuned.old).toBeLessThan(untuned.old / 3);
  },
);

test('V8 is asked for nothing that it does not know', async () => {
  expect((await seen(process.versions.node)).stderr).toBe('');
});

test('a version of Node that is not known stays as it is', async () => {
  const { optimised, stderr } = await seen('99.0.0');
  expect([optimised, stderr]).toEqual([true, '']);
});
