// Mac mini (M2 Pro, 2023): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { proClusters } from './clusters';
import { pmuSensors } from './hid';
import { L2, M2_PRO, voltageStates, WATTS } from './m2-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { compile } from './workloads';

const facts: Facts = {
  title: 'Mac mini (M2 Pro, 2023, 10 CPU and 16 GPU cores, 32 GB)',
  model: 'Mac14,12',
  chip: 'm2-pro',
  brand: 'Apple M2 Pro',
  macos: '26.5.2',
  build: '25F84',
  bytes: 32 * 2 ** 30,
  reserved: 604,
  boot: { seconds: 1_783_640_205, microseconds: 155_802, session: 'B7E20D94-5A3C-4186-9F0D-72C4E8A1063B' },
  levels: [
    { name: 'Performance', l2cachesize: L2.P, cpusperl2: 3 },
    { name: 'Efficiency', l2cachesize: L2.E, cpusperl2: 4 },
  ],
  kinds: {
    E: {
      tier: 1,
      table: M2_PRO.E.sram,
      idle: ['IDLE'],
      watts: WATTS.E,
      manager: { idle: 0.006, busy: 0.06 },
    },
    P: { tier: 0, table: M2_PRO.P.sram, idle: ['IDLE'], watts: WATTS.P, manager: { idle: 0.01, busy: 0.4 } },
  },
  clusters: proClusters({ E: 4, P: [3, 3] }, { sram: true }),
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968448, 'AGXAcceleratorG14X'],
    class: ['AGXAcceleratorG14X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG14XDevice',
    cores: 16,
    table: M2_PRO.gpu,
    watts: 26,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...blocks('index', ['GPU CS', 'GPU CS SRAM', 'ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC']),
    ...pcie([0, 1], [0, 1, 2]),
  ],
  pmgr: {
    driver: [4294968079, 'AppleT6020PMGR'],
    properties: voltageStates(M2_PRO, { second: true }),
  },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u32',
  quiet: { dram: 0.4 }, // kennss/SiliconScope #10
  // kennss/SiliconScope #10: one fan, 1707 to 1715 rpm at rest
  smc: { dump: 'm2', power: ['PSTR', 'PDTR', 'PHPC'], base: 4.4, fans: [{ min: 1700, max: 4900 }] },
  hid: pmuSensors({ idle: 45 }),
  bandwidth: { peak: 200, amc: { driver: [4294968143, 'AppleT6020MCC'], agents: amcAgents() } },
  metal: metal(8, '26.5.2'),
};

export const m2Pro: Machine = { facts, workloads: [compile(facts)] };
