// A peer as JavaScript, so that its start is that of a program, not of a compiler.

import { transformFileSync } from '@swc/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/process';

/** Inside the project: the peer finds its packages there. */
const FOLDER = join(ROOT, 'build', 'bench');

export function built(peer: 'express_prom_client' | 'reads' | 'floor'): string {
  transpile('assembled');
  return transpile(peer);
}

function transpile(peer: string): string {
  const { code } = transformFileSync(join(__dirname, `${peer}.ts`), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'commonjs' },
  });
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${peer}.js`);
  writeFileSync(file, code);
  return file;
}
