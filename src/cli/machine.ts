// --machine: which Mac a command reads. machines: the files that can be named.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openMac, openMachine, readMachine, StartError, type MachineFile } from '../exporter';
import type { Native, Wants } from '../native/native';

const FOLDER = join(__dirname, '..', '..', 'test', 'machines');
/** What `any` is off a Mac. */
const DEFAULT = 'Mac14,14__m2-ultra__15.2__mixed';

export interface Opened {
  readonly native: Native;
  /** Undefined for this Mac. */
  readonly machine?: MachineFile;
}

/** Said wherever values of a machine file are shown. */
export const playing = (machine: string): string =>
  `Playing the machine file ${machine}: nothing of this computer is measured.`;

/** Names of the machine files that come with the exporter. */
export const machineNames = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

export function machines(): void {
  console.log(machineNames().join('\n'));
}

export const openChosen = (chosen: string | undefined, wants?: Wants): Opened =>
  openRead(machineOf(chosen), wants);

/** The machine file that is named; undefined for this Mac. */
export function machineOf(chosen: string | undefined): MachineFile | undefined {
  const isMac = process.platform === 'darwin' && process.arch === 'arm64';
  if (chosen === undefined || (chosen === 'any' && isMac)) return undefined;
  return readMachine(fileOf(chosen === 'any' ? DEFAULT : chosen));
}

export const openRead = (machine: MachineFile | undefined, wants?: Wants): Opened =>
  machine ? { native: openMachine(machine, 'real', wants), machine } : { native: openMac(wants) };

export function fileOf(chosen: string): string {
  const named = join(FOLDER, `${chosen}.json`);
  if (existsSync(named)) return named;
  if (existsSync(chosen)) return chosen;
  throw new StartError(
    `there is no machine file ${chosen}; metalstat-exporter machines lists those that come with it`,
  );
}
