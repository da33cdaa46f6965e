// Names and paths of the service.

import { join } from 'node:path';
import type { Host } from './host';

export const LABEL = 'io.github.metalstat-exporter';
/** What the daemon runs as. */
export const ACCOUNT = '_metalstat';

/** A daemon of the Mac, or an agent of one user. */
export type Scope = 'system' | 'user';

export interface Places {
  readonly plist: string;
  /** Ours, with all in it. */
  readonly logFolder: string;
  readonly logFile: string;
}

export function placesOf(scope: Scope, { root, home }: Host): Places {
  const library = scope === 'system' ? `${root}/Library` : join(home, 'Library');
  const logFolder = join(library, 'Logs', 'metalstat-exporter');
  return {
    plist: join(library, scope === 'system' ? 'LaunchDaemons' : 'LaunchAgents', `${LABEL}.plist`),
    logFolder,
    logFile: join(logFolder, 'metalstat-exporter.log'),
  };
}

/** How its commands are typed. */
export const commandOf = (action: string, scope: Scope): string =>
  scope === 'system'
    ? `sudo metalstat-exporter service ${action}`
    : `metalstat-exporter service ${action} --user`;
