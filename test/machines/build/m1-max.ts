// Mac Studio (M1 Max, 2022): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { proClusters } from './clusters';
import { m1Sensors } from './hid';
import { GPU, KINDS, L2, VOLTAGE_STATES } from './m1-pro-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { video } from './workloads';

const facts: Facts = {
  title: 'Mac Studio (M1 Max, 2022, 10 CPU and 32 GPU cores, 64 GB)',
  model: 'Mac13,1',
  chip: 'm1-max',
  brand: 'Apple M1 Max',
  macos: '15.7.1',
  build: '24G231',
  bytes: 64 * 2 ** 30,
  reserved: 1082,
  boot: { seconds: 1_759_731_640, microseconds: 20_955, session: 'E5D8A0F6-1C92-4B37-93C4-6A0D7F28B1E3' },
  levels: [
    { name: 'Performance', l2cachesize: L2.P, cpusperl2: 4 },
    { name: 'Efficiency', l2cachesize: L2.E, cpusperl2: 2 },
  ],
  kinds: KINDS,
  clusters: proClusters({ E: 2, P: [4, 4] }),
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968474, 'AGXAcceleratorG13X'],
    class: ['AGXAcceleratorG13X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG13XDevice',
    cores: 32,
    table: GPU,
    watts: 41,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...blocks('index', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC']),
    ...pcie([0, 1], [0, 1, 2]),
  ],
  pmgr: { driver: [4294968077, 'AppleT6001PMGR'], properties: VOLTAGE_STATES },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 40 },
  wiredLimit: 'u32',
  // offyotto/Core-Monitor #52: one fan; crystalidea/macs-fan-control #582: about 1320 rpm at rest
  smc: { dump: 'm1-max', power: ['PSTR', 'PDTR', 'PHPC'], base: 6.5, fans: [{ min: 1100, max: 3500 }] },
  hid: m1Sensors(),
  bandwidth: { peak: 400, amc: { driver: [4294968146, 'AppleT6001MCC'], agents: amcAgents() } },
  metal: metal(7, '15.7.1'),
};

export const m1Max: Machine = { facts, workloads: [video(facts)] };
