import { family } from './metric';

export const aneFamilies = [
  family({
    name: 'mac_ane_work_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: [],
    help: 'Time the Neural Engine has worked for all apps since the exporter started, added up when a piece of work ends; pieces that run side by side may make more than a second a second. It also counts where the energy rail of the ANE is dead. Absent until there is any. From coalition_info_resource_usage, ane_mach_time.',
    collector: 'ane',
    from: ['aneWork'],
    read: ({ aneWork }, emit) => emit(aneWork.seconds),
  }),
] as const;
