import { statPanel, timeSeries } from '../panels/kinds';
import { bandwidthBy, mac, railWatts, rate, sumBy } from '../panels/query';
import type { Row } from '../panels/board';

export const bandwidthByAgent = (w: number, h: number) =>
  timeSeries({
    title: 'Memory bandwidth by agent',
    description:
      'Bytes a second between memory and each agent, reads and writes; GFX and AGX are the GPU, PCPU, PACC and their like CPU clusters. An estimate where the memory controller counts none. From mac_memory_bandwidth_bytes_total or mac_memory_bandwidth_estimate_bytes_total.',
    unit: 'Bps',
    w,
    h,
    min: 0,
    stacked: true,
    queries: [{ expr: `topk(12, ${bandwidthBy('instance, agent')})`, legend: '{{agent}}' }],
  });

export const aneWork = (w: number, h: number) =>
  timeSeries({
    title: 'Neural Engine',
    description:
      'Watts of its rail, and how much of the time it worked for apps (right axis; more than 100 % when pieces run side by side). The rail of some drivers is dead; the time counts there too. From mac_energy_joules_total and mac_ane_work_seconds_total.',
    unit: 'watt',
    w,
    h,
    min: 0,
    softMax: 1,
    queries: [
      { expr: railWatts('rail="ane"'), legend: 'power' },
      { expr: rate('mac_ane_work_seconds_total'), legend: 'time at work' },
    ],
    overrides: [
      { of: 'power', set: { color: { mode: 'fixed', fixedColor: 'green' } } },
      {
        of: 'time at work',
        set: {
          unit: 'percentunit',
          'custom.axisPlacement': 'right',
          'custom.axisSoftMax': 1,
          color: { mode: 'fixed', fixedColor: 'blue' },
        },
      },
    ],
  });

export const bandwidth: Row = {
  title: 'Memory bandwidth and Neural Engine',
  panels: [
    bandwidthByAgent(12, 8),
    timeSeries({
      title: 'Memory bandwidth by direction',
      description:
        'Bytes a second read and written, by all agents; absent where the bandwidth is an estimate, which knows no directions. From mac_memory_bandwidth_bytes_total.',
      unit: 'Bps',
      w: 6,
      h: 8,
      min: 0,
      queries: [
        {
          expr: sumBy('instance, direction', rate('mac_memory_bandwidth_bytes_total')),
          legend: '{{direction}}',
        },
      ],
    }),
    aneWork(6, 8),
  ],
};

export const battery: Row = {
  title: 'Battery',
  collapsed: true,
  panels: [
    timeSeries({
      title: 'Charge',
      description: 'Charge of the battery and what a full charge still holds. From mac_battery_charge_ratio.',
      unit: 'percentunit',
      w: 12,
      h: 7,
      min: 0,
      queries: [
        { expr: mac('mac_battery_charge_ratio'), legend: 'charge' },
        { expr: mac('mac_battery_health_ratio'), legend: 'health' },
      ],
    }),
    timeSeries({
      title: 'Battery temperature',
      description: 'Hottest sensor of the battery. From mac_battery_temperature_celsius.',
      unit: 'celsius',
      w: 6,
      h: 7,
      queries: [{ expr: mac('mac_battery_temperature_celsius'), legend: 'battery' }],
    }),
    statPanel({
      title: 'Charge cycles',
      description: 'Full charges the battery has been through. From mac_battery_cycles.',
      unit: 'none',
      w: 6,
      h: 7,
      plain: true,
      queries: [{ expr: mac('mac_battery_cycles'), legend: 'cycles' }],
    }),
  ],
};
