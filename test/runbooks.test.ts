// The runbooks: every query can be typed, every panel is to be found, and what a page says of its alert is what the rule says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS } from '../dashboards/names';
import type { Alert } from '../dashboards/rules/alert';
import { ALERTS } from '../dashboards/rules/alerts';
import { alertsTable, withAlertsTable } from '../dashboards/rules/table';
import { dashboardNames, dataPanels, readDashboard } from './support/dashboards';
import { knownMetrics } from './support/known_metrics';
import { ROOT } from './support/process';
import { parsePromql } from './support/promql';

const read = (name: string): string =>
  readFileSync(join(ROOT, 'dashboards', 'runbooks', `${name}.md`), 'utf8');

/** Blocks of code of a language, without the indentation of a list. */
const fences = (page: string, language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map(([, indent, text]) =>
    text!.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trimEnd(),
  );

/** The text without code, in one line. */
const prose = (page: string): string =>
  page
    .replaceAll(/^ *```.*?^ *```$/gms, '')
    .replaceAll('`', '')
    .replaceAll(/\s+/g, ' ');

const section = (page: string, title: string): string =>
  new RegExp(`^## ${title}$(.*?)(?=^## |(?![^]))`, 'ms').exec(page)?.[1] ?? '';

const PANEL = /\*\*([^*]+)\*\*/g;
/** `**One**, **two** and **three** of the dashboard _Mac_`. */
const PANELS_OF = /(\*\*[^*]+\*\*(?:(?:, | and )\*\*[^*]+\*\*)*) of the dashboard _([^_]+)_/g;

/** Minutes from the first bad value to the alert. */
function minutesOf({ expr, for: held }: Alert): number {
  const ranges: number[] = [];
  expr((minutes) => {
    ranges.push(minutes);
    return `${minutes}m`;
  });
  return Math.min(...ranges) + held;
}

const inWords = (minutes: number): RegExp =>
  minutes === 60 ? /\bhour\b/ : new RegExp(`\\b${minutes} minutes`);

describe.each(ALERTS.map((alert) => [alert.name, alert] as const))('%s', (name, alert) => {
  const page = read(name);
  const queries = fences(page, 'promql');

  test('has queries, and they select the job and name metrics and labels that exist', async () => {
    const known = await knownMetrics();
    expect(queries).not.toEqual([]);
    for (const query of queries) {
      const { selectors, labels, error } = parsePromql(query);
      expect([query, error]).toEqual([query, undefined]);
      expect(selectors).not.toEqual([]);
      for (const { metric = '', matchers } of selectors) {
        expect([query, known.has(metric)]).toEqual([query, true]);
        expect(matchers).toContain('job="mac"');
        const matched = matchers.map((matcher) => /^\w+/.exec(matcher)![0]);
        const allowed = ['job', 'instance', ...known.get(metric)!];
        expect([query, ...matched.filter((label) => !allowed.includes(label))]).toEqual([query]);
      }
      const there = ['job', 'instance', ...selectors.flatMap(({ metric = '' }) => known.get(metric) ?? [])];
      expect([query, ...labels.filter((label) => !there.includes(label))]).toEqual([query]);
    }
  });

  test('a query asks for this Mac, or for all', () => {
    const matchers = queries.flatMap((query) => parsePromql(query).selectors).flatMap((one) => one.matchers);
    const instances = matchers.filter((matcher) => matcher.startsWith('instance'));
    expect(new Set([...instances, 'instance="$INSTANCE"']).size).toBe(1);
  });

  test('names panels that exist, one of its own dashboard among them', () => {
    const text = prose(page);
    const named = [...text.matchAll(PANELS_OF)].flatMap(([, panels, title]) =>
      [...panels!.matchAll(PANEL)].map(([, panel]) => [title!, panel!] as const),
    );
    // Bold is for panels, and for nothing else.
    expect(named.map(([, panel]) => panel)).toEqual([...text.matchAll(PANEL)].map(([, panel]) => panel));
    for (const [title, panel] of named) {
      const dashboard = dashboardNames.find((one) => DASHBOARDS[one].title === title);
      expect([title, dashboard]).not.toEqual([title, undefined]);
      expect(dataPanels(readDashboard(dashboard!)).map((one) => one.title)).toContain(panel);
    }
    expect(named.map(([title]) => title)).toContain(DASHBOARDS[alert.dashboard].title);
  });

  test('its meaning names what the rule measures, and for how long', () => {
    const meaning = section(page, 'Meaning');
    const measured = parsePromql(alert.expr((minutes) => `${minutes}m`)).selectors.map(
      ({ metric }) => metric,
    );
    expect(measured.filter((metric) => !meaning.includes(`\`${metric}\``))).toEqual([]);
    expect(meaning.replaceAll(/\s+/g, ' ')).toMatch(inWords(minutesOf(alert)));
  });

  test('names no family that does not exist', async () => {
    const known = await knownMetrics();
    const named = [...page.matchAll(/`((?:mac|metalstat|metal|memory|gpu|process)_\w+)`/g)].map(
      ([, family]) => family!,
    );
    expect(named.filter((family) => !known.has(family))).toEqual([]);
  });

  test('names no other alert that does not exist', () => {
    const alike = /\b(?:Mac|Memory|Metal|Thermal|Fan|Temperature|Gpu|Collector|Energy|Exporter)[A-Z]\w+/g;
    const named = [
      ...prose(page)
        .replaceAll(/MacBook\w*/g, '')
        .matchAll(alike),
    ].map(([found]) => found);
    expect(named.filter((found) => !ALERTS.some((one) => one.name === found))).toEqual([]);
  });

  test('silences only itself', () => {
    const silences = [...page.matchAll(/amtool silence add ([^\n`]*)/g)].map(([, rest]) => rest!);
    for (const silence of silences) {
      const [, operator, value] = /alertname=(~?)"?([^" ]+)/.exec(silence)!;
      expect(name).toMatch(operator ? new RegExp(`^(?:${value!})$`) : new RegExp(`^${value!}$`));
      expect(silence).toMatch(/(instance="\$INSTANCE"|job=mac)/);
      expect(silence).toMatch(/--duration=\d+h/);
      expect(silence).toContain('--comment=');
    }
  });
});

describe('the table', () => {
  const rows = alertsTable().trimEnd().split('\n').slice(2);

  test('has a row for each alert, with its severity and the minutes of its rule', () => {
    expect(rows).toHaveLength(ALERTS.length);
    ALERTS.forEach((alert, i) => {
      const { name, severity, optional } = alert;
      const [, link, level, when] = rows[i]!.split('|').map((cell) => cell.trim());
      expect(link).toBe(`[${name}](${name}.md)${optional ? ' (optional)' : ''}`);
      expect(level).toBe(severity);
      expect(when).toMatch(inWords(minutesOf(alert)));
    });
  });

  test('is put between its markers, whatever stood there, and not without them', () => {
    const start = '<!-- alerts: generated -->\n';
    const end = '<!-- end of alerts -->';
    const made = withAlertsTable(`before\n${start}old${end}\nafter\n`);
    expect(made).toBe(`before\n${start}\n${alertsTable()}\n${end}\nafter\n`);
    expect(withAlertsTable(made)).toBe(made);
    expect(() => withAlertsTable(`before\n${end}\n${start}`)).toThrow(/runbooks\/README\.md/);
  });
});
