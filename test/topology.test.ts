// src/chips/topology.ts: which logical CPU is which core channel, in which cluster and tier.

import { clusterNumber, labelCores, logicalCpus, tierOf } from '../src/chips/topology';
import type { FactMap } from '../src/native/native';
import { word } from './support/bytes';

/** Device tree and perflevels of a chip: one entry per logical CPU. */
function chip(
  levels: readonly string[],
  cpus: readonly { letter: string; die?: number; cluster?: number; core?: number }[],
): FactMap {
  const facts: Record<string, string | Uint8Array> = {};
  levels.forEach((name, level) => (facts[`hw.perflevel${level}.name`] = name));
  cpus.forEach(({ letter, die, cluster, core }, number) => {
    const node = `IODeviceTree:/cpus/cpu${number}`;
    facts[`${node} cluster-type`] = Buffer.from(`${letter}\0`);
    if (die !== undefined) facts[`${node} die-id`] = word(die);
    if (cluster !== undefined) facts[`${node} die-cluster-id`] = word(cluster);
    if (core !== undefined) facts[`${node} cluster-core-id`] = word(core);
  });
  return facts;
}
const clusterOf = (letter: string, die: number, cluster: number, cores = 4) =>
  Array.from({ length: cores }, (_, core) => ({ letter, die, cluster, core }));
const numbers = (names: readonly string[], complexes: readonly string[], facts: FactMap) =>
  labelCores(names, complexes, facts).map(({ core }) => core);

