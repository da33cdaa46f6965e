// Resource coalitions: what the kernel has counted for an app and all that came of it.
import { keyOf, PAST, type Group, type Resident } from './apps';
import { counted, inOneLife } from './life';
import type { Coalition, Coalitions, Facts, Series, Workload } from './types';
import type { Accounted, Counted } from './used';
import { absolute, at, constant, elapsed, HZ, noise, sum, vary } from './workload';

type Words = Readonly<Record<number, readonly number[]>>; // a value at each frame

const FOOTPRINT = 40;
const ANE_WATTS = 5; // made up: while it works
/** An id that is of the type jetsam for all others, so that nobody has it. */
const GONE = 642;

export function coalition(facts: Facts, workload: Workload, groups: readonly Group<Accounted>[]): Coalitions {
  const bytes = size(facts.macos);
  const all = groups.map((group): Coalition => {
    const { id, life } = group;
    const series = (word: string, values: readonly number[]): Series =>
      life && Number(word) !== FOOTPRINT ? inOneLife(life, workload, values) : constant(values);
    const words = Object.entries({ ...tasks(workload, group), ...spent(group) })
      .filter(([word]) => Number(word) < bytes / 8)
      .map(([word, values]) => [word, series(word, values)] as const)
      .filter(([, value]) => value !== 0);
    return { id, words: Object.fromEntries(words), ...(life && { life }) };
  });
  return { bytes, coalitions: [...all, { id: GONE }].sort((a, b) => a.id - b.id) };
}

/** Of coalition_resource_usage, to which xnu has added words again and again. */
function size(macos: string): number {
  const [major = 0, minor = 0] = macos.split('.').map(Number);
  if (major >= 26) return 360;
  if (major >= 15) return 352;
  return major === 14 && minor >= 4 ? 304 : 296;
}

/** How many it has started, how many of them have ended, and what the others hold of the memory. */
function tasks(workload: Workload, { life, residents }: Group<Accounted>): Words {
  const now = elapsed(workload);
  const cycle = at(now, now.length - 1);
  const lives = (one: Resident) => (life ? undefined : one.life);
  const before = sum(residents.map((one) => endedBefore(workload, one, lives(one)?.every ?? cycle)));
  const frames = now.map((ticks, frame) => {
    const kinds = residents.map((one) => {
      const own = lives(one);
      return {
        ...(own ? counted(own, cycle, ticks) : { begun: 1, ended: 0 }),
        footprint: at(one.used.footprint, frame),
      };
    });
    return {
      begun: before + sum(kinds.map(({ begun }) => begun)),
      ended: before + sum(kinds.map(({ ended }) => ended)),
      held: sum(kinds.map(({ begun, ended, footprint }) => (begun - ended) * footprint)),
    };
  });
  return {
    0: frames.map(({ begun }) => begun),
    1: frames.map(({ ended }) => ended),
    [FOOTPRINT]: frames.map(({ held }) => held),
  };
}

/** A few of each, or as many of those that come and go as it had time for. */
const endedBefore = (workload: Workload, resident: Resident, every: number) =>
  Math.floor(
    resident.life ? (PAST * at(absolute(workload), 0)) / every : 9 * noise(keyOf(resident), 'ended before'),
  );

function spent({ residents }: Group<Accounted>): Words {
  const key = keyOf(at(residents, 0));
  const all = (what: Counted) =>
    at(residents, 0).used[what].map((_, frame) => sum(residents.map(({ used }) => at(used[what], frame))));
  const [cpu, ane] = [all('cpu'), all('ane')];
  const aSecond = (most: number, what: string) =>
    cpu.map((ticks) => Math.floor((ticks / HZ) * most * vary(0.3, key, what)));
  const watts = ANE_WATTS * vary(0.2, key, 'ane');
  return {
    3: cpu,
    4: aSecond(180, 'interrupts'),
    5: aSecond(60, 'idle wake-ups'),
    6: all('read'),
    7: all('written'),
    11: all('energy'),
    31: aSecond(4.6e9, 'instructions'),
    32: aSecond(2.2e9, 'cycles'),
    38: ane.map((nanojoules) => Math.floor((nanojoules / 1e9 / watts) * HZ)),
    39: ane,
    41: all('gpu'),
  };
}
