import { JOB } from '../names';
import { CLTM_SHARE, GPU_ACTIVE } from '../thresholds';
import { percent, type Alert } from './alert';

const mac = `{job="${JOB}"}`;

export const gpuAlerts: readonly Alert[] = [
  {
    name: 'GpuThermallyLimited',
    severity: 'warning',
    when: `the GPU is active for more than ${percent(GPU_ACTIVE)} of the time, and limited by heat for more than ${percent(CLTM_SHARE)} of that, for 20 minutes`,
    // The controller also limits a cool GPU; it matters when that is most of the time of one that is at work.
    expr: (m) => `
      rate(mac_gpu_cltm_limited_seconds_total${mac}[${m(5)}])
        / rate(mac_gpu_active_seconds_total${mac}[${m(5)}])
        > ${CLTM_SHARE}
      and
      rate(mac_gpu_active_seconds_total${mac}[${m(5)}]) > ${GPU_ACTIVE}`,
    for: 15,
    summary: 'The GPU of {{ $labels.instance }} is limited by heat while at work',
    description:
      'Its thermal controller has asked for less than it could give in {{ $value | humanizePercentage }} of the time it was active. What runs on it takes longer: look at temperatures, fans and the room.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'GpuRecovered',
    severity: 'warning',
    when: 'the GPU hung, and was restarted, within the last 15 minutes',
    expr: (m) => `increase(mac_gpu_recoveries_total${mac}[${m(15)}]) > 0`,
    for: 0,
    summary: 'The GPU of {{ $labels.instance }} hung and was restarted',
    description:
      'Its driver recovered from a hang within the last quarter of an hour; what ran on the GPU was killed. Again and again on one Mac it is that Mac, on many it is an app or a version of macOS.',
    dashboard: 'mac',
    by: 'instance',
  },
];
