// From frames to a machine file: what changed becomes a series, what came and went is told of as seen.

import type {
  HidService,
  Host,
  Int,
  MachineFile,
  Metal,
  Series,
  Smc,
  SmcKey,
  Sysctl,
  Ticks,
} from '../../native/machine_file';
import type { Frame } from './frame';
import { mergeIoReport } from './merge_ioreport';
import { mergeRegistry } from './merge_registry';
import { mergeRows } from './merge_rows';
import { presences } from './presence';
import { keysOf, latest, seriesByName, seriesOf } from './series';

/** `about` and `origin` are those of a recording of a Mac that nothing is known of. */
export function mergeFrames(frames: readonly Frame[]): MachineFile {
  const smc = mergeSmc(frames);
  const hid = mergeHid(frames);
  const { libproc, coalition } = mergeRows(frames);
  const notify = mergeStates(frames);
  const metal = mergeMetal(frames);
  return {
    format: 1,
    about: 'a recording',
    origin: 'recorded',
    clock: {
      timebase: frames[0]!.clock.timebase,
      absolute: frames.map(({ clock }) => Number(clock.absolute)),
      continuous: continuousOf(frames),
    },
    ioreport: mergeIoReport(frames),
    ioregistry: mergeRegistry(
      frames.map(({ ioregistry, smc: of }) => [...(ioregistry ?? []), ...(of?.entries ?? [])]),
    ),
    host: mergeHost(frames),
    sysctl: mergeSysctl(frames),
    ...(smc && { smc }),
    ...(hid && { hid }),
    ...(libproc && { libproc }),
    ...(coalition && { coalition }),
    ...(notify && { notify }),
    ...(metal && { metal }),
  };
}

/**
 * Between reading one clock and the other some ticks go by, so that their difference, the time asleep, is only good to the
 * millisecond.
 */
function continuousOf(frames: readonly Frame[]): readonly number[] {
  let asleep = 0;
  return frames.map(({ clock: { timebase, absolute, continuous } }) => {
    const millisecond = (1e6 * timebase[1]) / timebase[0];
    const told = Math.round((Number(continuous) - Number(absolute)) / millisecond);
    asleep = Math.max(asleep, Math.round(told * millisecond));
    return Number(absolute) + asleep;
  });
}

function mergeHost(frames: readonly Frame[]): Host {
  const hosts = frames.map(({ host }) => host);
  const cpus = latest(hosts.map(({ cpu }) => cpu)) ?? [];
  const size = latest(hosts.map(({ page_size: bytes }) => bytes));
  const count = latest(hosts.map(({ count: words }) => words));
  return {
    ...(size !== undefined && { page_size: size }),
    ...(count !== undefined && { count, vm: seriesByName(hosts.map(({ vm }) => vm)) }),
    ...(hosts.some(({ array_too_large: refuses }) => refuses) && { array_too_large: true }),
    cpu: cpus.map((_, i) => seriesByName(hosts.map(({ cpu }) => cpu?.[i])) as unknown as Ticks),
  };
}

function mergeSysctl(frames: readonly Frame[]): Record<string, Sysctl> {
  const all = frames.map(({ sysctl }) => sysctl);
  return Object.fromEntries(
    keysOf(all).map((name) => {
      const values = all.map((each) => each?.[name]);
      const [shape, ...members] = latest(values)!;
      return [
        name,
        [shape, ...members.map((_, i) => memberOf(values.map((value) => value?.[i + 1])))] as const,
      ];
    }),
  );
}

/** A text is told once. */
const memberOf = (values: readonly (Series | string | undefined)[]): Series | string =>
  typeof latest(values) === 'string' ? latest(values)! : (seriesOf(values) as Series);

function mergeSmc(frames: readonly Frame[]): Smc | undefined {
  const all = frames.map(({ smc }) => smc?.smc);
  // Only one whose service is told of can be opened again.
  const last = all.findLast((smc, i) => smc && frames[i]!.smc!.entries.some(({ id }) => id === smc.entry));
  if (!last) return undefined;
  const keys = presences(
    all.map((smc) => smc?.keys ?? []),
    ([key]) => key,
  );
  return {
    entry: last.entry,
    keys: keys.map(({ frames: of, first: [key, type] }) => {
      const series = seriesOf(of.map((each) => each?.[2] ?? undefined)) ?? null;
      return [key, type, ...(Array.isArray(series) ? (series as string[]) : [series])] as unknown as SmcKey;
    }),
    ...(last.sorted === false && { sorted: last.sorted }),
  };
}

function mergeHid(frames: readonly Frame[]): readonly HidService[] | undefined {
  if (frames.every(({ hid }) => !hid?.length)) return undefined;
  const services = presences(
    frames.map(({ hid }) => withPlaces(hid ?? [])),
    ({ place }) => place,
  );
  return services.map(({ frames: of, first: { service } }) => {
    const values = of.map((each) => (each?.service.value ?? null) as number | null);
    return { ...service, value: values.every((value) => value === values[0]) ? values[0]! : values };
  });
}

/** Names repeat, and not every macOS tells ids. */
function withPlaces(services: readonly HidService[]): readonly { service: HidService; place: string }[] {
  const seen = new Map<string, number>();
  return services.map((service) => {
    const name = `${service.id} ${service.product ?? ''}`;
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return { service, place: `${name} ${nth}` };
  });
}

function mergeStates(frames: readonly Frame[]): Record<string, Series> | undefined {
  const all = frames.map(({ notify }) => notify);
  return all.some((states) => states) ? seriesByName(all) : undefined;
}

function mergeMetal(frames: readonly Frame[]): Metal | undefined {
  const all = frames.map(({ metal }) => metal ?? undefined);
  const last = latest(all);
  if (!last) return undefined;
  return {
    ...last,
    devices: last.devices.map((device, i) => ({
      ...device,
      recommendedMaxWorkingSetSize: seriesOf(
        all.map((metal) => metal?.devices[i]?.recommendedMaxWorkingSetSize as Int | undefined),
      ) as Series,
    })),
  };
}
