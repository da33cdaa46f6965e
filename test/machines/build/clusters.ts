// The clusters of a chip, by the ways in which chips name them.
import type { Cluster } from './types';

interface Naming {
  letter: string;
  cores: number;
  index: number; // die-cluster-id
  die?: number;
  complex: string;
  manager: string;
  managerIdle?: boolean;
  core: (n: number) => string;
  block: string; // the cluster in the Energy Model
  detail: string;
  sram?: boolean;
  total?: string;
}

const named = (of: Naming): Cluster => ({
  letter: of.letter,
  die: of.die ?? 0,
  index: of.index,
  cores: of.cores,
  complex: of.complex,
  manager: of.manager,
  ...(of.managerIdle ? { managerIdle: `${of.manager}_IDLE` } : {}),
  core: of.core,
  energy: {
    core: (n) => `${of.block}_CPU${n}`,
    detail: (n, step) => `${of.detail}DTL${n}${step}`,
    ...(of.sram ? { sram: (n: number) => `${of.block}_CPU${n}_SRAM` } : {}),
    manager: `${of.block}_CPM`,
    cluster: `${of.block}_CPU`,
    total: of.total ?? 'CPU Energy',
  },
});

/**
 * One cluster of each letter: base chips, the A18 Pro, the M3 Pro. Channels and rails have the same names:
 * ECPU with ECPU0 …, PCPU with PCPU0 …
 */
export const plainClusters = (
  cores: Readonly<Record<string, number>>,
  detail: { core?: (letter: string, n: number) => string; managerIdle?: readonly string[] } = {},
): Cluster[] =>
  Object.entries(cores).map(([letter, count], index) => {
    const name = `${letter}CPU`;
    return {
      ...named({
        letter,
        cores: count,
        index,
        complex: name,
        manager: `${letter}CPM`,
        managerIdle: detail.managerIdle?.includes(letter) ?? false,
        core: (n) => detail.core?.(letter, n) ?? `${name}${n}`,
        block: name,
        detail: name,
      }),
      energy: {
        core: (n) => `${name}${n}`,
        detail: (n, step) => `${name}DTL${n}${step}`,
        manager: `${letter}CPM`,
        cluster: name,
        total: 'CPU Energy',
      },
    };
  });

/** One die with several P clusters: EACC_CPU, PACC0_CPU … in the Energy Model; cores ECPU010, PCPU100 … */
export const proClusters = (
  { E, P }: { E: number; P: readonly number[] },
  { sram = false, managerIdle = false } = {},
): Cluster[] => [
  named({
    letter: 'E',
    cores: E,
    index: 0,
    complex: 'ECPU',
    manager: 'ECPM',
    core: (n) => `ECPU0${n}0`,
    block: 'EACC',
    detail: 'ECPU',
    sram,
  }),
  ...P.map((cores, rank) =>
    named({
      letter: 'P',
      cores,
      index: rank + 1,
      complex: `PCPU${suffix(rank)}`,
      manager: `PCPM${suffix(rank)}`,
      managerIdle,
      core: (n) => `PCPU${rank}${n}0`,
      block: `PACC${rank}`,
      detail: `PCPU${suffix(rank)}`,
      sram,
    }),
  ),
];

/** Two dies, each like a Max: DIE_0_ECPU, DIE_0_PCPU, DIE_0_PCPU1, DIE_1_ECPU … The DTL names bear no die. */
export const ultraClusters = (
  { E, P }: { E: number; P: readonly number[] },
  { sram = false, managerIdle = false } = {},
): Cluster[] =>
  [0, 1].flatMap((die) => {
    const of = (letter: string, cores: number, index: number, block: string, rank: number) => {
      const name = `${letter}CPU${suffix(rank)}`;
      return named({
        letter,
        cores,
        index,
        die,
        complex: `DIE_${die}_${name}`,
        manager: `DIE_${die}_${letter}CPM${suffix(rank)}`,
        managerIdle: managerIdle && letter === 'P',
        core: (n) => `DIE_${die}_${name}_CPU${n}`,
        block: `DIE_${die}_${block}`,
        detail: name,
        sram,
        total: `DIE_${die}_CPU Energy`,
      });
    };
    return [
      of('E', E, 0, 'EACC', 0),
      ...P.map((cores, rank) => of('P', cores, rank + 1, `PACC${rank}`, rank)),
    ];
  });

/** M5 Pro and Max: Performance cores in MCPU0, MCPU1, then Super cores in PCPU. */
export const m5Clusters = ({ M, P }: { M: readonly number[]; P: number }): Cluster[] => [
  ...M.map((cores, index): Cluster => ({
    letter: 'M',
    die: 0,
    index,
    cores,
    complex: `MCPU${index}`,
    manager: `MCPM${index}`,
    core: (n) => `MCPU${index}${n}`,
    energy: {
      core: (n) => `MCPU${index}_${n}`,
      detail: (n, step) => `MCPU${index}DTL${n}${step}`,
      sram: (n) => `MCPU${index}_${n}_SRAM`,
      manager: `MCPM${index}`,
      managerSram: `MCPM${index}_SRAM`,
      cluster: `MCPU${index}`,
      total: 'CPU Energy',
    },
  })),
  {
    letter: 'P',
    die: 0,
    index: M.length,
    cores: P,
    complex: 'PCPU',
    manager: 'PCPM',
    managerIdle: 'PCPM_IDLE',
    core: (n) => `PCPU${n}`,
    energy: {
      core: (n) => `PACC_${n}`,
      detail: (n, step) => `PCPUDTL${n}${step}`,
      sram: (n) => `PCPU${n}_SRAM`,
      manager: 'PCPM',
      managerSram: 'PCPM_SRAM',
      cluster: 'PCPU',
      total: 'CPU Energy',
    },
  },
];

const suffix = (rank: number) => (rank === 0 ? '' : String(rank));
