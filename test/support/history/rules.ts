// What Prometheus would have made of the history with the project's rules: recording rules, and alerts.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../process';
import { queryRange, type Span } from '../prometheus_api';
import { addBlocks, promtool, withPrometheus } from './storage';

const RULES = join(ROOT, 'dashboards', 'prometheus');
/** Seconds between two evaluations. */
const EVERY = 15;

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
interface Group {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

const groupsOf = (file: string): readonly Group[] => {
  const path = join(RULES, file);
  return existsSync(path) ? (parse(readFileSync(path, 'utf8')) as { groups: readonly Group[] }).groups : [];
};

/** promtool asks a running Prometheus, so rules that use other rules come after those. Gives how many there are. */
export async function addRecordings(folder: string, { start, end }: Span): Promise<number> {
  const groups = groupsOf('recording.yaml');
  const records = groups.flatMap(({ rules }) => rules.map(({ record = '', expr }) => ({ record, expr })));
  const depth = (record: string): number =>
    1 +
    Math.max(
      0,
      ...records
        .filter((other) => records.find((rule) => rule.record === record)?.expr.includes(other.record))
        .map((other) => depth(other.record)),
    );
  const levels = new Set(records.map(({ record }) => depth(record)));
  for (const level of [...levels].sort()) {
    const now = groups.map((group) => ({
      ...group,
      rules: group.rules.filter(({ record = '' }) => depth(record) === level),
    }));
    const file = join(folder, 'rules.json'); // which is YAML
    writeFileSync(file, JSON.stringify({ groups: now.filter(({ rules }) => rules.length > 0) }));
    await withPrometheus(folder, (url) =>
      promtool(
        ...['tsdb', 'create-blocks-from', 'rules', `--url=${url}`, `--start=${Math.floor(start)}`],
        ...[`--end=${Math.floor(end)}`, `--eval-interval=${EVERY}s`, `--output-dir=${folder}`, file],
      ),
    );
    rmSync(file);
  }
  return records.length;
}

/** ALERTS as Prometheus writes it. Gives the alerts that fired, with who they were about. */
export async function addAlerts(folder: string, span: Span): Promise<string[]> {
  const alerts = groupsOf('alerts.yaml').flatMap(({ rules }) => rules);
  const fired = new Set<string>();
  const lines: string[] = [];
  await withPrometheus(folder, async (url) => {
    for (const rule of alerts)
      for (const { metric, values } of await queryRange(url, rule.expr, span, EVERY)) {
        const own = { ...withoutName(metric), ...rule.labels, alertname: rule.alert ?? '' };
        const instants = values.map(([at]) => at);
        for (const { at, since } of activity(instants)) {
          const state = at - since >= secondsOf(rule.for) ? 'firing' : 'pending';
          if (state === 'firing') fired.add(`${rule.alert} ${metric['instance'] ?? ''}`.trim());
          lines.push(
            `ALERTS{${written({ ...own, alertstate: state })}} 1 ${at}`,
            `ALERTS_FOR_STATE{${written(own)}} ${since} ${at}`,
          );
        }
      }
  });
  if (lines.length > 0) await addBlocks(folder, [`${lines.join('\n')}\n`]);
  return [...fired].sort();
}

/** For each instant at which an expression has a value: since when it had one at every evaluation. */
function activity(instants: readonly number[]): { at: number; since: number }[] {
  let since = 0;
  return instants.map((at, n) => {
    if (n === 0 || at - instants[n - 1]! > EVERY) since = at;
    return { at, since };
  });
}

const withoutName = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__name__'));

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const secondsOf = (duration = '0s'): number =>
  [...duration.matchAll(/(\d+)([smhd])/g)].reduce((all, [, n, unit]) => all + Number(n) * UNITS[unit!]!, 0);

const written = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`)
    .join(',');
