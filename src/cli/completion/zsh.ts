// For zsh 5, with the help of each option beside it.

import type { Flag } from '../../config/flags';
import {
  COMPLETED,
  DEFAULT_COMMAND,
  FIRST_FLAGS,
  MACHINES,
  PROGRAM,
  quoted,
  type CompletedCommand,
} from './table';

export const zsh = (): string => `#compdef ${PROGRAM}
# zsh completion of ${PROGRAM}. Made by: ${PROGRAM} completion zsh
# In a folder of $fpath as _${PROGRAM}, or in ~/.zshrc after compinit: source <(${PROGRAM} completion zsh)

_${PROGRAM}_machine() {
  local -a machines expl
  machines=(any \${(f)"$(${MACHINES})"})
  _wanted machines expl 'machine file' compadd -a machines
  _files
}

_${PROGRAM}() {
  local command=${DEFAULT_COMMAND}
  local -a known
  if ((CURRENT == 2)); then
    if [[ $words[2] == -* ]]; then
${specsOf(FIRST_FLAGS)}
    else
      known=(
${COMPLETED.map(({ name, summary }) => `        ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
      )
      _describe command known
    fi
    return
  fi
  if [[ $words[2] != -* ]]; then
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in
${COMPLETED.map(commandCase).join('\n')}
  esac
}

if [[ $funcstack[1] == _${PROGRAM} ]]; then
  _${PROGRAM} "$@"
else
  compdef _${PROGRAM} ${PROGRAM}
fi
`;

function commandCase({ name, flags, choices, runs }: CompletedCommand): string {
  const operands = [
    ...(choices.length > 0 ? [quoted(`1:${name}:(${choices.join(' ')})`)] : []),
    ...(runs ? [quoted('1:command:_path_commands'), quoted('*:file:_files')] : []),
  ];
  return `    ${name})\n${specsOf(flags, operands)}\n      ;;`;
}

/** A call of _arguments. */
const specsOf = (flags: readonly Flag[], operands: readonly string[] = []): string =>
  [
    '      _arguments -s -S',
    ...[...flags.flatMap(specsOfFlag), ...operands].map((spec) => `        ${spec}`),
  ].join(' \\\n');

/** Each spelling of an option excludes all of them, unless it may be repeated. */
function specsOfFlag({ names, help, value, option }: Flag): readonly string[] {
  const others = option?.repeatable ? '*' : `(${names.join(' ')})`;
  const described = `[${help.replaceAll(/[[\]\\:]/g, '\\$&')}]`;
  return names.map((name) => {
    const isLong = name.startsWith('--');
    if (value === undefined) return quoted(`${others}${name}${described}`);
    const message = value.replaceAll(':', '\\:');
    if (option?.isOptional) return quoted(`${others}${name}${isLong ? '=-' : '-'}${described}::${message}:`);
    return quoted(`${others}${name}${isLong ? '=' : '+'}${described}:${message}:${actionOf(option)}`);
  });
}

function actionOf(option: Flag['option']): string {
  if (option?.choices) return `(${option.choices.join(' ')})`;
  if (option?.takes === 'machine') return `_${PROGRAM}_machine`;
  return option?.takes === 'file' ? '_files' : ' ';
}
