// A machine file under constant load: only its first and last frame, so that every counter grows at one rate.

import type { Json, Machine, RegistryEntry } from './machines';

export function constantLoad(machine: Machine): Machine {
  const last = machine.clock.absolute.length - 1;
  const ends = (series: Json): Json =>
    Array.isArray(series) && series.length === last + 1 ? [series[0]!, series[last]!] : series;
  /** Two columns that say what it is, and then a series. */
  const rowEnds = ([id, name, ...series]: Json[]) =>
    series.length === last + 1 ? [id!, name!, series[0]!, series[last]!] : [id!, name!, ...series];
  const endsOf = (record: Record<string, Json>) =>
    Object.fromEntries(Object.entries(record).map(([name, series]) => [name, ends(series)]));
  return {
    ...machine,
    clock: {
      timebase: machine.clock.timebase,
      absolute: ends(machine.clock.absolute) as number[],
      continuous: ends(machine.clock.continuous) as number[],
    },
    ...(machine.ioreport && {
      ioreport: machine.ioreport.map((set) => ({ ...set, channels: set.channels.map(rowEnds) })),
    }),
    ...(machine.ioregistry && { ioregistry: machine.ioregistry.map((entry) => entryEnds(entry, ends)) }),
    ...(machine.host && {
      host: { ...machine.host, vm: endsOf(machine.host.vm), cpu: machine.host.cpu.map(endsOf) },
    }),
    ...(machine.sysctl && {
      sysctl: Object.fromEntries(
        Object.entries(machine.sysctl).map(([name, [layout, ...values]]) => [
          name,
          [layout!, ...values.map(ends)],
        ]),
      ),
    }),
    ...(machine.smc && { smc: { ...machine.smc, keys: machine.smc.keys.map(rowEnds) } }),
    ...(machine.hid && { hid: machine.hid.map((service) => ({ ...service, value: ends(service.value) })) }),
    ...(machine.libproc && {
      libproc: {
        ...machine.libproc,
        processes: machine.libproc.processes.map((process) => ({
          ...process,
          ...(process.usage && { usage: endsOf(process.usage) as typeof process.usage }),
        })),
      },
    }),
    ...(machine.coalition && {
      coalition: {
        ...machine.coalition,
        coalitions: machine.coalition.coalitions.map((coalition) => ({
          ...coalition,
          ...(coalition.words && { words: endsOf(coalition.words) as typeof coalition.words }),
        })),
      },
    }),
    ...(machine.notify && { notify: endsOf(machine.notify) }),
    ...(machine.metal && {
      metal: {
        ...machine.metal,
        devices: machine.metal.devices.map((device) => ({
          ...device,
          recommendedMaxWorkingSetSize: ends(device.recommendedMaxWorkingSetSize),
        })),
      },
    }),
  };
}

function entryEnds(entry: RegistryEntry, ends: (series: Json) => Json): RegistryEntry {
  const deep = (value: Json): Json => {
    if (Array.isArray(value)) return ends(value);
    if (typeof value !== 'object' || value === null) return value;
    const inside = (name: string, inner: Json) =>
      name === 'list' && Array.isArray(inner) ? inner.map(deep) : deep(inner);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inside(name, inner)]));
  };
  return {
    ...entry,
    properties: Object.fromEntries(
      Object.entries(entry.properties).map(([name, value]) => [name, deep(value)]),
    ),
    ...(entry.children && { children: entry.children.map((child) => entryEnds(child, ends)) }),
  };
}
