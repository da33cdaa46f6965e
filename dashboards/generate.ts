// Writes what is generated here: dashboards, rules, the table of runbooks. `npm run generate` runs it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fleetBoard } from './fleet';
import { macBoard } from './mac';
import { mlBoard } from './ml_host';
import { dashboard, type Board } from './panels/board';
import { withAlertsTable } from './rules/table';
import { alertGroups, prometheusRuleYaml, recordingGroups, rulesYaml } from './rules/yaml';

export const BOARDS: readonly Board[] = [macBoard, fleetBoard, mlBoard];

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Every generated file by its path below this folder. */
export function generatedDashboards(): ReadonlyMap<string, string> {
  return new Map([
    ...BOARDS.map((board) => [`grafana/${board.name}.json`, json(dashboard(board))] as const),
    ['prometheus/alerts.yaml', rulesYaml(alertGroups('default'))],
    ['prometheus/alerts-optional.yaml', rulesYaml(alertGroups('optional'))],
    ['prometheus/recording.yaml', rulesYaml(recordingGroups())],
    ['prometheus/prometheusrule.yaml', prometheusRuleYaml([...recordingGroups(), ...alertGroups('default')])],
    ['runbooks/README.md', withAlertsTable(readFileSync(join(__dirname, 'runbooks/README.md'), 'utf8'))],
  ]);
}

if (require.main === module) {
  for (const [name, text] of generatedDashboards()) {
    const file = join(__dirname, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
