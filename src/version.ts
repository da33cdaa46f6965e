// Written by `npm version` in package.json only.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly version: string;
}

export const version = (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as Package)
  .version;
