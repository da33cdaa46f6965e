// The files of test/web_config, beside the certificates that they name.
//
// Their names say what they are: good and bad files; those that promtool accepts and we do not (stricter); and those with
// keys that promtool learned later than the one of Debian (newer, newer_bad).

import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SCRATCH } from './command';
import { certificate } from './tls';

const FOLDER = join(ROOT, 'test', 'web_config');

export type Kind = 'good' | 'bad' | 'stricter' | 'newer' | 'newer_bad';

export const webConfigs = (...kinds: readonly Kind[]): readonly string[] =>
  readdirSync(FOLDER).filter((file) => kinds.some((kind) => file.endsWith(`.${kind}.yml`)));

/** The folder with all of them, the certificates of a server and of an authority. */
export function layOut(): string {
  const folder = join(SCRATCH, 'web_config');
  mkdirSync(folder);
  for (const file of readdirSync(FOLDER)) copyFileSync(join(FOLDER, file), join(folder, file));
  for (const name of ['server', 'ca']) {
    const { cert, key } = certificate(name);
    copyFileSync(cert, join(folder, `${name}.crt`));
    copyFileSync(key, join(folder, `${name}.key`));
  }
  return folder;
}
