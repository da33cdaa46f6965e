// The rails of the Energy Model, by the ways in which chips name them.
import type { Rail } from './types';

/** How the blocks are numbered: ANE, ANE0, or ANE0_0 and ANE0_1 of the two dies. */
export type Numbering = 'none' | 'index' | 'dies';

/** mJ rails, one for each block (and die), in the given order; Step.rails has them in lower case. */
export const blocks = (numbering: Numbering, names: readonly string[]): Rail[] => {
  const rail = (block: string, suffix: string, share: number): Rail => ({
    name: `${block}${suffix}`,
    source: block.toLowerCase(),
    share,
    unit: 'mJ',
  });
  if (numbering !== 'dies') return names.map((block) => rail(block, numbering === 'index' ? '0' : '', 1));
  return [0, 1].flatMap((die) => names.map((block) => rail(block, `0_${die}`, die === 0 ? 0.503 : 0.497)));
};

/** PCIe: `PCIe Port <n> Energy` and `apciec<n> Energy`, in uJ. */
export const pcie = (ports: readonly number[], complexes: readonly number[]): Rail[] => {
  const names = [...ports.map((n) => `PCIe Port ${n} Energy`), ...complexes.map((n) => `apciec${n} Energy`)];
  return names.map((name) => ({ name, source: 'pcie', unit: 'uJ', share: 1 / names.length }));
};
