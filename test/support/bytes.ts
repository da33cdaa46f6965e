// Bytes of the device tree.

import type { Json } from './machines';

/** A DVFS table as the device tree has it: 8-byte pairs of frequency and millivolts. */
export function tableBytes(frequencies: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(frequencies.length * 8);
  frequencies.forEach((frequency, i) => {
    bytes.writeUInt32LE(frequency, i * 8);
    bytes.writeUInt32LE(800, i * 8 + 4);
  });
  return bytes;
}

export const data = (bytes: Uint8Array): Json => ({ data: Buffer.from(bytes).toString('hex') });

export function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
