// The part of check.ts for what processes and coalitions have used.
import { joules } from './draw';
import { lived } from './life';
import type { Coalitions, Facts, Libproc, Life, MachineFile, Series, Workload } from './types';
import { at, elapsed, HZ, sum } from './workload';

type Need = (holds: boolean, what: string) => asserts holds;
/** What something that stays grows by up to a frame, or what all that come and go count up to it. */
type Growth = (series: Series | undefined, frame: number, life?: Life) => number;

const ANE_TIME = 38;
const FOOTPRINT = 40;

export function checkUsed(file: MachineFile, facts: Facts, workload: Workload, need: Need): void {
  const { libproc, coalition } = file;
  if (libproc === undefined || coalition === undefined) return;
  const grown = growth(elapsed(workload));
  numbersHold(libproc, coalition, need);
  allIsAccountedFor(file, coalition, facts, grown, need);
  nobodyHasMoreThanItsApp(file, libproc, coalition, grown, need);
  if (workload.name === 'llm-browser') aneWorksUnseen(file, coalition, need);
}

/** Integers that do not fall, single ones of what comes and goes, and no words beyond the kernel's. */
function numbersHold({ processes }: Libproc, { coalitions, bytes }: Coalitions, need: Need): void {
  const hold = (what: string, series: Series, counts: boolean, life?: Life) => {
    need(life === undefined || typeof series === 'number', `${what}: a series of what comes and goes`);
    const values = [series].flat().map(Number);
    need(
      values.every((value) => Number.isSafeInteger(value) && value >= 0),
      `${what}: ${values.join()}`,
    );
    need(!counts || values.every((value, n) => value >= (values[n - 1] ?? 0)), `${what} falls`);
  };
  for (const { pid, path, usage, life } of processes) {
    need((path === null) === (usage === undefined), `${pid}: only the kernel tells nothing`);
    for (const [name, series] of Object.entries(usage ?? {}) as [string, Series][])
      hold(`${name} of ${pid}`, series, name !== 'footprint' && name !== 'resident', life);
  }
  for (const { id, words, life } of coalitions)
    for (const [word, series] of Object.entries(words ?? {})) {
      need(Number(word) < bytes / 8, `coalition ${id}: word ${word} of ${bytes} bytes`);
      hold(`word ${word} of ${id}`, series, Number(word) !== FOOTPRINT, life);
    }
}

function growth(frames: readonly number[]): Growth {
  const cycle = at(frames, frames.length - 1);
  return (series = 0, frame, life) => {
    if (life === undefined) return valueAt(series, frame) - valueAt(series, frame - 1);
    const lives = (n: number) => lived(life, cycle, at(frames, n));
    return Number(series) * (lives(frame) - lives(frame - 1));
  };
}

const valueAt = (series: Series, frame: number) =>
  Number(typeof series === 'object' ? at(series, frame) : series);
const framesOf = ({ clock }: MachineFile) => clock.absolute.slice(1).map((_, n) => n + 1);

/** Together the coalitions were as busy as the CPUs, and drew nearly what the rails counted, published or not. */
function allIsAccountedFor(
  file: MachineFile,
  { coalitions, bytes }: Coalitions,
  facts: Facts,
  grown: Growth,
  need: Need,
): void {
  const rail = (...names: readonly string[]) =>
    joules(file.ioreport, file.clock.absolute.length, (name) => names.includes(name));
  const rails: readonly (readonly [word: number, counter: readonly number[]])[] = [
    [11, rail(...facts.clusters.map(({ energy }) => energy.total))],
    [39, rail(...facts.rails.filter(({ source }) => source === 'ane').map(({ name }) => name))],
    [41, rail('GPU Energy')],
  ];
  for (const frame of framesOf(file)) {
    const all = (word: number) => sum(coalitions.map(({ words, life }) => grown(words?.[word], frame, life)));
    const ticks = sum(file.host.cpu.map(({ user, system }) => grown(user, frame) + grown(system, frame)));
    const ratio = (all(3) / ticks / HZ) * 100;
    need(Math.abs(ratio - 1) < 0.03, `coalitions have ${ratio} of the busy time in frame ${frame}`);
    for (const [word, counter] of rails.filter(([index]) => index < bytes / 8)) {
      const drawn = 1e9 * (at(counter, frame) - at(counter, frame - 1));
      need(
        all(word) <= drawn && all(word) >= 0.85 * drawn - 1e6,
        `word ${word}: ${all(word)} of ${drawn} nJ in frame ${frame}`,
      );
    }
  }
}

function nobodyHasMoreThanItsApp(
  file: MachineFile,
  { processes }: Libproc,
  { coalitions }: Coalitions,
  grown: Growth,
  need: Need,
): void {
  const pairs = [
    [3, ['user', 'system']],
    [6, ['read']],
    [7, ['written']],
    [11, ['energy']],
  ] as const;
  for (const { id, words, life } of coalitions) {
    const members = processes.filter(({ coalition }) => coalition === id);
    for (const frame of framesOf(file))
      for (const [word, names] of pairs) {
        const own = members.flatMap((one) => names.map((name) => grown(one.usage?.[name], frame, one.life)));
        need(
          sum(own) <= grown(words?.[word], frame, life) + 1,
          `coalition ${id}: its processes have more than its word ${word} in frame ${frame}`,
        );
      }
  }
}

/** Its rail is dead; one app works on it from the beginning, another one begins. */
function aneWorksUnseen({ ioreport }: MachineFile, { coalitions }: Coalitions, need: Need): void {
  const rail = ioreport.find(({ channels }) => channels.some(([, name]) => name.startsWith('ANE')));
  need(rail?.publish?.until === 0, 'the rail of the ANE lives');
  const workers = coalitions.map(({ words }) => [words?.[ANE_TIME] ?? 0].flat().map(Number));
  const grows = (from: (first: number) => boolean) =>
    workers.some(([first = 0, ...later]) => from(first) && later.some((value) => value > first));
  need(grows((first) => first > 0) && grows((first) => first === 0), 'nobody works, or nobody begins to');
}
