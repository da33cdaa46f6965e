// The dashboards and rules as files: what is generated is what is there, and keeps the rules of Grafana, of its linter and
// of this repository.

import Ajv from 'ajv';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { generatedDashboards } from '../dashboards/generate';
import { DASHBOARDS, runbookUrl } from '../dashboards/names';
import { ALERTS } from '../dashboards/rules/alerts';
import { ANY, dashboardNames, dataPanels, queryOf, readDashboard, substitute } from './support/dashboards';
import { knownMetrics } from './support/known_metrics';
import { RULES } from './support/dashboard_lint';
import { ROOT } from './support/process';
import { parsePromql } from './support/promql';

const folder = join(ROOT, 'dashboards');

test.each([...generatedDashboards()])('%s is what is generated; else run: npm run generate', (name, text) => {
  expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
});

describe.each(dashboardNames)('%s', (name) => {
  const dashboard = readDashboard(name);
  const panels = dataPanels(dashboard);

  // The token counter is another exporter's, on another port of the same host.
  const excluded = (rule: string, complaint: string) =>
    /^target-(job|instance)-rule$/.test(rule) && complaint.includes('${tokens}');

  test.each(Object.entries(RULES))('%s', (rule, complaints) => {
    expect(complaints(dashboard).filter((complaint) => !excluded(rule, complaint))).toEqual([]);
  });

  test('has the identity that links name, and links to all others', () => {
    expect(dashboard).toMatchObject(DASHBOARDS[name]);
    expect(dashboard.links.map(({ url }) => url)).toEqual(
      Object.entries(DASHBOARDS)
        .filter(([other]) => other !== name)
        .map(([, { uid }]) => `/d/${uid}`),
    );
  });

  test('panels have identities of their own, and lie side by side', () => {
    const all = [...dashboard.panels, ...dashboard.panels.flatMap((panel) => panel.panels ?? [])];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const together of [dashboard.panels, ...dashboard.panels.map((panel) => panel.panels ?? [])]) {
      const cells = new Set<string>();
      for (const { gridPos, title } of together)
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(`${title} ${x}`).toBe(`${title} ${Math.min(x, 23)}`);
            expect(`${title} ${cells.has(`${x} ${y}`)}`).toBe(`${title} false`);
            cells.add(`${x} ${y}`);
          }
    }
  });

  test('panels leave no holes between them', () => {
    const drawn = dashboard.panels;
    const area = sum(drawn.map(({ gridPos }) => gridPos.w * gridPos.h));
    const bottom = Math.max(...drawn.map(({ gridPos }) => gridPos.y + gridPos.h));
    expect(area).toBe(24 * bottom);
  });

  test('names only metrics and labels that exist', async () => {
    const known = await knownMetrics();
    const queries = [
      ...panels.flatMap(({ targets = [], title }) =>
        targets.map(({ expr, legendFormat = '' }) => ({ title, expr, legend: legendFormat })),
      ),
      ...dashboard.annotations.list.map(({ name: title, expr, titleFormat, textFormat, tagKeys }) => ({
        title,
        expr,
        legend: `${titleFormat} ${textFormat} {{${tagKeys}}}`,
      })),
    ];
    for (const { title, expr, legend } of queries) {
      const { selectors, labels, error } = parsePromql(substitute(expr, ANY));
      expect([title, error]).toEqual([title, undefined]);
      const of = (metric: string | undefined) => known.get(metric ?? '') ?? [];
      expect(selectors.filter(({ metric }) => !known.has(metric ?? '')).map(({ metric }) => metric)).toEqual(
        [],
      );
      const made = [...expr.matchAll(/, "(\w+)", "[^"]*\$1/g)].map(([, label]) => label!);
      const there = new Set(['job', 'instance', ...made, ...selectors.flatMap(({ metric }) => of(metric))]);
      const named = [...labels, ...[...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!)];
      expect([title, ...named.filter((label) => !there.has(label))]).toEqual([title]);
      for (const { metric, matchers } of selectors) {
        const matched = matchers.map((matcher) => /^\w+/.exec(matcher)![0]);
        const allowed = ['job', 'instance', ...of(metric)];
        expect([metric, ...matched.filter((label) => !allowed.includes(label))]).toEqual([metric]);
      }
    }
  });

  test('descriptions name a metric that the panel asks for, or a variable', () => {
    const silent = panels.filter(({ description = '', targets = [] }) => {
      const asked = targets.flatMap(({ expr }) => parsePromql(substitute(expr, ANY)).selectors);
      return !asked.some(({ metric }) => description.includes(metric!)) && !/\$\w+/.test(description);
    });
    expect(silent.map(({ title }) => title)).toEqual([]);
  });

  test('names only variables that it has, and uses all of them', () => {
    const text = JSON.stringify({ ...dashboard, templating: undefined });
    const queries = dashboard.templating.list.map(queryOf).join(' ');
    const has = dashboard.templating.list.map((one) => one.name);
    const named = [...text.matchAll(/\$(?:\{(\w+)|(\w+))/g)].map(([, a, b]) => (a ?? b)!);
    expect(named.filter((one) => !one.startsWith('__') && !has.includes(one) && !/^\d/.test(one))).toEqual(
      [],
    );
    expect(has.filter((one) => !named.includes(one) && !queries.includes(`$${one}`))).toEqual([]);
  });
});

