// MacBook Neo (A18 Pro, 2026): what was published about the chip, in one literal. ../README.md has the sources.
import { plainClusters } from './clusters';
import { pmuSensors } from './hid';
import { A18_PRO, A18_PRO_GPU, voltageStates } from './m4-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Facts, Machine } from './types';
import { idle } from './workloads';

const { E, P } = A18_PRO;

const facts: Facts = {
  title: 'MacBook Neo (A18 Pro, 2026, 6 CPU and 5 GPU cores, 8 GB)',
  model: 'Mac17,5',
  chip: 'a18-pro',
  brand: 'Apple A18 Pro',
  macos: '26.5.2',
  build: '25F84',
  bytes: 8 * 2 ** 30,
  reserved: 318,
  boot: { seconds: 1_787_238_129, microseconds: 871_300, session: 'E46B0F17-8CD2-4937-A6E8-2B15C07D9F46' },
  levels: [{ name: 'Performance' }, { name: 'Efficiency' }],
  // kennss/SiliconScope #12: 6.2 W of the whole package under load
  kinds: {
    E: { tier: 1, table: E.sram, idle: ['IDLE'], watts: 0.3, manager: { idle: 0.003, busy: 0.06 } },
    P: { tier: 0, table: P.sram, idle: ['IDLE'], watts: 2.3, manager: { idle: 0.006, busy: 0.3 } },
  },
  clusters: plainClusters({ E: 4, P: 2 }),
  totalsHoldManagers: false,
  gpu: {
    driver: [4294968386, 'AGXAcceleratorG17P'],
    class: ['AGXAcceleratorG17P', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG17PDevice',
    cores: 5,
    table: A18_PRO_GPU,
    watts: 5,
    rail: 'GPU',
    sram: 'GPU SRAM',
  },
  // vladkens/macmon #57
  rails: [
    ...blocks('none', ['ANE', 'ISP', 'AVE', 'MSR', 'AMCC', 'DCS', 'DRAM', 'DISP', 'DISPEXT', 'VDEC']),
    ...blocks('none', ['SOC_AON', 'SOC_REST']),
    ...pcie([0], []),
  ],
  quiet: { isp: 0.01, amcc: 0.05, dcs: 0.04, dram: 0.06, disp: 0.05, soc_aon: 0.01 },
  pmgr: { driver: [4294968058, 'AppleT8140PMGR'], properties: voltageStates(A18_PRO, A18_PRO_GPU) },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  // kennss/SiliconScope #12: CPU Energy reads 0 under full load
  publish: { cpu: { period: 24_000_000, at: [0], until: 0 } },
  vm: { count: 62 },
  wiredLimit: 'u32',
  smc: { dump: 'a18', power: ['PSTR', 'PDTR', 'PPBR', 'PHPC'], base: 1.9 }, // not one key of a fan
  hid: pmuSensors({ tdie: 6, tdev: 5, times: 1, laptop: true, idle: 37 }),
  battery: { design: 9516, full: 9530, nominal: 9340, cycles: 18, millivolts: 4186, celsius: 28.5 },
  metal: metal(9, '26.5.2'),
};

// The test of a battery app (repository not known) has this charge, read off while it was on its battery.
export const a18Pro: Machine = {
  facts,
  workloads: [idle(facts, { supply: { charge: 0.79, source: 'battery' } })],
};
