// What must hold in every built file; the first thing that does not ends the build.
import { checkApps } from './check-apps';
import { checkSensors } from './check-sensors';
import { checkUsed } from './check-used';
import { isActive } from './cpu';
import { managedPages, PAGE } from './host';
import type { Channel, Cluster, Facts, Int, MachineFile, Report, Series, Workload } from './types';
import { at, HZ, sum } from './workload';

export function check(name: string, file: MachineFile, facts: Facts, workload: Workload): void {
  try {
    everySeriesHasAValueForEachFrame(file);
    idsAreUnique(file);
    for (const report of file.ioreport) countersRise(report, elapsed(file));
    if (facts.virtual) nothingIsFalse(file);
    else {
      energyAddsUp(file, facts);
      processorsAgree(file, facts);
    }
    pagesAddUp(file, facts);
    checkSensors(file, facts, workload, need);
    checkApps(file, workload, need);
    checkUsed(file, facts, workload, need);
    if (workload.name === 'llm') redButWell(file);
    if (workload.name === 'runs-out') outOfMemory(file);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function need(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

function known<T>(value: T | undefined, what: string): T {
  need(value !== undefined, what);
  return value;
}

const elapsed = ({ clock }: MachineFile) => clock.absolute.map((ticks) => ticks - at(clock.absolute, 0));
const frames = (file: MachineFile) => file.clock.absolute.map((_, frame) => frame);

function everySeriesHasAValueForEachFrame(file: MachineFile): void {
  const count = file.clock.absolute.length;
  const right = (length: number) => length === 1 || length === count;
  for (const { channels } of file.ioreport)
    for (const [, name, ...values] of channels)
      need(right(values.length), `${name}: ${values.length} values`);
  const walk = (where: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const isSeries =
      Array.isArray(value) &&
      value.every((item) => ['number', 'bigint'].includes(typeof item) || item === null);
    if (isSeries) need(value.length === count, `${where}: ${value.length} values`);
    for (const [key, child] of Object.entries(value)) walk(`${where}.${key}`, child);
  };
  walk('clock', { absolute: file.clock.absolute, continuous: file.clock.continuous });
  walk('host', file.host);
  for (const [key, [, ...values]] of Object.entries(file.sysctl)) values.forEach((value) => walk(key, value));
  for (const [key, , ...values] of file.smc?.keys ?? [])
    need(right(values.length), `${key}: ${values.length} values`);
  for (const { product, value } of file.hid ?? []) walk(`HID ${product}`, value);
  for (const { pid, usage } of file.libproc?.processes ?? []) walk(`${pid}`, usage);
  for (const { id, words } of file.coalition?.coalitions ?? []) walk(`coalition ${id}`, words);
  walk('notify', file.notify);
  for (const device of file.metal?.devices ?? []) walk(device.name, device.recommendedMaxWorkingSetSize);
  for (const entry of file.ioregistry) walk(entry.name, [entry.properties, entry.children]);
}

function idsAreUnique(file: MachineFile): void {
  const seen = new Set<string>();
  for (const { driver, channels } of file.ioreport) {
    for (const [id, name] of channels) {
      const key = `${driver[0]}/${id}`;
      need(/^[0-9a-f]{16}$/.test(id) && !seen.has(key), `${name}: id ${id} is malformed or taken`);
      seen.add(key);
    }
  }
}

/** No counter falls, and a state channel's states grow by the elapsed ticks, no more and no less. */
function countersRise({ format, channels, states = [] }: Report, ticks: readonly number[]): void {
  for (const [, name, ...values] of channels) {
    const all = values.map((value) => (format === 'simple' ? [value as Int | null] : (value as number[])));
    all.forEach((now, frame) => {
      const before = all[frame - 1];
      need(format === 'simple' || now.length === states.length, `${name}: ${now.length} residencies`);
      now.forEach((value, i) => need((value ?? 0) >= (before?.[i] ?? 0), `${name}: falls in frame ${frame}`));
      if (format === 'simple') return;
      const grown = sum(now as number[]) - sum(at(all, 0) as number[]);
      need(grown === ticks[frame], `${name}: ${grown} ticks up to frame ${frame}, not ${ticks[frame]}`);
    });
  }
}

function nothingIsFalse(file: MachineFile): void {
  need(
    file.ioreport.length === 0 && !file.smc && !file.hid && !file.metal,
    'a virtual machine has no sensors',
  );
  need(file.sysctl['kern.hv_vmm_present']?.[1] === 1, 'it does not say that it is virtual');
}

function energyAddsUp(file: MachineFile, facts: Facts): void {
  const named = new Map<string, Channel[]>();
  for (const { group, channels } of file.ioreport)
    if (group === 'Energy Model')
      for (const channel of channels) named.set(channel[1], [...(named.get(channel[1]) ?? []), channel]);

  for (const frame of frames(file)) {
    const energy = (name: string, nth = 0) => {
      const [, , ...values] = at(named.get(name) ?? [], nth);
      return Number(values[frame] ?? values[0] ?? 0);
    };
    const same = (name: string, parts: number) =>
      need(energy(name) === parts, `${name} is ${energy(name)} in frame ${frame}, its parts are ${parts}`);

    const totals = new Map<string, number>();
    for (const cluster of facts.clusters) {
      const { cores, sram, managers } = partsOf(cluster);
      const steps = facts.kinds[cluster.letter]?.table.raw ?? [];
      const twin = detailTwin(facts, cluster);
      cores.forEach((core, n) =>
        same(core, sum(steps.map((_, i) => energy(cluster.energy.detail(n, i.toString(16)), twin)))),
      );
      const all = (names: readonly string[]) => sum(names.map((name) => energy(name)));
      const held = facts.totalsHoldManagers ? all(managers) : 0;
      same(cluster.energy.cluster, all(cores) + all(sram) + held);
      const { total } = cluster.energy;
      totals.set(total, (totals.get(total) ?? 0) + energy(cluster.energy.cluster) + all(managers) - held);
    }
    totals.forEach((parts, total) => same(total, parts));

    const { rail, sram } = facts.gpu;
    const ratio = (energy(rail) + (sram ? energy(sram) : 0)) / (energy('GPU Energy') / 1e6);
    need(Math.abs(ratio - (sram ? 0.996 : 0.963)) < 1e-4, `GPU rails are ${ratio} of GPU Energy`);
  }
}

/** Dies share the names of the detail channels: which of the namesakes is this cluster's. */
const detailTwin = ({ clusters }: Facts, cluster: Cluster) =>
  clusters.filter(({ energy }) => energy.detail(0, '0') === cluster.energy.detail(0, '0')).indexOf(cluster);

const partsOf = ({ cores, core, energy }: Cluster) => {
  const each = Array.from({ length: cores }, (_, n) => n);
  return {
    channels: each.map(core),
    cores: each.map(energy.core),
    sram: energy.sram ? each.map(energy.sram) : [],
    managers: [energy.manager, ...(energy.managerSram ? [energy.managerSram] : [])],
  };
};

/** A logical CPU's ticks fill the wall time and say what its core channel says. */
function processorsAgree(file: MachineFile, facts: Facts): void {
  const cores = new Map(
    file.ioreport
      .filter(({ subgroup }) => subgroup === 'CPU Core Performance States')
      .flatMap(({ states = [], channels }) => channels.map((channel) => [channel[1], { states, channel }])),
  );
  const order = facts.clusters.flatMap((cluster) => partsOf(cluster).channels);
  need(order.length === file.host.cpu.length, `${file.host.cpu.length} CPUs, ${order.length} cores`);
  file.host.cpu.forEach(({ user, system, idle }, cpu) => {
    const { states, channel } = known(cores.get(at(order, cpu)), `no channel of cpu${cpu}`);
    for (const frame of frames(file).slice(1)) {
      const grown = (series: Series) => valueAt(series, frame) - valueAt(series, frame - 1);
      const wall = (at(elapsed(file), frame) - at(elapsed(file), frame - 1)) / (HZ / 100);
      const busy = grown(user) + grown(system);
      need(busy + grown(idle) === wall && grown(idle) >= 0, `cpu${cpu}: ticks up to frame ${frame}`);
      const residency = (of: number) => (channel[of + 2] ?? channel[2]) as number[];
      const active = sum(
        states.map((state, i) =>
          isActive(state) ? at(residency(frame), i) - at(residency(frame - 1), i) : 0,
        ),
      );
      const off = Math.abs(active / (HZ / 100) - busy);
      need(off < 0.02 * wall + 3, `cpu${cpu}: ${off} ticks from its core's residency in frame ${frame}`);
    }
  });
}

function pagesAddUp(file: MachineFile, facts: Facts): void {
  for (const frame of frames(file)) {
    const vm = (field: string) => valueAt(known(file.host.vm![field], `no ${field}`), frame);
    const pageable = vm('active_count') + vm('inactive_count');
    const available = vm('free_count') + pageable;
    const all = available + vm('wire_count') + vm('compressor_page_count');
    need(all === managedPages(facts) && all * PAGE < facts.bytes, `${all} pages in frame ${frame}`);
    const owned = vm('internal_page_count') + vm('external_page_count');
    need(
      owned === pageable + vm('speculative_count'),
      `${owned} internal and external pages in frame ${frame}`,
    );
    need(vm('free_count') > vm('speculative_count'), `no page free in frame ${frame}`);
    const [, level] = known(file.sysctl['kern.memorystatus_level'], 'no kern.memorystatus_level');
    const shown = valueAt(level as Series, frame);
    need(shown === Math.floor((available * 100) / all), `memory level ${shown} in frame ${frame}`);
  }
}

/** Red by the share that is free, though the kernel is content and nothing swaps. */
function redButWell(file: MachineFile): void {
  const { level, pressure, swapped } = memoryOf(file);
  need(
    level.every((value) => value < 25),
    `memory levels ${level.join()}`,
  );
  need(pressure.every((value) => value === 1) && swapped.every((value) => value === 0), 'it is not well');
}

function outOfMemory(file: MachineFile): void {
  const { level, pressure, swapped, swapouts } = memoryOf(file);
  need(level.every((value) => value < 25) && pressure.every((value) => value === 4), 'it has memory left');
  need(
    swapped.every((value) => value > 0),
    'nothing is swapped out',
  );
  need(at(swapouts, swapouts.length - 1) - at(swapouts, 0) > 10_000, 'it hardly swaps');
}

function memoryOf(file: MachineFile) {
  const each = (series: Series) => frames(file).map((frame) => valueAt(series, frame));
  const sysctl = (name: string, member: number) =>
    each(known(file.sysctl[name]?.[member], `no ${name}`) as Series);
  return {
    level: sysctl('kern.memorystatus_level', 1),
    pressure: sysctl('kern.memorystatus_vm_pressure_level', 1),
    swapped: sysctl('vm.swapusage', 3),
    swapouts: each(known(file.host.vm!['swapouts'], 'no swapouts')),
  };
}

const valueAt = (series: Series, frame: number) =>
  Number(typeof series === 'object' ? at(series, frame) : series);
