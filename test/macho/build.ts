// npm run build:mac: builds prebuilds/darwin-arm64/metalstat.node on Linux.

import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { crossBuild } from './cross';
import { ROOT } from './places';

const to = join(ROOT, 'prebuilds', 'darwin-arm64', 'metalstat.node');
mkdirSync(dirname(to), { recursive: true });
cpSync(crossBuild('arm64'), to);
console.log(`${relative(ROOT, to)}: cross-built, not run on a Mac`);
