import { limit } from '../panels/colours';
import { timeSeries } from '../panels/kinds';
import { mac, rate } from '../panels/query';
import type { Row } from '../panels/board';

export const gpu: Row = {
  title: 'GPU',
  panels: [
    timeSeries({
      title: 'GPU utilisation',
      description:
        "awake: share of time the GPU was not off, waiting for memory included (mac_gpu_active_seconds_total). The others are the driver's own figures of load, over windows of its own.",
      unit: 'percentunit',
      w: 12,
      h: 8,
      min: 0,
      max: 1,
      queries: [
        { expr: rate('mac_gpu_active_seconds_total'), legend: 'awake' },
        { expr: mac('mac_gpu_device_utilization_ratio'), legend: 'driver: device' },
        { expr: mac('mac_gpu_renderer_utilization_ratio'), legend: 'driver: renderer' },
        { expr: mac('mac_gpu_tiler_utilization_ratio'), legend: 'driver: tiler' },
      ],
      overrides: [{ of: 'awake', set: { 'custom.lineWidth': 2, 'custom.fillOpacity': 20 } }],
    }),
    timeSeries({
      title: 'GPU frequency while awake',
      description:
        'Exact mean over each step: cycles by awake time, both as rates. From mac_gpu_cycles_total, mac_gpu_active_seconds_total, mac_gpu_frequency_max_hertz.',
      unit: 'hertz',
      w: 12,
      h: 8,
      min: 0,
      queries: [
        {
          expr: `${rate('mac_gpu_cycles_total')} / ${rate('mac_gpu_active_seconds_total')}`,
          legend: 'mean',
        },
        { expr: mac('mac_gpu_frequency_max_hertz'), legend: 'highest' },
      ],
      overrides: [limit('highest', 'text')],
    }),
    timeSeries({
      title: 'Time in performance states',
      description:
        'Share of time in each state of the GPU, OFF included; their frequencies are mac_gpu_state_frequency_hertz. From mac_gpu_state_seconds_total.',
      unit: 'percentunit',
      w: 12,
      h: 8,
      min: 0,
      max: 1,
      stacked: true,
      queries: [{ expr: rate('mac_gpu_state_seconds_total'), legend: '{{state}}' }],
      overrides: [{ of: 'OFF', set: { color: { mode: 'fixed', fixedColor: '#8884' } } }],
    }),
    timeSeries({
      title: 'What limits the GPU',
      description:
        'Time under the thermal controller as a share of all time, and throttling where the chip counts it, in events a second. Both happen on cool Macs; they matter while the GPU is slow. From mac_gpu_cltm_limited_seconds_total, mac_gpu_throttle_events_total and mac_gpu_recoveries_total.',
      unit: 'percentunit',
      w: 12,
      h: 8,
      min: 0,
      queries: [
        { expr: rate('mac_gpu_cltm_limited_seconds_total'), legend: 'thermal controller' },
        { expr: rate('mac_gpu_throttle_events_total'), legend: '{{reason}}' },
        {
          expr: `increase(${mac('mac_gpu_recoveries_total')}[$__rate_interval])`,
          legend: 'recoveries from a hang',
        },
      ],
      overrides: [
        { of: '/.*Events/', set: { unit: 'cps', 'custom.axisPlacement': 'right' } },
        { of: 'recoveries from a hang', set: { unit: 'none', 'custom.axisPlacement': 'right' } },
      ],
    }),
  ],
};
