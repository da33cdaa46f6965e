import { REJECTIONS } from '../chips/sensors';
import { family } from './metric';

export const exporterFamilies = [
  family({
    name: 'metalstat_exporter_build_info',
    kind: 'gauge',
    unit: '',
    labels: ['version', 'node_version', 'platform', 'arch'],
    help: 'Always 1; what the exporter is.',
    collector: 'exporter',
    from: ['health'],
    volatile: true,
    read: ({ health: { build } }, emit) => emit(1, build.version, build.node, build.platform, build.arch),
  }),
  family({
    name: 'metalstat_exporter_machine_info',
    kind: 'gauge',
    unit: '',
    labels: ['origin', 'machine'],
    help: 'Always 1; where the values come from: origin is live for the Mac the exporter runs on, machine-file for a recording or a built file.',
    collector: 'exporter',
    from: ['health'],
    read: ({ health: { machine } }, emit) => emit(1, machine.origin, machine.name),
  }),
  family({
    name: 'metalstat_exporter_source_success',
    kind: 'gauge',
    unit: '',
    labels: ['source'],
    help: '1 if the last read of an OS facility met no error and came in time.',
    collector: 'exporter',
    from: ['health'],
    read({ health }, emit) {
      for (const { source, success } of health.sources) emit(success ? 1 : 0, source);
    },
  }),
  family({
    name: 'metalstat_exporter_source_duration_seconds',
    kind: 'gauge',
    unit: 'seconds',
    labels: ['source'],
    help: 'How long the last read of an OS facility took.',
    collector: 'exporter',
    from: ['health'],
    volatile: true,
    read({ health }, emit) {
      for (const { source, duration } of health.sources) emit(duration, source);
    },
  }),
  family({
    name: 'metalstat_exporter_source_timeout',
    kind: 'gauge',
    unit: '',
    labels: ['source'],
    help: '1 if an OS facility did not answer before the deadline of the scrape.',
    collector: 'exporter',
    from: ['health'],
    read({ health }, emit) {
      for (const { source, timedOut } of health.sources) emit(timedOut ? 1 : 0, source);
    },
  }),
  family({
    name: 'metalstat_exporter_collector_success',
    kind: 'gauge',
    unit: '',
    labels: ['collector'],
    help: '0 if something this Mac should have could not be read; absent for a collector that this Mac does not support.',
    collector: 'exporter',
    from: ['health'],
    read({ health }, emit) {
      for (const { collector, supported, success } of health.collectors)
        if (supported) emit(success ? 1 : 0, collector);
    },
  }),
  family({
    name: 'metalstat_exporter_collector_supported',
    kind: 'gauge',
    unit: '',
    labels: ['collector'],
    help: '0 if this Mac has nothing of what the collector reads.',
    collector: 'exporter',
    from: ['health'],
    read({ health }, emit) {
      for (const { collector, supported } of health.collectors) emit(supported ? 1 : 0, collector);
    },
  }),
  family({
    name: 'metalstat_exporter_window_seconds',
    kind: 'gauge',
    unit: 'seconds',
    labels: ['collector'],
    help: 'Length of the window that the gauges of a collector are means over.',
    collector: 'exporter',
    from: ['health'],
    read({ health }, emit) {
      for (const { collector, window } of health.collectors) emit(window, collector);
    },
  }),
  family({
    name: 'metalstat_exporter_rail_publication_age_seconds',
    kind: 'gauge',
    unit: 'seconds',
    labels: ['rail'],
    help: 'How long ago the driver last published the counter of a power rail.',
    collector: 'exporter',
    from: ['power'],
    read({ power }, emit) {
      power.rails.forEach((rail, i) => emit(power.ages[i], rail));
    },
  }),
  family({
    name: 'metalstat_exporter_sensors_rejected',
    kind: 'gauge',
    unit: '',
    labels: ['reason'],
    help: 'Temperature sensors whose value was none: below_15 (switched off), parked (a cluster that reads exactly 40), calibration (a constant), above_130 (a raw register).',
    collector: 'exporter',
    from: [],
    also: ['temperatures', 'allTemperatures', 'dieTemperature', 'allHidTemperatures'],
    read({ temperatures, allTemperatures, dieTemperature, allHidTemperatures }, emit) {
      const smc = allTemperatures ?? temperatures;
      const hid = allHidTemperatures ?? dieTemperature;
      if (!smc && !hid) return;
      REJECTIONS.forEach((reason, i) => emit((smc?.rejected[i] ?? 0) + (hid?.rejected[i] ?? 0), reason));
    },
  }),
  family({
    name: 'metalstat_exporter_series_dropped',
    kind: 'gauge',
    unit: '',
    labels: ['reason'],
    help: 'Series of living apps and processes that are part of other: top (no place among --collector.app.top), cap (a hundred labels at most), pattern (--collector.app.include, --collector.app.exclude).',
    collector: 'exporter',
    from: [],
    also: ['droppedSeries'],
    read({ droppedSeries }, emit) {
      droppedSeries?.reasons.forEach((reason, i) => emit(droppedSeries.series[i], reason));
    },
  }),
] as const;
