// The rules of Grafana's dashboard-linter, by their names there. Each gives its complaints.

import {
  ANY,
  dataPanels,
  queryOf,
  substitute,
  type Dashboard,
  type Panel,
  type Target,
  type Variable,
} from './dashboards';
import { parsePromql, type Parsed } from './promql';

type Complaints = readonly string[];

const DATA = ['stat', 'singlestat', 'graph', 'table', 'timeseries', 'gauge'];
/** Units that the dashboards use, all of them on the linter's list. */
const UNITS = [
  'none',
  'short',
  'percentunit',
  'bytes',
  'Bps',
  'watt',
  'kwatth',
  'rotrpm',
  'celsius',
  'hertz',
  's',
  'cps',
];

const variable = ({ templating }: Dashboard, name: string): Variable | undefined =>
  templating.list.find((one) => one.name === name);

const eachPanel = (dashboard: Dashboard, complain: (panel: Panel) => string | undefined): Complaints =>
  dataPanels(dashboard)
    .filter(({ type }) => DATA.includes(type))
    .flatMap((panel) => {
      const complaint = complain(panel);
      return complaint === undefined ? [] : [`${panel.title}: ${complaint}`];
    });

const eachTarget = (
  dashboard: Dashboard,
  complain: (parsed: Parsed, target: Target) => string | undefined,
): Complaints =>
  dataPanels(dashboard).flatMap((panel) =>
    (panel.targets ?? []).flatMap((target) => {
      // Ranges and names are no PromQL while they are variables; values of labels are.
      const expr = substitute(target.expr, {
        ...ANY,
        job: '$job',
        instance: '$instance',
        __rate_interval: RATE,
      });
      const complaint = complain(parsePromql(expr), target);
      return complaint === undefined ? [] : [`${panel.title}: ${complaint}: ${target.expr}`];
    }),
  );

/** Stands for $__rate_interval, which no other range comes to. */
const RATE = '97s';

function chosen(dashboard: Dashboard, name: string): Complaints {
  const one = variable(dashboard, name);
  if (!one) return [`no variable ${name}`];
  return [
    ...(one.type === 'query' ? [] : [`${name} is no query`]),
    ...(one.datasource?.uid === '${datasource}' ? [] : [`${name} has another data source`]),
    ...(one.label ? [] : [`${name} has no label`]),
    ...(one.multi ? [] : [`${name} takes one value only`]),
    ...(one.allValue === '.+' ? [] : [`${name} has not .+ for all`]),
  ];
}

const selects = (dashboard: Dashboard, matcher: string): Complaints =>
  eachTarget(dashboard, ({ selectors }) =>
    selectors.every(({ matchers }) => matchers.includes(matcher)) ? undefined : `not all have ${matcher}`,
  );

export const RULES: Readonly<Record<string, (dashboard: Dashboard) => Complaints>> = {
  'template-datasource-rule': (dashboard) => {
    const one = variable(dashboard, 'datasource');
    return one?.type === 'datasource' && one.label === 'Data source' && queryOf(one) === 'prometheus'
      ? []
      : ['no variable datasource'];
  },
  'template-job-rule': (dashboard) => [
    ...chosen(dashboard, 'job'),
    ...(variable(dashboard, 'job')?.label === 'Job' ? [] : ['its label is not Job']),
  ],
  'template-instance-rule': (dashboard) => chosen(dashboard, 'instance'),
  'template-label-promql-rule': ({ templating }) =>
    templating.list
      .filter(({ type }) => type === 'query')
      .flatMap((one) => {
        const match = /^label_values\((?:(.+), )?(\w+)\)$/.exec(queryOf(one));
        const selector = match?.[1] ?? 'up';
        return match && parsePromql(selector).error === undefined ? [] : [`${one.name}: ${queryOf(one)}`];
      }),
  'template-on-time-change-reload-rule': ({ templating }) =>
    templating.list
      .filter(({ type, refresh }) => type === 'query' && refresh !== 2)
      .map(({ name }) => `${name} is not loaded again`),
  'panel-datasource-rule': (dashboard) =>
    eachPanel(dashboard, ({ datasource }) =>
      datasource?.uid === '${datasource}' ? undefined : 'another data source',
    ),
  'panel-title-description-rule': (dashboard) =>
    eachPanel(dashboard, ({ title, description }) =>
      title && description ? undefined : 'no title or description',
    ),
  'panel-units-rule': (dashboard) =>
    eachPanel(dashboard, ({ fieldConfig }) =>
      UNITS.includes(fieldConfig?.defaults.unit ?? '') ? undefined : `unit ${fieldConfig?.defaults.unit}`,
    ),
  'panel-no-targets-rule': (dashboard) =>
    eachPanel(dashboard, ({ targets = [] }) => (targets.length > 0 ? undefined : 'asks nothing')),
  'target-promql-rule': (dashboard) => eachTarget(dashboard, ({ error }) => error),
  'target-rate-interval-rule': (dashboard) =>
    eachTarget(dashboard, ({ selectors }) =>
      selectors.every(({ of, range }) => !/^i?rate$/.test(of ?? '') || range === `[${RATE}]`)
        ? undefined
        : 'a rate over something else than $__rate_interval',
    ),
  'target-job-rule': (dashboard) => selects(dashboard, 'job=~"$job"'),
  'target-instance-rule': (dashboard) => selects(dashboard, 'instance=~"$instance"'),
  'target-counter-agg-rule': (dashboard) =>
    eachTarget(dashboard, ({ selectors }) =>
      selectors.every(({ metric, of }) => !metric?.endsWith('_total') || /^(i?rate|increase)$/.test(of ?? ''))
        ? undefined
        : 'a counter without rate or increase',
    ),
  'uneditable-dashboard': ({ editable }) => (editable ? ['editable'] : []),
  // Both are about Loki.
  'target-logql-rule': noLoki,
  'target-logql-auto-rule': noLoki,
};

function noLoki(dashboard: Dashboard): Complaints {
  return dataPanels(dashboard).flatMap(({ title, targets = [] }) =>
    targets
      .filter(({ datasource }) => datasource?.uid !== '${datasource}')
      .map(() => `${title}: another source`),
  );
}
