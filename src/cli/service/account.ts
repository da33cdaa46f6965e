// The account that the daemon runs as: nobody can log in as it, and it owns nothing but the log.
//
// A role account is made by sysadminctl since macOS 11; its name begins with _. Its help says that the UID is of 200 to
// 400; macOS 26 refuses these with "Role account requires specified UID in 450-499 range" (reported for Darwin 25.4 in
// intendant-dev/Intendant, pull request 178). It may fail with exit code 0, so the account is looked up afterwards.

import { StartError } from '../../exporter';
import { ask, type Host } from './host';
import { ACCOUNT } from './places';

const RECORD = `/Users/${ACCOUNT}`;
/** Tells it from one that somebody else made. */
const FULL_NAME = 'metalstat-exporter service';
const RANGES = [
  [450, 499],
  [200, 400],
] as const;

export interface Account {
  readonly uid: number;
  /** It was not there before. */
  readonly isNew: boolean;
}

export async function ensureAccount(host: Host): Promise<Account> {
  const uid = await uidOf(host);
  if (uid !== undefined) return { uid, isNew: false };
  const { text: list } = await ask(host, 'dscl', '.', '-list', '/Users', 'UniqueID');
  const taken = new Set([...list.matchAll(/\s(-?\d+)$/gm)].map(([, id]) => Number(id)));
  let said = 'no UID is free';
  for (const [first, last] of RANGES) {
    let free = first as number;
    while (taken.has(free)) free++;
    if (free > last) continue;
    const args = ['-addUser', ACCOUNT, '-fullName', FULL_NAME, '-UID', String(free)];
    const more = ['-home', '/var/empty', '-shell', '/usr/bin/false', '-roleAccount'];
    const { text } = await ask(host, 'sysadminctl', ...args, ...more);
    const made = await uidOf(host);
    if (made !== undefined) return { uid: made, isNew: true };
    said = text.split('\n').at(-1)!;
  }
  throw new StartError(
    `cannot make the account ${ACCOUNT} (${said}); make it, and install the service again`,
  );
}

/** Only what was made here. Says what to do about an account that stays. */
export async function removeAccount(host: Host): Promise<void> {
  const { code, text } = await ask(host, 'dscl', '.', '-read', RECORD, 'RealName');
  if (code !== 0 || text.replace(/^RealName:\s*/, '').trim() !== FULL_NAME) return;
  // Its home is /var/empty, which is not ours to delete.
  const { text: said } = await ask(host, 'sysadminctl', '-deleteUser', ACCOUNT, '-keepHome');
  if ((await uidOf(host)) === undefined) return;
  await ask(host, 'dscl', '.', '-delete', RECORD);
  if ((await uidOf(host)) === undefined) return;
  // Since macOS 10.14 a terminal that may not administer the computer is refused.
  throw new StartError(
    `the account ${ACCOUNT} could not be removed (${said.split('\n').at(-1)!}); give the terminal Full Disk Access, and uninstall again`,
  );
}

async function uidOf(host: Host): Promise<number | undefined> {
  const { code, text } = await ask(host, 'dscl', '.', '-read', RECORD, 'UniqueID');
  const uid = /UniqueID:\s*(\d+)/.exec(text)?.[1];
  return code === 0 && uid !== undefined ? Number(uid) : undefined;
}
