// What happened, over every panel.

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { BOOT_TIME_MOVED } from '../thresholds';
import { DATASOURCE } from './panel';
import { mac } from './query';

interface Event {
  readonly name: string;
  readonly colour: string;
  readonly expr: string;
  readonly title: string;
  readonly text: string;
  readonly tags: string;
}

const moved = (family: string, by: number) =>
  `max_over_time(${mac(family)}[$__rate_interval]) - min_over_time(${mac(family)}[$__rate_interval]) > ${by}`;

const EVENTS: readonly Event[] = [
  {
    name: 'Firing alerts',
    colour: 'red',
    expr: `max by (alertname, severity, instance) (${mac('ALERTS', 'alertstate="firing"')})`,
    title: '{{alertname}}',
    text: '{{instance}}',
    tags: 'severity',
  },
  {
    name: 'Memory pressure changes',
    colour: 'yellow',
    expr: `changes(${mac('memory_pressure_level')}[$__rate_interval]) > 0`,
    title: 'Memory pressure changed',
    text: '{{instance}}',
    tags: 'instance',
  },
  {
    name: 'Thermal pressure changes',
    colour: 'orange',
    expr: `changes(${mac('mac_thermal_pressure_level')}[$__rate_interval]) > 0`,
    title: 'Thermal pressure changed',
    text: '{{instance}}',
    tags: 'instance',
  },
  {
    name: 'Reboots',
    colour: 'purple',
    // Not changes(): the kernel moves the boot time whenever the clock is set.
    expr: moved('mac_boot_time_seconds', BOOT_TIME_MOVED),
    title: 'Rebooted',
    text: '{{instance}}',
    tags: 'instance',
  },
  {
    name: 'Exporter upgrades',
    colour: 'blue',
    expr: `count by (job, instance) (count by (job, instance, version) (last_over_time(${mac('metalstat_exporter_build_info')}[$__rate_interval]))) > 1`,
    title: 'Exporter upgraded',
    text: '{{instance}}',
    tags: 'instance',
  },
];

export const annotations = (): AnnotationQueryBuilder[] =>
  EVENTS.map(({ name, colour, expr, title, text, tags }) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(DATASOURCE)
      .enable(true)
      .hide(false)
      .iconColor(colour)
      .expr(expr)
      .step('15s')
      .titleFormat(title)
      .textFormat(text)
      .tagKeys(tags),
  );
