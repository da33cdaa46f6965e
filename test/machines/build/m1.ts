// Mac mini (M1, 2020): what was published about the chip, in one literal.
// Each table names where it was published, or says how it was come by; ../README.md has the whole list.
import { amcAgents, dcsAgents } from './bandwidth';
import { plainClusters } from './clusters';
import { m1Sensors } from './hid';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import { pairs, periods, table, times } from './registry';
import { workloads } from './m1-workloads';
import type { Facts, Machine } from './types';

// giampaolo/psutil PR #2222: voltage-states5-sram of an M1, as read
const P_SRAM = table(
  '0046c3230d03000000475a310d0300000048f13e0d0300000049884c20030000002f68592c0300000030ff663f030000' +
    '003196746103000000322d828d03000000fd558eb903000000c87e9aeb030000005d39a51d040000004319b239040000' +
    '003689b83904000000a265bb390400000029f9be39040000',
);
const P_MHZ = P_SRAM.raw.map((hz) => hz / 1e6);
// AsahiLinux/linux t8103.dtsi: the clocks. The voltages are an M1 Max's (a DVFS tool's readme), the
// first of them made up.
const E_MHZ = [600, 972, 1332, 1704, 2064];
const E_SRAM = { raw: times(E_MHZ, 1e6), mv: [559, 565, 596, 643, 718] };
// AsahiLinux/linux t8103.dtsi: clocks and voltages
const GPU = { raw: times([0, 396, 528, 720, 924, 1128, 1278], 1e6), mv: [400, 603, 640, 690, 784, 862, 931] };

const facts: Facts = {
  title: 'Mac mini (M1, 2020, 8 GPU cores, 16 GB)',
  model: 'Macmini9,1',
  chip: 'm1',
  brand: 'Apple M1',
  macos: '15.6',
  build: '24G84',
  bytes: 16 * 2 ** 30,
  reserved: 412,
  boot: { seconds: 1_755_510_247, microseconds: 318_502, session: '6B0E3B5C-51D4-4E3C-9A5E-0C1B5D0A7F11' },
  levels: [
    { name: 'Performance', l2cachesize: 12 * 2 ** 20, cpusperl2: 4 }, // t8103.dtsi
    { name: 'Efficiency', l2cachesize: 4 * 2 ** 20, cpusperl2: 4 },
  ],
  // The watts are opp-microwatt of the top step in t8103.dtsi; the managers' are made up.
  kinds: {
    E: { tier: 1, table: E_SRAM, idle: ['IDLE'], watts: 0.413, manager: { idle: 0.004, busy: 0.05 } },
    P: { tier: 0, table: P_SRAM, idle: ['IDLE'], watts: 4.95, manager: { idle: 0.008, busy: 0.34 } },
  },
  clusters: plainClusters({ E: 4, P: 4 }), // as other chips with one cluster of each kind print them
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968390, 'AGXAcceleratorG13G'],
    class: ['AGXAcceleratorG13G', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG13GDevice',
    cores: 8,
    table: GPU,
    watts: 11.5,
    rail: 'GPU',
    sram: 'GPU SRAM',
  },
  // Without an index, as the A18 Pro prints them (vladkens/macmon #57).
  rails: [
    ...pcie([0, 1], [0, 1]),
    ...blocks('none', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC', 'DISP', 'DISPEXT']),
  ],
  pmgr: {
    driver: [4294968065, 'AppleT8103PMGR'],
    properties: {
      'voltage-states1': pairs(periods(E_SRAM, E_MHZ)),
      'voltage-states1-sram': pairs(E_SRAM),
      'voltage-states5': pairs(periods(P_SRAM, P_MHZ)),
      'voltage-states5-sram': pairs(P_SRAM),
      'voltage-states9': pairs(GPU),
      'voltage-states9-sram': pairs({ raw: GPU.raw, mv: GPU.mv.map((mv) => Math.max(mv, 781)) }),
    },
  },
  sgx: true,
  smc: { dump: 'm1', power: ['PSTR', 'PDTR', 'PHPC'], base: 3.1, fans: [{ min: 1700, max: 4400 }] },
  hid: m1Sensors(),
  bandwidth: {
    peak: 68,
    amc: { driver: [4294968079, 'AppleT8103AMC'], agents: amcAgents(['ECPU', 'PCPU']) },
    dcs: {
      driver: [4294968071, 'AppleT8103PMP'],
      group: 'PMP',
      agents: dcsAgents(['EACC0', 'PACC0']),
      fabric: dcsAgents([]),
    },
  },
  metal: { ...metal(7, '15.6'), hidden: 'list' },
  counters: {
    driver: [4294968071, 'AppleT8103PMP'],
    label: 'mJ',
    of: { ECPU: 'ECPU', PCPU: 'PCPU', GPU: 'GPU', 'GPU SRAM': 'GPU SRAM', DRAM: 'DRAM', ANE: 'ANE' },
  },
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 40 },
  wiredLimit: 'u32',
};

export const m1: Machine = { facts, workloads };
