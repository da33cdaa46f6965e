// The Mac that a service is installed on: the only file here that starts programs. Tests have one of their own.

import { execFile } from 'node:child_process';
import { lchownSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Host {
  readonly platform: string;
  readonly uid: number;
  /** Of the user. */
  readonly home: string;
  /** What comes before /Library: nothing on a Mac. */
  readonly root: string;
  /** Where programs of macOS are looked for. */
  readonly path: string;
  /** What runs now: links resolved, as Node does. */
  readonly node: string;
  readonly script: string;
  readonly print: (line: string) => void;
  readonly giveTo: (path: string, uid: number) => void;
  readonly pause: (seconds: number) => Promise<unknown>;
}

export const thisMac = (): Host => ({
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  home: homedir(),
  root: '',
  // Not the caller's: what root runs is Apple's.
  path: '/usr/bin:/bin:/usr/sbin:/sbin:/usr/libexec/ApplicationFirewall',
  node: process.execPath,
  script: realpathSync(join(__dirname, '..', '..', 'main.js')),
  print: (line) => console.log(line),
  giveTo: (path, uid) => lchownSync(path, uid, 0),
  pause: (seconds) => sleep(seconds * 1000),
});

export interface Answer {
  readonly code: number;
  /** What it printed on both. */
  readonly text: string;
}

/** Milliseconds; launchd waits 20 s for what it ends. */
const PATIENCE = 60_000;
/** Exit code of a shell. */
const NOT_FOUND = 127;

/** Never rejects. */
export function ask(host: Host, program: string, ...args: readonly string[]): Promise<Answer> {
  const options = { env: { PATH: host.path, LC_ALL: 'C' }, timeout: PATIENCE };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : NOT_FOUND;
      const text = `${stdout}${stderr}`.trim();
      resolve({ code, text: text === '' && error !== null ? error.message : text });
    });
  });
}
