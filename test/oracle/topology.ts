import { fixed, type Machine } from './machine';
import { entries, numberAt, property, sysctlText, text } from './registry';

/** A logical CPU as the device tree describes it. */
export interface Cpu {
  readonly number: number;
  readonly letter: string;
  readonly die: number;
  readonly cluster: number;
  readonly core: number;
}

export const cpus = fixed((machine): readonly Cpu[] =>
  entries(machine).flatMap(({ entry, path }) => {
    const named = /^IODeviceTree:\/cpus\/cpu(\d+)$/.exec(path ?? '');
    const letter = text(property(entry, 'cluster-type'));
    if (!named || !letter) return [];
    const word = (name: string) => numberAt(machine, property(entry, name), 0n);
    return [
      {
        number: Number(word('logical-cpu-id') ?? named[1]),
        letter,
        die: Number(word('die-id') ?? 0n),
        cluster: Number(word('die-cluster-id') ?? 0n),
        core: Number(word('cluster-core-id') ?? 0n),
      },
    ];
  }),
);

/** Names of the levels of performance, fastest first. */
export function levels(machine: Machine): string[] {
  const names: string[] = [];
  for (;;) {
    const name = sysctlText(machine, `hw.perflevel${names.length}.name`, 0n);
    if (name === undefined) return names;
    names.push(name.toLowerCase());
  }
}

/**
 * P cores are the fastest on every chip, whatever the level is called: Performance up to M4, Super on M5. A virtual machine's
 * CPUs have no letter, and where there is one level all are of it.
 */
export function tierOf(machine: Machine, letter: string | undefined): string {
  const [fastest = '', ...slower] = levels(machine);
  if (!letter) return slower.length === 0 ? fastest : '';
  if (letter === 'P') return fastest;
  // E is Efficiency; M, on M5, Performance.
  const own = slower.find((name) => name.startsWith(letter.toLowerCase()));
  return own ?? (slower.length === 1 ? slower[0]! : (slower.find((name) => name === 'performance') ?? ''));
}

/** A core's channel, taken apart: DIE_1_PCPU1_CPU3, PCPU130 or ECPU2. */
export interface CoreName {
  readonly name: string;
  readonly die: number;
  readonly letter: string;
  readonly digits: string;
  readonly index: string | undefined;
}

export function coreName(name: string): CoreName | undefined {
  const match = /^(?:DIE_(\d+)_)?([A-Z])CPU(\d*)(?:_CPU(\d+))?$/.exec(name);
  if (!match) return undefined;
  const [, die, letter = '', digits = '', index] = match;
  return { name, die: Number(die ?? 0), letter, digits, index };
}

/** Position of the core's cluster among those of its die and letter. */
const clusterIndex = ({ digits, index }: CoreName): number =>
  Number(index === undefined ? (digits[0] ?? 0) : digits);

/**
 * PCPU_CPU0 comes before PCPU1_CPU0, as M2 Ultra lists them and as DIE_0_PACC0 is its first cluster; by plain
 * string order it would come after, "_" being greater than "1".
 */
function inOrder(a: CoreName, b: CoreName): number {
  if (a.index === undefined || b.index === undefined) return a.name < b.name ? -1 : 1;
  return clusterIndex(a) - clusterIndex(b) || Number(a.index) - Number(b.index);
}

const sameKind = (a: { die: number; letter: string }, b: { die: number; letter: string }): boolean =>
  a.die === b.die && a.letter === b.letter;

/** The core label: the logical CPU's number, or the channel's name where the two lists differ in length. */
export function coreLabel(core: CoreName, cores: readonly CoreName[], all: readonly Cpu[]): string {
  const channels = cores.filter((other) => sameKind(core, other)).sort(inOrder);
  const members = all
    .filter((cpu) => sameKind(core, cpu))
    .sort((a, b) => a.cluster - b.cluster || a.core - b.core);
  if (channels.length !== members.length) return core.name;
  const position = channels.findIndex(({ name }) => name === core.name);
  return String(members[position]?.number ?? core.name);
}

/** The cluster label: the name of the complex channel that the core belongs to. */
export function clusterLabel(core: CoreName, complexes: readonly string[]): string {
  const candidates = complexes
    .flatMap((name) => coreName(name) ?? [])
    .filter((complex) => complex.index === undefined && sameKind(core, complex))
    .map(({ name }) => name)
    .sort();
  if (candidates.length === 1) return candidates[0] ?? '';
  return candidates[clusterIndex(core)] ?? '';
}
