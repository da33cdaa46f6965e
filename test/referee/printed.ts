// Reading what powermetrics prints, each number as the range of values that are printed so.

export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/** One step of frequency. */
export interface Share {
  readonly megahertz: number;
  /** Percent of the window that print so. */
  readonly percent: Range;
  /** The quotation left it out. */
  readonly cut?: true;
}

/** What was printed of a core, a cluster or the GPU. Percent of the window, MHz. */
export interface Printed {
  readonly name: string;
  readonly frequency?: Range;
  readonly residency?: Range;
  readonly idle?: Range;
  readonly down?: Range;
  readonly online?: Range;
  /** Every step of the table, in its order; undefined where no list was printed. */
  readonly shares?: readonly Share[];
}

export const middle = ({ least, greatest }: Range): number => (least + greatest) / 2;

const within = (printed: string, half: number): Range => ({
  least: Math.max(0, Number(printed) - half),
  greatest: Number(printed) + half,
});

/** Half a unit of the last digit. */
const rounded = (printed: string): Range =>
  within(printed, 0.5 * 10 ** -(printed.split('.')[1]?.length ?? 0));

/** A bare 0 is 0: 0.004 % is printed as .00. */
const share = (printed: string): Range => (printed === '0' ? within(printed, 0) : rounded(printed));

const FIELDS = [
  ['frequency', /^(.+?) (?:HW active )?frequency: +(\d+) MHz$/],
  ['residency', /^(.+?) (?:HW )?active residency: +([\d.]+)%/],
  ['idle', /^(.+?) idle residency: +([\d.]+)%$/],
  ['down', /^(.+?) down residency: +([\d.]+)%$/],
  ['online', /^(.+?) Online: +([\d.]+)%$/],
] as const;

/** Units by name (`CPU 3`, `P0-Cluster`, `GPU`). `tableOf` gives the steps of a unit in MHz, in the table's order. */
export function readPrinted(
  text: string,
  tableOf: (name: string) => readonly number[],
): ReadonlyMap<string, Printed> {
  const units = new Map<string, Printed>();
  for (const line of text.trim().split('\n')) {
    const [field, match] = FIELDS.map(([name, pattern]) => [name, pattern.exec(line)] as const).find(
      ([, found]) => found !== null,
    ) ?? [undefined, null];
    if (!match) throw new Error(`not a line of powermetrics: ${line}`);
    const name = match[1]!;
    const list = field === 'residency' ? /\((.*)\)$/.exec(line)?.[1] : undefined;
    const value = rounded(match[2]!);
    units.set(name, {
      ...(units.get(name) ?? { name }),
      [field]: value,
      ...(list !== undefined && { shares: sharesOf(list, tableOf(name), value) }),
    });
  }
  return units;
}

function sharesOf(list: string, table: readonly number[], residency: Range): readonly Share[] {
  const items = [...list.matchAll(/(\d+) ?MHz: *([\d.]+)%|…/g)];
  const printed: (Share & { readonly at: number })[] = [];
  const cuts: number[] = [];
  for (const [item, megahertz, percent] of items) {
    const next = (printed.at(-1)?.at ?? -1) + 1;
    if (item === '…') cuts.push(next);
    else
      printed.push({
        at: table.indexOf(Number(megahertz), next),
        megahertz: Number(megahertz),
        percent: share(percent!),
      });
  }
  if (printed.some(({ at }) => at < 0)) throw new Error(`not the steps of the table: ${list}`);
  const ofWindow = scaled(printed, residency);
  const left = residency.greatest - sumOf(ofWindow, 'least');
  return table.map((megahertz, at) => {
    const own = printed.findIndex((one) => one.at === at);
    if (own >= 0) return ofWindow[own]!;
    // Steps cut out between two of 0 % were unused; of others only what is left can be said.
    const [before, after] = [
      printed.findLast((one) => one.at < at)?.percent.greatest,
      printed.find((one) => one.at > at)?.percent.greatest,
    ];
    if (!cuts.some((cut) => cut <= at)) throw new Error(`no step of ${megahertz} MHz: ${list}`);
    return { megahertz, cut: true, percent: { least: 0, greatest: before === 0 && after === 0 ? 0 : left } };
  });
}

/** Older releases print the shares of a cluster's active time, newer ones those of the window. */
function scaled(shares: readonly Share[], residency: Range): readonly Share[] {
  if (sumOf(shares, 'least') <= residency.greatest) return shares;
  return shares.map(({ megahertz, percent }) => ({
    megahertz,
    percent: {
      least: (percent.least * residency.least) / 100,
      greatest: (percent.greatest * residency.greatest) / 100,
    },
  }));
}

export const sumOf = (shares: readonly Share[], end: keyof Range): number =>
  shares.reduce((sum, { percent }) => sum + percent[end], 0);

/** Percent by step that print as the list does and sum to the middle of the printed residency. */
export function rebuilt({ shares, residency, name }: Printed): readonly number[] {
  if (!shares || !residency) throw new Error(`${name}: no list`);
  const shown = shares.filter(({ cut }) => !cut);
  const total = middle(residency);
  const [least, greatest] = [sumOf(shown, 'least'), sumOf(shown, 'greatest')];
  // Each share as far between its ends as the sum is between theirs.
  const way = greatest > least ? (total - least) / (greatest - least) : 0;
  if (way < 0 || way > 1 || Math.abs(least + way * (greatest - least) - total) > 1e-9)
    throw new Error(`${name}: the shares do not add up to ${total} %`);
  return shares.map(({ percent, cut }) =>
    cut ? 0 : percent.least + way * (percent.greatest - percent.least),
  );
}

/**
 * The least and the greatest mean frequency of all residencies that print as the list and the residency do: from the
 * lowest step up (or the highest down) the steps get as much as they may, the others as little as they must.
 */
export function meansAllowed({ shares, residency, name }: Printed): Range {
  if (!shares || !residency) throw new Error(`${name}: no list`);
  const ascending = [...shares].sort((a, b) => a.megahertz - b.megahertz);
  return {
    least: Math.min(...extremes(ascending, residency)),
    greatest: Math.max(...extremes(ascending.reverse(), residency)),
  };
}

/** Means with the first steps of `order` full, at every total at which another step begins to fill. */
function extremes(order: readonly Share[], residency: Range): readonly number[] {
  const low = sumOf(order, 'least');
  let total = low;
  const corners = order.map(({ percent }) => (total += percent.greatest - percent.least));
  const totals = [
    residency.least,
    residency.greatest,
    ...[low, ...corners].filter((t) => t >= residency.least),
  ];
  return totals
    .filter((t) => t >= low && t <= residency.greatest && t <= total && t > 0)
    .map((wanted) => {
      let free = wanted - low;
      const cycles = order.reduce((sum, { megahertz, percent }) => {
        const more = Math.min(free, percent.greatest - percent.least);
        free -= more;
        return sum + megahertz * (percent.least + more);
      }, 0);
      return cycles / wanted;
    });
}