describe('topology', () => {
  const ultra = chip(
    ['Performance', 'Efficiency'],
    [0, 1].flatMap((die) => [
      ...clusterOf('E', die, 0),
      ...clusterOf('P', die, 1),
      ...clusterOf('P', die, 2),
    ]),
  );
  const names = (prefix: string) => [0, 1, 2, 3].map((core) => `${prefix}_CPU${core}`);

  test('M2 Ultra: PCPU comes before PCPU1, die 0 before die 1, however the channels are listed', () => {
    const listed = ['DIE_1_PCPU1', 'DIE_1_PCPU', 'DIE_0_PCPU1', 'DIE_0_PCPU', 'DIE_1_ECPU', 'DIE_0_ECPU'];
    const complexes = [...listed].reverse();
    const cores = listed.flatMap(names);
    expect(numbers(cores, complexes, ultra)).toEqual(
      [20, 16, 8, 4, 12, 0].flatMap((first) => [0, 1, 2, 3].map((core) => String(first + core))),
    );
    expect(labelCores(cores, complexes, ultra).map(({ cluster }) => cluster)).toEqual(
      listed.flatMap((cluster) => new Array<string>(4).fill(cluster)),
    );
  });

  test('M4 Pro: three digits are cluster, core and 0', () => {
    const facts = chip(
      ['Performance', 'Efficiency'],
      [...clusterOf('E', 0, 0), ...clusterOf('P', 0, 1, 5), ...clusterOf('P', 0, 2, 5)],
    );
    const cores = [0, 1].flatMap((cluster) => [0, 1, 2, 3, 4].map((core) => `PCPU${cluster}${core}0`));
    const labels = [...labelCores([...cores].reverse(), ['PCPU', 'PCPU1'], facts)].reverse();
    expect(labels.map(({ core }) => core)).toEqual(['4', '5', '6', '7', '8', '9', '10', '11', '12', '13']);
    expect(new Set(labels.slice(5).map(({ cluster }) => cluster))).toEqual(new Set(['PCPU1']));
  });

  test('more than ten cores are in the order of their numbers, not of their letters', () => {
    const facts = chip(['Performance', 'Efficiency'], clusterOf('P', 0, 0, 12));
    const cores = Array.from({ length: 12 }, (_, i) => `PCPU${i}`);
    expect(numbers(cores, ['PCPU'], facts)).toEqual(cores.map((_, i) => String(i)));
  });

  test('prefixes of the betas of macOS 27 change no label but the cluster’s own name', () => {
    const facts = chip(['Super', 'Performance'], clusterOf('M', 0, 0, 2));
    const labels = labelCores(['PRIM MCPU00', 'PRIM MCPU01'], ['PRIM MCPU0'], facts);
    expect(labels).toEqual(['0', '1'].map((core) => ({ core, cluster: 'PRIM MCPU0', tier: 'performance' })));
  });

  test('cores are numbered by cluster and core, whatever the order of the channels and of the CPUs', () => {
    const cpus = [
      { letter: 'P', die: 0, cluster: 1, core: 0 },
      { letter: 'P', die: 0, cluster: 1, core: 1 },
      { letter: 'P', die: 0, cluster: 0, core: 1 },
      { letter: 'P', die: 0, cluster: 0, core: 0 },
    ];
    const facts = chip(['Performance', 'Efficiency'], cpus);
    expect(numbers(['PCPU110', 'PCPU010', 'PCPU100', 'PCPU000'], [], facts)).toEqual(['1', '2', '0', '3']);
    const apart = ['DIE_0_PCPU1_CPU1', 'DIE_0_PCPU_CPU1', 'DIE_0_PCPU1_CPU0', 'DIE_0_PCPU_CPU0'];
    expect(numbers(apart, [], facts)).toEqual(['1', '2', '0', '3']);
  });

  test('the only cluster of a letter has all of its cores, of several each those of its number', () => {
    const cluster = (core: string, ...complexes: string[]) => labelCores([core], complexes, {})[0]!.cluster;
    expect(cluster('MCPU10', 'MCPU0', 'PCPU')).toBe('MCPU0');
    expect(cluster('DIE_0_PCPU10_CPU0', 'DIE_0_PCPU1', 'DIE_0_PCPU10')).toBe('DIE_0_PCPU10');
    expect(clusterNumber('DIE_0_PCPU10')).toBe(10);
    expect(clusterNumber('PCPU')).toBe(0);
  });

  test('another number of channels than of CPUs: the channel’s name stands for the number', () => {
    const cores = ['ECPU0', 'ECPU1', 'ECPU2'];
    expect(numbers(cores, ['ECPU'], chip(['Performance', 'Efficiency'], clusterOf('E', 0, 0, 4)))).toEqual(
      cores,
    );
    expect(numbers(cores, ['ECPU'], {})).toEqual(cores);
  });

  test('a core without a channel of its cluster is named after its prefix', () => {
    expect(labelCores(['DIE_1_ECPU_CPU0'], [], ultra)[0]!.cluster).toBe('DIE_1_ECPU');
  });

  test('logical-cpu-id is the number where it is there, the node’s name says it where it is not', () => {
    const facts = chip([], clusterOf('E', 0, 0, 2));
    expect(logicalCpus(facts).map(({ number }) => number)).toEqual([0, 1]);
    const swapped = {
      ...facts,
      'IODeviceTree:/cpus/cpu0 logical-cpu-id': word(9),
      'IODeviceTree:/cpus/cpu1 logical-cpu-id': word(3),
    };
    expect(logicalCpus(swapped).map(({ number, core }) => [number, core])).toEqual([
      [3, 1],
      [9, 0],
    ]);
  });

  test('a device tree that tells a property of some CPUs and not of others tells nothing', () => {
    const facts = { ...chip([], clusterOf('E', 0, 0, 2)), 'IODeviceTree:/cpus/cpu0 logical-cpu-id': word(9) };
    expect(logicalCpus(facts)).toEqual([]);
  });

  test('each CPU has the core, cluster and die that its node says, as bytes or as numbers', () => {
    const facts = chip([], [...clusterOf('E', 0, 0, 1), ...clusterOf('P', 1, 2, 2)]);
    const told = [
      { number: 0, letter: 'E', die: 0, cluster: 0, core: 0 },
      { number: 1, letter: 'P', die: 1, cluster: 2, core: 0 },
      { number: 2, letter: 'P', die: 1, cluster: 2, core: 1 },
    ];
    expect(logicalCpus(facts)).toEqual(told);
    const asNumbers = Object.entries(facts).map(([name, fact]) => [
      name,
      name.endsWith('-id') ? (fact as Uint8Array)[0]! : fact,
    ]);
    expect(logicalCpus(Object.fromEntries(asNumbers) as FactMap)).toEqual(told);
  });

  test('an id that is cut off is not known, nor is a type without a letter', () => {
    const facts = {
      ...chip([], clusterOf('E', 1, 1, 1)),
      'IODeviceTree:/cpus/cpu0 die-cluster-id': new Uint8Array(2),
    };
    expect(logicalCpus(facts)).toMatchObject([{ letter: 'E', cluster: 0 }]);
    for (const type of [new Uint8Array(0), 'E', 7])
      expect(logicalCpus({ ...facts, 'IODeviceTree:/cpus/cpu0 cluster-type': type })).toMatchObject([
        { letter: '' },
      ]);
  });

  test('other facts, also of like names, are of no CPU', () => {
    const facts = chip([], clusterOf('E', 0, 0, 2));
    const others = {
      'of IODeviceTree:/cpus/cpu7 die-id': word(0),
      'IODeviceTree:/cpus/cpu8 die-id2': word(0),
      'IODeviceTree:/cpus/cpux die-id': word(0),
    };
    expect(logicalCpus({ ...facts, ...others })).toHaveLength(2);
  });

  test('the top tier is that of the letter P, by the name of level 0, in lower case', () => {
    const of = (...levels: string[]) =>
      ['P', 'E', 'M', 'X', ''].map((letter) => tierOf(letter, chip(levels, [])));
    expect(of('Performance', 'Efficiency')).toEqual([
      'performance',
      'efficiency',
      'efficiency',
      'efficiency',
      '',
    ]);
    expect(of('Super', 'Performance')).toEqual(['super', 'performance', 'performance', 'performance', '']);
    // Of three, the one without an initial of its own is known only by the letters that there are.
    expect(of('Super', 'Performance', 'Efficiency')).toEqual(['super', 'efficiency', '', '', '']);
    expect(of()).toEqual(['', '', '', '', '']);
  });

  test('of three tiers the middle one is what the letters that there are leave over', () => {
    const cpus = [...clusterOf('E', 0, 0, 2), ...clusterOf('M', 0, 1, 2), ...clusterOf('P', 0, 2, 2)];
    const facts = chip(['Super', 'Performance', 'Efficiency'], cpus);
    expect(['P', 'M', 'E'].map((letter) => tierOf(letter, facts))).toEqual([
      'super',
      'performance',
      'efficiency',
    ]);
  });
});
