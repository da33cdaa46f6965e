import { JOB } from '../names';
import { PUBLICATION_AGE, RESTARTS } from '../thresholds';
import type { Alert } from './alert';

const mac = `{job="${JOB}"}`;

export const exporterAlerts: readonly Alert[] = [
  {
    name: 'CollectorFailing',
    severity: 'warning',
    when: 'a collector fails for 15 minutes',
    expr: (m) => `max_over_time(metalstat_exporter_collector_success${mac}[${m(10)}]) == 0`,
    for: 5,
    summary: 'The collector {{ $labels.collector }} of {{ $labels.instance }} fails',
    description:
      'Something that this Mac should have could not be read for 10 minutes and longer: its series are missing, all others are right. The status page of the exporter says which call failed and what to do.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'EnergyRailDead',
    severity: 'info',
    when: `the counter of a rail is older than ${PUBLICATION_AGE} s for 20 minutes`,
    expr: (m) =>
      `min_over_time(metalstat_exporter_rail_publication_age_seconds${mac}[${m(5)}]) > ${PUBLICATION_AGE}`,
    for: 15,
    summary: 'The energy of the rail {{ $labels.rail }} of {{ $labels.instance }} is not published',
    description:
      'Its driver has not written this counter for {{ $value | humanizeDuration }}. The joules and watts of the rail are absent, not zero, and sums over rails lack it. Some drivers of macOS do so for good, for the ANE above all.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'ExporterRestarting',
    severity: 'warning',
    when: `the exporter started more than ${RESTARTS} times within the last hour`,
    expr: (m) => `changes(process_start_time_seconds${mac}[${m(60)}]) > ${RESTARTS}`,
    for: 0,
    summary: 'The exporter of {{ $labels.instance }} starts again and again',
    description:
      'It has started {{ $value }} times within an hour. Its last lines of log say why; launchd starts it again after each end.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'ConfigReloadFailed',
    severity: 'warning',
    when: 'the configuration that was read last is wrong, for 15 minutes',
    expr: (m) => `max_over_time(metalstat_exporter_config_last_reload_successful${mac}[${m(5)}]) == 0`,
    for: 10,
    summary: 'The exporter of {{ $labels.instance }} has refused its new configuration',
    description:
      'It goes on with the one before, and would not start with the new one. The last line of its log says what is wrong with it.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'MacNotLive',
    severity: 'info',
    when: 'the exporter plays a machine file for 10 minutes',
    expr: (m) => `max_over_time(metalstat_exporter_machine_info{job="${JOB}",origin!="live"}[${m(5)}]) == 1`,
    for: 5,
    summary: '{{ $labels.instance }} plays the machine file {{ $labels.machine }}',
    description:
      'Its numbers are not those of a Mac: the exporter was started with --machine. It does not belong into a job of real Macs.',
    dashboard: 'mac',
    by: 'instance',
  },
];
