// A virtual machine with macOS, as build hosts and hosted runners have them.
import { plainClusters } from './clusters';
import type { Facts, Machine } from './types';
import { compile } from './workloads';

// One step is enough for the ticks; neither it nor the watts are seen inside.
const ANY = { raw: [3_504_000_000], mv: [1000] };

const facts: Facts = {
  title: 'virtual machine of 4 CPUs and 8 GB on a Mac mini (M2 Pro)',
  model: 'VirtualMac2,1',
  chip: 'vm',
  brand: 'Apple M2 Pro (Virtual)',
  macos: '15.5',
  build: '24F74',
  bytes: 8 * 2 ** 30,
  reserved: 190,
  boot: { seconds: 1_750_402_966, microseconds: 118_207, session: '3F7A0C52-8E1B-4D09-B6E4-2C9D51A7F060' },
  levels: [{ name: 'Standard', l2cachesize: 12 * 2 ** 20, cpusperl2: 4 }],
  kinds: { P: { tier: 0, table: ANY, idle: ['IDLE'], watts: 0, manager: { idle: 0, busy: 0 } } },
  clusters: plainClusters({ P: 4 }),
  totalsHoldManagers: false,
  virtual: true,
  gpu: {
    driver: [4294968311, 'AppleParavirtAccelerator'],
    class: ['AppleParavirtAccelerator', 'IOAccelerator', 'IOService'],
    plugin: 'AppleParavirtGPUMetalIOGPUFamily',
    cores: 0,
    table: ANY,
    watts: 0,
    rail: '',
  },
  rails: [],
  pmgr: { driver: [0, ''], properties: {} },
  sgx: false,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 40 },
  wiredLimit: 'u32',
};

export const virtualMac: Machine = { facts, workloads: [compile(facts)] };
