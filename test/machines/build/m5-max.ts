// MacBook Pro (M5 Max, 2026): what was published about the chip, in one literal.
// Each table names where it was published, or says how it was come by; ../README.md has the whole list.
import { amcAgents, dcsAgents } from './bandwidth';
import { m5Clusters } from './clusters';
import { pmuSensors } from './hid';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import { pairs, periods, table, times } from './registry';
import { workloads } from './m5-max-workloads';
import type { Facts, Machine } from './types';

// vladkens/macmon #47: the properties of a Mac17,6 as read; CPU tables in kHz, the GPU's in Hz
const M_SRAM = table(
  '00821400fd020000e01519001b03000040651e003e030000002823005c030000607728007a030000203a2d009d030000' +
    '40703100b103000080773500ca03000080653800e3030000a0243b00f7030000e0b43d000604000080b83f0015040000' +
    '605e41002404000020bc41002404000060d5420024040000',
);
const P_SRAM = table(
  '60f51300f802000020b818001103000060361e003403000020f9220057030000205e27007503000000f22b0098030000' +
    'e0853000b6030000405e3400d403000000aa3700f203000020693a00fc03000080ca3c0015040000409f3e0029040000' +
    '60e73f0033040000e0a2400033040000605e41003304000020bc410033040000e019420033040000e090430033040000' +
    '00d94400600400000050460060040000',
);
const GPU = table(
  '000000007d000000807825145302000080c5f71c760200000097e8259e02000000ff712fdf02000000ceed34e9020000' +
    '00afe33a0203000000879c402503000080e373462f03000080bb2c4c5c0300008093e55184030000806b9e57b1030000' +
    '805e0e5efc030000003d8f601f040000',
);
const ACC_CLUSTERS = '160000000000000017010000000000000502000000000000';
// A base M5 (Mac17,2, macOS 27.2) has this table; the Max is taken to have the same. Voltages made up.
const TABLE_8_MHZ = [
  732, 864, 936, 1068, 1116, 1248, 1296, 1416, 1464, 1572, 1620, 1728, 1788, 1860, 1908, 1980, 2040, 2076,
  2136, 2184, 2196, 2244, 2256, 2304, 2316, 2448,
];
export const TABLE_8 = {
  raw: times(TABLE_8_MHZ, 1e6),
  mv: TABLE_8_MHZ.map((mhz) => Math.round(520 + mhz / 5.5)),
};
const mhz = (of: { raw: readonly number[] }) => of.raw.map((khz) => khz / 1000);

// lablup/all-smi #410: CPU channels every 2.13 s with a tail 14.8 ms later, the other rails 25 ms after them
const PERIOD = 51_360_000;
const TAIL = 355_200;
const BEHIND = 600_000;

const facts: Facts = {
  title: 'MacBook Pro (M5 Max, 2026, 6 Super + 12 Performance cores, 40 GPU cores, 128 GB)',
  model: 'Mac17,6',
  chip: 'm5-max',
  brand: 'Apple M5 Max',
  macos: '27.0',
  build: '26A428',
  bytes: 128 * 2 ** 30,
  reserved: 1910,
  boot: { seconds: 1_789_811_402, microseconds: 771_934, session: 'D94E0B17-6F2C-4B8A-A3C1-5E7708F1C26D' },
  levels: [{ name: 'Super' }, { name: 'Performance' }],
  // Watts fitted to lablup/all-smi #410's loaded batch. DOWN: tlkh/asitop #91.
  kinds: {
    M: { tier: 1, table: M_SRAM, idle: ['DOWN', 'IDLE'], watts: 0.95, manager: { idle: 0.01, busy: 1.1 } },
    P: { tier: 0, table: P_SRAM, idle: ['DOWN', 'IDLE'], watts: 3.5, manager: { idle: 0.02, busy: 3.2 } },
  },
  // Energy names: lablup/all-smi PR #412. State channels: kennss/SiliconScope #30, lablup/all-smi #167.
  clusters: m5Clusters({ M: [6, 6], P: 6 }),
  totalsHoldManagers: true, // there the three clusters add up to CPU Energy
  gpu: {
    driver: [4294968590, 'AGXAcceleratorG17X'],
    class: ['AGXAcceleratorG17X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG17XDevice',
    cores: 40,
    table: GPU,
    watts: 78,
    rail: 'GPU0',
    throttlers: ['PPM Throttle Events', 'CLTM Throttle Events'], // made up: a base M5 has ten
  },
  rails: [
    ...blocks('index', ['AFR', 'ANE', 'ISP', 'AVE', 'MSR', 'AMCC', 'DCS', 'DRAM', 'DISP', 'DISPEXT', 'FAB']),
    ...pcie([0, 1], [2, 1, 0]),
  ],
  pmgr: {
    driver: [4294968102, 'AppleT6050PMGR'],
    properties: {
      'acc-clusters': { data: ACC_CLUSTERS },
      'voltage-states5': pairs(periods(P_SRAM, mhz(P_SRAM))),
      'voltage-states5-sram': pairs(P_SRAM),
      'voltage-states8': pairs(TABLE_8),
      'voltage-states9': pairs(GPU),
      'voltage-states9-sram': pairs(GPU),
      'voltage-states22': pairs(periods(M_SRAM, mhz(M_SRAM))),
      'voltage-states22-sram': pairs(M_SRAM),
      'voltage-states23': pairs(periods(M_SRAM, mhz(M_SRAM))),
      'voltage-states23-sram': pairs(M_SRAM),
    },
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  publish: { cpu: { period: PERIOD, at: [0, TAIL] }, rest: { period: PERIOD, at: [BEHIND] } },
  vm: { count: 62, array_too_large: true },
  wiredLimit: 'u64',
  smc: {
    dump: 'm5-max',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 4.4,
    fans: [
      { min: 1350, max: 5779 },
      { min: 1458, max: 6241 },
    ],
  },
  hid: pmuSensors({ tdie: 14, laptop: true, idle: 37 }),
  battery: { design: 8579, full: 8402, nominal: 8511, cycles: 37, millivolts: 13_010, celsius: 30.4 },
  bandwidth: {
    peak: 614,
    // kennss/SiliconScope #30: AMC Stats is listed and cannot be subscribed, PMP0 has the requestors
    amc: {
      driver: [4294968171, 'AppleT6050AMC'],
      agents: amcAgents(['MCPU0', 'MCPU1', 'PCPU']),
      dead: 'no subscription',
    },
    dcs: {
      driver: [4294968183, 'ApplePMPv2'],
      group: 'PMP0',
      agents: dcsAgents(['MACC0', 'MACC1', 'PACC'], ['ANE0', 'AVE', 'DISPINT', 'ANS']),
      fabric: dcsAgents([]),
      controller: { step: 32, bins: 12 },
    },
  },
  metal: metal(10, '27.0'),
};

export const m5Max: Machine = { facts, workloads };
