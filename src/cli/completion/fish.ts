// For fish 3, with the help of each option beside it.

import type { Flag } from '../../config/flags';
import { COMPLETED, DEFAULT_COMMAND, MACHINES, PROGRAM, type CompletedCommand } from './table';
import { VERSION } from '../../config/flags';

const COMPLETE = `complete -c ${PROGRAM}`;
const AT_COMMAND = `-n __metalstat_exporter_at_command`;

export const fish = (): string => `# fish completion of ${PROGRAM}. Made by: ${PROGRAM} completion fish
# As ~/.config/fish/completions/${PROGRAM}.fish

function __metalstat_exporter_at_command
    test (count (commandline -opc)) -eq 1
end

function __metalstat_exporter_in
    set -l words (commandline -opc)
    set -l command ${DEFAULT_COMMAND}
    if set -q words[2]; and not string match -q -- '-*' $words[2]
        set command $words[2]
    end
    test $command = $argv[1]
end

${COMPLETE} -f
${COMPLETED.map(({ name, summary }) => `${COMPLETE} ${AT_COMMAND} -a ${name} -d ${quoted(summary)}`).join('\n')}
${lineOf(VERSION, AT_COMMAND)}
${COMPLETED.flatMap(linesOf).join('\n')}
`;

function linesOf({ name, flags, choices, runs }: CompletedCommand): readonly string[] {
  const inCommand = `-n '__metalstat_exporter_in ${name}'`;
  return [
    '',
    ...flags.map((flag) => lineOf(flag, inCommand)),
    ...(choices.length > 0
      ? [
          `${COMPLETE} ${inCommand.replace(/'$/, "; and not __metalstat_exporter_at_command'")} -a ${quoted(choices.join(' '))}`,
        ]
      : []),
    ...(runs ? [`${COMPLETE} ${inCommand} -F -a '(__fish_complete_command)'`] : []),
  ];
}

function lineOf({ names, help, value, option }: Flag, condition: string): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const takes = value === undefined || option?.isOptional ? '' : ` ${valuesOf(option)}`;
  return `${COMPLETE} ${condition} ${spelled.join(' ')}${takes} -d ${quoted(help)}`;
}

function valuesOf(option: Flag['option']): string {
  if (option?.choices) return `-x -a ${quoted(option.choices.join(' '))}`;
  if (option?.takes === 'machine') return `-r -F -a 'any (${MACHINES})'`;
  return option?.takes === 'file' ? '-r -F' : '-x';
}

/** fish escapes with backslashes between single quotes. */
const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
