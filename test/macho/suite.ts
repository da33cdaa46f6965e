// The project's own suites, run by Node of either architecture, with the Mac's code in place of the double's.

import { transformFileSync } from '@swc/core';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Runner } from './execute';
import { OUT, ROOT } from './places';
import { run } from './run';

export interface Result {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly unhandled: readonly string[];
}

/** A copy of the project in which `double.node` is the loader, and which has the given machines only. */
export class Tree {
  readonly #root: string;
  readonly #runner: Runner;

  constructor(name: string, runner: Runner, machines: readonly string[]) {
    this.#root = join(OUT, name);
    this.#runner = runner;
    rmSync(this.#root, { recursive: true, force: true });
    transpile('src', this.#root);
    transpile('test', this.#root, (file) => !/^(macho|machines|pictures|services|long|bench)\//.test(file));
    transpile('test/macho', this.#root, (file) => file === 'circus.ts');
    for (const file of machines.flatMap((machine) => [`machines/${machine}.json`, `golden/${machine}.prom`]))
      this.#copy(`test/${file}`);
    this.#copy('package.json');
    mkdirSync(join(this.#root, 'build', 'Release'), { recursive: true });
    symlinkSync(runner.loader, join(this.#root, 'build', 'Release', 'double.node'));
  }

  /** `contract`: test/contract.test.ts. */
  suite(name: string): Result {
    const [node, ...before] = this.#runner.node;
    const script = [join(this.#root, 'test/macho/circus.js'), join(this.#root, `test/${name}.test.js`)];
    const printed = run(node, [...before, ...script], {
      cwd: this.#root,
      env: { ...process.env, ...this.#runner.env },
    });
    return JSON.parse(printed.trim().split('\n').at(-1)!) as Result;
  }

  #copy(file: string): void {
    mkdirSync(dirname(join(this.#root, file)), { recursive: true });
    cpSync(join(ROOT, file), join(this.#root, file));
  }
}

function transpile(folder: string, to: string, wanted: (file: string) => boolean = () => true): void {
  for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!wanted(file) || file.includes('node_modules')) continue;
    if (file.endsWith('.json')) write(join(to, folder, file), readFileSync(join(ROOT, folder, file), 'utf8'));
    if (!file.endsWith('.ts')) continue;
    const { code } = transformFileSync(join(ROOT, folder, file), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    write(join(to, folder, file.replace(/\.ts$/, '.js')), code);
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
