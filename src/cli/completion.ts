// completion: a script for a shell, made of the table of commands.

import { bash } from './completion/bash';
import { fish } from './completion/fish';
import { zsh } from './completion/zsh';

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

export function completion(shell: string): void {
  process.stdout.write(SHELLS[shell]!());
}
