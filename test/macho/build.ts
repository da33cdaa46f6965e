// npm run build:mac: builds prebuilds/darwin-arm64/metalstat.node on Linux.

import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { addonOf, crossBuild } from './cross';
import { ROOT } from './places';

const to = join(ROOT, 'prebuilds', 'darwin-arm64', 'metalstat.node');
crossBuild('arm64');
mkdirSync(dirname(to), { recursive: true });
cpSync(addonOf('arm64'), to);
console.log(`${relative(ROOT, to)}: cross-built on Linux, not run on a Mac`);
