// PromQL of panels. Every selector has the job and the Macs that were chosen: three families have no prefix of their own.

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
export const watts = (labels: string, matchers = ''): string =>
  sumBy(labels, rate('mac_energy_joules_total', matchers));

/** Kilowatt-hours of all that the dashboard shows. */
export const kilowattHours = (labels: string): string =>
  `${sumBy(labels, `increase(${mac('mac_energy_joules_total')}[$__range])`)} / 3.6e6`;

export interface Query {
  readonly expr: string;
  /** `{{label}}`s and text. */
  readonly legend?: string;
  /** The value now, not over time. */
  readonly instant?: true;
  /** Rows with labels as columns, for tables. */
  readonly table?: true;
}
