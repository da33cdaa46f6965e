import { timeline, timeSeries } from '../panels/kinds';
import { mac } from '../panels/query';
import { TEMPERATURE_STEPS, THERMAL_STATES, YES_NO } from '../panels/states';
import type { Row } from '../panels/board';

export const temperatures = (w: number, h: number) =>
  timeSeries({
    title: 'Temperatures',
    description:
      'Hottest core, hottest part of the GPU, hottest sensor that macOS itself lists on the die. What is switched off has no temperature. From mac_cpu_temperature_celsius, mac_gpu_temperature_celsius and mac_soc_temperature_celsius.',
    unit: 'celsius',
    w,
    h,
    bare: true,
    queries: [
      { expr: mac('mac_cpu_temperature_celsius'), legend: 'CPU' },
      { expr: mac('mac_gpu_temperature_celsius'), legend: 'GPU' },
      { expr: mac('mac_soc_temperature_celsius'), legend: 'die' },
    ],
    steps: TEMPERATURE_STEPS,
    overrides: [
      { of: 'CPU', set: { color: { mode: 'fixed', fixedColor: 'blue' } } },
      { of: 'GPU', set: { color: { mode: 'fixed', fixedColor: 'orange' } } },
      { of: 'die', set: { color: { mode: 'fixed', fixedColor: 'text' } } },
    ],
  });

export const heat: Row = {
  title: 'Temperatures and fans',
  panels: [
    temperatures(12, 8),
    timeSeries({
      title: 'Fans',
      description:
        'Speed of each fan, and what macOS wants of it. A fan at 0 with a target above 0 is broken. From mac_fan_speed_rpm and mac_fan_speed_target_rpm.',
      unit: 'rotrpm',
      bare: true,
      w: 12,
      h: 8,
      min: 0,
      queries: [
        { expr: mac('mac_fan_speed_rpm'), legend: 'fan {{fan}}' },
        { expr: mac('mac_fan_speed_target_rpm'), legend: 'fan {{fan}} target' },
        { expr: `max by (instance) (${mac('mac_fan_speed_max_rpm')})`, legend: 'highest' },
      ],
      overrides: [
        {
          of: '/target|highest/',
          set: { 'custom.lineStyle': { fill: 'dash', dash: [8, 6] }, 'custom.fillOpacity': 0 },
        },
      ],
    }),
    timeline({
      title: 'Thermal pressure',
      description:
        'How hard macOS holds the Mac back. Heavy for 20 minutes raises an alert, trapping for 10 pages. From mac_thermal_pressure_level.',
      unit: 'none',
      w: 12,
      h: 4,
      queries: [{ expr: mac('mac_thermal_pressure_level'), legend: 'pressure' }],
      ...THERMAL_STATES,
    }),
    timeline({
      title: 'Low Power Mode',
      description: 'Whether CPU and GPU are slowed to save power. From mac_low_power_mode.',
      unit: 'none',
      w: 12,
      h: 4,
      queries: [{ expr: mac('mac_low_power_mode'), legend: 'Low Power Mode' }],
      ...YES_NO,
    }),
    timeSeries({
      title: 'Sensors by role',
      description: 'Hottest sensor of each role. From mac_temperature_celsius.',
      unit: 'celsius',
      w: 24,
      h: 8,
      calcs: ['mean', 'max'],
      bare: true,
      queries: [{ expr: mac('mac_temperature_celsius'), legend: '{{sensor}}' }],
    }),
  ],
};
