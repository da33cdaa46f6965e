// MacBook Pro (M5, 2025): what was published about the chip, in one literal. ../README.md has the sources.
import { dcsAgents } from './bandwidth';
import { plainClusters } from './clusters';
import { pmuSensors } from './hid';
import { M5, voltageStates } from './m4-tables';
import { m5Max, TABLE_8 } from './m5-max';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import { pairs } from './registry';
import type { Facts, Machine } from './types';
import { idle } from './workloads';

const GPU = m5Max.facts.gpu.table; // the probe's clocks are those of a M5 Max
// As lablup/all-smi #410 found it on a M5 Max with macOS 27.0
const PERIOD = 51_360_000;

const facts: Facts = {
  title: 'MacBook Pro (14-inch, M5, 2025, 10 CPU and 10 GPU cores, 24 GB)',
  model: 'Mac17,2',
  chip: 'm5',
  brand: 'Apple M5',
  macos: '27.2',
  build: '26C5033a',
  bytes: 24 * 2 ** 30,
  reserved: 622,
  boot: { seconds: 1_794_642_090, microseconds: 553_901, session: '12D9E6B3-7F48-4C21-A05E-964B8D73F1CA' },
  levels: [{ name: 'Super' }, { name: 'Efficiency' }],
  // The probe's states: no DOWN. Watts of a Super core as of a M5 Max.
  kinds: {
    E: { tier: 1, table: M5.E.sram, idle: ['IDLE'], watts: 0.6, manager: { idle: 0.006, busy: 0.14 } },
    P: { tier: 0, table: M5.P.sram, idle: ['IDLE'], watts: 3.5, manager: { idle: 0.012, busy: 0.7 } },
  },
  clusters: plainClusters({ E: 6, P: 4 }, { managerIdle: ['E', 'P'] }),
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968418, 'AGXAcceleratorG17G'],
    class: ['AGXAcceleratorG17G', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG17GDevice',
    cores: 10,
    table: GPU,
    watts: 19,
    rail: 'GPU',
    throttlers: [
      'PPM Throttle Events',
      'CLTM Throttle Events',
      'DCS Throttle Events',
      ...Array.from({ length: 7 }, (_, n) => `Zone ${n} Throttle Events`),
    ],
  },
  rails: [
    ...blocks('none', ['AFR', 'ANE', 'ISP', 'AVE', 'MSR', 'AMCC', 'DCS', 'DRAM', 'DISP', 'DISPEXT']),
    ...pcie([0, 1], [0, 1]),
  ],
  pmgr: {
    driver: [4294968074, 'AppleT8142PMGR'],
    properties: { ...voltageStates(M5, GPU), 'voltage-states8': pairs(TABLE_8) },
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  publish: { cpu: { period: PERIOD, at: [0, 355_200] }, rest: { period: PERIOD, at: [600_000] } },
  vm: { count: 104, array_too_large: true },
  wiredLimit: 'u64',
  smc: {
    dump: 'm5-pro',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 2.6,
    fans: [{ min: 2317, max: 6550 }],
  },
  hid: pmuSensors({ tdie: 9, laptop: true, idle: 36 }),
  battery: { design: 6249, full: 6140, nominal: 6205, cycles: 41, millivolts: 12_812, celsius: 28.9 },
  bandwidth: {
    peak: 153,
    dcs: {
      driver: [4294968172, 'ApplePMPv2'],
      group: 'PMP0',
      agents: dcsAgents(['EACC', 'PACC'], ['ANE L0', 'AVD', 'DISPINT', 'ANS']),
    },
  },
  metal: metal(10, '27.2'),
};

export const m5: Machine = { facts, workloads: [idle(facts)] };
