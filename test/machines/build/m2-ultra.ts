// Mac Studio (M2 Ultra, 2023): what was published about the chip, in one literal.
// Each table names where it was published, or says how it was come by; ../README.md has the whole list.
import { amcAgents } from './bandwidth';
import { ultraClusters } from './clusters';
import { pmuSensors } from './hid';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import { pairs, periods, times } from './registry';
import { workloads } from './m2-ultra-workloads';
import type { Facts, Machine, Rail } from './types';
import { buildFarm } from './workloads';

// vladkens/macmon #17: the clocks. Voltages: vladkens/macmon #1, a M2 Max, whose clocks are the same.
const E_MHZ = [912, 1284, 1752, 2004, 2256, 2424];
const E_SRAM = { raw: times(E_MHZ, 1e6), mv: [590, 625, 678, 706, 778, 831] };
const E_MV = [612, 684, 775, 837, 903, 953];
const P_MHZ = [
  702, 948, 1188, 1452, 1704, 1968, 2208, 2400, 2568, 2724, 2868, 3000, 3132, 3264, 3360, 3408, 3504,
];
const P_SRAM = {
  raw: times(P_MHZ, 1e6),
  mv: [790, 790, 790, 806, 834, 859, 896, 915, 940, 990, 1021, 1075, 1103, 1156, 1156, 1156, 1156],
};
const P_MV = [600, 637, 671, 706, 731, 765, 793, 834, 868, 912, 943, 987, 1025, 1059, 1059, 1059, 1059];
// vladkens/macmon #17
const GPU_MHZ = [0, 444, 612, 808, 968, 1110, 1236, 1338, 1398];
const GPU = { raw: times(GPU_MHZ, 1e6), mv: [400, 618, 640, 671, 712, 778, 837, 890, 928] };
const GPU_SRAM = { raw: GPU.raw, mv: [790, 790, 790, 790, 790, 790, 837, 890, 928] };
const TABLE_8 = {
  raw: times([600, 852, 1104, 1356, 1596, 1848, 2100], 1e6),
  mv: [584, 618, 675, 721, 790, 843, 893],
};

const PORTS = pcie([0, 1, 2, 3], [2, 0, 5, 1, 4, 3]);

const facts: Facts = {
  title: 'Mac Studio (M2 Ultra, 2023, two dies, 24 CPU and 76 GPU cores, 192 GB)',
  model: 'Mac14,14',
  chip: 'm2-ultra',
  brand: 'Apple M2 Ultra',
  macos: '15.2',
  build: '24C101',
  bytes: 192 * 2 ** 30,
  reserved: 2860,
  boot: { seconds: 1_735_205_811, microseconds: 40_117, session: 'A2F1C5E4-3A76-4C0D-8E57-92B8D61F3A08' },
  levels: [
    { name: 'Performance', l2cachesize: 16 * 2 ** 20, cpusperl2: 4 },
    { name: 'Efficiency', l2cachesize: 4 * 2 ** 20, cpusperl2: 4 },
  ],
  // P: vladkens/macmon #68, 1.82 W at 74 % in the top state. E and the managers: fitted to #17's idle watts.
  kinds: {
    E: { tier: 1, table: E_SRAM, idle: ['IDLE'], watts: 0.55, manager: { idle: 0.02, busy: 0.08 } },
    P: { tier: 0, table: P_SRAM, idle: ['IDLE'], watts: 2.45, manager: { idle: 0.05, busy: 0.7 } },
  },
  // lablup/all-smi PR #424 (M1 Ultra) and vladkens/macmon #17: the names
  clusters: ultraClusters({ E: 4, P: [4, 4] }, { sram: true }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968466, 'AGXAcceleratorG14X'],
    class: ['AGXAcceleratorG14X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG14XDevice',
    cores: 76,
    table: GPU,
    watts: 118,
    rail: 'GPU0_0',
    sram: 'GPU SRAM0_0',
  },
  rails: [
    ...['GPU CS', 'GPU CS SRAM'].map((name): Rail => ({
      name: `${name}0_0`,
      source: name.toLowerCase(),
      share: 1,
      unit: 'mJ',
    })),
    ...blocks('dies', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC']),
    ...PORTS.slice(4), // the complexes come first there
    ...PORTS.slice(0, 4),
  ],
  pmgr: {
    driver: [4294968081, 'AppleT6022PMGR'],
    properties: {
      'voltage-states1': pairs(periods(E_SRAM, E_MHZ, E_MV)),
      'voltage-states1-sram': pairs(E_SRAM),
      'voltage-states5': pairs(periods(P_SRAM, P_MHZ, P_MV)),
      'voltage-states5-sram': pairs(P_SRAM),
      'voltage-states8': pairs(TABLE_8),
      'voltage-states9': pairs(GPU),
      'voltage-states9-sram': pairs(GPU_SRAM),
      'voltage-states13': pairs(periods(P_SRAM, P_MHZ, P_MV)),
      'voltage-states13-sram': pairs(P_SRAM),
    },
  },
  sgx: false,
  labels: { mJ: 'mJ  ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 40 },
  wiredLimit: 'u64',
  smc: {
    dump: 'm2-ultra',
    power: ['PSTR', 'PDTR', 'PHPC'],
    base: 19.5,
    fans: [
      { min: 1330, max: 3500 },
      { min: 1330, max: 3500 },
    ],
    decoy: true,
  },
  hid: pmuSensors({ times: 3, idle: 41 }),
  bandwidth: { peak: 800, amc: { driver: [4294968147, 'AppleT6022AMC'], agents: amcAgents() } },
  metal: { ...metal(8, '15.2'), hidden: 'default' },
};

export const m2Ultra: Machine = { facts, workloads: [...workloads, buildFarm(facts)] };
