// What the server asks of V8 does what it is for, on the Node that runs the tests. test/nodes runs them with others.

import { KNOWN } from '../src/cli/serve/tune';
import { cleanUp, Process, script } from './support/command';

afterAll(cleanUp);

interface Seen {
  /** Bytes that are set aside for what is young. */
  readonly young: number;
  /** And for what is old, at most. */
  readonly old: number;
  /** Of what was compiled. */
  readonly code: number;
  readonly stderr: string;
}

async function seen(version: string): Promise<Seen> {
  const running = new Process(script('tuned'), [version]);
  const { stdout, stderr, code: exit } = await running.ended;
  expect(exit).toBe(0);
  const [young, old, code] = ['young', 'old', 'code'].map((name) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stdout)![1]),
  ) as [number, number, number];
  return { young, old, code, stderr };
}

const testKnown = KNOWN.includes(process.versions.node.split('.')[0]!) ? test : test.skip;

testKnown('memory does not grow because there is garbage', async () => {
  const [tuned, untuned] = await Promise.all([seen(process.versions.node), seen('99.0.0')]);
  expect(tuned.young).toBeLessThan(untuned.young);
  expect(tuned.old).toBeLessThan(untuned.old / 3);
});

testKnown('less is compiled at a time', async () => {
  const [tuned, untuned] = await Promise.all([seen(process.versions.node), seen('99.0.0')]);
  expect(tuned.code).toBeLessThan(untuned.code * 0.7);
});

test('V8 is asked for nothing that it does not know', async () => {
  expect((await seen(process.versions.node)).stderr).toBe('');
});

test('of a version of Node that is not known nothing is asked', async () => {
  expect((await seen('99.0.0')).stderr).toBe('');
});
