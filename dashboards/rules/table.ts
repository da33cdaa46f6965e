// The table of alerts in runbooks/README.md.

import type { Alert } from './alert';
import { ALERTS } from './alerts';

const START = '<!-- alerts: generated -->\n';
const END = '<!-- end of alerts -->';

/** All alerts: a link to the page of each, its severity, and when it fires. */
export function alertsTable(): string {
  return `| alert | severity | fires when |\n| --- | --- | --- |\n${ALERTS.map(row).join('\n')}\n`;
}

/** The index of the runbooks with the table of now. */
export function withAlertsTable(readme: string): string {
  const from = readme.indexOf(START);
  const to = readme.indexOf(END);
  if (from < 0 || to < from)
    throw new Error(
      `runbooks/README.md has lost the table's place: put ${START.trim()} and ${END} around it`,
    );
  return `${readme.slice(0, from + START.length)}\n${alertsTable()}\n${readme.slice(to)}`;
}

const row = ({ name, severity, optional, when }: Alert): string =>
  `| [${name}](${name}.md)${optional ? ' (optional)' : ''} | ${severity} | ${when} |`;
