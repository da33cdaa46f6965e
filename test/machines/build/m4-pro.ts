// MacBook Pro (M4 Pro, 2024): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents, dcsAgents } from './bandwidth';
import { proClusters } from './clusters';
import { pmuSensors } from './hid';
import { M4_PRO, M4_PRO_GPU, voltageStates } from './m4-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine, Publication } from './types';
import { battery } from './workloads';

const { E, P } = M4_PRO;

// exelban/stats #3336, #3386: with this build, the first beta, the mJ counters stand still; GPU Energy does not.
const DEAD: Publication = { period: 51_360_000, at: [0], until: 0 };

const facts: Facts = {
  title: 'MacBook Pro (14-inch, M4 Pro, 2024, 14 CPU and 20 GPU cores, 48 GB)',
  model: 'Mac16,8',
  chip: 'm4-pro',
  brand: 'Apple M4 Pro',
  macos: '27.0',
  build: '26A5368g',
  bytes: 48 * 2 ** 30,
  reserved: 842,
  boot: { seconds: 1_785_737_564, microseconds: 640_128, session: '8A5D20E4-41C7-4B6F-9E13-70F2C8B4A6D5' },
  levels: [{ name: 'Performance' }, { name: 'Efficiency' }],
  // Howard Oakley, eclecticlight.co: 32 W with ten P cores at 3852 MHz; 20 W of the GPU at 1578 MHz
  kinds: {
    E: { tier: 1, table: E.sram, idle: ['DOWN', 'IDLE'], watts: 0.45, manager: { idle: 0.004, busy: 0.08 } },
    P: { tier: 0, table: P.sram, idle: ['DOWN', 'IDLE'], watts: 3.9, manager: { idle: 0.008, busy: 0.8 } },
  },
  clusters: proClusters({ E: 4, P: [5, 5] }, { managerIdle: true }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968466, 'AGXAcceleratorG16X'],
    class: ['AGXAcceleratorG16X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG16XDevice',
    cores: 20,
    table: M4_PRO_GPU,
    watts: 20,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...pcie([0, 1], [0, 1, 2]),
    ...blocks('index', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT', 'AFR', 'FAB']),
  ],
  pmgr: {
    driver: [4294968082, 'AppleT6040PMGR'],
    properties: voltageStates(M4_PRO, M4_PRO_GPU, { second: true }),
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  publish: { cpu: DEAD, rest: DEAD },
  vm: { count: 62, array_too_large: true },
  wiredLimit: 'u64',
  smc: {
    dump: 'm4-pro-2',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 3.4,
    fans: [
      { min: 1350, max: 5777 },
      { min: 1458, max: 6240 },
    ],
  },
  hid: pmuSensors({ tdie: 10, laptop: true, idle: 35 }),
  battery: { design: 6249, full: 6003, nominal: 6118, cycles: 87, millivolts: 11_874, celsius: 30.4 },
  bandwidth: {
    peak: 273,
    // kennss/SiliconScope #14: all of its channels read INT64_MIN
    amc: { driver: [4294968160, 'AppleT6040MCC'], agents: amcAgents(), dead: 'no value' },
    dcs: {
      driver: [4294968172, 'ApplePMPv2'],
      group: 'PMP',
      agents: dcsAgents(['EACC0', 'PACC0', 'PACC1'], ['ANE0', 'AVE', 'DISPINT', 'ANS']),
      controller: { step: 16, bins: 16 },
    },
  },
  metal: metal(9, '27.0'),
};

export const m4Pro: Machine = { facts, workloads: [battery(facts)] };
