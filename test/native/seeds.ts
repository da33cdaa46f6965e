// Seeds of the fuzz targets, cut from the machine files: npx tsx test/native/seeds.ts writes addon/fuzz/seeds.

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distinctMachines, machineOf, reduced, type Json, type Machine } from '../support/machines';
import { ROOT } from './toolchain';

const FOLDER = join(ROOT, 'addon', 'fuzz', 'seeds');
/** Of each target; the largest are left out, since every mutation of them costs time. */
const MOST = 24;
const LARGEST = 24_000;

const u64 = (value: number | string | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
};
/** The value of the first frame. */
const first = (value: Json): Json => (Array.isArray(value) ? value[0]! : value);

const objects = (value: Json): Record<string, Json>[] => {
  if (value === null || typeof value !== 'object') return [];
  const inside = Object.values(value).flatMap((each) => objects(each));
  return Array.isArray(value) ? inside : [value, ...inside];
};

/** Types of keys in the order of addon/fuzz/smc.cc. */
const TYPES = 'ui8 ,si8 ,flag,ui16,si16,ui32,si32,ioft,fpe2,sp78,flt ,hex_'.split(',');

const TARGETS: Readonly<Record<string, (machine: Machine) => Buffer[]>> = {
  machine_file: (machine) => {
    const { format, about, origin, clock, ...sections } = reduced(machine, 1);
    // A section a seed: they are independent of each other but for the registry entries of the SMC.
    return Object.entries(sections)
      .filter(([name]) => name !== 'smc')
      .map(([name, section]) =>
        Buffer.from(JSON.stringify({ format, about, origin, clock, [name]: section })),
      );
  },
  smc: (machine) =>
    (machine.smc?.keys ?? []).flatMap(([, type, value]) => {
      const at = TYPES.indexOf(type as string);
      return at < 0 || typeof value !== 'string'
        ? []
        : [Buffer.concat([Buffer.of(at), Buffer.from(value, 'hex')])];
    }),
  registry_data: ({ ioregistry }) =>
    (ioregistry ?? [])
      .filter(({ path }) => path !== undefined)
      .flatMap(({ properties }) =>
        objects(properties).flatMap(({ data }) =>
          typeof data === 'string' ? [Buffer.from(data, 'hex')] : [],
        ),
      ),
  app_usage: ({ ioregistry }) =>
    (ioregistry ?? [])
      .flatMap(({ children = [] }) => children)
      .filter(({ properties }) => properties['AppUsage'] !== undefined)
      .map(({ properties }) => {
        const pid = Number(/^pid (\d+)/.exec(properties['IOUserClientCreator'] as string)?.[1] ?? 0);
        const times = objects(properties['AppUsage']!).flatMap(({ counter }) =>
          counter === undefined
            ? []
            : [Buffer.concat([Buffer.of(0), u64(BigInt(first(counter) as number) << 1n)])],
        );
        return Buffer.concat([Buffer.of(pid & 255, (pid >> 8) & 255), ...times]);
      }),
  coalition: ({ coalition }) =>
    (coalition?.coalitions ?? []).flatMap(({ words }) => {
      if (!words || !coalition) return [];
      const count = Math.ceil(coalition.bytes / 8);
      const values = Array.from({ length: count }, (_, i) => {
        const value = first(words[String(i)] ?? 0) as number | string;
        return u64(BigInt(value) << 1n);
      });
      return [Buffer.concat([Buffer.of(count - 1), ...values])];
    }),
  raw_elements: ({ ioreport }) =>
    (ioreport ?? []).flatMap(({ states, format, channels }) =>
      channels.slice(0, 1).map(([, , value]) => {
        const elements = Math.min(states?.length ?? 1, 8);
        const [driver, channel] = [7, 9];
        const kind = format === 'state' ? 2 : 1;
        const parts = Array.from({ length: elements }, (_, i) => {
          const element = Buffer.alloc(64);
          element.writeBigUInt64LE(BigInt(driver), 0);
          element.writeBigUInt64LE(BigInt(channel), 8);
          element.writeUInt8(kind, 16);
          element.writeUInt16LE(elements, 20);
          element.writeInt16LE(i, 22);
          element.writeBigUInt64LE(24_000_000n, 24);
          const raw = first(Array.isArray(value) && format === 'state' ? value[i]! : value!);
          u64(typeof raw === 'number' || typeof raw === 'string' ? raw : 0).copy(
            element,
            kind === 2 ? 48 : 32,
          );
          return element;
        });
        return Buffer.concat([Buffer.of(kind, elements, driver, channel), ...parts]);
      }),
    ),
};

rmSync(FOLDER, { recursive: true, force: true });
for (const [target, cut] of Object.entries(TARGETS)) {
  const all = distinctMachines
    .flatMap((name) => cut(machineOf(name)))
    .filter(({ length }) => length <= LARGEST);
  const different = [...new Map(all.map((seed) => [seed.toString('hex'), seed])).values()];
  // Evenly spread over what there is.
  const step = Math.max(1, different.length / MOST);
  const chosen = Array.from(
    { length: Math.min(MOST, different.length) },
    (_, i) => different[Math.floor(i * step)]!,
  );
  mkdirSync(join(FOLDER, target), { recursive: true });
  for (const seed of chosen) {
    const name = createHash('sha1').update(seed).digest('hex').slice(0, 16);
    writeFileSync(join(FOLDER, target, name), seed);
  }
  console.log(`${target}: ${chosen.length} of ${different.length}`);
}
