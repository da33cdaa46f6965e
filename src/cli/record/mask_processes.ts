// Processes, and what others say of them: names and paths.

import type { MachineFile, Process } from '../../native/machine_file';
import { OTHER } from '../../sampler/labels';
import { maskedFolder, maskedPath } from './mask_path';
import { UUID } from './mask_shape';
import type { FreeText } from './mask_text';
import type { Words } from './mask_words';

/** The names of processes as a file has them. */
export class ProcessNames {
  readonly #executables = new Map<number, string[]>();
  /** Beginnings of names of executables: the kernel and its drivers keep no more of them. */
  readonly cut = new Set<string>();

  constructor({ libproc, ioregistry }: Pick<MachineFile, 'libproc' | 'ioregistry'>) {
    for (const { pid, path, comm } of libproc?.processes ?? []) {
      if (path === null) continue;
      const executable = path.slice(path.lastIndexOf('/') + 1);
      this.#executables.set(pid, [...(this.#executables.get(pid) ?? []), executable]);
      this.#note(wholeOf(comm), executable);
    }
    for (const { children } of ioregistry)
      for (const { properties } of children ?? []) {
        const creator = creatorOf(properties[CREATOR]);
        if (creator) this.#note(creator.name, this.executable(creator.pid, creator.name));
      }
  }

  /** The executable of a process that is called `name`, or by a name that begins so. */
  executable(pid: number, name: string): string | undefined {
    return this.#executables.get(pid)?.find((executable) => executable.startsWith(name));
  }

  #note(name: string, executable: string | undefined): void {
    if (name !== '' && executable !== name && executable?.startsWith(name)) this.cut.add(name);
  }
}

/** Who has opened a client of the GPU's driver: "pid 440, WindowServer". */
export const CREATOR = 'IOUserClientCreator';

export class MaskedProcesses {
  constructor(
    private readonly names: ProcessNames,
    private readonly words: Words,
    private readonly text: FreeText,
    private readonly hidesNames: boolean,
  ) {}

  process(process: Process): Process {
    const { pid, path, comm } = process;
    return { ...process, path: path === null ? path : this.#path(path), comm: this.#name(comm, pid) };
  }

  creator(text: string): string {
    const creator = creatorOf(text);
    if (creator) return `pid ${creator.pid}, ${this.#name(creator.name, creator.pid)}`;
    return this.hidesNames ? this.#program(text) : this.text.mask(text);
  }

  #path(path: string): string {
    const { words, text } = this;
    const spoken = (name: string) => text.mask(name);
    return maskedPath(
      path,
      this.hidesNames
        ? {
            words,
            folder: (name) => maskedFolder(name, words, (stem) => this.#program(stem)),
            program: (name) => this.#program(name),
          }
        : { words, folder: spoken, program: spoken },
    );
  }

  #name(told: string, pid: number): string {
    const name = wholeOf(told);
    if (!this.hidesNames) return this.text.mask(name);
    const executable = this.names.executable(pid, name);
    // A UUID is masked as a whole, so that it is the same everywhere.
    if (!executable?.match(UUID)) return this.#program(name);
    return Array.from(this.#program(executable)).slice(0, Array.from(name).length).join('');
  }

  /** What is called as the sum of all others is never told by its name. */
  #program(name: string): string {
    if (name === OTHER) return name;
    return name
      .split(UUID_APART)
      .map((part) => this.words.of(part))
      .join('');
  }
}

const UUID_APART = new RegExp(`(${UUID.source})`);

/** Without what is left of a character in which it was cut. */
const wholeOf = (name: string): string => name.replace(/\uFFFD+$/, '');

function creatorOf(value: unknown): { pid: number; name: string } | undefined {
  const match = typeof value === 'string' ? /^pid (\d+), (.*)$/su.exec(value) : null;
  return match ? { pid: Number(match[1]), name: wholeOf(match[2]!) } : undefined;
}
