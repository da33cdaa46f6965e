// Mac Studio (M3 Ultra, 2025): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { ultraClusters } from './clusters';
import { pmuSensors } from './hid';
import { voltageStates } from './dvfs';
import { ACC_CLUSTERS, M3_PRO_GPU, M3_ULTRA, M3_ULTRA_DIE_1, M3_ULTRA_P1, TABLE_2 } from './m3-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { crowded, llm } from './workloads';

const { E, P } = M3_ULTRA;

const facts: Facts = {
  title: 'Mac Studio (M3 Ultra, 2025, two dies, 32 CPU and 80 GPU cores, 512 GB)',
  model: 'Mac15,14',
  chip: 'm3-ultra',
  brand: 'Apple M3 Ultra',
  macos: '26.3',
  build: '25D125',
  bytes: 512 * 2 ** 30,
  reserved: 7420,
  boot: { seconds: 1_773_302_273, microseconds: 870_016, session: '91D4E7B3-08AC-4A6E-BD1F-37C2F0A5E864' },
  levels: [
    { name: 'Performance', l2cachesize: 16 * 2 ** 20, cpusperl2: 6 }, // t6032.dtsi
    { name: 'Efficiency', l2cachesize: 4 * 2 ** 20, cpusperl2: 4 },
  ],
  kinds: {
    E: { tier: 1, table: E.sram, idle: ['DOWN', 'IDLE'], watts: 0.5, manager: { idle: 0.02, busy: 0.08 } },
    P: { tier: 0, table: P.sram, idle: ['DOWN', 'IDLE'], watts: 5.6, manager: { idle: 0.05, busy: 0.5 } },
  },
  clusters: ultraClusters({ E: 4, P: [6, 6] }), // E0 P0 P1 E1 P2 P3
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968560, 'AGXAcceleratorG15X'],
    class: ['AGXAcceleratorG15X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG15XDevice',
    cores: 80,
    table: M3_PRO_GPU,
    watts: 104,
    rail: 'GPU0_0',
    sram: 'GPU SRAM0_0',
  },
  // t6032.dtsi: neither die has an image processor or an inner display; nor have the agents of AMC Stats
  rails: [
    ...blocks('dies', ['ANE', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISPEXT']),
    ...pcie([0, 1, 2, 3], [0, 1, 2, 3, 4, 5]),
  ],
  pmgr: {
    driver: [4294968097, 'AppleT6031PMGR'], // debian-m3-ultra: so it is called here, too
    properties: {
      'acc-clusters': { data: ACC_CLUSTERS.join('') },
      'voltage-states2': { data: TABLE_2 },
      ...voltageStates({ ...M3_ULTRA, gpu: M3_PRO_GPU }, { sram: 810, second: M3_ULTRA_P1 }),
      ...M3_ULTRA_DIE_1,
    },
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u64',
  smc: {
    dump: 'm3-ultra',
    power: ['PSTR', 'PHPC'],
    base: 9,
    fans: [
      { min: 1000, max: 2900 },
      { min: 1000, max: 2900 },
    ],
  },
  hid: pmuSensors({ tdie: 11, times: 2, idle: 37 }),
  bandwidth: {
    peak: 819,
    amc: {
      driver: [4294968180, 'AppleT6032MCC'],
      agents: amcAgents().filter(({ name }) => name !== 'ISP' && name !== 'DISP'),
    },
  },
  metal: metal(9, '26.3'),
};

export const m3Ultra: Machine = { facts, workloads: [llm(facts), crowded(facts)] };
