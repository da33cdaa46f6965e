// What is known to tell whose Mac it is, so that it can be masked wherever it turns up.

import { hostname, userInfo } from 'node:os';
import type { MachineFile, Value } from '../../native/machine_file';

/** Each may be empty. */
export interface Secrets {
  readonly hostNames: readonly string[];
  readonly userNames: readonly string[];
  readonly serials: readonly string[];
}

/** Asked for to be masked where it turns up, and for nothing else: it is taken out of the recording. */
export const IDENTITY = 'IOPlatformExpertDevice';
export const IDENTITY_PROPERTIES = ['IOPlatformSerialNumber', 'IOPlatformUUID'] as const;

/** `isThisMac`: else the names of this computer have nothing to do with the recording. */
export function secretsOf(file: MachineFile, isThisMac: boolean): Secrets {
  const told = file.ioregistry
    .filter(({ class: classes }) => classes.includes(IDENTITY))
    .flatMap(({ properties }) => IDENTITY_PROPERTIES.map((name) => properties[name]));
  return {
    serials: told.filter(isText),
    hostNames: isThisMac ? [hostname()] : [],
    userNames: isThisMac ? [userInfo().username] : [],
  };
}

export const withoutIdentity = (file: MachineFile): MachineFile => ({
  ...file,
  ioregistry: file.ioregistry.filter(({ class: classes }) => !classes.includes(IDENTITY)),
});

const isText = (value: Value | undefined): value is string => typeof value === 'string' && value !== '';
