// Mac mini (M4, 2024): what was published about the chip, in one literal. ../README.md has the sources.
import { dcsAgents } from './bandwidth';
import { plainClusters } from './clusters';
import { M4, M4_GPU, voltageStates } from './m4-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine, Sensor } from './types';
import { compile, idle } from './workloads';

const sensors = (name: string, count: number, sensor: Omit<Sensor, 'product'>): Sensor[] =>
  Array.from({ length: count }, (_, n) => ({
    ...sensor,
    product: `${name}${n + 1}`,
    celsius: (sensor.celsius ?? 0) + (n % 5) * 0.3,
  }));

// Okle42/cool91: a Mac16,10 has 40, PMU tdie1 … 14, tdev1 … 8, tcal, NAND CH0 temp and those of a PMU2.
const HID: Sensor[] = [
  ...sensors('PMU tdie', 14, { celsius: 36.4, follows: 'cpu' }),
  ...sensors('PMU tdev', 6, { celsius: 32.1, follows: 'soc' }),
  { product: 'PMU tdev7', celsius: -21.5 },
  { product: 'PMU tdev8', celsius: -21.5 },
  { product: 'PMU tcal', celsius: 51.85 },
  ...sensors('PMU2 tdie', 9, { celsius: 35.2, follows: 'soc' }),
  ...sensors('PMU2 tdev', 7, { celsius: 31.4, follows: 'soc' }),
  { product: 'NAND CH0 temp', celsius: 31, follows: 'soc' },
];

// The same: left to itself the fan of this Mac gets to 1774 rpm under full load.
const STOCK = [0, 0.06, 0.13, 0.19];

const facts: Facts = {
  title: 'Mac mini (M4, 2024, 10 CPU and 10 GPU cores, 16 GB)',
  model: 'Mac16,10',
  chip: 'm4',
  brand: 'Apple M4',
  macos: '26.6.2',
  build: '25G83',
  bytes: 16 * 2 ** 30,
  reserved: 436,
  boot: { seconds: 1_789_502_909, microseconds: 204_817, session: '3F1C7A62-9B0D-4E55-8C27-D1A6508E4B93' },
  levels: [{ name: 'Performance' }, { name: 'Efficiency' }],
  // Okle42/cool91: 21.5 W with all ten at the top. That powermetrics prints no "down" there says IDLE is alone.
  kinds: {
    E: { tier: 1, table: M4.E.sram, idle: ['IDLE'], watts: 0.55, manager: { idle: 0.005, busy: 0.12 } },
    P: { tier: 0, table: M4.P.sram, idle: ['IDLE'], watts: 4.2, manager: { idle: 0.01, busy: 0.6 } },
  },
  clusters: plainClusters({ E: 6, P: 4 }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968402, 'AGXAcceleratorG16G'],
    class: ['AGXAcceleratorG16G', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG16GDevice',
    cores: 10,
    table: M4_GPU,
    watts: 13,
    rail: 'GPU',
    sram: 'GPU SRAM',
  },
  rails: [
    ...pcie([0, 1], [0, 1]),
    ...blocks('none', ['ANE', 'ISP', 'AVE', 'MSR', 'AMCC', 'DCS', 'DRAM', 'DISP', 'DISPEXT']),
  ],
  pmgr: { driver: [4294968070, 'AppleT8132PMGR'], properties: voltageStates(M4, M4_GPU) },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: { dump: 'm4-6', power: ['PSTR', 'PHPC'], base: 2.9, fans: [{ min: 1000, max: 4900 }] },
  hid: HID,
  bandwidth: {
    peak: 120,
    dcs: {
      driver: [4294968172, 'ApplePMPv2'],
      group: 'PMP',
      agents: dcsAgents(['EACC0', 'PACC0'], ['ANE0', 'AVE', 'DISPINT', 'ANS']),
    },
  },
  metal: { ...metal(9, '26.6.2'), recommended: 12_713_115_648 }, // llama.cpp's 12713.12 MB, as pages
};

export const m4: Machine = { facts, workloads: [idle(facts), compile(facts, { fans: STOCK })] };
