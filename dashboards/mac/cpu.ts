import { TIER_COLOURS } from '../panels/colours';
import { timeSeries } from '../panels/kinds';
import { mac, rate, sumBy } from '../panels/query';
import type { Row } from '../panels/board';

const active = rate('mac_cpu_core_active_seconds_total');
const by = 'instance, cluster, tier';

export const cpu: Row = {
  title: 'CPU',
  panels: [
    timeSeries({
      title: 'CPU by tier',
      description:
        'Share of time the cores of a tier were not idle, as the kernel counts it. From mac_cpu_seconds_total.',
      unit: 'percentunit',
      w: 8,
      h: 8,
      min: 0,
      max: 1,
      queries: [
        {
          expr: `1 - ${sumBy('instance, tier', rate('mac_cpu_seconds_total', 'mode="idle"'))} / ${sumBy('instance, tier', rate('mac_cpu_seconds_total'))}`,
          legend: '{{tier}}',
        },
      ],
      overrides: TIER_COLOURS,
    }),
    timeSeries({
      title: 'CPU by cluster',
      description:
        'Mean share of time the cores of a cluster were in an active state, as the hardware counts it. From mac_cpu_core_active_seconds_total.',
      unit: 'percentunit',
      w: 8,
      h: 8,
      min: 0,
      max: 1,
      queries: [{ expr: `avg by (${by}) (${active})`, legend: '{{cluster}} ({{tier}})' }],
    }),
    timeSeries({
      title: 'CPU frequency by cluster',
      description:
        'Mean frequency of the cores while active: cycles by active time, both as rates. It is the one that was asked for; recent chips may run below it. From mac_cpu_core_cycles_total.',
      unit: 'hertz',
      w: 8,
      h: 8,
      min: 0,
      queries: [
        {
          expr: `${sumBy(by, rate('mac_cpu_core_cycles_total'))} / ${sumBy(by, active)}`,
          legend: '{{cluster}} ({{tier}})',
        },
      ],
    }),
    timeSeries({
      title: 'CPUs busy by mode',
      description: 'How many CPUs were busy, in user code and in the kernel. From mac_cpu_seconds_total.',
      unit: 'short',
      w: 8,
      h: 7,
      min: 0,
      softMax: 1,
      stacked: true,
      queries: [
        {
          expr: sumBy('instance, mode', rate('mac_cpu_seconds_total', 'mode!="idle"')),
          legend: '{{mode}}',
        },
      ],
    }),
    timeSeries({
      title: 'Load',
      description: 'Load averages, and how many logical CPUs there are. From mac_load1 and mac_cpu_cores.',
      unit: 'short',
      w: 8,
      h: 7,
      min: 0,
      queries: [
        { expr: mac('mac_load1'), legend: '1 minute' },
        { expr: mac('mac_load5'), legend: '5 minutes' },
        { expr: mac('mac_load15'), legend: '15 minutes' },
        { expr: sumBy('instance', mac('mac_cpu_cores')), legend: 'CPUs' },
      ],
      overrides: [
        {
          of: 'CPUs',
          set: {
            color: { mode: 'fixed', fixedColor: 'text' },
            'custom.lineStyle': { fill: 'dash', dash: [8, 6] },
            'custom.fillOpacity': 0,
          },
        },
      ],
    }),
    timeSeries({
      title: 'Clusters powered down',
      description:
        'Share of time in which a cluster was off, where the chip tells it. From mac_cpu_cluster_offline_seconds_total.',
      unit: 'percentunit',
      w: 8,
      h: 7,
      min: 0,
      max: 1,
      queries: [{ expr: rate('mac_cpu_cluster_offline_seconds_total'), legend: '{{cluster}} ({{tier}})' }],
    }),
  ],
};

export const cores: Row = {
  title: 'Cores',
  collapsed: true,
  panels: [
    timeSeries({
      title: 'Cores',
      description: 'Share of time each core was in an active state. From mac_cpu_core_active_seconds_total.',
      unit: 'percentunit',
      w: 24,
      h: 9,
      min: 0,
      max: 1,
      calcs: ['mean', 'max'],
      bare: true,
      queries: [{ expr: active, legend: '{{core}} {{cluster}}' }],
    }),
  ],
};
