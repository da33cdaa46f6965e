// A chip that nobody has made, as a machine file: three tiers, tables of odd numbers and lengths in both units, an agent
// and sensors that no list has. What it does is round, so that a test can say what comes out.

import { amcAgents, dcsAgents } from '../machines/build/bandwidth';
import { check } from '../machines/build/check';
import { m5Clusters, plainClusters } from '../machines/build/clusters';
import { build } from '../machines/build/machine';
import { metal } from '../machines/build/metal';
import { blocks, pcie } from '../machines/build/rails';
import { pairs, times } from '../machines/build/registry';
import { serialize } from '../../src/cli/record/serialize';
import type { Facts, Table } from '../machines/build/types';
import { compile } from '../machines/build/workloads';
import type { Json, Machine } from './machines';
import { flt } from './sensors';
import { data, tableBytes, word } from './bytes';
import { channelOf, entryOf, setsOf, statisticsOf } from './variants';

const steps = (count: number, from: number, by: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i * by);
const volts = (count: number): number[] => steps(count, 600, 20);
const table = (megahertz: readonly number[], unit: number): Table => ({
  raw: times(megahertz, unit),
  mv: volts(megahertz.length),
});
const KHZ = 1e3;
const HZ = 1e6;

/** MHz: 23 steps to 4760, 11 to 3200, 4 to 2400. */
const SUPER = table(steps(23, 800, 180), KHZ);
const PERFORMANCE = table(steps(11, 700, 250), HZ);
const EFFICIENCY = table([600, 1100, 1700, 2400], KHZ);
/** Of the ANE: as long as that of the Performance cores, and no clock of theirs. */
const ANE = table(steps(11, 500, 111), HZ);

/** MHz of the 18 entries of the GPU, OFF first: not in ascending order, one of them twice, the last not the highest. */
export const GPU_MHZ = [
  0, 300, 500, 700, 650, 900, 850, 1100, 1050, 1250, 1200, 1400, 1350, 1500, 1450, 1600, 1550, 1500,
];
/** What pmgr says of it: fewer entries, in ascending order, and not what the GPU's own node says. */
const GPU_OF_PMGR = table([0, ...steps(15, 301, 90)], HZ);

const facts: Facts = {
  title: 'a laptop that nobody has made',
  model: 'Mac31,4',
  chip: 'm9-hyper',
  brand: 'Apple M9 Hyper',
  macos: '29.1',
  build: '29B77',
  bytes: 96 * 2 ** 30,
  reserved: 800,
  boot: { seconds: 1_900_000_000, microseconds: 250_000, session: '00000000-0000-4000-8000-000000000009' },
  levels: [{ name: 'Super' }, { name: 'Performance' }, { name: 'Efficiency' }],
  kinds: {
    E: { tier: 2, table: EFFICIENCY, idle: ['DOWN', 'IDLE'], watts: 0.5, manager: { idle: 0.01, busy: 0.1 } },
    M: { tier: 1, table: PERFORMANCE, idle: ['IDLE'], watts: 2, manager: { idle: 0.01, busy: 0.2 } },
    P: { tier: 0, table: SUPER, idle: ['DOWN', 'IDLE'], watts: 5, manager: { idle: 0.01, busy: 0.5 } },
  },
  clusters: [
    ...plainClusters({ E: 5 }),
    ...m5Clusters({ M: [2, 2], P: 3 }).map((cluster) => ({ ...cluster, index: cluster.index + 1 })),
  ],
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968562, 'AGXAcceleratorG19X'],
    class: ['AGXAcceleratorG19X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG19XDevice',
    cores: 27,
    table: GPU_OF_PMGR,
    watts: 44,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
    throttlers: ['PPM Throttle Events', 'Zone 9 Throttle Events'],
  },
  rails: [
    ...blocks('index', ['DRAM', 'ISP', 'AVE', 'MSR', 'DISP', 'FAB']),
    { name: 'ANE0', unit: 'uJ', source: 'ane', share: 1 },
    ...pcie([0], [0]),
  ],
  pmgr: {
    driver: [4294968074, 'AppleT9990PMGR'],
    properties: {
      'voltage-states31-sram': pairs(SUPER),
      'voltage-states27-sram': pairs(PERFORMANCE),
      'voltage-states3-sram': pairs(EFFICIENCY),
      'voltage-states8-sram': pairs(ANE),
      'voltage-states9-sram': pairs(GPU_OF_PMGR),
      'voltage-states9': pairs(GPU_OF_PMGR),
    },
  },
  sgx: true,
  labels: { mJ: 'mJ   ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 120, array_too_large: true },
  wiredLimit: 'u64',
  smc: { dump: 'm1', power: ['PSTR', 'PDTR'], base: 3, fans: [{ min: 1000, max: 6000 }] },
  hid: [
    { product: 'PMU tdie1', celsius: 61.5, times: 2 },
    { product: 'PMU tdie2', celsius: 63.2 },
    { product: 'PMU tdie3', celsius: -21.5 },
    { product: 'PMU tdev1', celsius: 88 },
    { product: 'PMU tcal', celsius: 51.85 },
  ],
  battery: { design: 6250, full: 5900, cycles: 12, millivolts: 12_500, celsius: 30 },
  bandwidth: {
    peak: 900,
    amc: {
      driver: [4294968160, 'AppleT9990MCC'],
      agents: [
        ...amcAgents(['ECPU', 'MCPU0', 'MCPU1', 'PCPU']),
        { name: 'QPU', part: 'ane', share: 1, reads: 0.5 },
      ],
    },
    dcs: {
      driver: [4294968172, 'ApplePMPv3'],
      group: 'PMP1',
      agents: dcsAgents(['EACC', 'MACC0', 'MACC1', 'PACC']),
    },
  },
  metal: metal(12, '29.1'),
};

