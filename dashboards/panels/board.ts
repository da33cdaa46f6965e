// A dashboard of rows of panels, in classic JSON: every Grafana from 10 on imports it, newer ones convert it.

/* eslint-disable @typescript-eslint/no-deprecated */

import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DASHBOARDS, dashboardPath, type DashboardName } from '../names';
import { annotations } from './annotations';
import { omit } from './omit';
import { DATASOURCE, type Placed } from './panel';

export interface Row {
  readonly title: string;
  /** Closed at first, and asks nothing until it is opened. */
  readonly collapsed?: true;
  readonly panels: readonly Placed[];
}

export interface Board {
  readonly name: DashboardName;
  readonly description: string;
  readonly tags: readonly string[];
  /** Shown from this long ago. */
  readonly from: string;
  /** Whether it is about all Macs unless some are chosen. */
  readonly all: boolean;
  readonly variables?: readonly { build(): VariableModel }[];
  readonly rows: readonly Row[];
}

/** The tag by which the dashboards find each other. */
export const TAG = 'metalstat-exporter';

export function dashboard(board: Board): Dashboard {
  const { uid, title } = DASHBOARDS[board.name];
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(board.description)
    .tags([TAG, ...board.tags])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: board.from, to: 'now' })
    .timezone('browser')
    .refresh('30s')
    .variables([
      new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
      chosen('job', 'Job', 'label_values(mac_info, job)', board.all),
      chosen('instance', 'Mac', 'label_values(mac_info{job=~"$job"}, instance)', board.all),
      ...(board.variables ?? []),
    ])
    .annotations(annotations(board.all));
  for (const name of Object.keys(DASHBOARDS) as DashboardName[])
    if (name !== board.name)
      builder.link(
        new DashboardLinkBuilder(DASHBOARDS[name].title)
          .type(DashboardLinkType.Link)
          .url(dashboardPath(name))
          .icon('dashboard')
          .includeVars(true)
          .keepTime(true),
      );
  const built = builder.build();
  // The builder gives every variable what only those of intervals have.
  const list = built.templating.list?.map((variable) => omit(variable, 'auto', 'auto_min', 'auto_count'));
  return { ...built, ...(list && { templating: { list } }), panels: arrange(board.rows) };
}

/** A variable of label values: several may be chosen. */
export const chosen = (name: string, label: string, query: string, all: boolean): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .query({ query, refId: name })
    .definition(query)
    .datasource(DATASOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(all)
    .allValue('.+');

/** Identities are of row and place: links to panels last. */
function arrange(rows: readonly Row[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  rows.forEach(({ title, collapsed, panels }, index) => {
    const id = (index + 1) * 100;
    const head = new RowBuilder(title).collapsed(collapsed ?? false).id(id);
    const row = { ...head.build(), gridPos: { x: 0, y, w: 24, h: 1 } };
    const { built, height } = lines(panels, id + 1, y + 1);
    placed.push(collapsed ? { ...row, panels: built } : row);
    if (!collapsed) placed.push(...built);
    y += 1 + (collapsed ? 0 : height);
  });
  return placed;
}

/** Places each panel as high as it fits, and then as far to the left. */
function lines(panels: readonly Placed[], firstId: number, top: number) {
  const heights = Array<number>(24).fill(0);
  const built = panels.map(({ w, h, build }, i) => {
    const reach = (x: number) => Math.max(...heights.slice(x, x + w));
    const places = Array.from({ length: 25 - w }, (_, x) => x);
    const x = places.reduce((best, place) => (reach(place) < reach(best) ? place : best), 0);
    const y = reach(x);
    heights.fill(y + h, x, x + w);
    return { ...build(), id: firstId + i, gridPos: { x, y: top + y, w, h } } satisfies Panel;
  });
  return { built, height: Math.max(...heights) };
}
