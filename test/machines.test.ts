// The machine files are what their builder writes.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

test('the machine files are up to date with test/machines/build', () => {
  const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const main = join(__dirname, 'machines', 'build', 'main.ts');
  const { status, stderr } = spawnSync(process.execPath, [tsx, main, '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
