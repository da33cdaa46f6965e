/**
 * A rational number in the page's unit. `parts` marks a sum that the exporter keeps itself, from 0 at its
 * first collection: of such a value only the growth between two instants means anything.
 */
export interface Exact {
  readonly n: bigint;
  readonly d: bigint;
  readonly parts?: readonly Exact[];
}

export const exact = (n: bigint | number, d: bigint | number = 1n): Exact => ({ n: BigInt(n), d: BigInt(d) });

export const plus = (a: Exact, b: Exact): Exact =>
  a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };

export const minus = (a: Exact, b: Exact): Exact => plus(a, { n: -b.n, d: b.d });

export const times = (a: Exact, b: Exact): Exact => ({ n: a.n * b.n, d: a.d * b.d });

export const over = (a: Exact, b: Exact): Exact =>
  b.n < 0n ? { n: -a.n * b.d, d: a.d * -b.n } : { n: a.n * b.d, d: a.d * b.n };

export const sum = (all: readonly Exact[]): Exact => all.reduce(plus, exact(0));

export const ownSum = (parts: readonly Exact[]): Exact => ({ ...sum(parts), parts });

/** How much a counter grew. A raw counter that was reset has a negative growth; an own sum never has. */
export function growth(before: Exact, after: Exact): Exact {
  if (!after.parts || !before.parts) return minus(after, before);
  const start = before.parts;
  return sum(
    after.parts.map((part, i) => {
      const delta = minus(part, start[i] ?? exact(0));
      return delta.n > 0n ? delta : exact(0);
    }),
  );
}

/** The double nearest to the rational: dividing two rounded doubles would be off by an ulp or two. */
export function toNumber({ n, d }: Exact): number {
  if (n < 0n) return -toNumber({ n: -n, d });
  if (n === 0n) return 0;
  const shift = BigInt(Math.max(0, d.toString(2).length - n.toString(2).length + 66));
  const scaled = n << shift;
  const quotient = scaled / d;
  // The low bit stands for the remainder, so that a tie is not seen where there is none.
  return Number(scaled % d === 0n ? quotient : quotient | 1n) / 2 ** Number(shift);
}
