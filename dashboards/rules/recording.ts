// Recording rules. Names are level:metric:operations; a rate drops the _total of its counter.
//
// The dashboards do without them. They are for long ranges, for many Macs, and for servers above Prometheus.

import { JOB } from '../names';
import { RAIL_DEAD } from '../thresholds';

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

const mac = `{job="${JOB}"}`;

const DEAD = `on (job, instance) (metalstat_exporter_rail_publication_age_seconds${mac} > ${RAIL_DEAD})`;

export const RECORDING_GROUPS: Readonly<
  Record<string, { readonly interval?: string; readonly rules: readonly Recording[] }>
> = {
  power: {
    rules: [
      // Watts: joules a second.
      {
        record: 'instance_rail:mac_energy_joules:rate5m',
        expr: `sum by (job, instance, rail) (rate(mac_energy_joules_total${mac}[5m]))`,
      },
      {
        // Of the chip: of one that lacks a rail, the others are not its energy.
        record: 'instance:mac_energy_joules:rate5m',
        expr: `sum by (job, instance) (instance_rail:mac_energy_joules:rate5m${mac}) unless ${DEAD}`,
      },
      {
        record: 'job:mac_energy_joules:rate5m',
        expr: `sum by (job) (instance:mac_energy_joules:rate5m${mac})`,
      },
    ],
  },
  energy: {
    // A day of all rails is long to read, and changes slowly.
    interval: '5m',
    rules: [
      {
        record: 'instance:mac_energy_kilowatt_hours:increase1d',
        expr: `sum by (job, instance) (increase(mac_energy_joules_total${mac}[1d])) / 3.6e6 unless ${DEAD}`,
      },
    ],
  },
  load: {
    rules: [
      {
        record: 'instance:mac_gpu_active_seconds:rate5m',
        expr: `rate(mac_gpu_active_seconds_total${mac}[5m])`,
      },
      {
        record: 'instance_tier:mac_cpu_busy:ratio_rate5m',
        expr: `
          1 - sum by (job, instance, tier) (rate(mac_cpu_seconds_total{job="${JOB}",mode="idle"}[5m]))
            / sum by (job, instance, tier) (rate(mac_cpu_seconds_total${mac}[5m]))`,
      },
      {
        // A Mac has one of the two families, never both.
        record: 'instance:mac_memory_bandwidth_bytes:rate5m',
        expr: `
          sum by (job, instance) (rate(mac_memory_bandwidth_bytes_total${mac}[5m]))
          or
          sum by (job, instance) (rate(mac_memory_bandwidth_estimate_bytes_total${mac}[5m]))`,
      },
      {
        record: 'job:mac_gpu_active_seconds:avg_rate5m',
        expr: `avg by (job) (instance:mac_gpu_active_seconds:rate5m${mac})`,
      },
    ],
  },
  memory: {
    rules: [
      // Share of the last hour in each colour.
      {
        record: 'instance_state:mac_memory_pressure_state:avg1h',
        expr: `avg_over_time(mac_memory_pressure_state${mac}[1h])`,
      },
      // Macs of each colour.
      {
        record: 'job_state:mac_memory_pressure_state:sum',
        expr: `sum by (job, state) (mac_memory_pressure_state${mac})`,
      },
      {
        record: 'instance:metal_alloc_bytes:ratio_recommended_max',
        expr: `metal_alloc_bytes${mac} / mac_metal_recommended_max_bytes${mac}`,
      },
    ],
  },
};
