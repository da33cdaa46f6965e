import { timeSeries, type TimeSeries } from '../panels/kinds';
import { mac, rate, sumBy } from '../panels/query';
import type { Row } from '../panels/board';

const byApp = (
  panel: Pick<TimeSeries, 'title' | 'description' | 'unit'> & {
    readonly expr: string;
    readonly legend?: string;
    readonly w?: number;
  },
) =>
  timeSeries({
    title: panel.title,
    description: panel.description,
    unit: panel.unit,
    w: panel.w ?? 12,
    h: 8,
    min: 0,
    stacked: true,
    calcs: ['mean', 'max'],
    queries: [{ expr: panel.expr, legend: panel.legend ?? '{{app}}' }],
    overrides: [{ of: 'other', set: { color: { mode: 'fixed', fixedColor: '#8888' } } }],
  });

const WHOLE = 'The rates of all series add up to the whole; other is what has no label of its own.';

export const gpuByApp = byApp({
  title: 'GPU by app',
  description: `GPU seconds a second; contexts run side by side, so that it may pass 100 %. ${WHOLE} From mac_app_gpu_seconds_total.`,
  unit: 'percentunit',
  expr: sumBy('instance, app', rate('mac_app_gpu_seconds_total')),
});

export const memoryByApp = byApp({
  title: 'Memory by app',
  description:
    'Footprint of all processes of an app, GPU memory included; only of apps whose processes the exporter may read. From mac_app_memory_bytes.',
  unit: 'bytes',
  expr: mac('mac_app_memory_bytes'),
});

export const apps: Row = {
  title: 'Apps',
  panels: [
    byApp({
      title: 'CPU by app',
      description: `100 % is one CPU that an app keeps busy. ${WHOLE} From mac_app_cpu_seconds_total.`,
      unit: 'percentunit',
      expr: sumBy('instance, app', rate('mac_app_cpu_seconds_total')),
    }),
    gpuByApp,
    memoryByApp,
    byApp({
      title: 'Power by app',
      description: `Watts that the kernel books to an app for CPU, GPU and Neural Engine; it is not the power of the rails divided up. ${WHOLE} From mac_app_energy_joules_total.`,
      unit: 'watt',
      expr: sumBy('instance, app', rate('mac_app_energy_joules_total')),
    }),
    byApp({
      title: 'Neural Engine by app',
      description: `Seconds of work a second, added up when a piece of work ends. ${WHOLE} From mac_app_ane_work_seconds_total.`,
      unit: 'percentunit',
      expr: sumBy('instance, app', rate('mac_app_ane_work_seconds_total')),
    }),
    byApp({
      title: 'Disk by app',
      description: `Bytes a second read and written. ${WHOLE} From mac_app_disk_bytes_total.`,
      unit: 'Bps',
      expr: sumBy('instance, app', rate('mac_app_disk_bytes_total')),
    }),
    byApp({
      title: 'GPU by process',
      description: `GPU seconds a second by executable, for Macs on which a terminal, sshd or a CI runner leads every app. ${WHOLE} From mac_process_gpu_seconds_total.`,
      unit: 'percentunit',
      expr: sumBy('instance, process', rate('mac_process_gpu_seconds_total')),
      legend: '{{process}}',
      w: 24,
    }),
  ],
};
