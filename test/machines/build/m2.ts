// MacBook Air (M2, 2022): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { plainClusters } from './clusters';
import { pmuSensors } from './hid';
import { L2, M2, voltageStates, WATTS } from './m2-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { idle, throttled } from './workloads';

const facts: Facts = {
  title: 'MacBook Air (M2, 2022, 10 GPU cores, 16 GB)',
  model: 'Mac14,2',
  chip: 'm2',
  brand: 'Apple M2',
  macos: '26.5.2',
  build: '25F84',
  bytes: 16 * 2 ** 30,
  reserved: 408,
  boot: { seconds: 1_784_118_529, microseconds: 733_180, session: '8A41C6D5-2F70-4C9B-B8E6-D1907A3E5F42' },
  levels: [
    { name: 'Performance', l2cachesize: L2.P, cpusperl2: 4 },
    { name: 'Efficiency', l2cachesize: L2.E, cpusperl2: 4 },
  ],
  kinds: {
    E: {
      tier: 1,
      table: M2.E.sram,
      idle: ['IDLE'],
      watts: WATTS.E,
      manager: { idle: 0.004, busy: 0.05 },
    },
    P: {
      tier: 0,
      table: M2.P.sram,
      idle: ['IDLE'],
      watts: WATTS.P,
      manager: { idle: 0.006, busy: 0.3 },
    },
  },
  clusters: plainClusters({ E: 4, P: 4 }),
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968404, 'AGXAcceleratorG14G'],
    class: ['AGXAcceleratorG14G', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG14GDevice',
    cores: 10,
    table: M2.gpu,
    watts: WATTS.gpu,
    rail: 'GPU',
    sram: 'GPU SRAM',
  },
  rails: [
    ...blocks('none', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT']),
    ...pcie([0, 1], [0, 1]),
  ],
  pmgr: { driver: [4294968086, 'AppleT8112PMGR'], properties: voltageStates(M2) },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: { dump: 'm2', power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'], base: 1.8, fans: [] },
  hid: pmuSensors({ tdie: 10, times: 1, laptop: true, idle: 32 }),
  battery: { design: 4563, full: 3955, nominal: 4082, cycles: 319, millivolts: 12_119, celsius: 28.5 },
  bandwidth: {
    peak: 100,
    amc: { driver: [4294968133, 'AppleT8112MCC'], agents: amcAgents(['ECPU', 'PCPU']) },
  },
  metal: metal(8, '26.5.2'),
};

export const m2: Machine = { facts, workloads: [idle(facts), throttled(facts)] };
