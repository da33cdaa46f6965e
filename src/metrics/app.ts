// What each app uses. Who has a label and who is part of `other` is decided in sampler/roster.ts.

import { USAGE, type AppUsage, type UsageName } from '../decode/apps';
import { family } from './metric';

const BY_APP =
  'of each app, a resource coalition named after its leader, since the exporter started; other is what all used that had no label of their own, so that the rates of all series add up to the whole.';
const USED = 'From coalition_info_resource_usage';
const CLIENTS = 'From the I/O Registry, accumulatedGPUTime of the AGXDeviceUserClients of IOAccelerator';
const LOST =
  'What a GPU context uses between its last reading and its end is lost; --sampling.interval makes that less.';

export const appFamilies = [
  family({
    name: 'mac_app_cpu_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['app'],
    help: `CPU time ${BY_APP} ${USED}, cpu_time.`,
    collector: 'app',
    from: ['appUsage'],
    read: ({ appUsage }, emit) => each(appUsage, 'cpu', emit),
  }),
  family({
    name: 'mac_app_gpu_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['app'],
    help: `GPU time ${BY_APP} Contexts run side by side: the sum may pass a second a second. ${LOST} ${CLIENTS}.`,
    collector: 'app',
    from: ['appGpu'],
    read({ appGpu: { names, seconds } }, emit) {
      names.forEach((app, i) => emit(seconds[i], app));
    },
  }),
  family({
    name: 'mac_app_ane_work_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['app'],
    help: `Neural Engine time ${BY_APP} Added up when a piece of work ends. ${USED}, ane_mach_time.`,
    collector: 'app',
    from: ['appUsage'],
    read: ({ appUsage }, emit) => each(appUsage, 'ane', emit),
  }),
  family({
    name: 'mac_app_energy_joules_total',
    kind: 'counter',
    unit: 'joules',
    labels: ['app', 'rail'],
    help: `Energy that the kernel books to processes ${BY_APP} rail is cpu, gpu or ane, each absent until this Mac has counted any; it is not the rails' energy divided up. ${USED}, energy, gpu_energy_nj, ane_energy_nj.`,
    collector: 'app',
    from: ['appUsage'],
    read({ appUsage }, emit) {
      each(appUsage, 'energyCpu', (value, app) => emit(value, app, 'cpu'));
      each(appUsage, 'energyGpu', (value, app) => emit(value, app, 'gpu'));
      each(appUsage, 'energyAne', (value, app) => emit(value, app, 'ane'));
    },
  }),
  family({
    name: 'mac_app_disk_bytes_total',
    kind: 'counter',
    unit: 'bytes',
    labels: ['app', 'direction'],
    help: `Bytes that went to or came from disks ${BY_APP} direction is read or write. ${USED}, bytesread and byteswritten.`,
    collector: 'app',
    from: ['appUsage'],
    read({ appUsage }, emit) {
      each(appUsage, 'read', (value, app) => emit(value, app, 'read'));
      each(appUsage, 'write', (value, app) => emit(value, app, 'write'));
    },
  }),
  family({
    name: 'mac_app_memory_bytes',
    kind: 'gauge',
    unit: 'bytes',
    labels: ['app'],
    help: 'Memory footprint of all processes of each app, GPU memory included. Only of apps whose processes may all be read: those of the user that the exporter runs as, and of all to root. From libproc proc_pid_rusage, ri_phys_footprint.',
    collector: 'app',
    from: ['appMemory'],
    read({ appMemory: { apps, bytes } }, emit) {
      apps.forEach((app, i) => emit(bytes[i], app));
    },
  }),
  family({
    name: 'mac_process_gpu_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: ['process'],
    help: `GPU time by executable since the exporter started, of processes of all users; other is what all used that had no label of their own. For Macs on which a terminal, sshd or a CI runner leads every app. ${LOST} ${CLIENTS}.`,
    collector: 'app',
    from: ['processGpu'],
    read({ processGpu: { names, seconds } }, emit) {
      names.forEach((process, i) => emit(seconds[i], process));
    },
  }),
] as const;

/** One counter of every app; nothing where this Mac does not count it. */
function each(
  { apps, usage }: AppUsage,
  counter: UsageName,
  emit: (value: number, app: string) => void,
): void {
  usage[USAGE.indexOf(counter)]!.forEach((value, i) => emit(value, apps[i]!));
}
