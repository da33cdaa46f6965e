// MacBook Pro (16-inch, M2 Max, 2023): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { proClusters } from './clusters';
import { pmuSensors } from './hid';
import { L2, M2_MAX, voltageStates, WATTS } from './m2-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Cluster, Facts, Machine } from './types';
import { idle, sleepWake } from './workloads';

/** dehydratedpotato/socpowerbud #8: DOWN in front of IDLE, six E steps and ECPU00, where other chips have ECPU000. */
const clusters = proClusters({ E: 4, P: [4, 4] }, { sram: true }).map((cluster): Cluster => ({
  ...cluster,
  core: (n) => cluster.core(n).slice(0, -1),
}));

const facts: Facts = {
  title: 'MacBook Pro (16-inch, M2 Max, 2023, 12 CPU and 38 GPU cores, 96 GB)',
  model: 'Mac14,6',
  chip: 'm2-max',
  brand: 'Apple M2 Max',
  macos: '13.6',
  build: '22G120', // vladkens/macmon #1
  bytes: 96 * 2 ** 30,
  reserved: 1544,
  boot: { seconds: 1_719_990_813, microseconds: 264_047, session: '63F5A1E0-B4D7-4029-8C1E-95B7D20F4A6C' },
  levels: [
    { name: 'Performance', l2cachesize: L2.P, cpusperl2: 4 },
    { name: 'Efficiency', l2cachesize: L2.E, cpusperl2: 4 },
  ],
  kinds: {
    E: {
      tier: 1,
      table: M2_MAX.E.sram,
      idle: ['DOWN', 'IDLE'],
      watts: WATTS.E,
      manager: { idle: 0.006, busy: 0.06 },
    },
    P: {
      tier: 0,
      table: M2_MAX.P.sram,
      idle: ['DOWN', 'IDLE'],
      watts: 3.1,
      manager: { idle: 0.01, busy: 0.45 },
    },
  },
  clusters,
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968460, 'AGXAcceleratorG14X'],
    class: ['AGXAcceleratorG14X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG14XDevice',
    cores: 38,
    table: M2_MAX.gpu,
    watts: 54,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...blocks('index', ['GPU CS', 'GPU CS SRAM', 'ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC']),
    ...pcie([0, 1], [0, 1, 2]),
  ],
  pmgr: {
    driver: [4294968080, 'AppleT6021PMGR'],
    properties: voltageStates(M2_MAX, { gpu: [9, 14], second: true }),
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 38 },
  wiredLimit: 'u32',
  quiet: { dram: 0.1, ane: 0 }, // kennss/SiliconScope #57
  smc: {
    dump: 'm2-max',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 4.1,
    // crystalidea/macs-fan-control #550, of the M1 Max
    fans: [
      { min: 1499, max: 5348 },
      { min: 1499, max: 5776 },
    ],
  },
  hid: pmuSensors({ laptop: true }), // oshi/oshi #3534, of this dump's Mac
  // darrylmorley/whatcable #95: 6698 mAh at 80 %
  battery: { design: 8694, full: 8373, nominal: 8540, cycles: 96, millivolts: 12_870, celsius: 25.9 },
  bandwidth: { peak: 400, amc: { driver: [4294968145, 'AppleT6021MCC'], agents: amcAgents() } },
  metal: { ...metal(8, '13.6'), hidden: 'list' },
};

export const m2Max: Machine = { facts, workloads: [idle(facts), sleepWake(facts)] };
