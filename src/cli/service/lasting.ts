// Whether a path will still be there after the next upgrade.

import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { OptionError } from '../../config/settings';
import type { Host } from './host';

const CELLAR = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.*)$/;
const OTHER_NODE =
  'install Node from nodejs.org or with Homebrew, and name it by --node, such as --node /usr/local/bin/node or --node /opt/homebrew/bin/node';
const OTHER_INSTALL = 'install the exporter with npm install -g of a Node that stays, and use that';

/** What is wrong with a path; and the remedy, if it is not another Node. */
const PASSING: readonly (readonly [RegExp, string, string?])[] = [
  [
    /\/_npx\/|^(\/private)?(\/var\/folders|\/tmp|\/var\/tmp)\//,
    'is in a cache that is emptied',
    'install the exporter with npm install -g, and use that',
  ],
  [/\/\.nvm\/|\/versions\/node\/v?\d/, 'is gone when that version of Node is'],
  [/\/fnm_multishells\//, 'is gone when that shell ends'],
  [/^\/nix\/store\/|\/v?\d+\.\d+\.\d+\//, 'is of one version, and gone after an upgrade'],
  [
    /^\/Users\/[^/]+\/(Desktop|Documents|Downloads)\//,
    'is in a folder that macOS lets no service read',
    'move it elsewhere',
  ],
];

/** The node that the service runs. */
export function lastingNode(given: string | undefined, { node, root }: Pick<Host, 'node' | 'root'>): string {
  const path = given ?? node;
  if (!isAbsolute(path)) throw new OptionError(`--node takes an absolute path, not ${JSON.stringify(path)}`);
  const [, prefix, formula, rest] = CELLAR.exec(path) ?? [];
  if (prefix !== undefined)
    throw new OptionError(
      `${path} is gone after the next brew upgrade; add --node ${prefix}/opt/${formula!}/${rest!}`,
    );
  refusePassing(path, root, OTHER_NODE);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new OptionError(`there is no program ${path}; --node takes the path of node`);
  }
  return path;
}

/** The exporter itself; Homebrew has a path of it that stays. */
export function lastingScript({ script, root }: Pick<Host, 'script' | 'root'>): string {
  const [, prefix, formula, rest] = CELLAR.exec(script) ?? [];
  if (prefix !== undefined) {
    const kept = `${prefix}/opt/${formula!}/${rest!}`;
    if (existsSync(kept) && realpathSync(kept) === realpathSync(script)) return kept;
  }
  refusePassing(script, root, OTHER_INSTALL);
  return script;
}

function refusePassing(path: string, root: string, other: string): void {
  const seen = path.startsWith(`${root}/`) ? path.slice(root.length) : path;
  const found = PASSING.find(([pattern]) => pattern.test(seen));
  if (found) throw new OptionError(`${path} ${found[1]}; ${found[2] ?? other}`);
}