describe("Grafana's own types", () => {
  const generator = createGenerator({
    path: join(ROOT, 'test', 'support', 'grafana_types.ts'),
    tsconfig: join(ROOT, 'tsconfig.json'),
    skipTypeCheck: true,
    additionalProperties: false,
  });
  const check = (type: string, value: unknown): readonly string[] => {
    const validate = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true }).compile(
      generator.createSchema(type) as object,
    );
    return validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
  };

  // What Grafana saves and its types leave to the data source, or leave out.
  const BEYOND =
    /^\/(annotations\/list\/\d+ .*"(expr|step|titleFormat|textFormat|tagKeys)"|templating\/list\/\d+ .*"definition")}$/;

  test.each(dashboardNames)('%s is a dashboard', (name) => {
    expect(check('Classic', readDashboard(name)).filter((complaint) => !BEYOND.test(complaint))).toEqual([]);
  });

  test.each(dashboardNames)('panels of %s have the options of their kinds', (name) => {
    for (const { type, title, options, fieldConfig } of dataPanels(readDashboard(name))) {
      const kind = `${type[0]!.toUpperCase()}${type.slice(1).replace('-', '')}`;
      expect([title, ...check(`${kind}Options`, options)]).toEqual([title]);
      if (['Timeseries', 'Table', 'Statetimeline'].includes(kind))
        expect([title, ...check(`${kind}Custom`, fieldConfig?.defaults.custom ?? {})]).toEqual([title]);
    }
  });

  test('would notice a wrong one', () => {
    const wrong = { ...readDashboard('mac'), graphTooltip: 'crosshair' };
    expect(check('Classic', wrong)).not.toEqual([]);
  });
});

describe('alerts', () => {
  test.each(ALERTS.map((alert) => [alert.name, alert] as const))(
    '%s names metrics that exist, and its job',
    async (_name, alert) => {
      const known = await knownMetrics();
      const { selectors, error } = parsePromql(alert.expr((count) => `${count}m`));
      expect(error).toBeUndefined();
      for (const { metric, matchers } of selectors) {
        expect(known.has(metric!)).toBe(true);
        expect(matchers).toContain('job="mac"');
      }
    },
  );

  test('each has a runbook with the four parts, and no runbook is without', () => {
    const files = readdirSync(join(folder, 'runbooks')).filter((file) => file !== 'README.md');
    expect(files.sort()).toEqual(ALERTS.map(({ name }) => `${name}.md`).sort());
    for (const { name } of ALERTS) {
      const text = readFileSync(join(folder, 'runbooks', `${name}.md`), 'utf8');
      const headings = [...text.matchAll(/^(#+ .*)$/gm)].map(([, heading]) => heading);
      expect([name, headings]).toEqual([
        name,
        [`# ${name}`, '## Meaning', '## Impact', '## Diagnosis', '## Mitigation'],
      ]);
      expect(runbookUrl(name)).toMatch(/\/dashboards\/runbooks\/\w+\.md$/);
    }
  });

  test('links of alerts lead to dashboards that exist', () => {
    for (const { dashboard } of ALERTS)
      expect(existsSync(join(folder, 'grafana', `${dashboard}.json`))).toBe(true);
  });
});

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
