// What makes each alert fire: signals with their value while all is well, one step below the threshold, and beyond it.

import { seriesName, type SeriesValues, type Values } from './promtool';

export interface Signal {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** A counter's values are what it grows by in a minute. */
  readonly counter?: true;
  readonly healthy: number;
  readonly below: number;
  readonly firing: number;
}

export interface Story {
  readonly alert: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly signals: readonly Signal[];
  /** Minutes from the first bad value to the alert. */
  readonly after: number;
  /** Minutes from the first good value, after which it must have ended. */
  readonly resolves: number;
  /** Labels of the alert, beside job, instance and severity. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What `{{ $value | … }}` in its texts comes to. */
  readonly value?: string;
}

/** Minutes that all is well before it is not. */
export const HEALTHY = 10;
export const WHO = { job: 'mac', instance: 'mac-1:13013' } as const;

/** Values over the minutes: well, then as `phase` says for `length`, then well again. */
export function play(
  signals: readonly Signal[],
  phase: 'below' | 'firing',
  { length, well = 0, staleEvery }: { length: number; well?: number; staleEvery?: number },
): SeriesValues {
  const series = new Map<string, Values>();
  for (const signal of signals) {
    let sum = 0;
    const values = Array.from({ length: HEALTHY + length + well }, (_, minute) => {
      const isOn = minute >= HEALTHY && minute < HEALTHY + length;
      const value = isOn ? signal[phase] : signal.healthy;
      sum += value;
      const isStale = staleEvery !== undefined && isOn && (minute - HEALTHY) % staleEvery === staleEvery - 1;
      return isStale ? undefined : signal.counter ? sum : value;
    });
    series.set(seriesName(signal.metric, { ...WHO, ...signal.labels }), values);
  }
  return series;
}

/** Bytes in a minute of 10 MB/s, which is the threshold. */
const SWAP_MINUTE = 60 * 10e6;

