// Which logical CPU is in which cluster and tier. No sysctl tells the order of the logical CPUs: it is read from the
// device tree. The fastest tier comes last in it on every chip seen.

import type { FactMap } from '../native/native';
import { parseCpuName } from './channels';
import { TOP_TIER_LETTER } from './generations';

export const CPUS = 'IODeviceTree:/cpus';
const CPU_PROPERTIES = [
  'cluster-type',
  'logical-cpu-id',
  'die-id',
  'die-cluster-id',
  'cluster-core-id',
] as const;

/** Only Ultra chips have dies, and nodes are numbered like the CPUs on every chip seen. */
const OPTIONAL: ReadonlySet<string> = new Set(['logical-cpu-id', 'die-id']);

/** Failures to read these cost the map of the CPUs. */
export const TOPOLOGY_GROUPS: readonly string[] = [
  CPUS,
  ...[0, 1, 2, 3].map((level) => `hw.perflevel${level}.name`),
];
export const CPU_FACTS: readonly string[] = CPU_PROPERTIES.map((property) => `${CPUS}/* ${property}`);
export const LEVEL_NUMBERS: readonly string[] = [0, 1, 2, 3].map(
  (level) => `hw.perflevel${level}.logicalcpu`,
);
export const LEVEL_TEXTS: readonly string[] = [0, 1, 2, 3].map((level) => `hw.perflevel${level}.name`);

export interface LogicalCpu {
  readonly number: number;
  /** E, P or M (`cluster-type`). */
  readonly letter: string;
  readonly die: number;
  readonly cluster: number;
  readonly core: number;
}

export interface CpuLabels {
  /** The logical CPU number, or the channel's name where the map is not known. */
  readonly core: string;
  /** The name of the cluster's own channel. */
  readonly cluster: string;
  readonly tier: string;
}

/**
 * The logical CPUs in the order of their numbers; empty where the device tree does not tell (virtual machines), or where
 * it tells some of its nodes only: a map with a hole would give cores the numbers of others.
 */
export function logicalCpus(facts: FactMap): readonly LogicalCpu[] {
  const node = /^IODeviceTree:\/cpus\/(cpu(\d+)) ([a-z-]+)$/;
  const names = new Map<string, number>();
  for (const fact of Object.keys(facts)) {
    const match = node.exec(fact);
    if (match) names.set(match[1]!, Number(match[2]));
  }
  const property = (name: string, wanted: (typeof CPU_PROPERTIES)[number]) =>
    facts[`${CPUS}/${name} ${wanted}`];
  const known = CPU_PROPERTIES.map((wanted) =>
    [...names.keys()].filter((name) => property(name, wanted) !== undefined),
  );
  const complete = known.every(
    ({ length }, i) => length === names.size || (length === 0 && OPTIONAL.has(CPU_PROPERTIES[i]!)),
  );
  if (!complete) return [];
  const cpus = [...names].map(([name, number]): LogicalCpu => {
    const id = (wanted: (typeof CPU_PROPERTIES)[number], otherwise: number) =>
      littleEndian(property(name, wanted), otherwise);
    const type = property(name, 'cluster-type');
    return {
      number: id('logical-cpu-id', number),
      letter: type instanceof Uint8Array && type.length > 0 ? String.fromCharCode(type[0]!) : '',
      die: id('die-id', 0),
      cluster: id('die-cluster-id', 0),
      core: id('cluster-core-id', number),
    };
  });
  return cpus.sort((a, b) => a.number - b.number);
}

/**
 * The tier of a cluster letter; empty where it cannot be told. The top letter is perflevel 0. Of the slower levels it is
 * the one with its initial (E: Efficiency), else the only one that is left (M: Performance).
 */
