// Every command of the command line, once, with its options. Parsing, help and the documents derive from this table.

import { COLLECTOR_OPTIONS, MACHINE_OPTION, SERVE_OPTIONS, SERVICE_OPTIONS, type Option } from './options';
import { RECORD_OPTIONS, RUN_OPTIONS, STATUS_OPTIONS } from './terminal_options';

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Option[];
  /** What follows the options, in the help. */
  readonly operands?: string;
  /** All that its one operand can be. */
  readonly choices?: readonly string[];
  /** The command that is meant when none is named. */
  readonly isDefault?: true;
}

export const COMMANDS = [
  {
    name: 'serve',
    summary: 'answer scrapes (the default)',
    options: [...SERVE_OPTIONS, MACHINE_OPTION, ...COLLECTOR_OPTIONS],
    isDefault: true,
  },
  {
    name: 'once',
    summary: 'print one page',
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        help: 'prometheus, openmetrics or json',
        default: 'prometheus',
        choices: ['prometheus', 'openmetrics', 'json'],
      },
      MACHINE_OPTION,
      ...COLLECTOR_OPTIONS,
    ],
  },
  { name: 'status', summary: 'show what the Mac does, in a terminal or as JSON', options: STATUS_OPTIONS },
  {
    name: 'run',
    summary: 'run a command and write down what the Mac does meanwhile: run -o PREFIX -- COMMAND …',
    options: RUN_OPTIONS,
    operands: '[COMMAND...]',
  },
  {
    name: 'doctor',
    summary: 'say what of this Mac can be read, what cannot, and what to do about it',
    options: [
      { name: 'json', help: 'as JSON' },
      {
        name: 'bundle',
        value: 'FILE',
        help: 'write a recording with this report in it, as record does, to attach to a bug report',
        takes: 'file',
      },
      {
        name: 'first-run',
        help: 'check what the design takes for granted of macOS, in two minutes, and write metalstat-first-run.json or the file of --bundle to attach to an issue',
      },
      MACHINE_OPTION,
    ],
  },
  {
    name: 'record',
    summary: 'write this Mac to a machine file: record -o FILE',
    options: RECORD_OPTIONS,
  },
  {
    name: 'service',
    summary: 'install, uninstall or show the launchd service; install takes the options of serve',
    operands: '<ACTION>',
    choices: ['install', 'uninstall', 'status'],
    options: [...SERVICE_OPTIONS, ...SERVE_OPTIONS, MACHINE_OPTION, ...COLLECTOR_OPTIONS],
  },
  { name: 'machines', summary: 'list the machine files that come with the exporter', options: [] },
  {
    name: 'metrics',
    summary: 'list all metric families',
    options: [
      { name: 'markdown', help: 'as METRICS.md' },
      { name: 'json', help: 'as JSON' },
    ],
  },
  {
    name: 'completion',
    summary: 'print what makes a shell complete commands, options and values',
    operands: '<SHELL>',
    choices: ['bash', 'zsh', 'fish'],
    options: [],
  },
] as const satisfies readonly CommandSpec[];

/** Of one command. */
export const commandOptions = (name: CommandName): readonly Option[] =>
  COMMANDS.find((command) => command.name === name)!.options;

export type CommandName = (typeof COMMANDS)[number]['name'];
