// MacBook Pro (14-inch, M1 Pro, 2021): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { proClusters } from './clusters';
import { m1Sensors } from './hid';
import { GPU, KINDS, L2, VOLTAGE_STATES } from './m1-pro-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Cluster, Facts, Machine } from './types';
import { compile, idle } from './workloads';

/**
 * op06072/NeoAsitop #2, with the same 8 cores: PCPU020, PCPU100, PCPU1DTL2… and PCPU1DTL3… are alive. So the second
 * P cluster has lost its core 1, and its names have a hole.
 */
const LEFT = [0, 2, 3];
const binned = (cluster: Cluster): Cluster => {
  const { core, energy } = cluster;
  const left = (n: number) => LEFT[n] ?? n;
  return {
    ...cluster,
    core: (n) => core(left(n)),
    energy: {
      ...energy,
      core: (n) => energy.core(left(n)),
      detail: (n, step) => energy.detail(left(n), step),
    },
  };
};
const clusters = proClusters({ E: 2, P: [3, 3] }).map((cluster) =>
  cluster.complex === 'PCPU1' ? binned(cluster) : cluster,
);

const facts: Facts = {
  title: 'MacBook Pro (14-inch, M1 Pro, 2021, 8 CPU and 14 GPU cores, 16 GB)',
  model: 'MacBookPro18,3',
  chip: 'm1-pro',
  brand: 'Apple M1 Pro',
  macos: '26.3',
  build: '25D125',
  bytes: 16 * 2 ** 30,
  reserved: 420,
  boot: { seconds: 1_772_093_377, microseconds: 590_124, session: '0C6E2D17-7B0F-4E3A-86D9-3FA1B1C27E50' },
  levels: [
    { name: 'Performance', l2cachesize: L2.P, cpusperl2: 3 },
    { name: 'Efficiency', l2cachesize: L2.E, cpusperl2: 2 },
  ],
  kinds: KINDS,
  clusters,
  totalsHoldManagers: true,
  gpu: {
    driver: [4294969468, 'AGXAcceleratorG13X'], // exelban/stats #1094
    class: ['AGXAcceleratorG13X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG13XDevice',
    cores: 14,
    table: GPU,
    watts: 17,
    rail: 'GPU0',
    sram: 'GPU SRAM0',
  },
  rails: [
    ...blocks('index', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC']),
    ...pcie([0, 1], [0, 1, 2]),
  ],
  pmgr: { driver: [4294968075, 'AppleT6000PMGR'], properties: VOLTAGE_STATES },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: {
    dump: 'm1-pro-2',
    power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'],
    base: 2.6,
    // crystalidea/macs-fan-control #550, of the 16-inch one
    fans: [
      { min: 1499, max: 5348 },
      { min: 1499, max: 5776 },
    ],
  },
  hid: m1Sensors({ laptop: true }),
  battery: { design: 6068, full: 5120, nominal: 5263, cycles: 311, millivolts: 11_940, celsius: 29.9 },
  bandwidth: { peak: 200, amc: { driver: [4294968141, 'AppleT6000MCC'], agents: amcAgents() } },
  metal: metal(7, '26.3'),
};

export const m1Pro: Machine = {
  facts,
  workloads: [idle(facts, { supply: { charge: 0.56, source: 'battery' } }), compile(facts)],
};
