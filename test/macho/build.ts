// npm run build:mac: builds prebuilds/darwin-arm64/metalstat.node on Linux, and says beside it what it is, and what SHA-256 both have.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { writeSums } from '../../src/native/checksum';
import { noteFile } from '../../src/native/note';
import { addonOf, crossBuild } from './cross';
import { llvm, ROOT } from './places';
import { run } from './run';

const to = join(ROOT, 'prebuilds', 'darwin-arm64', 'metalstat.node');
crossBuild('arm64');
mkdirSync(dirname(to), { recursive: true });
cpSync(addonOf('arm64'), to);

const [, clang] = /version ([\d.]+)/.exec(run(llvm('clang'), ['--version']))!;
const note = `cross-built on Linux by clang and lld ${clang} for macOS 12 and later; its code is tested under emulation, never yet on a Mac`;
writeFileSync(noteFile(to), `${note}\n`);
writeSums(dirname(to));
console.log(`${relative(ROOT, to)}: ${note}`);
