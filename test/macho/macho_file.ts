// A Mach-O file of one architecture. Numbers and layouts are those of Apple's <mach-o/loader.h>.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { llvm } from './places';

const HEADER = 32;
const MAGIC = 0xfeedfacf;
const LC = { dylib: 0xc, signature: 0x1d, buildVersion: 0x32 } as const;

export const CPU = { arm64: 0x0100000c, x64: 0x01000007 } as const;
export const BUNDLE = 8;
export const MACOS = 1;

export interface Import {
  readonly symbol: string;
  /** Whose it is; undefined: of whoever has it when it is loaded. */
  readonly from: string | undefined;
}

export class MachOFile {
  readonly bytes: Buffer;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.bytes = readFileSync(path);
    if (this.bytes.readUInt32LE(0) !== MAGIC) throw new Error(`${path} is not a Mach-O file of 64 bits`);
  }

  get cpu(): number {
    return this.bytes.readUInt32LE(4);
  }

  get type(): number {
    return this.bytes.readUInt32LE(12);
  }

  /** The oldest system it is for: `12.0.0`. */
  get minimum(): { platform: number; version: string } {
    const [at] = this.#commands(LC.buildVersion);
    const version = this.bytes.readUInt32LE(at! + 12);
    return {
      platform: this.bytes.readUInt32LE(at! + 8),
      version: [version >> 16, (version >> 8) & 0xff, version & 0xff].join('.'),
    };
  }

  /** Libraries that must be there, or it does not load. */
  get libraries(): string[] {
    return this.#commands(LC.dylib).map((at) => {
      const name = this.bytes.subarray(at + this.bytes.readUInt32LE(at + 8));
      return name.toString('latin1', 0, name.indexOf(0));
    });
  }

  /** Where its code signature is; undefined: it has none. */
  get signature(): { offset: number; size: number } | undefined {
    const [at] = this.#commands(LC.signature);
    if (at === undefined) return undefined;
    return { offset: this.bytes.readUInt32LE(at + 8), size: this.bytes.readUInt32LE(at + 12) };
  }

  get imports(): Import[] {
    const lines = this.#nm('--undefined-only').matchAll(
      /\(undefined\) (?:weak )?external (\S+) \((?:from (\S+)|dynamically looked up)\)/g,
    );
    return [...lines].map(([, symbol, from]) => ({ symbol: symbol!, from }));
  }

  get exports(): string[] {
    return [...this.#nm('--defined-only', '--extern-only').matchAll(/ external (\S+)$/gm)].map(
      ([, name]) => name!,
    );
  }

  #nm(...options: string[]): string {
    return execFileSync(llvm('llvm-nm'), ['-m', ...options, this.#path], { encoding: 'utf8' });
  }

  #commands(wanted: number): number[] {
    const found: number[] = [];
    let at = HEADER;
    for (let left = this.bytes.readUInt32LE(16); left > 0; left--) {
      if (this.bytes.readUInt32LE(at) === wanted) found.push(at);
      at += this.bytes.readUInt32LE(at + 4);
    }
    return found;
  }
}