/** Seconds of the frames. */
const AT = [0, 10, 20, 30];
const TICKS_PER_SECOND = 24e6;

/** Built like any other machine, with what it does made round: the same in every second. */
export function newChip(): Machine {
  const workload = compile(facts, {
    at: AT,
    wiredLimit: 81_920,
    supply: { charge: 0.8, source: 'battery' },
  });
  const file = build(facts, workload);
  check('the new chip', file, facts, workload);
  const machine = JSON.parse(serialize(file)) as Machine;
  runCores(machine);
  runGpu(machine);
  drawPower(machine);
  moveBytes(machine);
  measureSensors(machine);
  drainBattery(machine);
  return machine;
}

/** Spends each second of a channel as `shares` says, and the rest of it in `otherwise`. */
function spend(
  machine: Machine,
  group: string,
  name: string,
  shares: Readonly<Record<string, number>>,
  otherwise: string,
): void {
  const { set, row } = channelOf(machine, group, name);
  const rest = 1 - Object.values(shares).reduce((sum, share) => sum + share, 0);
  const of = (state: string) => shares[state] ?? (state === otherwise ? rest : 0);
  row.splice(
    2,
    9,
    ...AT.map((seconds): Json =>
      set.states!.map((state, i) => 1_000 * (i + 1) + Math.round(of(state) * seconds * TICKS_PER_SECOND)),
    ),
  );
}

function runCores(machine: Machine): void {
  const core = (name: string, shares: Readonly<Record<string, number>>) =>
    spend(machine, 'CPU Stats', name, shares, 'IDLE');
  for (const n of [0, 1, 2]) core(`PCPU${n}`, { V22P0: 0.25, V0P22: 0.25 });
  for (const n of [0, 1]) {
    core(`MCPU0${n}`, { V10P0: 0.5 });
    core(`MCPU1${n}`, { V5P5: 1 });
  }
  for (const n of [0, 1, 2, 3, 4]) core(`ECPU${n}`, { V1P2: 0.125, DOWN: 0.5 });
  core('ECPU', { V1P2: 0.25, DOWN: 0.5 });
  core('PCPU', { V22P0: 0.5 });
  // The scheduler's view: user, system and idle of each tier in the order of the CPU numbers.
  const views = [
    ...new Array<number[]>(5).fill([5, 5, 90]),
    ...new Array<number[]>(4).fill([40, 10, 50]),
    ...new Array<number[]>(3).fill([50, 25, 25]),
  ];
  machine.host!.cpu = views.map(([user, system, idle]) => ({
    user: AT.map((seconds) => 100_000 + seconds * user!),
    system: AT.map((seconds) => 50_000 + seconds * system!),
    idle: AT.map((seconds) => 900_000 + seconds * idle!),
    nice: 0,
  }));
}

