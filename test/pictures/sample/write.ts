import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HERE } from '../run/build';
import { sample } from './dashboard';

mkdirSync(join(HERE, 'out'), { recursive: true });
writeFileSync(join(HERE, 'out', 'sample.json'), JSON.stringify(sample, undefined, 2));
