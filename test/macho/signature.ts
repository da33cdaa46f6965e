// The code signature that macOS on Apple silicon wants of all code: a hash of every page. Numbers and layouts are those of
// xnu (osfmk/kern/cs_blobs.h).

import { createHash } from 'node:crypto';
import type { MachOFile } from './macho_file';

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const SHA256 = 2;
const AD_HOC = 0x2;
const LINKER_SIGNED = 0x20000;

export interface Signature {
  /** Signed by nobody, which is enough for code that is not downloaded by a browser. */
  readonly isAdHoc: boolean;
  readonly isLinkerSigned: boolean;
  readonly identifier: string;
  /** Bytes that it is about: all before itself. */
  readonly covered: number;
  readonly pages: number;
  /** Pages whose hash is another. */
  readonly wrong: readonly number[];
}

/** Undefined: not signed, or not with SHA-256. */
export function readSignature(file: MachOFile): Signature | undefined {
  if (!file.signature) return undefined;
  const blob = file.bytes.subarray(file.signature.offset, file.signature.offset + file.signature.size);
  if (blob.readUInt32BE(0) !== SUPER_BLOB) return undefined;
  const directory = codeDirectory(blob);
  if (directory?.readUInt8(37) !== SHA256) return undefined;
  const flags = directory.readUInt32BE(12);
  const identifier = directory.subarray(directory.readUInt32BE(20));
  const pages = directory.readUInt32BE(28);
  const covered = directory.readUInt32BE(32);
  const page = 2 ** directory.readUInt8(39);
  return {
    isAdHoc: (flags & AD_HOC) !== 0,
    isLinkerSigned: (flags & LINKER_SIGNED) !== 0,
    identifier: identifier.toString('latin1', 0, identifier.indexOf(0)),
    covered,
    pages,
    wrong: [...Array(pages).keys()].filter((index) => {
      const bytes = file.bytes.subarray(index * page, Math.min((index + 1) * page, covered));
      return !createHash('sha256').update(bytes).digest().equals(hash(directory, index));
    }),
  };
}

function codeDirectory(blob: Buffer): Buffer | undefined {
  for (let index = 0; index < blob.readUInt32BE(8); index++) {
    const part = blob.subarray(blob.readUInt32BE(12 + 8 * index + 4));
    if (part.readUInt32BE(0) === CODE_DIRECTORY) return part;
  }
  return undefined;
}

function hash(directory: Buffer, index: number): Buffer {
  const size = directory.readUInt8(36);
  const at = directory.readUInt32BE(16) + index * size;
  return directory.subarray(at, at + size);
}