function runGpu(machine: Machine): void {
  const { set } = channelOf(machine, 'GPU Stats', 'GPUPH');
  set.states = ['OFF', ...GPU_MHZ.slice(1).map((_, i) => `P${i + 1}`)];
  spend(machine, 'GPU Stats', 'GPUPH', { P4: 0.25, P15: 0.25, P17: 0.25 }, 'OFF');
  spend(machine, 'GPU Stats', 'GPU_CLTM', { P5: 0.125 }, 'NO_CLTM');
  grow(machine, 'GPU Stats', 'PPM Throttle Events', 2);
  grow(machine, 'GPU Stats', 'Zone 9 Throttle Events', 0);
  const sgx = entryOf(machine, 'IODeviceTree:/arm-io/sgx').properties;
  sgx['perf-states'] = data(tableBytes(times(GPU_MHZ, HZ)));
  sgx['perf-state-count'] = data(word(GPU_MHZ.length));
  Object.assign(statisticsOf(machine), {
    'Device Utilization %': 63,
    'Renderer Utilization %': 60,
    'Tiler Utilization %': 20,
    'Alloc system memory': 40e9,
    'In use system memory': 10e9,
    'In use system memory (driver)': 1e6,
    recoveryCount: { counter: 2 },
  });
}

/** A simple channel that grows by so much a second. */
function grow(machine: Machine, group: string, name: string, perSecond: number): void {
  channelOf(machine, group, name).row.splice(2, 9, ...AT.map((seconds) => 7_000_000 + perSecond * seconds));
}

/** Watts of each rail, in the unit of its channel. */
function drawPower(machine: Machine): void {
  const watts: readonly (readonly [name: string, watts: number, perJoule: number])[] = [
    ['CPU Energy', 12, 1e3],
    ['GPU Energy', 20, 1e9],
    ['ANE0', 1.5, 1e6],
    ['DRAM0', 3, 1e3],
    ['AVE0', 0.5, 1e3],
    ['MSR0', 0.25, 1e3],
    ['ISP0', 0.125, 1e3],
    ['DISP0', 0.5, 1e3],
    ['FAB0', 0.75, 1e3],
    ['PCPU', 7, 1e3],
  ];
  for (const [name, of, perJoule] of watts) grow(machine, 'Energy Model', name, of * perJoule);
}

function moveBytes(machine: Machine): void {
  for (const { channels } of setsOf(machine, 'AMC Stats'))
    for (const row of channels) row.splice(2, 9, 5_000_000_000);
  for (const [name, rate] of [
    ['GFX DCS RD', 40e9],
    ['GFX DCS WR', 8e9],
    ['QPU DCS RD', 5e9],
    ['QPU DCS WR', 1e9],
    ['QPU RD', 9e9],
    ['DCS RD', 45e9],
  ] as const)
    channelOf(machine, 'AMC Stats', name).row.splice(
      2,
      9,
      ...AT.map((seconds) => 5_000_000_000 + rate * seconds),
    );
}

function measureSensors(machine: Machine): void {
  const { smc } = machine;
  const temperatures = {
    TB1T: 30.5,
    TCMb: 71.5,
    TH0x: 41,
    Te7a: 55.25,
    Tg9x: 57.5,
    Tg9y: 6.75,
    Tp9a: 66,
    Tp9b: 68.25,
    TQ1z: 33,
  };
  const watts = { PSTR: 48.5, PDTR: 0 };
  const rpm = { F0Ac: 2150.5, F0Tg: 2150, F0Mn: 1000, F0Mx: 6000 };
  const own = { ...temperatures, ...watts, ...rpm };
  smc!.keys = [
    ...smc!.keys.filter(([key]) => !(key as string).startsWith('T') && !((key as string) in own)),
    ...Object.entries(own).map(([key, value]) => [key, 'flt ', flt(value)]),
  ].sort(([a], [b]) => (a! < b! ? -1 : 1));
}

function drainBattery(machine: Machine): void {
  const { properties } = entryOf(machine, 'AppleSmartBattery');
  Object.assign(properties, { CurrentCapacity: 80, MaxCapacity: 100, TimeRemaining: 150 });
  const telemetry = (properties['PowerTelemetryData'] as { dict: Record<string, Json> }).dict;
  telemetry['BatteryPower'] = AT.map(() => String(2n ** 64n - 48_000n));
}
