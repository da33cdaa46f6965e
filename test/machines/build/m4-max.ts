// Mac Studio (M4 Max, 2025): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents, dcsAgents } from './bandwidth';
import { proClusters } from './clusters';
import { pmuSensors } from './hid';
import { M4_MAX, M4_PRO_GPU, voltageStates } from './m4-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { gpuRecovery, idle } from './workloads';

const { E, P } = M4_MAX;

const facts: Facts = {
  title: 'Mac Studio (M4 Max, 2025, 16 CPU and 40 GPU cores, 64 GB)',
  model: 'Mac16,9',
  chip: 'm4-max',
  brand: 'Apple M4 Max',
  macos: '26.5.2',
  build: '25F84',
  bytes: 64 * 2 ** 30,
  reserved: 1044,
  boot: { seconds: 1_783_598_490, microseconds: 92_655, session: 'B7E1594C-2D83-4A0B-8F76-3C90A1D25EE8' },
  levels: [{ name: 'Performance' }, { name: 'Efficiency' }],
  kinds: {
    E: { tier: 1, table: E.sram, idle: ['DOWN', 'IDLE'], watts: 0.45, manager: { idle: 0.004, busy: 0.08 } },
    P: { tier: 0, table: P.sram, idle: ['DOWN', 'IDLE'], watts: 3.9, manager: { idle: 0.008, busy: 0.8 } },
  },
  clusters: proClusters({ E: 4, P: [6, 6] }, { managerIdle: true }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968530, 'AGXAcceleratorG16X'],
    class: ['AGXAcceleratorG16X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG16XDevice',
    cores: 40,
    table: M4_PRO_GPU,
    watts: 40,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...pcie([0, 1, 2], [0, 1, 2, 3]),
    ...blocks('index', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT', 'AFR', 'FAB']),
  ],
  pmgr: {
    driver: [4294968094, 'AppleT6041PMGR'],
    properties: voltageStates(M4_MAX, M4_PRO_GPU, { second: true }),
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: {
    dump: 'm4-max',
    power: ['PSTR', 'PHPC'],
    base: 8.5,
    fans: [
      { min: 1000, max: 3500 },
      { min: 1000, max: 3500 },
    ],
  },
  hid: pmuSensors({ tdie: 12, idle: 33 }),
  bandwidth: {
    peak: 546,
    // kennss/SiliconScope's documents: with 26.5.2 AMC Stats is listed and cannot be subscribed
    amc: { driver: [4294968160, 'AppleT6041MCC'], agents: amcAgents(), dead: 'no subscription' },
    dcs: {
      driver: [4294968172, 'ApplePMPv2'],
      group: 'PMP',
      agents: dcsAgents(['EACC0', 'PACC0', 'PACC1'], ['ANE0', 'AVE', 'DISPINT', 'ANS']),
    },
  },
  metal: { ...metal(9, '26.5.2'), recommended: 55_662_788_608 },
};

export const m4Max: Machine = { facts, workloads: [idle(facts), gpuRecovery(facts)] };
