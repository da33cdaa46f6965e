// The generated dashboards, as Grafana reads them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS, type DashboardName } from '../../dashboards/names';
import { ROOT } from './process';

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: string;
  readonly datasource?: { readonly uid: string };
}
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly options?: object;
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly min?: number;
      readonly max?: number;
      readonly custom?: object;
      readonly mappings?: readonly object[];
      readonly thresholds?: {
        readonly steps: readonly { readonly value: number | null; readonly color: string }[];
      };
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  /** Of a closed row. */
  readonly panels?: readonly Panel[];
  readonly collapsed?: boolean;
}
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly query?: string | { readonly query: string };
  readonly regex?: string;
  readonly datasource?: { readonly uid: string };
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly hide?: number;
}
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  readonly titleFormat: string;
  readonly textFormat: string;
  readonly tagKeys: string;
}
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
  readonly links: readonly { readonly url: string; readonly title: string }[];
}

export const dashboardNames = Object.keys(DASHBOARDS) as DashboardName[];

export const readDashboard = (name: DashboardName): Dashboard =>
  JSON.parse(readFileSync(join(ROOT, 'dashboards', 'grafana', `${name}.json`), 'utf8')) as Dashboard;

/** Panels that ask something, those of closed rows included. */
export const dataPanels = ({ panels }: Dashboard): readonly Panel[] =>
  panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));

export const queryOf = ({ query = '' }: Variable): string =>
  typeof query === 'string' ? query : query.query;

/** A query as Prometheus gets it: variables have values. */
export function substitute(expr: string, values: Readonly<Record<string, string>>): string {
  // $1 is label_replace's.
  return expr.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|([a-z_]\w*))/g, (whole, braced?: string, bare?: string) => {
    const value = values[braced ?? bare!];
    if (value === undefined) throw new Error(`no value for ${whole} in ${expr}`);
    return value;
  });
}

/** Values with which every query parses. */
export const ANY: Readonly<Record<string, string>> = {
  job: '.+',
  instance: '.+',
  host: '.+',
  datasource: 'prometheus',
  price: '0.3',
  tokens: 'llamacpp:tokens_predicted_total',
  __rate_interval: '1m',
  __interval: '15s',
  __range: '1h',
};
