// MacBook Pro (14-inch, M3 Pro, 2023): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents, dcsAgents } from './bandwidth';
import { plainClusters } from './clusters';
import { pmuSensors } from './hid';
import { voltageStates } from './dvfs';
import { M3_PRO, M3_PRO_GPU } from './m3-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { video } from './workloads';

const { E, P } = M3_PRO;

const facts: Facts = {
  title: 'MacBook Pro (14-inch, M3 Pro, 2023, 11 CPU and 14 GPU cores, 18 GB)',
  model: 'Mac15,6',
  chip: 'm3-pro',
  brand: 'Apple M3 Pro',
  macos: '15.6',
  build: '24G84',
  bytes: 18 * 2 ** 30,
  reserved: 436,
  boot: { seconds: 1_756_903_560, microseconds: 98_471, session: '7E51D0A8-3C0B-4D57-A6B2-F0C94E8B2D31' },
  levels: [
    { name: 'Performance', l2cachesize: 16 * 2 ** 20, cpusperl2: 5 }, // t6030.dtsi
    { name: 'Efficiency', l2cachesize: 4 * 2 ** 20, cpusperl2: 6 },
  ],
  kinds: {
    E: { tier: 1, table: E.sram, idle: ['DOWN', 'IDLE'], watts: 0.55, manager: { idle: 0.005, busy: 0.08 } },
    P: { tier: 0, table: P.sram, idle: ['DOWN', 'IDLE'], watts: 5.6, manager: { idle: 0.01, busy: 0.5 } },
  },
  clusters: plainClusters({ E: 6, P: 5 }, { core: (letter, n) => `${letter}CPU0${n}0` }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968440, 'AGXAcceleratorG15X'],
    class: ['AGXAcceleratorG15X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG15XDevice',
    cores: 14,
    table: M3_PRO_GPU,
    watts: 19,
    rail: 'GPU',
    sram: 'GPU SRAM',
  },
  rails: [
    ...pcie([0, 1], [0, 1, 2]),
    ...blocks('none', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT', 'AFR', 'FAB']),
  ],
  pmgr: {
    driver: [4294968084, 'AppleT6030PMGR'],
    properties: voltageStates({ ...M3_PRO, gpu: M3_PRO_GPU }, { sram: 810 }),
  },
  sgx: false, // so that the GPU's clocks come from the table that was published
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 40 },
  wiredLimit: 'u64',
  smc: {
    dump: 'm3-pro',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 3.6,
    fans: [
      { min: 1350, max: 5777 },
      { min: 1458, max: 6241 },
    ],
  },
  hid: pmuSensors({ tdie: 11, laptop: true, idle: 36 }),
  battery: { design: 6249, full: 5804, nominal: 5921, cycles: 213, millivolts: 12_310, celsius: 30.6 },
  bandwidth: {
    peak: 150,
    amc: { driver: [4294968140, 'AppleT6030MCC'], agents: amcAgents(['ECPU', 'PCPU0']) },
    dcs: {
      driver: [4294968152, 'ApplePMPv2'],
      group: 'PMP',
      agents: dcsAgents(['EACC0', 'PACC0'], ['ANE0', 'AVE', 'PRORES', 'DISPINT', 'ANS']),
    },
  },
  metal: { ...metal(9, '15.6'), recommended: 12_884_918_272 },
};

export const m3Pro: Machine = { facts, workloads: [video(facts)] };
