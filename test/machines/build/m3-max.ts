// MacBook Pro (16-inch, M3 Max, 2023): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { proClusters } from './clusters';
import { pmuSensors } from './hid';
import { voltageStates } from './dvfs';
import { ACC_CLUSTERS, M3_PRO_GPU, M3_ULTRA, M3_ULTRA_P1, TABLE_2 } from './m3-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine, Publication } from './types';
import { llm, llmBrowser } from './workloads';

const { E, P } = M3_ULTRA;

// vladkens/macmon PR #77: with this build the mJ counters of a M3 Max stand still; GPU Energy does not.
const DEAD: Publication = { period: 51_360_000, at: [0], until: 0 };

const facts: Facts = {
  title: 'MacBook Pro (16-inch, M3 Max, 2023, 16 CPU and 40 GPU cores, 128 GB)',
  model: 'Mac15,9',
  chip: 'm3-max',
  brand: 'Apple M3 Max',
  macos: '27.0',
  build: '26A428',
  bytes: 128 * 2 ** 30,
  reserved: 1902,
  boot: { seconds: 1_790_077_918, microseconds: 311_207, session: 'C3A86F02-5B1E-4F9D-9D20-1B7A44E6C85F' },
  levels: [
    { name: 'Performance', l2cachesize: 16 * 2 ** 20, cpusperl2: 6 }, // t6031-base.dtsi
    { name: 'Efficiency', l2cachesize: 4 * 2 ** 20, cpusperl2: 4 },
  ],
  // exelban/stats #1703: powermetrics' 46 W with ten P cores near 3.5 GHz
  kinds: {
    E: { tier: 1, table: E.sram, idle: ['DOWN', 'IDLE'], watts: 0.5, manager: { idle: 0.005, busy: 0.08 } },
    P: { tier: 0, table: P.sram, idle: ['DOWN', 'IDLE'], watts: 5.6, manager: { idle: 0.01, busy: 0.5 } },
  },
  clusters: proClusters({ E: 4, P: [6, 6] }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968512, 'AGXAcceleratorG15X'],
    class: ['AGXAcceleratorG15X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG15XDevice',
    cores: 40,
    table: M3_PRO_GPU,
    watts: 54,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...pcie([0, 1], [0, 1, 2]),
    ...blocks('index', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT', 'AFR', 'FAB']),
  ],
  pmgr: {
    driver: [4294968088, 'AppleT6031PMGR'],
    properties: {
      'acc-clusters': { data: ACC_CLUSTERS.slice(0, 3).join('') },
      'voltage-states2': { data: TABLE_2 },
      ...voltageStates({ ...M3_ULTRA, gpu: M3_PRO_GPU }, { sram: 810, second: M3_ULTRA_P1 }),
    },
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  publish: { cpu: DEAD, rest: DEAD },
  vm: { count: 62, array_too_large: true },
  wiredLimit: 'u64',
  smc: {
    dump: 'm3-max',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 5.2,
    fans: [
      { min: 1200, max: 5779 },
      { min: 1200, max: 6241 },
    ],
  },
  hid: pmuSensors({ tdie: 10, tdev: 4, laptop: true, idle: 39 }),
  battery: { design: 8579, full: 8120, nominal: 8244, cycles: 141, millivolts: 12_980, celsius: 31.2 },
  bandwidth: {
    peak: 400,
    // kennss/SiliconScope #46, PR #47: AMC Stats is listed and cannot be subscribed, PMP0 has one channel
    amc: { driver: [4294968160, 'AppleT6031MCC'], agents: amcAgents(), dead: 'no subscription' },
    dcs: {
      driver: [4294968172, 'ApplePMPv2'],
      group: 'PMP0',
      agents: [],
      controller: { step: 32, bins: 12 },
    },
  },
  metal: metal(9, '27.0'),
};

export const m3Max: Machine = { facts, workloads: [llm(facts), llmBrowser(facts)] };
