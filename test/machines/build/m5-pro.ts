// MacBook Pro (M5 Pro, 2026): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents, dcsAgents } from './bandwidth';
import { m5Clusters } from './clusters';
import { pmuSensors } from './hid';
import { m5Max } from './m5-max';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import { pairs } from './registry';
import type { Facts, Machine, Table } from './types';
import { compile } from './workloads';

const max = m5Max.facts;
const GPU = max.gpu.table;

// Fourteen states up to 1620 MHz and 1.035 V (a manual of the M5, repository not known); the others scaled
const TOP_MV = 1035;
const GPU_OF_PRO: Table = {
  ...GPU,
  mv: GPU.mv.map((mv) => Math.round((mv * TOP_MV) / Math.max(...GPU.mv))),
};

const facts: Facts = {
  title: 'MacBook Pro (14-inch, M5 Pro, 2026, 5 Super + 10 Performance cores, 16 GPU cores, 24 GB)',
  model: 'Mac17,9',
  chip: 'm5-pro',
  brand: 'Apple M5 Pro',
  macos: '26.5.1',
  build: '25F80',
  bytes: 24 * 2 ** 30,
  reserved: 606,
  boot: { seconds: 1_787_649_063, microseconds: 15_442, session: '5E0872BD-C6A9-4138-B2F4-09DD61E7A384' },
  levels: [
    { name: 'Super', l2cachesize: 16 * 2 ** 20, cpusperl2: 5 },
    { name: 'Performance', l2cachesize: 8 * 2 ** 20, cpusperl2: 5 },
  ],
  kinds: max.kinds,
  clusters: m5Clusters({ M: [5, 5], P: 5 }),
  totalsHoldManagers: max.totalsHoldManagers,
  gpu: {
    driver: [4294968562, 'AGXAcceleratorG17X'],
    class: max.gpu.class,
    plugin: 'AGXG17SDevice',
    cores: 16,
    table: GPU_OF_PRO,
    watts: 31,
    rail: 'GPU0',
    throttlers: max.gpu.throttlers ?? [],
  },
  rails: [
    ...blocks('index', ['AFR', 'ANE', 'ISP', 'AVE', 'MSR', 'AMCC', 'DCS', 'DRAM', 'DISP', 'DISPEXT', 'FAB']),
    ...pcie([0, 1], [2, 1, 0]),
  ],
  pmgr: {
    driver: max.pmgr.driver,
    properties: {
      ...max.pmgr.properties,
      'voltage-states9': pairs(GPU_OF_PRO),
      'voltage-states9-sram': pairs(GPU_OF_PRO),
    },
  },
  sgx: true,
  labels: max.labels,
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: {
    dump: 'm5-pro',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 2.9,
    fans: [
      { min: 1350, max: 6550 },
      { min: 1458, max: 7074 },
    ],
  },
  hid: pmuSensors({ tdie: 11, laptop: true, idle: 34 }),
  battery: { design: 6249, full: 5939, nominal: 6091, cycles: 63, millivolts: 12_111, celsius: 30.1 },
  bandwidth: {
    peak: 307,
    amc: {
      driver: [4294968160, 'AppleT6050MCC'],
      agents: amcAgents(['MCPU0', 'MCPU1', 'PCPU']),
      dead: 'no subscription',
    },
    dcs: {
      driver: [4294968172, 'ApplePMPv2'],
      group: 'PMP0',
      agents: dcsAgents(['MACC0', 'MACC1', 'PACC'], ['ANE L0', 'AVD', 'DISPINT', 'ANS']),
      fabric: dcsAgents(['MACC0', 'MACC1', 'PACC']),
    },
  },
  metal: metal(10, '26.5.1'),
};

export const m5Pro: Machine = { facts, workloads: [compile(facts)] };
