// What the processes have used at each frame. Together they were as busy as the CPUs, and drew what the rails say.
import { keyOf, shareIn, type Group, type Resident } from './apps';
import { joules } from './draw';
import { PAGE } from './host';
import { inOneLife, lived } from './life';
import type { Facts, Host, Report, Series, Share, Workload } from './types';
import { at, elapsed, grow, HZ, noise, spans, sum, vary } from './workload';

/** What processes are charged with of a rail's energy; the rest is nobody's. */
const CHARGED = 0.95;
/** What was read and written since boot, as a part of what it would have been at the rate of now. */
const PAST_DISK = 0.05;
const TICKS = HZ / 100; // in one of the host's
const PAGES_PER_MIB = 2 ** 20 / PAGE;

/** By a process, or by all of its kind; at each frame. CPU time in ticks, energy in nJ, the rest in bytes. */
export type Used = Readonly<Record<Counted | 'footprint', readonly number[]>>;
export type Counted = 'cpu' | 'energy' | 'gpu' | 'ane' | 'read' | 'written';
export type Accounted = Resident & { used: Used };

export function used(
  facts: Facts,
  workload: Workload,
  groups: readonly Group[],
  host: Host,
  reports: readonly Report[],
): Group<Accounted>[] {
  const busy = busyTicks(host, workload.frames.length);
  const cpu = cpuTime(workload, groups, busy);
  const charged = (...names: readonly string[]) =>
    joules(reports, busy.length, (name) => names.includes(name)).map((value) => CHARGED * 1e9 * value);
  const rails = {
    cpu: charged(...facts.clusters.map(({ energy }) => energy.total)),
    gpu: charged('GPU Energy'),
    ane: charged(...facts.rails.filter(({ source }) => source === 'ane').map(({ name }) => name)),
  };
  const account = (resident: Resident): Accounted => {
    const time = cpu.get(resident) ?? [];
    const share = growth(busy).map((ticks, span) => at(growth(time), span) / ticks);
    return {
      ...resident,
      used: {
        cpu: time,
        energy: portion(
          rails.cpu,
          share.map((part) => part * vary(0.04, keyOf(resident), 'energy')),
        ),
        gpu: portion(rails.gpu, resident.shares.gpu),
        ane: portion(rails.ane, resident.shares.ane),
        ...disk(workload, resident),
        footprint: footprint(workload, resident),
      },
    };
  };
  return groups.map((group) => ({ ...group, residents: group.residents.map(account) }));
}

const busyTicks = ({ cpu }: Host, frames: number) =>
  Array.from({ length: frames }, (_, frame) =>
    sum(cpu.map(({ user, system }) => TICKS * (valueAt(user, frame) + valueAt(system, frame)))),
  );

/** The kernel, the first of all, has what the others leave. */
function cpuTime(workload: Workload, groups: readonly Group[], busy: readonly number[]) {
  const starting = (resident: Resident) => HZ * (0.02 + 0.1 * noise(keyOf(resident), 'start'));
  const time = new Map(
    groups.flatMap(({ residents }) =>
      residents.map((one) => [one, portion(busy, one.shares.cpu, starting(one))] as const),
    ),
  );
  const now = elapsed(workload);
  const all = groups.map(({ life, residents }) => {
    const counters = residents.map((resident) => time.get(resident) ?? []);
    const together = now.map((_, frame) => sum(counters.map((counter) => at(counter, frame))));
    if (life === undefined) return together;
    const each = inOneLife(life, workload, together);
    return now.map((ticks) => each * lived(life, at(now, now.length - 1), ticks));
  });
  const left = growth(busy).map(
    (ticks, span) => ticks - sum(all.map((counter) => at(growth(counter), span))),
  );
  const kernel = at(at(groups, 0).residents, 0);
  let more = 0;
  return time.set(
    kernel,
    (time.get(kernel) ?? []).map((own, span) => Math.floor(own + (more += span === 0 ? 0 : at(left, span)))),
  );
}

/** A counter with a share, in each span another one, of what another counter grows by. */
function portion(of: readonly number[], shares: readonly number[], start = 0): number[] {
  let all = start;
  return growth(of).map((grown, span) => Math.floor((all += grown * at(shares, span))));
}

const growth = (counter: readonly number[]) =>
  counter.map((value, frame) => value - (counter[frame - 1] ?? 0));

function disk(workload: Workload, resident: Resident): Record<'read' | 'written', readonly number[]> {
  const key = keyOf(resident);
  const [read = 0, written = 0] = resident.member.disk ?? [];
  const moved = (rate: Share, what: string, pages: number) => {
    const start = PAGE * Math.floor(pages * noise(key, what));
    const bytes = grow(
      spans(workload),
      ({ index }) =>
        shareIn(rate, Math.max(0, index - 1)) *
        1e6 *
        (index === 0 ? PAST_DISK : vary(0.2, key, what, String(index))),
    );
    return bytes.map((value) => start + Math.floor(value));
  };
  return { read: moved(read, 'read', 900), written: moved(written, 'written', 8) };
}

/** Only of those that do something it is not always the same. */
function footprint(workload: Workload, { member, shares, life }: Resident): number[] {
  const key = keyOf({ member });
  const mib = member.footprint ?? 3 + 14 * noise(key, 'footprint');
  const moves = life === undefined && shares.cpu.some((share) => share > 0);
  return workload.frames.map(
    (_, frame) =>
      PAGE *
      Math.round(shareIn(mib, frame) * PAGES_PER_MIB * (moves ? vary(0.01, key, 'pages', String(frame)) : 1)),
  );
}

const valueAt = (series: Series, frame: number) =>
  Number(typeof series === 'object' ? at(series, frame) : series);
