// Every metric that a query may name, with its labels beside job and instance.

import { RECORDING_GROUPS } from '../../dashboards/rules/recording';
import { families } from '../../src/metrics/catalogue';
import { OwnMetrics } from '../../src/metrics/own';

/** What Prometheus says of scrapes and rules, and what a server of models says. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  up: ['sleeps', 'via'],
  scrape_duration_seconds: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  'llamacpp:tokens_predicted_total': [],
};

export async function knownMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const own = await new OwnMetrics().registry.getMetricsAsJSON();
  return new Map([
    ...families.map(({ name, labels }) => [name, labels] as const),
    ...own.map(({ name }) => [name, ['code']] as const),
    ...Object.entries(FOREIGN),
    ...Object.values(RECORDING_GROUPS)
      .flatMap(({ rules }) => rules)
      .map(({ record }) => [record, record.split(':')[0]!.split('_')] as const),
  ]);
}
