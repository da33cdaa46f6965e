import { family } from './metric';

export const fanFamilies = [
  family({
    name: 'mac_fan_speed_rpm',
    kind: 'gauge',
    unit: 'rpm',
    labels: ['fan'],
    help: 'Speed of each fan. Fans of laptops stand still when the Mac is cool. From SMC keys F0Ac and up.',
    collector: 'fan',
    from: ['fans'],
    read: ({ fans }, emit) => fans.fans.forEach((fan, i) => emit(fans.actual[i], fan)),
  }),
  family({
    name: 'mac_fan_speed_min_rpm',
    kind: 'gauge',
    unit: 'rpm',
    labels: ['fan'],
    help: 'Lowest speed of each fan while it runs. From SMC keys F0Mn and up.',
    collector: 'fan',
    from: ['fans'],
    read: ({ fans }, emit) => fans.fans.forEach((fan, i) => emit(fans.lowest[i], fan)),
  }),
  family({
    name: 'mac_fan_speed_max_rpm',
    kind: 'gauge',
    unit: 'rpm',
    labels: ['fan'],
    help: 'Highest speed of each fan. From SMC keys F0Mx and up.',
    collector: 'fan',
    from: ['fans'],
    read: ({ fans }, emit) => fans.fans.forEach((fan, i) => emit(fans.highest[i], fan)),
  }),
  family({
    name: 'mac_fan_speed_target_rpm',
    kind: 'gauge',
    unit: 'rpm',
    labels: ['fan'],
    help: 'Speed that macOS wants of each fan: a fan at 0 with a target above 0 is broken. From SMC keys F0Tg and up.',
    collector: 'fan',
    from: ['fans'],
    read: ({ fans }, emit) => fans.fans.forEach((fan, i) => emit(fans.target[i], fan)),
  }),
] as const;
