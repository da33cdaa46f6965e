// The Macs of the excerpts: clusters, names and tables, and how each core of them spent the window.

import type { Excerpt } from './excerpts';
import type { Cluster, Mac, Spent } from './mac';
import { middle, readPrinted, rebuilt, type Printed } from './printed';

export type Units = ReadonlyMap<string, Printed>;

interface Layout {
  readonly letter: 'E' | 'P';
  /** What powermetrics calls it. */
  readonly printed: string;
  readonly complex: string;
  readonly cores: readonly string[];
  /** Where no table was published. */
  readonly steps?: number;
}

export interface Chip {
  /** In the order of the logical CPUs. */
  readonly clusters: readonly Layout[];
  /** Steps in MHz, in the order of the table. */
  readonly tables: Partial<Record<'E' | 'P', readonly number[]>>;
  /** M4 and later. */
  readonly kilohertz?: true;
  /** M3 and M4 list DOWN before IDLE; M1, M2 and the base M5 have no such state. */
  readonly down?: true;
  readonly levels?: readonly [string, string];
}

const names = (count: number, name: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => name(n));
const cluster = (letter: 'E' | 'P', count: number): Layout => ({
  letter,
  printed: `${letter}-Cluster`,
  complex: `${letter}CPU`,
  cores: names(count, (n) => `${letter}CPU${n}`),
});
/** Of Pro and Max: cluster and core in three digits. */
const proCluster = (letter: 'E' | 'P', number: number, count: number): Layout => ({
  letter,
  printed: letter === 'E' ? 'E-Cluster' : `P${number}-Cluster`,
  complex: `${letter}CPU${number || ''}`,
  cores: names(count, (n) => `${letter}CPU${number}${n}0`),
});

export const M1_PRO_CHIP: Chip = {
  clusters: [proCluster('E', 0, 2), proCluster('P', 0, 4), proCluster('P', 1, 4)],
  tables: {
    E: [600, 972, 1332, 1704, 2064],
    P: [600, 828, 1056, 1296, 1524, 1752, 1980, 2208, 2448, 2676, 2904, 3036, 3132, 3168, 3228],
  },
};

export const M2_CHIP: Chip = {
  clusters: [cluster('E', 4), cluster('P', 4)],
  tables: {
    E: [600, 912, 1284, 1752, 2004, 2256, 2424],
    P: [660, 924, 1188, 1452, 1704, 1968, 2208, 2400, 2568, 2724, 2868, 2988, 3096, 3204, 3324, 3408, 3504],
  },
};

export const M3_MAX_CHIP: Chip = {
  clusters: [{ ...proCluster('E', 0, 4), steps: 7 }, proCluster('P', 0, 6), proCluster('P', 1, 6)],
  tables: {
    P: [
      1092, 1356, 1596, 1884, 2172, 2424, 2616, 2808, 2988, 3144, 3288, 3420, 3516, 3576, 3624, 3708, 3780,
      3864, 3960, 4056,
    ],
  },
  down: true,
};

/** Of its tables only these steps were published. */
export const M4_CHIP: Chip = {
  clusters: [cluster('E', 6), cluster('P', 4)],
  tables: { E: [900, 1080, 2892], P: [912, 4464] },
  kilohertz: true,
  down: true,
};

export const M5_CHIP: Chip = {
  clusters: [cluster('E', 6), { ...cluster('P', 4), steps: 19 }],
  tables: { E: [972, 1152, 1584, 1992, 2352, 2700, 2964, 3048] },
  kilohertz: true,
  levels: ['Super', 'Efficiency'],
};

/** Steps of the GPU in MHz, in the order of the table. powermetrics rounds 388.8 to 389, and 777.6 to 778. */
export const M1_PRO_GPU_STEPS = [388.8, 486, 648, 777.6, 972, 1296];
export const M3_AIR_GPU_STEPS = [338, 618, 796, 836, 928, 952, 1056, 1053, 1170, 1152, 1278, 1204, 1338];
/** Of an M3 Pro, whose GPU ends at the same clock: the table of the M3 Ultra was not published. */
export const M3_ULTRA_GPU_STEPS = [338, 618, 796, 832, 924, 952, 1056, 1064, 1182, 1182, 1312, 1242, 1380];

