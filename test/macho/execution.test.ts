// The Mac's code, executed: that of arm64 in Node for arm64, whose processor is emulated, and that of x86_64 in this Node.
// It is asked what the project's suites ask the double's build, and must give the same pages, byte for byte.

import { spawnSync } from 'node:child_process';
import { distinctMachines, machineNames } from '../support/machines';
import { crossBuildWith, type Defect } from './cross';
import { linkForLinux, runnerOf } from './execute';
import { OUT } from './places';
import { Tree } from './suite';

const SUITES = ['contract', 'golden', 'record'] as const;
const MACHINES = {
  x64: machineNames,
  // Real time goes on while the emulated processor works, so that in a crowd processes come and go meanwhile.
  arm64: distinctMachines,
};

jest.setTimeout(600_000);

describe.each(['x64', 'arm64'] as const)('%s', (arch) => {
  const tree = new Tree(`run-${arch}`, runnerOf(arch), MACHINES[arch]);

  test.each(SUITES)('holds %s', (suite) => {
    const { passed, failed, unhandled } = tree.suite(suite);
    expect([...failed, ...unhandled]).toEqual([]);
    expect(passed).toBeGreaterThan(MACHINES[arch].length * 2);
  });

  test('is executed for that processor', () => {
    const [node, ...args] = runnerOf(arch).node;
    const { stdout } = spawnSync(node, [...args, '-p', 'process.arch'], { encoding: 'utf8' });
    expect(stdout.trim()).toBe(arch);
  });
});

const DEFECTS: (Defect & { found: string })[] = [
  {
    name: 'lost-reference',
    file: 'addon/darwin/owned.h',
    change: (text) => text.replace('if (ref_) CFRelease(ref_);', ''),
    found: 'nothing is held of the OS',
  },
  {
    name: 'wrong-field',
    file: 'addon/sources/libproc.cc',
    change: (text) =>
      text.replace('put(kFootprint, usage.phys_footprint)', 'put(kFootprint, usage.wired_size)'),
    found: 'is the golden page',
  },
];

test.each(DEFECTS)('a defect of the code is found: $name', ({ found, ...defect }) => {
  crossBuildWith(defect, 'x64');
  linkForLinux('x64', defect.name);
  const tree = new Tree(`run-${defect.name}`, runnerOf('x64', defect.name), ['Macmini9,1__m1__15.6__mixed']);
  expect(SUITES.flatMap((suite) => tree.suite(suite).failed)).toEqual(
    expect.arrayContaining([expect.stringContaining(found)]),
  );
});

test('code that imports what nobody answers is refused by name', () => {
  const name = 'unanswered';
  const change = (text: string) =>
    text
      .replace('void pin() {', 'void pin() {\n  if (getppid() == 0) return;')
      .replace('#include <dlfcn.h>', '#include <dlfcn.h>\n#include <unistd.h>');
  crossBuildWith({ name, file: 'addon/binding.cc', change }, 'x64');
  linkForLinux('x64', name);
  const { node, loader, env } = runnerOf('x64', name);
  const { stderr } = spawnSync(node[0], ['-e', `require(${JSON.stringify(loader)})`], {
    cwd: OUT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  expect(stderr).toContain('nobody answers what it imports:\n_getppid\n');
});
