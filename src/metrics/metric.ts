// The shape of a metric family. A family is one literal; registry, headers, METRICS.md, doctor and lint derive from it.

import type { PartName, Parts } from '../decode/parts';
import type { Health } from './health';

/** Parts a family may read: those of the snapshot, and how the collection went. */
export interface PageParts extends Parts {
  readonly health: Health;
}
export type PagePart = PartName | 'health';

export type Unit =
  '' | 'seconds' | 'bytes' | 'joules' | 'watts' | 'hertz' | 'celsius' | 'ratio' | 'rpm' | 'cycles';

export const COLLECTORS = [
  'gpu',
  'metal',
  'memory',
  'cpu',
  'energy',
  'ane',
  'bandwidth',
  'thermal',
  'fan',
  'battery',
  'app',
  'os',
  'exporter',
] as const;
export type Collector = (typeof COLLECTORS)[number];

type Ending<K, U extends string> = `${U extends '' ? '' : `_${U}`}${K extends 'counter' ? '_total' : ''}`;
type Named<N extends string, K extends string, U extends string> = N extends `${string}${Ending<K, U>}`
  ? K extends 'gauge'
    ? N extends `${string}_total`
      ? 'a gauge must not end in _total'
      : N
    : N
  : `the name of this ${K} must end in ${Ending<K, U>}`;

/** Undefined, NaN and infinite values are not exported: absent, never zero. */
export type Emit<L extends readonly string[]> = (
  value: number | undefined,
  ...labels: { [I in keyof L]: string }
) => void;

export interface Family<
  N extends string = string,
  K extends 'counter' | 'gauge' = 'counter' | 'gauge',
  U extends Unit = Unit,
  L extends readonly string[] = readonly string[],
  P extends PagePart = PagePart,
  A extends PagePart = PagePart,
> {
  readonly name: Named<N, NoInfer<K>, NoInfer<U>>;
  readonly kind: K;
  readonly unit: U;
  readonly labels: L;
  /** Names the OS facility it comes from. */
  readonly help: string;
  readonly collector: Collector;
  /** Parts it needs; without one of them it is absent. */
  readonly from: readonly P[];
  /** Parts it also looks at where they are there; its collector does not depend on them. */
  readonly also?: readonly A[];
  /** The part whose window it is the mean over, if it is one. */
  readonly window?: NoInfer<P>;
  /** Off unless this option is on, or has this value: `name` or `name=value`. */
  readonly option?: string;
  /** Depends on the wall clock or on this machine: not in golden files. */
  readonly volatile?: boolean;
  /** `then` holds the parts at the start of their windows, where there is one. */
  read(
    this: void,
    now: Pick<PageParts, P> & Partial<Pick<PageParts, A>>,
    emit: Emit<L>,
    then: Partial<Pick<PageParts, P>>,
  ): void;
}

/** A family whose type parameters do not matter. */
export interface AnyFamily {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly unit: Unit;
  readonly labels: readonly string[];
  readonly help: string;
  readonly collector: Collector;
  readonly from: readonly PagePart[];
  readonly also?: readonly PagePart[];
  readonly window?: PagePart;
  readonly option?: string;
  readonly volatile?: boolean;
  read(
    this: void,
    now: unknown,
    emit: (value: number | undefined, ...labels: string[]) => void,
    then: unknown,
  ): void;
}

/** Checks a literal: a counter without _total, a unit missing from the name or a missing label does not compile. */
export const family = <
  const N extends string,
  const K extends 'counter' | 'gauge',
  const U extends Unit,
  const L extends readonly string[],
  const P extends PagePart,
  const A extends PagePart = never,
>(
  literal: Family<N, K, U, L, P, A>,
): AnyFamily & { readonly name: N } => literal as unknown as AnyFamily & { readonly name: N };
