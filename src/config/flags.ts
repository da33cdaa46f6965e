// All ways to write the options of a command: what completes them and the man page list these.

import type { CommandSpec } from './commands';
import type { Option } from './options';

export interface Flag {
  /** As typed, the dashes included: `-i`, `--interval`, `--watch`. The first long one comes first. */
  readonly names: readonly [string, ...string[]];
  readonly help: string;
  /** What stands for the value; undefined for a switch. */
  readonly value: string | undefined;
  readonly option: Option | undefined;
}

const HELP: Flag = {
  names: ['--help', '-h'],
  help: 'say how it is used',
  value: undefined,
  option: undefined,
};

export const VERSION: Flag = {
  names: ['--version'],
  help: 'print the version',
  value: undefined,
  option: undefined,
};

/** What a switch that is on has for the other way. */
export const offHelp = ({ help }: Option): string => `switch off ${help.split(';', 1)[0]!}`;

export const flagsOf = ({ options }: Pick<CommandSpec, 'options'>): readonly Flag[] => [
  ...options.flatMap((option): Flag[] => {
    const { name, short, alias, help, value, on } = option;
    const names: [string, ...string[]] = [`--${name}`];
    if (alias) names.push(`--${alias}`);
    if (short) names.push(`-${short}`);
    const flag: Flag = { names, help, value, option };
    return on ? [flag, { names: [`--no-${name}`], help: offHelp(option), value: undefined, option }] : [flag];
  }),
  HELP,
];