export function tierOf(letter: string, facts: FactMap): string {
  // By perflevel, fastest first. One whose name could not be read must not move the others up.
  const [top, ...others] = LEVEL_TEXTS.map((name) => facts[name]);
  // Virtual machines have CPUs of no type, and one level for all of them.
  if (letter === '')
    return typeof top === 'string' && others.every((name) => name === undefined) ? top.toLowerCase() : '';
  if (letter === TOP_TIER_LETTER) return typeof top === 'string' ? top.toLowerCase() : '';
  const slower = others.filter((name) => typeof name === 'string');
  const own = slower.find((name) => name.startsWith(letter));
  if (own !== undefined) return own.toLowerCase();
  const letters = new Set(logicalCpus(facts).map((cpu) => cpu.letter));
  const left = slower.filter((name) => !letters.has(name.charAt(0)) || name.startsWith(TOP_TIER_LETTER));
  return left.length === 1 ? left[0]!.toLowerCase() : '';
}

/** Labels of each core channel, in the order given. `cores` and `complexes` are names of such channels, each once. */
export function labelCores(
  cores: readonly string[],
  complexes: readonly string[],
  facts: FactMap,
): readonly CpuLabels[] {
  const numbers = coreNumbers(cores, logicalCpus(facts));
  return cores.map((name, i) => ({
    core: numbers[i] ?? name,
    cluster: clusterOf(name, complexes),
    tier: tierOf(parseCpuName(name)!.letter, facts),
  }));
}

/**
 * Channels of one die and letter, by cluster and core, are the CPUs of that die and type, by cluster and core. Where the counts
 * differ nothing is assumed.
 */
function coreNumbers(cores: readonly string[], cpus: readonly LogicalCpu[]): readonly (string | undefined)[] {
  const numbers = new Map<string, string>();
  const key = (name: string) => {
    const { die, letter } = parseCpuName(name)!;
    return `${Number(die)} ${letter}`;
  };
  for (const kind of new Set(cores.map(key))) {
    const channels = cores.filter((name) => key(name) === kind).sort(byClusterAndCore);
    const members = cpus
      .filter((cpu) => `${cpu.die} ${cpu.letter}` === kind)
      .sort((a, b) => a.cluster - b.cluster || a.core - b.core);
    if (channels.length !== members.length) continue;
    channels.forEach((name, i) => numbers.set(name, String(members[i]!.number)));
  }
  return cores.map((name) => numbers.get(name));
}

/** `DIE_0_PCPU_CPU3` comes before `DIE_0_PCPU1_CPU0`: no digits are cluster 0. */
function byClusterAndCore(a: string, b: string): number {
  const [left, right] = [parseCpuName(a)!, parseCpuName(b)!];
  return Number(left.digits) - Number(right.digits) || Number(left.core ?? 0) - Number(right.core ?? 0);
}

/**
 * The cluster channel of a core: the only one of its die and letter, else the one of the same number. Digits of a core
 * on a one-die chip start with the cluster's (`PCPU120`: cluster 1, core 2).
 */
function clusterOf(core: string, complexes: readonly string[]): string {
  const cpu = parseCpuName(core)!;
  const own = complexes.filter((name) => {
    const complex = parseCpuName(name)!;
    return complex.die === cpu.die && complex.letter === cpu.letter;
  });
  if (own.length === 1) return own[0]!;
  const number = Number(cpu.core === undefined ? cpu.digits.slice(0, 1) : cpu.digits);
  const found = own.find((name) => clusterNumber(name) === number);
  return found ?? `${core.slice(0, core.indexOf(`${cpu.letter}CPU`))}${cpu.letter}CPU`;
}

/** The number of a cluster among those of its die and letter. */
export const clusterNumber = (cluster: string): number => Number(parseCpuName(cluster)!.digits);

function littleEndian(fact: unknown, otherwise: number): number {
  if (typeof fact === 'number') return fact;
  if (!(fact instanceof Uint8Array) || fact.length < 4) return otherwise;
  return new DataView(fact.buffer, fact.byteOffset).getUint32(0, true);
}