/** powermetrics' own default, where the quotation does not say how long its window was. */
const DEFAULT_WINDOW = 5;

export const windowOf = ({ window = DEFAULT_WINDOW }: Excerpt): number => window;

export function unitsOf(chip: Chip, { text }: Excerpt): Units {
  const numbered = chip.clusters.flatMap((layout) => layout.cores.map(() => layout));
  return readPrinted(text, (name) => {
    const core = /^CPU (\d+)$/.exec(name)?.[1];
    const layout =
      core === undefined ? chip.clusters.find(({ printed }) => printed === name) : numbered[Number(core)];
    return (layout && chip.tables[layout.letter]) ?? [];
  });
}

/** The whole Mac, each core and cluster as it was printed; what was not printed is idle. */
export function macOfChip(chip: Chip, excerpt: Excerpt): Mac {
  const units = unitsOf(chip, excerpt);
  let number = 0;
  return mac(chip, excerpt, (layout) => {
    const own = spentOf(chip, layout, units.get(layout.printed));
    // The cores of a cluster that is powered down are.
    const cores = layout.cores.map((name) => ({
      name,
      ...(own.down && { down: own.down }),
      ...spentOf(chip, layout, units.get(`CPU ${number++}`)),
    }));
    return { ...shape(chip, layout), cores, own };
  });
}

/** Its clusters, each with one core only, which is as busy as the cluster itself. */
export function onlyCores(chip: Chip, excerpt: Excerpt): Mac {
  const units = unitsOf(chip, excerpt);
  return mac(chip, excerpt, (layout) => {
    const own = spentOf(chip, layout, units.get(layout.printed));
    return { ...shape(chip, layout), cores: [{ name: layout.cores[0]!, ...own }], own };
  });
}

const mac = (chip: Chip, excerpt: Excerpt, clusterOf: (layout: Layout) => Cluster): Mac => ({
  window: windowOf(excerpt),
  clusters: chip.clusters.map(clusterOf),
  tables: Object.fromEntries(
    Object.entries(chip.tables).map(([letter, steps]) => [
      letter === 'E' ? 'voltage-states1-sram' : 'voltage-states5-sram',
      steps.map((megahertz) => megahertz * (chip.kilohertz ? 1e3 : 1e6)),
    ]),
  ),
  ...(chip.levels && { levels: chip.levels }),
});

const shape = (chip: Chip, { letter, complex, steps }: Layout) => ({
  letter,
  complex,
  steps: chip.tables[letter]?.length ?? steps!,
  idle: chip.down ? ['DOWN', 'IDLE'] : ['IDLE'],
});

/** Where no residency was printed beside a frequency, any will do. */
const SOME_PERCENT = 50;

function spentOf(chip: Chip, { letter }: Layout, unit: Printed | undefined): Spent {
  if (!unit) return {};
  const { shares, frequency, residency, down, online } = unit;
  const table = chip.tables[letter] ?? [];
  const percent = shares
    ? rebuilt(unit)
    : frequency && middle(frequency) > 1
      ? neighbours(table, middle(frequency), residency ? middle(residency) : SOME_PERCENT)
      : undefined;
  const offline = online ? 100 - middle(online) : down?.least;
  return { ...(offline !== undefined && { down: offline }), ...(percent && { percent }) };
}

/** Percent by step, of the two steps around a mean frequency only: without a list one residency is as good as another. */
function neighbours(table: readonly number[], mean: number, percent: number): readonly number[] {
  const above = Math.max(
    1,
    table.findIndex((megahertz) => megahertz >= mean),
  );
  const [low, high] = [table[above - 1]!, table[above]!];
  const share = (mean - low) / (high - low);
  return table.map((_, i) => percent * (i === above ? share : i === above - 1 ? 1 - share : 0));
}
