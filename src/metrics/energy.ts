import { family } from './metric';

export const energyFamilies = [
  family({
    name: 'mac_energy_joules_total',
    kind: 'counter',
    unit: 'joules',
    labels: ['rail', 'die'],
    help: 'Energy of each power rail. The rails are disjoint; their sum is the chip, not the Mac. media and display are sums of several channels and start at 0 when the exporter starts, the others are raw counters. Absent while a rail has not been published for 10 s. From IOReport Energy Model.',
    collector: 'energy',
    from: ['energy'],
    read({ energy }, emit) {
      energy.series.forEach(({ rail, die }, i) => emit(energy.totals[i], rail, die));
    },
  }),
  family({
    name: 'mac_power_watts',
    kind: 'gauge',
    unit: 'watts',
    labels: ['rail'],
    help: 'Mean power of each rail over the window, timed by when the driver published the counters (macOS 27 does so every 2 s). For any other interval use rate() of mac_energy_joules_total. From IOReport Energy Model.',
    collector: 'energy',
    from: ['power'],
    window: 'power',
    read({ power }, emit) {
      power.rails.forEach((rail, i) => emit(power.watts[i], rail));
    },
  }),
  family({
    name: 'mac_energy_detail_joules_total',
    kind: 'counter',
    unit: 'joules',
    labels: ['rail', 'part', 'die'],
    help: 'Energy of parts of a rail: CPU clusters, GPU SRAM. Contained in mac_energy_joules_total; never add the two. From IOReport Energy Model.',
    collector: 'energy',
    from: ['energyDetail'],
    option: 'collector.energy.detail',
    read({ energyDetail }, emit) {
      energyDetail.parts.forEach(({ rail, part, die }, i) => emit(energyDetail.joules[i], rail, part, die));
    },
  }),
  family({
    name: 'mac_system_power_watts',
    kind: 'gauge',
    unit: 'watts',
    labels: [],
    help: 'Power of the whole Mac right now, as the SMC estimates it (on the one Mac where it was compared, 13 % above the battery gauge). It is no sum of rails. From SMC key PSTR.',
    collector: 'energy',
    from: ['systemPower'],
    read: ({ systemPower }, emit) => emit(systemPower.system),
  }),
  family({
    name: 'mac_adapter_power_watts',
    kind: 'gauge',
    unit: 'watts',
    labels: [],
    help: 'Power that comes in from the power adapter right now, charging the battery included. From SMC key PDTR.',
    collector: 'energy',
    from: ['systemPower'],
    read: ({ systemPower }, emit) => emit(systemPower.adapter),
  }),
  family({
    name: 'mac_battery_power_watts',
    kind: 'gauge',
    unit: 'watts',
    labels: [],
    help: 'Power out of the battery, negative while it charges; macOS refreshes it about once a minute. From AppleSmartBattery PowerTelemetryData, BatteryPower.',
    collector: 'energy',
    from: ['batteryPower'],
    read: ({ batteryPower }, emit) => emit(batteryPower.watts),
  }),
] as const;
