import type { Int, Properties, Property, RegistryEntry } from './format';
import { fixed, integer, type Machine } from './machine';

export interface Entry {
  readonly entry: RegistryEntry;
  /** Undefined outside the device tree. */
  readonly path: string | undefined;
}

/** The entries that are always there, parents first. A child of an entry with a path lies below that path. */
export const entries = fixed((machine): readonly Entry[] => {
  const walk = (entry: RegistryEntry, above: string | undefined): Entry[] => {
    if (entry.life) return [];
    const path = entry.path ?? (above === undefined ? undefined : `${above}/${entry.name}`);
    return [{ entry, path }, ...(entry.children ?? []).flatMap((child) => walk(child, path))];
  };
  return (machine.file.ioregistry ?? []).flatMap((root) => walk(root, undefined));
});

export function property(entry: RegistryEntry | undefined, name: string): Property | undefined {
  return entry?.properties?.[name];
}

export function dictionary(value: Property | undefined): Properties {
  return typeof value === 'object' && 'dict' in value ? value.dict : {};
}

/** A number, stepping or growing as the file says, or a little-endian word of data. The registry keeps 64 bits, signed. */
export function numberAt(machine: Machine, value: Property | undefined, ticks: bigint): bigint | undefined {
  if (typeof value === 'number') return integer(value);
  if (typeof value !== 'object') return undefined;
  if (isNumbers(value)) return BigInt.asIntN(64, integer(machine.gauge(value, ticks)));
  if ('counter' in value) return machine.counter(value.counter, ticks);
  const bytes = data(value);
  return bytes && bytes.length >= 4 ? BigInt(bytes.readUInt32LE(0)) : undefined;
}

const isNumbers = (value: Property): value is readonly Int[] => Array.isArray(value);

export function data(value: Property | undefined): Buffer | undefined {
  return typeof value === 'object' && 'data' in value ? Buffer.from(value.data, 'hex') : undefined;
}

/** Text as such, or data that ends with a NUL. */
export function text(value: Property | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return data(value)?.toString('latin1').replace(/\0.*$/s, '');
}

export function accelerators(machine: Machine): RegistryEntry[] {
  return entries(machine).flatMap(({ entry }) => (entry.class.includes('IOAccelerator') ? [entry] : []));
}

export function accelerator(machine: Machine): RegistryEntry | undefined {
  return accelerators(machine)[0];
}

/** A member of a sysctl: most have one. */
export function sysctl(machine: Machine, name: string, ticks: bigint, member = 0): bigint | undefined {
  const [type, ...members] = machine.file.sysctl?.[name] ?? [];
  const series = members[member];
  if (type === 'text' || series === undefined) return undefined;
  return integer(machine.gauge(series, ticks));
}

export function sysctlText(machine: Machine, name: string, ticks: bigint): string | undefined {
  const [type, value] = machine.file.sysctl?.[name] ?? [];
  return type === 'text' && value !== undefined ? String(machine.gauge(value, ticks)) : undefined;
}
