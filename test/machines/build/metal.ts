// The Metal device and how much memory macOS recommends to it.
import type { Facts, Metal, MetalFacts, Workload } from './types';
import { PAGE } from './host';
import { at } from './workload';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const FAMILY_APPLE_1 = 1001;
const FAMILY_METAL_3 = 5001;
const FAMILY_METAL_4 = 5002;
const METAL_4_SINCE = 26; // macOS

/** `generation` is Apple's number of the GPU family: 7 M1, 8 M2, 9 M3 and M4, 10 M5. */
export const metal = (generation: number, macos: string): MetalFacts => ({
  families: [
    ...Array.from({ length: generation }, (_, n) => FAMILY_APPLE_1 + n),
    FAMILY_METAL_3,
    ...(Number.parseInt(macos, 10) >= METAL_4_SINCE ? [FAMILY_METAL_4] : []),
  ],
});

export function metalSection(facts: Facts, workload: Workload): Metal | undefined {
  if (facts.metal === undefined) return undefined;
  const limits = [workload.wiredLimit].flat();
  const standard = facts.metal.recommended ?? recommended(facts);
  const sizes = limits.map((mib) => (mib === 0 ? standard : mib * MIB));
  return {
    default: facts.metal.hidden !== 'default',
    listed: facts.metal.hidden !== 'list',
    devices: [
      {
        name: facts.brand,
        recommendedMaxWorkingSetSize: sizes.length === 1 ? at(sizes, 0) : sizes,
        families: facts.metal.families,
      },
    ],
  };
}

/**
 * Logs of llama.cpp and others, by memory: two thirds and a page to 32 GB, three quarters above that, and since macOS 26
 * larger shares.
 */
function recommended({ bytes, macos }: Facts): number {
  if (Number.parseInt(macos, 10) < METAL_4_SINCE)
    return bytes <= 32 * GIB ? pages((bytes * 2) / 3) + PAGE : pages((bytes * 3) / 4);
  const seen = [
    [16, 0.74],
    [48, 0.78],
    [128, 0.84],
  ] as const;
  const size = bytes / GIB;
  const above = seen.findIndex(([gib]) => size <= gib);
  if (above <= 0) return pages(bytes * at(seen, above === 0 ? 0 : seen.length - 1)[1]);
  const [[low, from], [high, to]] = [at(seen, above - 1), at(seen, above)];
  const way = Math.log2(size / low) / Math.log2(high / low);
  return pages(bytes * (from + (to - from) * way));
}

const pages = (bytes: number) => Math.floor(bytes / PAGE) * PAGE;
