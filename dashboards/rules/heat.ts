import { JOB } from '../names';
import { TEMPERATURE, THERMAL } from '../thresholds';
import type { Alert } from './alert';

const mac = `{job="${JOB}"}`;
const level = (m: string) => `min_over_time(mac_thermal_pressure_level${mac}[${m}])`;

export const heatAlerts: readonly Alert[] = [
  {
    name: 'ThermalPressureHeavy',
    severity: 'warning',
    when: 'thermal pressure is heavy or worse for 20 minutes',
    expr: (m) => `${level(m(5))} >= ${THERMAL.heavy}`,
    for: 15,
    summary: '{{ $labels.instance }} is held back to keep it cool',
    description:
      'macOS has called the thermal pressure heavy for 20 minutes: CPU and GPU run below their speed. Look at the room, the air around the Mac, dust and fans; a laptop under a lid or in a bag does the same.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'ThermalPressureCritical',
    severity: 'critical',
    when: 'thermal pressure is trapping or worse for 10 minutes',
    expr: (m) => `${level(m(5))} >= ${THERMAL.trapping}`,
    for: 5,
    summary: '{{ $labels.instance }} is close to sleeping from heat',
    description:
      'The thermal pressure is trapping or worse, for 10 minutes: macOS takes away all the speed it can, and puts the Mac to sleep next. Take its load away and look at its cooling.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'FanStopped',
    severity: 'warning',
    when: 'a fan that should turn stands still for 10 minutes',
    expr: (m) => `
      max_over_time(mac_fan_speed_rpm${mac}[${m(5)}]) == 0
      and
      min_over_time(mac_fan_speed_target_rpm${mac}[${m(5)}]) > 0`,
    for: 5,
    summary: 'Fan {{ $labels.fan }} of {{ $labels.instance }} stands still and should not',
    description:
      'macOS wants this fan to turn and it has not, for 10 minutes. Fans of laptops do stand still when the Mac is cool; then their target is 0. This one is blocked or broken.',
    dashboard: 'mac',
    by: 'instance',
  },
  {
    name: 'TemperatureHigh',
    severity: 'warning',
    when: `the hottest core, or part of the GPU, is above ${TEMPERATURE.hot} °C for 15 minutes`,
    expr: (m) => `
      min_over_time(mac_cpu_temperature_celsius${mac}[${m(5)}]) > ${TEMPERATURE.hot}
      or
      min_over_time(mac_gpu_temperature_celsius${mac}[${m(5)}]) > ${TEMPERATURE.hot}`,
    for: 10,
    summary: '{{ $labels.instance }} has been at {{ $value | humanize }} °C',
    description:
      'The hottest core, or the hottest part of the GPU, has not been below 100 °C for 15 minutes. Small Macs reach that under load by design, and macOS protects them; compare with the thermal pressure.',
    dashboard: 'mac',
    by: 'instance',
    optional: true,
  },
];
