// Unit tests of rules, run by promtool on the rules that are shipped.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ROOT } from './process';

/** Values of a series at the minutes 0, 1, 2, …; undefined for a scrape that failed. */
export type Values = readonly (number | undefined)[];
export type SeriesValues = ReadonlyMap<string, Values>;

export interface Expectation {
  /** Minutes after the start. */
  readonly at: number;
  readonly expr: string;
  /** Series with their values; empty for nothing. */
  readonly samples: readonly { readonly labels: string; readonly value: number }[];
}

export interface AlertExpectation {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

export interface RuleTest {
  readonly name: string;
  readonly series: SeriesValues;
  readonly expect?: readonly Expectation[];
  readonly alerts?: readonly AlertExpectation[];
}

export const RULE_FILES = ['alerts.yaml', 'alerts-optional.yaml', 'recording.yaml'].map((name) =>
  join(ROOT, 'dashboards', 'prometheus', name),
);

/** Runs the tests; what failed is in the message. */
export function testRules(tests: readonly RuleTest[], ruleFiles: readonly string[] = RULE_FILES): void {
  const folder = mkdtempSync(join(tmpdir(), 'metalstat-rules-'));
  const file = join(folder, 'tests.yaml');
  const written = {
    rule_files: ruleFiles,
    evaluation_interval: '1m',
    tests: tests.map(({ name, series, expect = [], alerts = [] }) => ({
      name,
      interval: '1m',
      input_series: [...series].map(([key, values]) => ({
        series: key,
        values: values.map((value) => (value === undefined ? 'stale' : String(value))).join(' '),
      })),
      alert_rule_test: alerts,
      promql_expr_test: expect.map(({ at, expr, samples }) => ({
        eval_time: `${at}m`,
        expr,
        exp_samples: samples,
      })),
    })),
  };
  try {
    writeFileSync(file, stringify(written, { lineWidth: 0, aliasDuplicateObjects: false }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (status !== 0) throw new Error(`promtool test rules:\n${stdout}${stderr}`.slice(0, 8_000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** That an alert fires at a minute, with these labels beside its own. */
export const firing = (at: number, alertname: string, labels: Readonly<Record<string, string>>) =>
  firingOf(at, alertname, [labels]);

/** That an alert does not fire at a minute. */
export const silent = (at: number, alertname: string): Expectation => firingOf(at, alertname, []);

function firingOf(
  at: number,
  alertname: string,
  all: readonly Readonly<Record<string, string>>[],
): Expectation {
  const samples = all.map((labels) => ({
    labels: seriesName('ALERTS', { alertname, alertstate: 'firing', ...labels }),
    value: 1,
  }));
  return { at, expr: `ALERTS{alertname="${alertname}",alertstate="firing"}`, samples };
}

/** All alerts that fired at any minute until `at`. */
export const firedBy = (
  at: number,
  fired: readonly Readonly<Record<string, string>>[],
  by: string,
): Expectation => ({
  at,
  expr: `group by (${by}) (max_over_time(ALERTS{alertstate="firing"}[${at + 1}m]))`,
  samples: fired.map((labels) => ({ labels: seriesName('', labels), value: 1 })),
});

/** `name{label="value"}`. */
export const seriesName = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
