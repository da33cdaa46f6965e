import { JOB } from '../names';
import { BOOT_TIME_MOVED, FLEET_DOWN, KERNEL_PRESSURE } from '../thresholds';
import { percent, type Alert } from './alert';

/** Discovery marks Macs that are allowed to sleep with the label `sleeps`. */
const awake = `{job="${JOB}",sleeps!="true"}`;
const mac = `{job="${JOB}"}`;
const pushed = `{job="${JOB}",via="agent",sleeps!="true"}`;

export const reachableAlerts: readonly Alert[] = [
  {
    name: 'MacDown',
    severity: 'warning',
    when: 'no scrape succeeds for 15 minutes',
    expr: (m) => `max_over_time(up${awake}[${m(10)}]) == 0`,
    for: 5,
    summary: '{{ $labels.instance }} does not answer',
    description:
      'No scrape has succeeded for 10 minutes and longer. The Mac is off, asleep or off the network, or the exporter is not running. A Mac that may sleep gets the label sleeps="true" in its discovery.',
    dashboard: 'mac-fleet',
    by: 'instance',
  },
  {
    name: 'MacFleetDown',
    severity: 'critical',
    when: `${percent(FLEET_DOWN)} of the Macs, and at least two, are down for 10 minutes`,
    // One Mac of a handful is more than a tenth of them: that is MacDown's business.
    expr: (m) => `
      count by (job) (max_over_time(up${awake}[${m(5)}]) == 0)
        / count by (job) (max_over_time(up${awake}[${m(5)}]))
        >= ${FLEET_DOWN}
      and
      count by (job) (max_over_time(up${awake}[${m(5)}]) == 0) >= 2`,
    for: 5,
    summary: '{{ $value | humanizePercentage }} of the Macs of {{ $labels.job }} do not answer',
    description:
      'So many at once are no broken Macs: think of the network, the power, a change of configuration, or an update of the exporter that was rolled out.',
    dashboard: 'mac-fleet',
    by: 'job',
  },
  {
    name: 'MacSilent',
    severity: 'warning',
    when: 'an agent that wrote within the last day writes nothing for 15 minutes',
    expr: (m) => `
      group by (job, instance) (last_over_time(up${pushed}[${m(1440)}]))
      unless on (job, instance)
      group by (job, instance) (last_over_time(up${pushed}[${m(10)}]))`,
    for: 5,
    summary: '{{ $labels.instance }} sends nothing any more',
    description:
      'Its agent has written nothing for 15 minutes; it did during the last day. Nobody scrapes this Mac, so that it is down shows only by its silence: it is off, asleep or off the network, or its Prometheus agent has ended.',
    dashboard: 'mac-fleet',
    by: 'instance',
  },
  {
    name: 'MacDiedUnderPressure',
    severity: 'critical',
    when: 'a Mac is gone for 7 minutes, and its last word on memory was critical',
    expr: (m) => `
      last_over_time(mac_memory_pressure_kernel_level${mac}[${m(30)}]) == ${KERNEL_PRESSURE.critical}
      unless
      last_over_time(mac_memory_pressure_kernel_level${mac}[${m(5)}])
      unless on (job, instance)
      (max_over_time(up${mac}[${m(5)}]) == 1)`,
    for: 2,
    summary: '{{ $labels.instance }} went away while its memory pressure was critical',
    description:
      'The last thing it said was that its memory had run out. It may hang, be in a panic, or restart: look at its console, and at /Library/Logs/DiagnosticReports once it is back.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'MacRebooted',
    severity: 'info',
    when: `the boot time moved by more than ${BOOT_TIME_MOVED} s within the last hour`,
    // changes() would also count each time that the clock was set.
    expr: (m) => `
      max_over_time(mac_boot_time_seconds${mac}[${m(60)}])
        - min_over_time(mac_boot_time_seconds${mac}[${m(60)}])
        > ${BOOT_TIME_MOVED}`,
    for: 0,
    summary: '{{ $labels.instance }} has rebooted',
    description:
      'It booted anew within the last hour. Unless somebody did that, or an update of macOS, look for a panic in /Library/Logs/DiagnosticReports.',
    dashboard: 'mac',
    by: 'instance',
  },
];
