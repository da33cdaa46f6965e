/** Names of all Energy Model channels of two Macs, written out by the rule of the lists in lablup/all-smi PR #424. */

interface Inventory {
  readonly mJ: readonly string[];
  readonly uJ: readonly string[];
  readonly nJ: readonly string[];
}

const times = <T>(count: number, name: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => name(i));

/** <cluster>DTL<core><step in hex>: energy of one core in one step of frequency, inside the core's own channel. */
const perStep = (cluster: string, cores: number, steps: number): string[] =>
  times(cores, (core) => times(steps, (step) => `${cluster}DTL${core}${step.toString(16)}`)).flat();

const ultraDie = (die: number): string[] =>
  [
    ...times(2, (core) => `EACC_CPU${core}`),
    ...times(4, (core) => `PACC0_CPU${core}`),
    ...times(4, (core) => `PACC1_CPU${core}`),
    ...['EACC', 'PACC0', 'PACC1'].flatMap((cluster) => [`${cluster}_CPM`, `${cluster}_CPU`]),
    'CPU Energy',
  ].map((name) => `DIE_${die}_${name}`);

const ultraSteps = [...perStep('ECPU', 2, 5), ...perStep('PCPU', 4, 15), ...perStep('PCPU1', 4, 15)];

/** Mac13,2, macOS 27. The names of the steps are there twice, once per die. */
export const M1_ULTRA: Inventory = {
  mJ: [
    ...ultraDie(0),
    ...ultraDie(1),
    ...ultraSteps,
    ...ultraSteps,
    'GPU0_0',
    'GPU SRAM0_0',
    ...times(2, (die) => die).flatMap((die) =>
      ['ANE0', 'ISP0', 'AVE0', 'MSR0', 'DCS0', 'DRAM0', 'AMCC0'].map((name) => `${name}_${die}`),
    ),
  ],
  uJ: [...times(6, (port) => `apciec${port} Energy`), ...times(4, (port) => `PCIe Port ${port} Energy`)],
  nJ: ['GPU Energy'],
};

/** Mac17,7, macOS 27. */
export const M5_MAX: Inventory = {
  mJ: [
    ...['MCPU0', 'MCPU1'].flatMap((cluster) => [
      cluster,
      ...times(6, (core) => `${cluster}_${core}`),
      ...times(6, (core) => `${cluster}_${core}_SRAM`),
      ...perStep(cluster, 6, 15),
    ]),
    'PCPU',
    ...times(6, (core) => `PACC_${core}`),
    ...times(6, (core) => `PCPU${core}_SRAM`),
    ...perStep('PCPU', 6, 20),
    ...['MCPM0', 'MCPM1', 'PCPM'].flatMap((manager) => [manager, `${manager}_SRAM`]),
    'CPU Energy',
    ...['GPU', 'AFR', 'ANE', 'ISP', 'AVE', 'MSR', 'AMCC', 'DCS', 'DRAM', 'DISP', 'DISPEXT', 'FAB'].map(
      (name) => `${name}0`,
    ),
  ],
  uJ: [...times(3, (port) => `apciec${port} Energy`), ...times(2, (port) => `PCIe Port ${port} Energy`)],
  nJ: ['GPU Energy'],
};
