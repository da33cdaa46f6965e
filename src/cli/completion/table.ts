// What there is to complete, the same for every shell.

import { COMMANDS, type CommandSpec } from '../../config/commands';
import { flagsOf, VERSION, type Flag } from '../../config/flags';

export const PROGRAM = 'metalstat-exporter';
/** Lists the machine files; a name that is not found is a file. */
export const MACHINES = `${PROGRAM} machines 2>/dev/null`;

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** All that its operand can be; none for most. */
  readonly choices: readonly string[];
  /** What follows is a command line of its own. */
  readonly runs: boolean;
}

const table: readonly CommandSpec[] = COMMANDS;

export const DEFAULT_COMMAND = table.find(({ isDefault }) => isDefault)!.name;

export const COMPLETED: readonly CompletedCommand[] = table.map((spec) => ({
  name: spec.name,
  summary: spec.summary,
  flags: flagsOf(spec),
  choices: spec.choices ?? [],
  runs: spec.operands !== undefined && spec.choices === undefined,
}));

/** Flags before any command: those of the default one, and the program's own. */
export const FIRST_FLAGS: readonly Flag[] = [
  ...COMPLETED.find(({ name }) => name === DEFAULT_COMMAND)!.flags,
  VERSION,
];

export const namesOf = (flags: readonly Flag[]): readonly string[] => flags.flatMap(({ names }) => names);

/** A value that has to follow; one that may be left out is none. */
export const takesValue = ({ value, option }: Flag): boolean => value !== undefined && !option?.isOptional;

/** Between single quotes of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
