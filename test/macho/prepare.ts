// Builds all that the tests look at and run.

import { crossBuild } from './cross';
import { buildLoader, linkForLinux } from './execute';
import type { Arch } from './places';

const STAGES = {
  "the Mac's addon": crossBuild,
  'the same with libc++ inside': linkForLinux,
  'the loader and the double': buildLoader,
} satisfies Record<string, (arch: Arch) => void>;

for (const arch of ['arm64', 'x64'] as const)
  for (const [what, build] of Object.entries(STAGES)) {
    const start = performance.now();
    build(arch);
    console.log(`${arch}: ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }
