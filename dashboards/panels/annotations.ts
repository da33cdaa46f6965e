// What happened, over every panel. Each event is one instant: the first step at which something is not as a step before.

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { BOOT_TIME_MOVED } from '../thresholds';
import { DATASOURCE } from './panel';
import { mac } from './query';

interface Event {
  readonly name: string;
  readonly colour: string;
  readonly expr: string;
  readonly title: string;
  readonly tags: string;
  /** Too many for the dashboard of many Macs, unless they are asked for. */
  readonly ofOne?: true;
}

const before = 'offset $__interval';
/** What was last said within an hour, a step before: a Mac that restarts is silent for a while. */
const last = (family: string) => `last_over_time(${mac(family)}[1h] ${before})`;

const FIRING = mac('ALERTS', 'alertstate="firing",severity!="info"');

/** 1 at steps at which a level changes. A value of 0 would be no event. */
const changed = (family: string) => `(${mac(family)} != bool (${mac(family)} ${before})) == 1`;

const EVENTS: readonly Event[] = [
  {
    name: 'Firing alerts',
    colour: 'red',
    // Where it begins: some fire for weeks, and would cover all.
    expr: `${FIRING} unless ${FIRING} ${before}`,
    title: '{{alertname}}',
    tags: 'severity',
  },
  {
    name: 'Memory pressure changes',
    colour: 'yellow',
    expr: changed('memory_pressure_level'),
    title: 'Memory pressure changed',
    tags: 'instance',
    ofOne: true,
  },
  {
    name: 'Thermal pressure changes',
    colour: 'orange',
    expr: changed('mac_thermal_pressure_level'),
    title: 'Thermal pressure changed',
    tags: 'instance',
    ofOne: true,
  },
  {
    name: 'Reboots',
    colour: 'purple',
    // Not changes(): the kernel moves the boot time whenever the clock is set.
    expr: `(${mac('mac_boot_time_seconds')} - ${last('mac_boot_time_seconds')}) > ${BOOT_TIME_MOVED}`,
    title: 'Rebooted',
    tags: 'instance',
  },
  {
    name: 'Exporter upgrades',
    colour: 'blue',
    expr: [
      mac('metalstat_exporter_build_info'),
      `unless on (job, instance, version) ${last('metalstat_exporter_build_info')}`,
      `and on (job, instance) ${last('metalstat_exporter_build_info')}`,
    ].join(' '),
    title: 'Exporter upgraded to {{version}}',
    tags: 'instance',
  },
];

export const annotations = (ofMany: boolean): AnnotationQueryBuilder[] =>
  EVENTS.map(({ name, colour, expr, title, tags, ofOne }) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(DATASOURCE)
      .enable(!(ofMany && ofOne))
      .hide(false)
      .iconColor(colour)
      .expr(expr)
      .step('15s')
      .titleFormat(title)
      .textFormat('{{instance}}')
      .tagKeys(tags),
  );
