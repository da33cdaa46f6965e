// Builds the page if its sources are newer than what was built last.

import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const HERE = join(dirname(fileURLToPath(import.meta.url)), '..');

export async function built(): Promise<void> {
  const sources = ['index.html', 'vite.config.ts', 'package-lock.json'].map((name) => join(HERE, name));
  const view = readdirSync(join(HERE, 'view'), { recursive: true, encoding: 'utf8' });
  sources.push(...view.map((name) => join(HERE, 'view', name)));
  const made = statSync(join(HERE, 'dist', 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => statSync(source).mtimeMs < made)) return;
  await build({ root: HERE, configFile: join(HERE, 'vite.config.ts') });
}
