// Mac Studio (M1 Ultra, 2022): what was published about the chip, in one literal. ../README.md has the sources.
import { amcAgents } from './bandwidth';
import { ultraClusters } from './clusters';
import { m1Sensors } from './hid';
import { GPU, KINDS, L2, VOLTAGE_STATES } from './m1-pro-tables';
import { metal } from './metal';
import { blocks, pcie } from './rails';
import type { Agent, Facts, Machine, Publication } from './types';
import { compile, idle } from './workloads';

/** lablup/all-smi PR #424: all mJ rails at once, twice in 2.1 s, and a tail; the rest 0.1 ms after the CPU's. */
const publish = (...at: readonly number[]): NonNullable<Facts['publish']> => {
  const period = 50_640_000;
  const behind = 2_400;
  const of = (moments: readonly number[]): Publication => ({ period, at: moments });
  return { cpu: of(at), rest: of(at.map((moment) => moment + behind)) };
};
const IDLE = publish(0, 477_600, 31_080_000); // 1.3 s and 0.8 s
const LOADED = publish(0, 631_200, 39_360_000); // 1.6 s and 0.45 s

/** kennss/SiliconScope #14: since macOS 27 the names say the die, and no channel has a value. */
const agents = ['DIE0', 'DIE1'].flatMap((die) =>
  amcAgents().map((agent): Agent => ({ ...agent, name: `${die} ${agent.name}`, share: agent.share / 2 })),
);

const facts: Facts = {
  title: 'Mac Studio (M1 Ultra, 2022, two dies, 20 CPU and 48 GPU cores, 64 GB)',
  model: 'Mac13,2',
  chip: 'm1-ultra',
  brand: 'Apple M1 Ultra',
  macos: '27.0',
  build: '26A428',
  bytes: 64 * 2 ** 30,
  reserved: 1204,
  boot: { seconds: 1_789_402_166, microseconds: 418_530, session: '47B0F9C2-E6A5-4D18-A1F7-08C35D9E6B24' },
  levels: [
    { name: 'Performance', l2cachesize: L2.P, cpusperl2: 4 },
    { name: 'Efficiency', l2cachesize: L2.E, cpusperl2: 2 },
  ],
  kinds: KINDS,
  clusters: ultraClusters({ E: 2, P: [4, 4] }),
  totalsHoldManagers: true,
  gpu: {
    driver: [4294968498, 'AGXAcceleratorG13X'],
    class: ['AGXAcceleratorG13X', 'AGXAccelerator', 'IOAccelerator'],
    plugin: 'AGXG13XDevice',
    cores: 48,
    table: GPU,
    watts: 64,
    rail: 'GPU0_0',
    sram: 'GPU SRAM0_0',
  },
  rails: [
    ...blocks('dies', ['ANE', 'ISP', 'AVE', 'MSR', 'DCS', 'DRAM', 'AMCC']),
    ...pcie([0, 1, 2, 3], [2, 4, 3, 0, 5, 1]),
  ],
  pmgr: { driver: [4294968083, 'AppleT6002PMGR'], properties: VOLTAGE_STATES },
  sgx: true,
  labels: { mJ: 'mJ', uJ: 'uJ', nJ: 'nJ' },
  publish: IDLE,
  vm: { count: 62, array_too_large: true },
  wiredLimit: 'u64',
  quiet: { dram: 3.64, ane: 0 }, // lablup/all-smi PR #424
  smc: {
    dump: 'm1-max',
    power: ['PSTR', 'PHPC'],
    base: 9,
    fans: [
      { min: 1100, max: 3500 },
      { min: 1100, max: 3500 },
    ],
    decoy: true,
  },
  hid: m1Sensors(),
  bandwidth: { peak: 800, amc: { driver: [4294968152, 'AppleT6002MCC'], agents, dead: 'no value' } },
  metal: { ...metal(7, '27.0'), hidden: 'default' },
};

export const m1Ultra: Machine = { facts, workloads: [idle(facts)] };

const loaded: Facts = { ...facts, publish: LOADED };
export const m1UltraLoaded: Machine = { facts: loaded, workloads: [compile(loaded)] };
