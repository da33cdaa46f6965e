// For bash 3.2, which macOS has, and later ones. It has no place for the help.

import type { Flag } from '../../config/flags';
import {
  COMPLETED,
  DEFAULT_COMMAND,
  FIRST_FLAGS,
  MACHINES,
  namesOf,
  PROGRAM,
  takesValue,
  type CompletedCommand,
} from './table';

export const bash = (): string => `# bash completion of ${PROGRAM}. Made by: ${PROGRAM} completion bash
# In ~/.bashrc: eval "$(${PROGRAM} completion bash)"

_metalstat_exporter_files() {
  local name
  # Came with bash 4: without it folders have no slash.
  compopt -o filenames 2>/dev/null
  while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$1")
}

_metalstat_exporter() {
  local command=${DEFAULT_COMMAND} word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  # --option=value comes in three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  if ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[1]} != -* ]]; then
    command="\${COMP_WORDS[1]}"
  fi
  case "$command $before" in
${valueCases()}
  esac
  case "$command" in
${COMPLETED.map(operandCase).join('\n')}
  esac
}

complete -F _metalstat_exporter ${PROGRAM}
`;

function valueCases(): string {
  return COMPLETED.flatMap(({ name, flags }) =>
    flags.filter(takesValue).map((flag) => {
      const patterns = flag.names.map((each) => `"${name} ${each}"`).join(' | ');
      return `    ${patterns}) ${valuesOf(flag)}return ;;`;
    }),
  ).join('\n');
}

function valuesOf({ option }: Flag): string {
  const files = '_metalstat_exporter_files "$word"; ';
  if (option?.choices) return words(option.choices.join(' '));
  if (option?.takes === 'machine') return `${words(`any $(${MACHINES})`)}${files}`;
  return option?.takes === 'file' ? files : '';
}

const words = (list: string): string => `COMPREPLY=($(compgen -W "${list}" -- "$word")); `;

function operandCase({ name, flags, choices, runs }: CompletedCommand): string {
  const list = words(namesOf(flags).join(' '));
  const lines =
    name === DEFAULT_COMMAND
      ? [
          'if ((COMP_CWORD == 1)); then',
          '  if [[ $word == -* ]]; then',
          `    ${words(namesOf(FIRST_FLAGS).join(' '))}`,
          '  else',
          `    ${words(COMPLETED.map((each) => each.name).join(' '))}`,
          '  fi',
          'else',
          `  ${list}`,
          'fi',
        ]
      : [
          `if [[ $word == -* ]]; then ${list}`,
          ...(runs ? ['else _metalstat_exporter_files "$word"; COMPREPLY+=($(compgen -c -- "$word"))'] : []),
          ...(choices.length > 0 ? [`else ${words(choices.join(' '))}`] : []),
          ...(runs || choices.length > 0 ? [] : [`else ${list}`]),
          'fi',
        ];
  return [`    ${name})`, ...lines.map((line) => `      ${line.trimEnd()}`), '      ;;'].join('\n');
}
