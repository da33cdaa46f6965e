import { limit } from '../panels/colours';
import { timeSeries } from '../panels/kinds';
import { mac, rate } from '../panels/query';
import type { Row } from '../panels/board';

export const gpuUtilisation = (w: number, h: number) =>
  timeSeries({
    title: 'GPU utilisation',
    description:
      "awake: share of time the GPU was not off, waiting for memory included (mac_gpu_active_seconds_total). The others are the driver's own figures of load, over windows of its own.",
    unit: 'percentunit',
    w,
    h,
    min: 0,
    max: 1,
    queries: [
      { expr: rate('mac_gpu_active_seconds_total'), legend: 'awake' },
      { expr: mac('mac_gpu_device_utilization_ratio'), legend: 'driver: device' },
      { expr: mac('mac_gpu_renderer_utilization_ratio'), legend: 'driver: renderer' },
      { expr: mac('mac_gpu_tiler_utilization_ratio'), legend: 'driver: tiler' },
    ],
    overrides: [{ of: 'awake', set: { 'custom.lineWidth': 2, 'custom.fillOpacity': 20 } }],
  });

export const gpuFrequency = (w: number, h: number) =>
  timeSeries({
    title: 'GPU frequency while awake',
    description:
      'Exact mean over each step: cycles by awake time, both as rates. From mac_gpu_cycles_total, mac_gpu_active_seconds_total, mac_gpu_frequency_max_hertz.',
    unit: 'hertz',
    w,
    h,
    min: 0,
    queries: [
      {
        expr: `${rate('mac_gpu_cycles_total')} / ${rate('mac_gpu_active_seconds_total')}`,
        legend: 'mean',
      },
      { expr: mac('mac_gpu_frequency_max_hertz'), legend: 'highest' },
    ],
    overrides: [limit('highest', 'text')],
  });

export const gpu: Row = {
  title: 'GPU',
  panels: [
    gpuUtilisation(12, 8),
    gpuFrequency(12, 8),
    timeSeries({
      title: 'Time in performance states',
      description:
        'Share of time in each state of the GPU but OFF, the slowest below; their frequencies are mac_gpu_state_frequency_hertz. From mac_gpu_state_seconds_total.',
      unit: 'percentunit',
      w: 12,
      h: 8,
      min: 0,
      max: 1,
      stacked: true,
      // P2 before P10: series are sorted by their labels.
      queries: [
        {
          expr: `label_replace(label_replace(${rate('mac_gpu_state_seconds_total', 'state!="OFF"')}, "order", "$1", "state", "(.+)"), "order", "P0$1", "state", "P([0-9])")`,
          legend: '{{state}}',
        },
      ],
    }),
    timeSeries({
      title: 'Limited by heat',
      description:
        'Share of time under the thermal controller of the GPU. It happens on cool Macs too, and matters while the GPU is busy and slow. From mac_gpu_cltm_limited_seconds_total.',
      unit: 'percentunit',
      w: 6,
      h: 8,
      min: 0,
      max: 1,
      queries: [{ expr: rate('mac_gpu_cltm_limited_seconds_total'), legend: 'thermal controller' }],
    }),
    timeSeries({
      title: 'Throttling and recoveries',
      description:
        'Throttling where the chip counts it, in events a second, and recoveries from a hang (right axis). From mac_gpu_throttle_events_total and mac_gpu_recoveries_total.',
      unit: 'cps',
      w: 6,
      h: 8,
      min: 0,
      softMax: 1,
      queries: [
        { expr: rate('mac_gpu_throttle_events_total'), legend: '{{reason}}' },
        { expr: `increase(${mac('mac_gpu_recoveries_total')}[$__rate_interval])`, legend: 'recoveries' },
      ],
      overrides: [
        {
          of: 'recoveries',
          set: {
            unit: 'none',
            'custom.axisPlacement': 'right',
            'custom.axisSoftMax': 1,
            'custom.drawStyle': 'bars',
          },
        },
      ],
    }),
  ],
};
