// 19. What promtool says of a web configuration, and what we say.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readWebConfig } from '../../src/server/web/config';
import { cleanUp } from '../support/command';
import { layOut, webConfigs } from '../support/web_configs';

let folder = '';
beforeAll(() => {
  folder = layOut();
});
afterAll(cleanUp);

function promtoolAccepts(file: string): boolean {
  const { status, error } = spawnSync('promtool', ['check', 'web-config', join(folder, file)]);
  if (error) throw error;
  return status === 0;
}

function weAccept(file: string): boolean {
  try {
    readWebConfig(join(folder, file));
    return true;
  } catch {
    return false;
  }
}

test.each(webConfigs('good'))('19. promtool and we accept %s', (file) => {
  expect([promtoolAccepts(file), weAccept(file)]).toEqual([true, true]);
});

test.each(webConfigs('bad'))('19. promtool and we refuse %s', (file) => {
  expect([promtoolAccepts(file), weAccept(file)]).toEqual([false, false]);
});

test.each(webConfigs('stricter'))('19. only we refuse %s, which is documented', (file) => {
  expect([promtoolAccepts(file), weAccept(file)]).toEqual([true, false]);
});
