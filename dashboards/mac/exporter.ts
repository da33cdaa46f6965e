import { timeline, timeSeries } from '../panels/kinds';
import { mac, rate } from '../panels/query';
import { SUCCESS_STATES, UP_STATES } from '../panels/states';
import type { Row } from '../panels/board';

export const exporter: Row = {
  title: 'Exporter',
  collapsed: true,
  panels: [
    timeline({
      title: 'Collectors',
      description:
        'failing: something that this Mac should have could not be read, and its series are missing. Collectors that this Mac does not support are not here. From metalstat_exporter_collector_success.',
      unit: 'none',
      w: 12,
      h: 9,
      queries: [{ expr: mac('metalstat_exporter_collector_success'), legend: '{{collector}}' }],
      ...SUCCESS_STATES,
    }),
    timeSeries({
      title: 'Time of each source',
      description:
        'How long the last read of each facility of macOS took. From metalstat_exporter_source_duration_seconds.',
      unit: 's',
      w: 12,
      h: 9,
      min: 0,
      calcs: ['mean', 'max'],
      queries: [{ expr: mac('metalstat_exporter_source_duration_seconds'), legend: '{{source}}' }],
    }),
    timeline({
      title: 'Scrapes',
      description: 'Whether Prometheus got an answer. From up.',
      unit: 'none',
      w: 8,
      h: 6,
      queries: [{ expr: mac('up'), legend: 'scrape' }],
      ...UP_STATES,
    }),
    timeSeries({
      title: 'Duration of a scrape',
      description: 'As Prometheus measures it. From scrape_duration_seconds.',
      unit: 's',
      w: 8,
      h: 6,
      min: 0,
      queries: [{ expr: mac('scrape_duration_seconds'), legend: 'scrape' }],
    }),
    timeSeries({
      title: 'CPU of the exporter',
      description: 'Cores that the exporter keeps busy. From process_cpu_seconds_total.',
      unit: 'percentunit',
      w: 8,
      h: 6,
      min: 0,
      queries: [{ expr: rate('process_cpu_seconds_total'), legend: 'exporter' }],
    }),
    timeSeries({
      title: 'Memory of the exporter',
      description: 'Resident memory. From process_resident_memory_bytes.',
      unit: 'bytes',
      w: 8,
      h: 6,
      min: 0,
      queries: [{ expr: mac('process_resident_memory_bytes'), legend: 'resident' }],
    }),
    timeSeries({
      title: 'Length of windows',
      description:
        'What the gauges that are means over time are means over. From metalstat_exporter_window_seconds.',
      unit: 's',
      w: 8,
      h: 6,
      min: 0,
      queries: [{ expr: mac('metalstat_exporter_window_seconds'), legend: '{{collector}}' }],
    }),
    timeSeries({
      title: 'Left out',
      description:
        'Temperature sensors whose value was none, and series of apps that are part of other. From metalstat_exporter_sensors_rejected and metalstat_exporter_series_dropped.',
      unit: 'short',
      w: 8,
      h: 6,
      min: 0,
      queries: [
        { expr: mac('metalstat_exporter_sensors_rejected'), legend: 'sensors: {{reason}}' },
        { expr: mac('metalstat_exporter_series_dropped'), legend: 'series: {{reason}}' },
      ],
    }),
  ],
};
