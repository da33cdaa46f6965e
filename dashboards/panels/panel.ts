// Panels as literals: what all kinds have in common, and their looks in one place.

import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DataTransformerConfig,
  type DynamicConfigValue,
  type Panel,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Query } from './query';

export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** Grafana's names of units. */
export type Unit =
  | 'percentunit'
  | 'bytes'
  | 'Bps'
  | 'watt'
  | 'kwatth'
  | 'hertz'
  | 'celsius'
  | 'rotrpm'
  | 's'
  | 'short'
  | 'cps'
  | 'none';

/** Colours from values on, the first from below. */
export type Steps = readonly (readonly [from: number | null, colour: string])[];

export interface Override {
  /** A name, or a /pattern/ of names. */
  readonly of: string;
  readonly set: Readonly<Record<string, unknown>>;
}

export interface Common {
  readonly title: string;
  /** What it shows and how to read it; it may name the metric. */
  readonly description: string;
  readonly unit: Unit;
  /** Columns of 24, and rows of 30 pixels. */
  readonly w: number;
  readonly h: number;
  readonly queries: readonly Query[];
  readonly steps?: Steps;
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  readonly mappings?: readonly ValueMapping[];
  readonly overrides?: readonly Override[];
  readonly transformations?: readonly DataTransformerConfig[];
  /** In place of a value that is not there. */
  readonly absent?: string;
}

/** A panel without its place. */
export interface Placed {
  readonly w: number;
  readonly h: number;
  readonly build: () => Panel;
}

/** The methods that the builders of all kinds share. */
interface AnyBuilder {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  datasource(datasource: DataSourceRef): this;
  withTarget(query: DataqueryBuilder): this;
  thresholds(steps: ThresholdsConfigBuilder): this;
  min(min: number): this;
  max(max: number): this;
  decimals(decimals: number): this;
  mappings(mappings: ValueMapping[]): this;
  noValue(text: string): this;
  transformations(transformations: DataTransformerConfig[]): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
  overrideByRegexp(pattern: string, properties: DynamicConfigValue[]): this;
}

/** Gives a builder all that a literal says. Nothing is called 0 that is absent. */
export function common<B extends AnyBuilder>(builder: B, panel: Common): B {
  const { title, description, unit, queries, steps, min, max, decimals, mappings, overrides = [] } = panel;
  builder.title(title).description(description).unit(unit).datasource(DATASOURCE);
  builder.noValue(panel.absent ?? 'not reported');
  queries.forEach((query, i) => builder.withTarget(target(query, String.fromCharCode(65 + i))));
  builder.thresholds(thresholds(steps ?? [[null, 'green']]));
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (decimals !== undefined) builder.decimals(decimals);
  if (mappings) builder.mappings([...mappings]);
  if (panel.transformations) builder.transformations([...panel.transformations]);
  for (const { of, set } of overrides) {
    const properties: DynamicConfigValue[] = Object.entries(set).map(([id, value]) => ({ id, value }));
    const pattern = /^\/(.*)\/$/.exec(of)?.[1];
    if (pattern === undefined) builder.overrideByName(of, properties);
    else builder.overrideByRegexp(pattern, properties);
  }
  return builder;
}

export const thresholds = (steps: Steps) =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));

export const colourBy = (mode: FieldColorModeId) => new FieldColorBuilder().mode(mode);

/** A series in a colour of its own, the same in every panel. */
export const fixed = (colour: string) => ({ color: { mode: 'fixed', fixedColor: colour } });

function target({ expr, legend, instant, table }: Query, refId: string): DataqueryBuilder {
  const query = new DataqueryBuilder().expr(expr).refId(refId).datasource(DATASOURCE);
  if (instant) query.instant();
  else query.range();
  if (table) query.format(PromQueryFormat.Table);
  if (legend !== undefined) query.legendFormat(legend);
  return query;
}
