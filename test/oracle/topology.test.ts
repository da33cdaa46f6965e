import { energies, pmgr, SECOND, small, states, windowOf, word } from './small';
import { truth } from './truth';

interface Node {
  readonly letter: string;
  readonly cluster: number;
  readonly core: number;
  readonly die?: number;
}

/** Nodes of the device tree in the order of logical CPUs. */
function cpuNodes(nodes: readonly Node[]) {
  const children = nodes.map(({ letter, cluster, core, die }, i) => ({
    id: 100 + i,
    class: ['IOPlatformDevice'],
    name: `cpu${i}`,
    properties: {
      'cluster-type': { data: Buffer.from(`${letter}\0`).toString('hex') },
      'die-cluster-id': { data: word(cluster) },
      'cluster-core-id': { data: word(core) },
      ...(die !== undefined && { 'die-id': { data: word(die) } }),
    },
  }));
  return { id: 99, class: ['IOPlatformExpertDevice'], name: 'cpus', path: 'IODeviceTree:/cpus', children };
}

const cluster = (letter: string, index: number, cores: number, die?: number): Node[] =>
  Array.from({ length: cores }, (_, core) => ({
    letter,
    cluster: index,
    core,
    ...(die !== undefined && { die }),
  }));

function labels(
  cores: readonly string[],
  complexes: readonly string[],
  nodes: readonly Node[],
  fast = 'Performance',
) {
  const block = (subgroup: string, names: readonly string[]) =>
    states(
      'CPU Stats',
      subgroup,
      ['IDLE', 'V0P0'],
      Object.fromEntries(names.map((name) => [name, [[0, 0]]])),
    );
  const machine = small({
    ioreport: [
      block('CPU Core Performance States', cores),
      block('CPU Complex Performance States', complexes),
    ],
    ioregistry: [cpuNodes(nodes)],
    sysctl: {
      'hw.perflevel0.name': ['text', fast],
      'hw.perflevel1.name': ['text', fast === 'Super' ? 'Performance' : 'Efficiency'],
    },
  });
  const prefix = 'mac_cpu_core_active_seconds_total';
  return [...truth(machine).counters(0n).keys()].flatMap((key) => {
    const [, core, of, tier] = /^mac_\w+{core="(.*)",cluster="(.*)",tier="(.*)"}$/.exec(key) ?? [];
    return key.startsWith(prefix) ? [`${core} ${of} ${tier}`] : [];
  });
}

it('M1 Max: names of three digits, two P clusters, E first', () => {
  const cores = ['ECPU000', 'ECPU010', 'PCPU000', 'PCPU010', 'PCPU100', 'PCPU110'];
  const nodes = [...cluster('E', 0, 2), ...cluster('P', 1, 2), ...cluster('P', 2, 2)];
  expect(labels(cores, ['ECPU', 'PCPU', 'PCPU1', 'ECPM', 'PCPM'], nodes)).toEqual([
    '0 ECPU efficiency',
    '1 ECPU efficiency',
    '2 PCPU performance',
    '3 PCPU performance',
    '4 PCPU1 performance',
    '5 PCPU1 performance',
  ]);
});

it('M5 Max: the P cores are Super and the last CPUs, the M cores are Performance', () => {
  const cores = ['MCPU00', 'MCPU01', 'MCPU10', 'MCPU11', 'PCPU0', 'PCPU1'];
  const nodes = [...cluster('M', 0, 2), ...cluster('M', 1, 2), ...cluster('P', 2, 2)];
  const complexes = ['MCPU0', 'MCPU1', 'PCPU', 'MCPM0', 'PCPM', 'PCPM_IDLE'];
  expect(labels(cores, complexes, nodes, 'Super')).toEqual([
    '0 MCPU0 performance',
    '1 MCPU0 performance',
    '2 MCPU1 performance',
    '3 MCPU1 performance',
    '4 PCPU super',
    '5 PCPU super',
  ]);
});

it('Ultra: PCPU_CPU0 is of the first P cluster of its die, PCPU1_CPU0 of the second', () => {
  const die = (n: number) =>
    ['ECPU_CPU0', 'PCPU_CPU0', 'PCPU_CPU1', 'PCPU1_CPU0'].map((name) => `DIE_${n}_${name}`);
  const complexes = [0, 1].flatMap((n) => ['ECPU', 'PCPU', 'PCPU1'].map((name) => `DIE_${n}_${name}`));
  const nodes = [0, 1].flatMap((n) => [
    ...cluster('E', 0, 1, n),
    ...cluster('P', 1, 2, n),
    ...cluster('P', 2, 1, n),
  ]);
  expect(labels([...die(0), ...die(1)], complexes, nodes)).toEqual([
    '0 DIE_0_ECPU efficiency',
    '1 DIE_0_PCPU performance',
    '2 DIE_0_PCPU performance',
    '3 DIE_0_PCPU1 performance',
    '4 DIE_1_ECPU efficiency',
    '5 DIE_1_PCPU performance',
    '6 DIE_1_PCPU performance',
    '7 DIE_1_PCPU1 performance',
  ]);
});

it('a core keeps its channel name where the device tree has another number of CPUs', () => {
  expect(labels(['PCPU0', 'PCPU1'], ['PCPU'], cluster('P', 0, 3))).toEqual([
    'PCPU0 PCPU performance',
    'PCPU1 PCPU performance',
  ]);
});

it('M4 Pro: a parked cluster is offline, not busy, and does not lower the mean frequency', () => {
  const names = ['DOWN', 'IDLE', 'V0P1', 'V1P0'];
  const core = states('CPU Stats', 'CPU Core Performance States', names, {
    PCPU100: [
      [0, 0, 0, 0],
      [12_000_000, 6_000_000, 0, 6_000_000],
    ],
  });
  const machine = small({
    ioreport: [core, { ...core, subgroup: 'CPU Complex Performance States' }, energies('mJ', [])],
    ioregistry: [pmgr({ 'voltage-states5-sram': [1_260_000, 4_512_000] })],
  });
  const key = 'mac_cpu_cluster_offline_seconds_total{cluster="PCPU100",tier=""}';
  expect(truth(machine).counters(SECOND).get(key)).toMatchObject({ n: 12_000_000n });
  expect(windowOf(truth(machine), 'mac_cpu_frequency_hertz{cluster="PCPU100",tier=""}')).toBe(4_512_000_000);
});
