// Group "CPU Stats": where the cores, the complexes and their managers spend their time.
import type { Cluster, Facts, Kind, Report, Workload } from './types';
import { at, busyShare, noise, reside, spans, spread, sum, vary, type Span } from './workload';

export const TICKS = ['72058115876454424', '24Mticks'] as const;

interface Trace {
  states: readonly string[];
  residency: number[][]; // by frame, then by state
}
export interface Core extends Trace {
  cluster: Cluster;
  n: number;
}
export interface Complex extends Trace {
  cluster: Cluster;
  manager: Trace;
  managerIdle?: Trace;
  active: readonly number[]; // the manager's active share in each span
}
export interface Cpu {
  cores: readonly Core[];
  complexes: readonly Complex[];
}

export function kindOf(facts: Facts, letter: string): Kind {
  const kind = facts.kinds[letter];
  if (kind === undefined) throw new Error(`${facts.chip}: no cores of letter ${letter}`);
  return kind;
}

export function cpu(facts: Facts, workload: Workload): Cpu {
  const over = spans(workload);
  const cores: Core[] = [];
  const complexes = facts.clusters.map((cluster): Complex => {
    const kind = kindOf(facts, cluster.letter);
    const peers = facts.clusters.filter(({ letter }) => letter === cluster.letter);
    const before = sum(peers.slice(0, peers.indexOf(cluster)).map((peer) => peer.cores));
    const activity = (span: Span) => {
      const given = span.step.cpu[cluster.letter] ?? { busy: 0, clock: 0 };
      const rank = peers.length === 1 ? 1 : 0.6 + (0.8 * peers.indexOf(cluster)) / (peers.length - 1);
      return { ...given, down: kind.idle.includes('DOWN') ? Math.min(0.995, (given.down ?? 0) * rank) : 0 };
    };
    const busy = (span: Span, n: number) =>
      busyShare(
        activity(span),
        before + n,
        sum(peers.map((peer) => peer.cores)),
        key(workload, cluster, span, n),
      );
    const trace = (
      idle: readonly string[],
      clock: number,
      active: (span: Span) => number,
      as: string,
    ): Trace => ({
      states: [...idle, ...stepStates(kind)],
      residency: reside(over, (span) => {
        const { down, clock: mean } = activity(span);
        const running = active(span);
        const resting = idle.map((state) => (state === 'DOWN' ? down : 1 - down - running));
        const steps = spread(span, kind.table.raw.length, mean * clock, key(workload, cluster, span, as));
        return [...resting, ...steps.map((share) => share * running)];
      }),
    });

    for (let n = 0; n < cluster.cores; n++)
      cores.push({ cluster, n, ...trace(kind.idle, 1, (span) => busy(span, n), cluster.core(n)) });

    const some = (span: Span, weight: number) => {
      const none = Array.from({ length: cluster.cores }, (_, n) => 1 - busy(span, n)).reduce(
        (a, b) => a * b,
        1,
      );
      return Math.min(1 - activity(span).down, 1 - 0.98 * none ** weight);
    };
    const managing = (span: Span) => some(span, 1.5);
    const complex = trace(kind.idle, 1, (span) => Math.min(some(span, 1), managing(span)), cluster.complex);
    const manager = trace(kind.idle, 0.7, managing, cluster.manager);
    const nonIdle = kind.idle.map((state) => (state === 'IDLE' ? 'NON_IDLE' : state));
    const managerIdle = trace(nonIdle, 0.1, (span) => 1 - activity(span).down - managing(span), 'idle');
    return {
      cluster,
      ...complex,
      manager,
      ...(cluster.managerIdle === undefined ? {} : { managerIdle }),
      active: over.map(managing),
    };
  });
  return { cores, complexes };
}

const key = (workload: Workload, cluster: Cluster, span: Span, what: string | number) =>
  [workload.name, cluster.complex, span.index, what].join('/');

/** V<i>P<n-1-i>, slowest first. */
function stepStates(kind: Kind): string[] {
  const n = kind.table.raw.length;
  return kind.table.raw.map((_, i) => `V${i}P${n - 1 - i}`);
}

export function cpuReports(facts: Facts, { cores, complexes }: Cpu): Report[] {
  const channels = (subgroup: string, rows: readonly (readonly [string, Trace])[]) =>
    groupByStates(rows).map(({ states, named }): Report => ({
      group: 'CPU Stats',
      subgroup,
      driver: facts.pmgr.driver,
      unit: TICKS,
      format: 'state',
      states,
      channels: named.map(([name, trace]) => ['', name, ...trace.residency]),
    }));
  return [
    ...channels('CPU Complex Performance States', [
      ...complexes.map((complex) => [complex.cluster.complex, complex] as const),
      ...complexes.map(({ cluster, manager }) => [cluster.manager, manager] as const),
      ...complexes.flatMap(({ cluster, managerIdle }) =>
        cluster.managerIdle && managerIdle ? [[cluster.managerIdle, managerIdle] as const] : [],
      ),
    ]),
    ...channels(
      'CPU Core Performance States',
      cores.map((core) => [core.cluster.core(core.n), core] as const),
    ),
  ];
}

function groupByStates(rows: readonly (readonly [string, Trace])[]) {
  const groups = new Map<string, { states: readonly string[]; named: (readonly [string, Trace])[] }>();
  for (const row of rows) {
    const { states } = row[1];
    const group = groups.get(states.join()) ?? { states, named: [] };
    group.named.push(row);
    groups.set(states.join(), group);
  }
  return [...groups.values()];
}

/** The 100 Hz ticks of each logical CPU: what its residency says, less the way in and out of idle. */
export function ticks(workload: Workload, { cores }: Cpu) {
  const over = spans(workload);
  return cores.map(({ cluster, n, states, residency }) => {
    const name = cluster.core(n);
    let [user, system] = [0, 0];
    const counted = over.map((span, index) => {
      const grown = at(residency, index).map(
        (value, state) => value - (index && at(at(residency, index - 1), state)),
      );
      const active = sum(grown.filter((_, state) => isActive(at(states, state))));
      const busy =
        (active / span.ticks) * span.centiseconds * (0.985 + 0.01 * noise(name, String(span.index)));
      const kernel = (span.step.cpu[cluster.letter]?.system ?? 0.3) * vary(0.1, name, 'system');
      user += busy * (1 - kernel);
      system += busy * kernel;
      return { user: Math.floor(user), system: Math.floor(system) };
    });
    let wall = 0;
    return {
      user: counted.map((value) => value.user),
      system: counted.map((value) => value.system),
      idle: counted.map((value, i) => (wall += at(over, i).centiseconds) - value.user - value.system),
      nice: 0,
    };
  });
}

export const isActive = (state: string) => /^V\d+P\d+$/.test(state);
