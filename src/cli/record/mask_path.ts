// Paths of programs. The layout that every Mac has stays: it shows what kind of program it is.

import { OTHER } from '../../sampler/labels';
import type { Words } from './mask_words';

/** Folders whose names say nothing of who uses the Mac, and for what. */
const LAYOUT: ReadonlySet<string> = new Set(
  (
    'System Library Applications Utilities Users Shared Volumes Network Developer usr local bin sbin lib libexec opt ' +
    'homebrew Cellar private var folders tmp etc db run cores dev Frameworks PrivateFrameworks SharedSupport Contents ' +
    'MacOS Resources XPCServices Versions A B C Current Support Helpers CoreServices Extensions SystemExtensions PlugIns ' +
    'DriverExtensions DriverKit Cryptexes App OS Preboot Data LaunchAgents LaunchDaemons LoginItems Daemons Executables ' +
    'Caches Containers Application node_modules build Debug Release dist .build'
  ).split(' '),
);
const BUNDLE = /\.(?:app|framework|xpc|appex|bundle|dext|kext|systemextension|plugin|prefPane|mdimporter)$/;

/** Behind these a name is somebody's. */
const OWNED = /(?<=^|[\s"'(=:])(\/(?:System\/Volumes\/Data\/)?(?:Users|home|Volumes)\/)([^/\n"']+)/g;
const TEMPORARY = /(\/var\/folders\/)([^/\s]+)\/([^/\s]+)/g;
const OWNERS: ReadonlySet<string> = new Set(['Users', 'home', 'Volumes']);
const NOBODYS: ReadonlySet<string> = new Set(['Shared', 'Data', 'Preboot', 'VM', 'Macintosh HD']);

/** Folders of users, volumes and what macOS calls each user's temporary folder, wherever they are in a text. */
export function maskedFolders(text: string, words: Words): string {
  if (!text.includes('/')) return text;
  return text
    .replaceAll(OWNED, (whole, before: string, name: string) =>
      NOBODYS.has(name) ? whole : before + words.of(name),
    )
    .replaceAll(
      TEMPORARY,
      (_, before: string, first: string, second: string) => `${before}${words.of(first)}/${words.of(second)}`,
    );
}

/** The path of a program: all that is not layout is masked, and its own name in any case. */
export function maskedPath(path: string, words: Words): string {
  const parts = path.split('/');
  return parts
    .map((part, i) => {
      if (i === parts.length - 1) return programMask(part, words);
      const isOwned = i > 0 && OWNERS.has(parts[i - 1]!);
      if (part === '' || (isOwned ? NOBODYS : LAYOUT).has(part)) return part;
      const bundle = BUNDLE.exec(part)?.[0] ?? '';
      const name = part.slice(0, part.length - bundle.length);
      return bundle === '.framework' && LAYOUT.has(name) ? part : words.of(name) + bundle;
    })
    .join('/');
}

/** What is called as the sum of all others is never told by its name. */
export const programMask = (name: string, words: Words): string => (name === OTHER ? name : words.of(name));
