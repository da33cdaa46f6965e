// Prometheus' own lint on every golden page, with no exception.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnMetrics } from '../../src/metrics/own';
import { EVERYTHING, withExporter } from '../support/exporter';
import { machineNames } from '../support/machines';

function promtool(page: string): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: page,
    encoding: 'utf8',
  });
  if (error) throw error;
  return `${status === 0 ? '' : `exit code ${status}\n`}${stdout}${stderr}`;
}

test.each(machineNames)('promtool check metrics accepts the golden page of %s', (name) => {
  expect(promtool(readFileSync(join(__dirname, '..', 'golden', `${name}.prom`), 'utf8'))).toBe('');
});

test.each(machineNames)(
  'and the page of %s with every optional family and what the exporter counts of itself',
  async (name) => {
    const page = await withExporter(
      name,
      (exporter) => {
        exporter.pages.own = new OwnMetrics();
        exporter.pages.own.scrapes.inc({ code: '200' });
        return exporter.pageAfter(12);
      },
      { selection: EVERYTHING },
    );
    expect(page).toContain('metalstat_exporter_scrapes_total{code="200"} 1');
    expect(promtool(page)).toBe('');
  },
);

test('promtool finds what is wrong', () => {
  expect(promtool('# HELP mac_x x\n# TYPE mac_x counter\nmac_x 1\n')).toContain('_total');
});
