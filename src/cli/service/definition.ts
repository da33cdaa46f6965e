// The property list that launchd reads, written and read by a library.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import plist, { type PlistObject } from 'plist';
import { StartError } from '../../exporter';
import { ACCOUNT, LABEL, type Scope } from './places';

export interface Definition extends PlistObject {
  readonly Label: string;
  readonly ProgramArguments: readonly string[];
}

/** Seconds between two starts. */
const THROTTLE = 30;

export const definitionOf = (
  scope: Scope,
  programArguments: readonly string[],
  domain: string,
): Definition => ({
  // Ended by a signal or an error it starts again; told to stop it stays ended.
  KeepAlive: { SuccessfulExit: false },
  Label: LABEL,
  // One session only: launchd loads an agent into each session whose type it names, and the second copy would find the
  // port taken. The default is Aqua, which nobody has who comes by ssh.
  ...(scope === 'user' ? { LimitLoadToSessionType: domain.startsWith('gui/') ? 'Aqua' : 'Background' } : {}),
  // Not held back while the Mac is busy: that is when scrapes matter. It does nothing between them.
  ProcessType: 'Interactive',
  ProgramArguments: programArguments,
  RunAtLoad: true,
  ThrottleInterval: THROTTLE,
  ...(scope === 'system' ? { UserName: ACCOUNT } : {}),
});

/** All of it or nothing, readable by all and writable by its owner only: launchd takes no other. */
export function writeDefinition(path: string, definition: Definition): void {
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(part, `${plist.build(definition, { indent: '\t' })}\n`, { mode: 0o644 });
    renameSync(part, path);
  } catch (error) {
    throw new StartError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Undefined if nothing is installed. */
export function readDefinition(path: string): Definition | undefined {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  try {
    // The library prints what it thinks of anything else.
    if (!/<plist[\s>][^]*<\/plist>\s*$/.test(text)) throw new Error('it does not end as one');
    const definition = plist.parse(text) as Partial<Definition>;
    const words = definition.ProgramArguments;
    return { ...definition, Label: String(definition.Label), ProgramArguments: words ?? [] };
  } catch (error) {
    throw new StartError(`${path} is no property list; remove it and install the service again`, {
      cause: error,
    });
  }
}

/** All values that an option has in it. */
export function valuesIn({ ProgramArguments: words }: Definition, name: string): readonly string[] {
  return words.flatMap((word, i) => (word === `--${name}` ? (words[i + 1] ?? []) : []));
}
