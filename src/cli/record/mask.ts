// Takes out of a recording what tells whose Mac it is: serial numbers, UUIDs, addresses, the names of hosts, users and
// volumes and, unless they are asked for, of processes. What decoders look for stays as it is.

import type { MachineFile, Smc, SmcKey, Sysctl } from '../../native/machine_file';
import { OTHER } from '../../sampler/labels';
import { MaskedBytes } from './mask_bytes';
import { MaskedProcesses, ProcessNames } from './mask_processes';
import { MaskedRegistry } from './mask_registry';
import { FreeText } from './mask_text';
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
  const names = new ProcessNames(file);
  const run = (words: Words, serials: readonly string[]) => {
    const text = new FreeText(words, { ...secrets, serials }, knownTexts(file));
    const processes = new MaskedProcesses(names, words, text, processNames === 'mask');
    return new Mask(words, text, processes).file(file);
  };
  // The first run finds out what there is to mask: none of it may be a mask of another, and a serial number that is told
  // in one place may be in others.
  const found = new Words(key, names.cut);
  run(found, secrets.serials);
  const words = new Words(key, names.cut);
  words.reserve([...found.all, OTHER]);
  return { file: run(words, [...secrets.serials, ...found.serials]), replaced: words.replaced };
}

/** Of sysctl, those that the exporter reads. */
const KNOWN_SYSCTL = /^(?:hw\..*|machdep\..*|kern\.os(?:product)?version)$/;
/** Ids of channels, and integers that a JSON number cannot hold, are no texts. */
const IS_ID = /^[\da-f]*$/;
/** SMC keys of this type hold a text, such as the battery's serial number. */
const SMC_TEXT = 'ch8';
/** Bytes of the longest value of the SMC that is a number. */
const SMC_NUMBER = 8;

/** Names of this Mac and its parts. Somebody may be called as a part of them is. */
const knownTexts = ({ sysctl, metal }: MachineFile): readonly string[] => [
  ...Object.entries(sysctl).flatMap(([name, [shape, text]]) =>
    shape === 'text' && KNOWN_SYSCTL.test(name) ? [String(text)] : [],
  ),
  ...(metal?.devices.map(({ name }) => name) ?? []),
];

class Mask {
  readonly #bytes: MaskedBytes;
  readonly #registry: MaskedRegistry;

  constructor(
    words: Words,
    private readonly text: FreeText,
    private readonly processes: MaskedProcesses,
  ) {
    this.#bytes = new MaskedBytes(words, text);
    this.#registry = new MaskedRegistry(words, text, this.#bytes, processes);
  }

  file<File extends Maskable>(file: File): File {
    const { about, ioreport, ioregistry, sysctl, smc, hid, libproc, doctor } = file;
    const numbers = (text: string) => (IS_ID.test(text) ? text : this.text.maskNumbers(text));
    return {
      ...file,
      about: this.text.mask(about),
      ioreport: eachText(ioreport, numbers),
      ioregistry: ioregistry.map((entry) => this.#registry.entry(entry)),
      sysctl: Object.fromEntries(
        Object.entries(sysctl).map(([name, value]) => [name, this.#sysctl(name, value)]),
      ),
      ...(smc && { smc: this.#smc(smc) }),
      ...(hid && { hid: eachText(hid, numbers) }),
      ...(libproc && {
        libproc: { ...libproc, processes: libproc.processes.map((one) => this.processes.process(one)) },
      }),
      ...(doctor !== undefined && { doctor: eachText(doctor, (text) => this.text.mask(text)) }),
    };
  }

  #sysctl(name: string, [shape, ...values]: Sysctl): Sysctl {
    if (shape !== 'text') return [shape, ...values];
    const known = KNOWN_SYSCTL.test(name);
    return [
      shape,
      ...eachText(values, (text) => (known ? this.text.maskNumbers(text) : this.text.mask(text))),
    ];
  }

  #smc(smc: Smc): Smc {
    const masked = (type: string, hex: string | null) => {
      if (hex === null) return hex;
      if (type.startsWith(SMC_TEXT)) return this.#bytes.name(hex);
      return hex.length > 2 * SMC_NUMBER ? this.#bytes.unknown(hex) : hex;
    };
    return {
      ...smc,
      keys: smc.keys.map(
        ([key, type, ...values]) =>
          [key, type, ...values.map((hex) => masked(type, hex))] as unknown as SmcKey,
      ),
    };
  }
}

/** The same with each text in it replaced; names of members stay. */
function eachText<Whole>(whole: Whole, put: (text: string) => string): Whole {
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return put(value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, masked(item)]));
  };
  return masked(whole) as Whole;
}
