// MacBook Air (13-inch, M3, 2024): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { plainClusters } from './clusters';
import { pmuSensors } from './hid';
import { voltageStates } from './dvfs';
import { M3, M3_GPU } from './m3-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { idle, runsOut } from './workloads';

const facts: Facts = {
  title: 'MacBook Air (13-inch, M3, 2024, 8 GPU cores, 8 GB)',
  model: 'Mac15,12',
  chip: 'm3',
  brand: 'Apple M3',
  macos: '26.3',
  build: '25D125', // philipturner/applegpuinfo #15, on a Mac15,13
  bytes: 8 * 2 ** 30,
  reserved: 318,
  boot: { seconds: 1_771_290_114, microseconds: 604_233, session: '2F7B1C44-90DE-4E4B-8B3A-6C1D55E0A913' },
  levels: [
    { name: 'Performance', l2cachesize: 16 * 2 ** 20, cpusperl2: 4 }, // t8122.dtsi
    { name: 'Efficiency', l2cachesize: 4 * 2 ** 20, cpusperl2: 4 },
  ],
  kinds: {
    E: {
      tier: 1,
      table: M3.E.sram,
      idle: ['IDLE'],
      watts: 0.55,
      manager: { idle: 0.004, busy: 0.06 },
    },
    P: { tier: 0, table: M3.P.sram, idle: ['IDLE'], watts: 5.6, manager: { idle: 0.008, busy: 0.4 } },
  },
  clusters: plainClusters({ E: 4, P: 4 }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968422, 'AGXAcceleratorG15G'],
    class: ['AGXAcceleratorG15G', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG15GDevice',
    cores: 8,
    table: M3_GPU,
    watts: 17.1,
    rail: 'GPU',
    sram: 'GPU SRAM',
  },
  rails: [
    ...pcie([0, 1], [0, 1]),
    ...blocks('none', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT']),
  ],
  pmgr: {
    driver: [4294968093, 'AppleT8122PMGR'],
    properties: voltageStates({ ...M3, gpu: M3_GPU }, { sram: 790 }),
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: { dump: 'm3', power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'], base: 1.9, fans: [] },
  hid: pmuSensors({ tdie: 10, times: 1, laptop: true, idle: 33 }),
  battery: { design: 4563, full: 4391, cycles: 87, millivolts: 12_640, celsius: 29.4 },
  bandwidth: {
    peak: 100,
    amc: { driver: [4294968131, 'AppleT8122MCC'], agents: amcAgents(['ECPU', 'PCPU']) },
  },
  metal: metal(9, '26.3'),
};

export const m3: Machine = { facts, workloads: [idle(facts), runsOut(facts)] };