export const STORIES: readonly Story[] = [
  {
    alert: 'MemoryPressureRed',
    severity: 'warning',
    signals: [{ metric: 'memory_pressure_level', healthy: 0, below: 1, firing: 2 }],
    after: 5 + 10,
    resolves: 0,
  },
  {
    alert: 'MemoryPressureCritical',
    severity: 'critical',
    signals: [{ metric: 'mac_memory_pressure_kernel_level', healthy: 1, below: 2, firing: 4 }],
    after: 5 + 5,
    resolves: 0,
  },
  {
    alert: 'MemoryPressureCritical',
    severity: 'critical',
    signals: [
      { metric: 'memory_pressure_level', healthy: 0, below: 2, firing: 2 },
      {
        metric: 'mac_memory_swapped_out_bytes_total',
        counter: true,
        healthy: 0,
        below: SWAP_MINUTE,
        firing: SWAP_MINUTE * 1.5,
      },
    ],
    after: 5 + 5,
    resolves: 0,
  },
  {
    alert: 'MetalMemoryNearLimit',
    severity: 'warning',
    signals: [
      { metric: 'metal_alloc_bytes', healthy: 10e9, below: 95e9, firing: 96e9 },
      { metric: 'mac_metal_recommended_max_bytes', healthy: 100e9, below: 100e9, firing: 100e9 },
    ],
    after: 5 + 10,
    resolves: 0,
    value: '96%',
  },
  {
    alert: 'MacDown',
    severity: 'warning',
    signals: [{ metric: 'up', healthy: 1, below: 1, firing: 0 }],
    after: 10 + 5,
    resolves: 0,
  },
  {
    alert: 'MacRebooted',
    severity: 'info',
    signals: [{ metric: 'mac_boot_time_seconds', healthy: 1.7e9, below: 1.7e9 + 60, firing: 1.7e9 + 61 }],
    after: 0,
    resolves: 60,
  },
  {
    alert: 'ThermalPressureHeavy',
    severity: 'warning',
    signals: [{ metric: 'mac_thermal_pressure_level', healthy: 0, below: 1, firing: 2 }],
    after: 5 + 15,
    resolves: 0,
  },
  {
    alert: 'ThermalPressureCritical',
    severity: 'critical',
    signals: [{ metric: 'mac_thermal_pressure_level', healthy: 0, below: 2, firing: 3 }],
    after: 5 + 5,
    resolves: 0,
  },
  {
    alert: 'FanStopped',
    severity: 'warning',
    labels: { fan: '1' },
    signals: [
      { metric: 'mac_fan_speed_rpm', labels: { fan: '1' }, healthy: 1500, below: 1, firing: 0 },
      { metric: 'mac_fan_speed_target_rpm', labels: { fan: '1' }, healthy: 1500, below: 1500, firing: 1500 },
    ],
    after: 5 + 5,
    resolves: 0,
  },
  {
    alert: 'TemperatureHigh',
    severity: 'warning',
    signals: [{ metric: 'mac_cpu_temperature_celsius', healthy: 50, below: 100, firing: 101 }],
    after: 5 + 10,
    resolves: 0,
    value: '101',
  },
  {
    alert: 'TemperatureHigh',
    severity: 'warning',
    signals: [{ metric: 'mac_gpu_temperature_celsius', healthy: 50, below: 100, firing: 101 }],
    after: 5 + 10,
    resolves: 0,
    value: '101',
  },
  {
    alert: 'GpuThermallyLimited',
    severity: 'warning',
    signals: [
      { metric: 'mac_gpu_cltm_limited_seconds_total', counter: true, healthy: 0, below: 47, firing: 54 },
      { metric: 'mac_gpu_active_seconds_total', counter: true, healthy: 60, below: 60, firing: 60 },
    ],
    after: 4 + 15,
    resolves: 0,
    value: '90%',
  },
  {
    alert: 'GpuThermallyLimited',
    severity: 'warning',
    // Limited all the time, and not at work: that is no trouble.
    signals: [
      { metric: 'mac_gpu_cltm_limited_seconds_total', counter: true, healthy: 0, below: 30, firing: 60 },
      { metric: 'mac_gpu_active_seconds_total', counter: true, healthy: 0, below: 30, firing: 60 },
    ],
    after: 2 + 15,
    resolves: 2,
    value: '100%',
  },
  {
    alert: 'GpuRecovered',
    severity: 'warning',
    signals: [{ metric: 'mac_gpu_recoveries_total', counter: true, healthy: 0, below: 0, firing: 1 }],
    after: 0,
    resolves: 14,
  },
  {
    alert: 'CollectorFailing',
    severity: 'warning',
    labels: { collector: 'fan' },
    signals: [
      {
        metric: 'metalstat_exporter_collector_success',
        labels: { collector: 'fan' },
        healthy: 1,
        below: 1,
        firing: 0,
      },
    ],
    after: 10 + 5,
    resolves: 0,
  },
  {
    alert: 'EnergyRailDead',
    severity: 'info',
    labels: { rail: 'ane' },
    signals: [
      {
        metric: 'metalstat_exporter_rail_publication_age_seconds',
        labels: { rail: 'ane' },
        healthy: 1,
        below: 60,
        firing: 61,
      },
    ],
    after: 5 + 15,
    resolves: 0,
    value: '1m 1s',
  },
  {
    alert: 'ExporterRestarting',
    severity: 'warning',
    // It moves with each start.
    signals: [{ metric: 'process_start_time_seconds', counter: true, healthy: 0, below: 0, firing: 60 }],
    after: 3,
    resolves: 56,
    value: '4',
  },
  {
    alert: 'ConfigReloadFailed',
    severity: 'warning',
    signals: [
      { metric: 'metalstat_exporter_config_last_reload_successful', healthy: 1, below: 1, firing: 0 },
    ],
    after: 5 + 10,
    resolves: 0,
  },
  {
    alert: 'MacNotLive',
    severity: 'info',
    labels: { origin: 'machine-file', machine: 'some' },
    signals: [
      {
        metric: 'metalstat_exporter_machine_info',
        labels: { origin: 'machine-file', machine: 'some' },
        healthy: 0,
        below: 0,
        firing: 1,
      },
    ],
    after: 5,
    resolves: 5,
  },
];
