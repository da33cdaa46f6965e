// The machine files are what their builder writes.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

// Of broken powers Node 24 has other last digits, which three files show.
const writes = Number(process.versions.node.split('.')[0]) < 24 ? test : test.skip;

writes('the machine files are up to date with test/machines/build', () => {
  const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const main = join(__dirname, 'machines', 'build', 'main.ts');
  const { status, stderr } = spawnSync(process.execPath, [tsx, main, '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
