// Figures of benchmarks: medians, quantiles, and how a cost grows.

export const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

export const quantile = (values: readonly number[], q: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The median of the ratios of each round: what slows the computer down slows both. */
export const ratioOf = (values: readonly number[], to: readonly number[]): number =>
  median(values.slice(0, to.length).map((value, i) => value / to[i]!));

/** Three digits: more is noise. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** b of cost = a · size^b: the slope of a line through the logarithms, by least squares. 1 is linear. */
export function growth(sizes: readonly number[], costs: readonly number[]): number {
  const [x, y] = [sizes.map(Math.log), costs.map(Math.log)];
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const products = x.map((value, i) => (value - meanX) * (y[i]! - meanY));
  const squares = x.map((value) => (value - meanX) ** 2);
  return mean(products) / mean(squares);
}
