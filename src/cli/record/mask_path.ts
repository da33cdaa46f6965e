// Paths of programs. The layout that every Mac has stays: it shows what kind of program it is.

import type { Words } from './mask_words';

/** Folders whose names say nothing of who uses the Mac, and for what. */
const LAYOUT: ReadonlySet<string> = new Set(
  (
    'System Library Applications Utilities Users Shared Volumes Network Developer usr local bin sbin lib libexec opt ' +
    'homebrew Cellar private var folders tmp etc db run cores dev home Frameworks PrivateFrameworks SharedSupport ' +
    'Contents MacOS Resources XPCServices Versions A B C Current Support Helpers CoreServices Extensions ' +
    'SystemExtensions PlugIns DriverExtensions DriverKit Cryptexes App OS LaunchAgents LaunchDaemons LoginItems ' +
    'Daemons Executables Caches Containers Application'
  ).split(' '),
);
const BUNDLE = /\.(?:app|framework|xpc|appex|bundle|dext|kext|systemextension|plugin|prefPane|mdimporter)$/;

const isNoUser = (name: string): boolean => name === 'Shared';
const NO_VOLUMES: ReadonlySet<string> = new Set(
  'Data,Preboot,VM,Update,Hardware,Recovery,xarts,iSCPreboot,Macintosh HD'.split(','),
);
const isNoVolume = (name: string): boolean => NO_VOLUMES.has(name);

/** Names of users, of volumes, and what macOS calls each user's temporary folder, wherever they are in a text. */
export const FOLDERS: readonly { readonly pattern: RegExp; readonly isNobodys: (name: string) => boolean }[] =
  [
    {
      pattern: /(?<=\/(?:Users|home)\/)[^/\s"'`,;:<>()[\]{}|]*[^/\s"'`,;:<>()[\]{}|.]/g,
      isNobodys: isNoUser,
    },
    {
      // Volumes may have blanks in their names, which end where the next folder begins.
      pattern:
        /(?<=^\/Volumes\/)[^/\n]+|(?<=\/Volumes\/)(?:[^/\n"]*[^/\s"](?=\/)|[^/\s"',;:<>()[\]{}|]*[^/\s"',;:<>()[\]{}|.])/g,
      isNobodys: isNoVolume,
    },
    { pattern: /(?<=\/var\/folders\/(?:[^/\s"']+\/)?)[^/\s"']+/g, isNobodys: () => false },
  ];

export interface PathRule {
  readonly words: Words;
  /** Of a folder, and of the program itself, that need not be somebody's. */
  readonly folder: (name: string) => string;
  readonly program: (name: string) => string;
}

/** The path of a program, folder by folder. */
export function maskedPath(path: string, { words, folder, program }: PathRule): string {
  const parts = path.split('/');
  return parts
    .map((part, i) => {
      if (isSomebodys(parts, i)) return words.of(part);
      return i === parts.length - 1 ? program(part) : folder(part);
    })
    .join('/');
}

function isSomebodys(parts: readonly string[], i: number): boolean {
  const [before, first, second] = [parts[i - 1], parts[i - 2], parts[i - 3]];
  if (before === 'Users' || before === 'home') return !isNoUser(parts[i]!);
  if (before === 'Volumes') return !isNoVolume(parts[i]!);
  return (first === 'var' && before === 'folders') || (second === 'var' && first === 'folders');
}

/** A folder that is not layout, but for what makes it a bundle. */
export function maskedFolder(name: string, words: Words, mask: (name: string) => string): string {
  // What somebody calls a program, or himself, is nowhere.
  const isLayout = (part: string) => LAYOUT.has(part) && !words.isReserved(part);
  const bundle = BUNDLE.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - bundle.length);
  return isLayout(stem) ? name : mask(stem) + bundle;
}
