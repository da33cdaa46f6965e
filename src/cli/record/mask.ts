// Takes out of a recording what tells whose Mac it is: serial numbers, UUIDs, addresses, the names of hosts, users and
// volumes and, unless they are asked for, of processes. What decoders look for stays as it is.

import type { Entry, Int, MachineFile, Process, Smc, SmcKey, Sysctl, Value } from '../../native/machine_file';
import { OTHER } from '../../sampler/labels';
import { FreeText } from './mask_text';
import { maskedPath, programMask } from './mask_path';
import { Words } from './mask_words';

/** What is known of the Mac; each may be empty. */
export interface Secrets {
  readonly hostNames: readonly string[];
  readonly userNames: readonly string[];
  readonly serials: readonly string[];
}

export interface MaskOptions {
  /** Random, and not kept. */
  readonly key: Buffer;
  readonly processNames: 'mask' | 'keep';
}

/** `doctor`: a report that is in the file beside the recording. */
type Maskable = MachineFile & { readonly doctor?: unknown };

export interface Masked<File> {
  readonly file: File;
  /** Masks by what they stand for. */
  readonly replaced: ReadonlyMap<string, string>;
}

export function mask<File extends Maskable>(
  file: File,
  secrets: Secrets,
  { key, processNames }: MaskOptions,
): Masked<File> {
  const run = (words: Words) => new Mask(words, secrets, processNames === 'mask', file).file(file);
  // The first run finds out what there is to mask: none of it may be a mask of another.
  const found = new Words(key);
  run(found);
  const words = new Words(key);
  words.reserve([...found.replaced.keys(), OTHER]);
  return { file: run(words), replaced: words.replaced };
}

/** Properties of the registry that hold a serial number, in whatever type. */
const SERIAL = /serial/i;
/** Texts of the registry and of sysctl that a decoder knows by heart. */
const KNOWN_TEXT = /^(?:model|API|MetalPlugin\w*|hw\..*|machdep\..*|kern\.osproductversion|kern\.osversion)$/;
/** Who has opened a client of the GPU's driver: "pid 440, WindowServer". */
const CREATOR = 'IOUserClientCreator';
/** SMC keys of this type hold a text, such as the battery's serial number. */
const SMC_TEXT = 'ch8';
const PRINTABLE_RUN = /[!-~]+/g;

class Mask {
  readonly #text: FreeText;
  readonly #commByPid: ReadonlyMap<number, Process>;

  constructor(
    private readonly words: Words,
    secrets: Secrets,
    private readonly hidesProcesses: boolean,
    file: MachineFile,
  ) {
    this.#text = new FreeText(words, secrets);
    this.#commByPid = new Map(file.libproc?.processes.map((process) => [process.pid, process]));
  }

  file<File extends Maskable>(file: File): File {
    return {
      ...file,
      about: this.#text.mask(file.about),
      ioregistry: file.ioregistry.map((entry) => this.#entry(entry)),
      sysctl: Object.fromEntries(
        Object.entries(file.sysctl).map(([name, value]) => [name, this.#sysctl(name, value)]),
      ),
      ...(file.smc && { smc: this.#smc(file.smc) }),
      ...(file.libproc && {
        libproc: { ...file.libproc, processes: file.libproc.processes.map((one) => this.#process(one)) },
      }),
      ...(file.doctor !== undefined && { doctor: this.#texts(file.doctor) }),
    };
  }

  #entry(entry: Entry): Entry {
    return {
      ...entry,
      properties: this.#properties(entry.properties),
      ...(entry.children && { children: entry.children.map((child) => this.#entry(child)) }),
    };
  }

  #properties(properties: Readonly<Record<string, Value>>): Record<string, Value> {
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, this.#property(name, value)]),
    );
  }

  #property(name: string, value: Value): Value {
    const isSerial = SERIAL.test(name);
    if (typeof value === 'string') {
      if (name === CREATOR) return this.#creator(value);
      if (isSerial) return this.words.of(value);
      return KNOWN_TEXT.test(name) ? this.#text.maskNumbers(value) : this.#text.mask(value);
    }
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number' || typeof value === 'bigint' || Array.isArray(value))
      return isSerial ? this.#number(value as Int) : value;
    const tagged = value as Exclude<Value, Int | readonly Int[] | string | boolean>;
    if ('dict' in tagged) return { dict: this.#properties(tagged.dict) };
    if ('list' in tagged) return { list: tagged.list.map((item) => this.#property(name, item)) };
    return 'data' in tagged ? { data: this.#bytes(tagged.data, isSerial) } : tagged;
  }

  #number(value: Int | readonly Int[]): Int | readonly Int[] {
    if (typeof value === 'object') return value.map((each) => this.#number(each) as Int);
    // As many digits as before.
    const digits = this.words.of(String(value)).replace(/^0/, '1');
    return typeof value === 'bigint' ? BigInt(digits) : Number(digits);
  }

  /** Bytes as hex digits. */
  #bytes(hex: string, isText: boolean): string {
    const text = Buffer.from(hex, 'hex').toString('latin1');
    const masked = isText
      ? text.replaceAll(PRINTABLE_RUN, (run) => this.words.of(run))
      : this.#text.maskNumbers(text);
    return masked === text ? hex : Buffer.from(masked, 'latin1').toString('hex');
  }

  #sysctl(name: string, value: Sysctl): Sysctl {
    const [shape, ...members] = value;
    const text = members[0];
    if (shape !== 'text' || typeof text !== 'string') return value;
    return [shape, KNOWN_TEXT.test(name) ? this.#text.maskNumbers(text) : this.#text.mask(text)];
  }

  #smc(smc: Smc): Smc {
    const valueOf = (type: string, value: string | null) =>
      value === null ? value : this.#bytes(value, type.startsWith(SMC_TEXT));
    return {
      ...smc,
      keys: smc.keys.map(
        ([key, type, ...values]) =>
          [key, type, ...values.map((value) => valueOf(type, value))] as unknown as SmcKey,
      ),
    };
  }

  #process(process: Process): Process {
    const { path } = process;
    return {
      ...process,
      path: path === null ? path : this.#path(path),
      comm: this.#name(process.comm, process),
    };
  }

  #path(path: string): string {
    return this.hidesProcesses ? maskedPath(path, this.words) : this.#text.mask(path);
  }

  #creator(text: string): string {
    const [, head, pid, name] = /^(pid (\d+), )(.*)$/su.exec(text) ?? [];
    if (head === undefined) return this.#text.mask(text);
    return head + this.#name(name!, this.#commByPid.get(Number(pid)));
  }

  /** The name that the kernel has for a process: the beginning of that of its executable, as a rule. */
  #name(name: string, process: Process | undefined): string {
    if (!this.hidesProcesses) return this.#text.mask(name);
    const executable = process?.path?.slice(process.path.lastIndexOf('/') + 1);
    if (!executable?.startsWith(name)) return programMask(name, this.words);
    return Array.from(programMask(executable, this.words)).slice(0, Array.from(name).length).join('');
  }

  #texts(value: unknown): unknown {
    if (typeof value === 'string') return this.#text.mask(value);
    if (Array.isArray(value)) return value.map((item) => this.#texts(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#texts(item)]));
  }
}
