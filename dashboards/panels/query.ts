// PromQL of panels. Every selector has the job and the Macs that were chosen: three families have no prefix of their own.

import { RAIL_DEAD } from '../thresholds';

/** A family of the Macs that were chosen; `matchers` are more of them, as `rail="gpu"`. */
export const mac = (family: string, matchers = ''): string =>
  `${family}{job=~"$job",instance=~"$instance"${matchers && `,${matchers}`}}`;

/** What a counter grows by a second. */
export const rate = (counter: string, matchers = ''): string =>
  `rate(${mac(counter, matchers)}[$__rate_interval])`;

export const sumBy = (labels: string, expr: string): string => `sum by (${labels}) (${expr})`;

/** A Mac has one of the two families, never both. */
export const bandwidthBy = (labels: string): string =>
  [
    sumBy(labels, rate('mac_memory_bandwidth_bytes_total')),
    sumBy(labels, rate('mac_memory_bandwidth_estimate_bytes_total')),
  ].join('\nor\n');

/** Watts of the rails, from their joules. */
export const railWatts = (matchers = ''): string =>
  sumBy('instance, rail', rate('mac_energy_joules_total', matchers));

/** Of chips all of whose rails are published: what is left of another is not its energy. */
const wholeChips = (energy: string): string =>
  `${energy} unless on (job, instance) (${mac('metalstat_exporter_rail_publication_age_seconds')} > ${RAIL_DEAD})`;

/** Watts of chips. */
export const chipWatts = (labels: string): string => sumBy(labels, chipJoules);
export const chipJoules = wholeChips(rate('mac_energy_joules_total'));

const withTier = 'on (job, instance, tier)';

/** Logical CPUs that are busy. By tier, not by core: of hundreds of Macs that is a twentieth of the series. */
export const busyCpus = (by = ''): string =>
  `sum ${by} (${mac('mac_cpu_utilization_ratio')} * ${withTier} ${mac('mac_cpu_cores')})`;

/** Those of which it is known how busy they are. */
export const knownCpus = (by = ''): string =>
  `sum ${by} (${mac('mac_cpu_cores')} and ${withTier} ${mac('mac_cpu_utilization_ratio')})`;

const rangeJoules = `increase(${mac('mac_energy_joules_total')}[$__range])`;

/** Kilowatt-hours of rails in the time that is shown. */
export const railKilowattHours = `${sumBy('instance, rail', rangeJoules)} / 3.6e6`;

/** Kilowatt-hours of chips in the time that is shown. */
export const chipKilowattHours = (labels: string): string =>
  `${sumBy(labels, wholeChips(rangeJoules))} / 3.6e6`;

/** Whether scrapes were answered. Only of jobs that have Macs: All chooses every job there is. */
export const up = (): string => `(${mac('up')} and on (job) last_over_time(${mac('mac_info')}[1d]))`;

/** With the label `mac`: the first part of the host's name, or the whole address where it has none. */
export const named = (expr: string): string =>
  `label_replace(${expr}, "mac", "$1$2", "instance", "([^:.[]*[A-Za-z][^:.]*).*|(.+)")`;

export interface Query {
  readonly expr: string;
  /** `{{label}}`s and text. */
  readonly legend?: string;
  /** The value now, not over time. */
  readonly instant?: true;
  /** Rows with labels as columns, for tables. */
  readonly table?: true;
}
