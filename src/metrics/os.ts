import { family } from './metric';

export const osFamilies = [
  family({
    name: 'mac_info',
    kind: 'gauge',
    unit: '',
    labels: ['model', 'chip', 'os_version', 'os_build'],
    help: 'Always 1; what this Mac is. From sysctl hw.model, machdep.cpu.brand_string, kern.osproductversion and kern.osversion.',
    collector: 'os',
    from: ['identity'],
    read: ({ identity }, emit) => emit(1, identity.model, identity.chip, identity.version, identity.build),
  }),
  family({
    name: 'mac_gpu_info',
    kind: 'gauge',
    unit: '',
    labels: ['name', 'metal_family'],
    help: 'Always 1; what the GPU is. From IOAccelerator, model.',
    collector: 'os',
    from: ['gpuIdentity'],
    read({ gpuIdentity }, emit) {
      if (gpuIdentity.name !== '') emit(1, gpuIdentity.name, '');
    },
  }),
  family({
    name: 'mac_boot_time_seconds',
    kind: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'Unix time of the last boot, read once when the exporter starts: the kernel moves it whenever the clock is set. From sysctl kern.boottime.',
    collector: 'os',
    from: ['boot'],
    read: ({ boot }, emit) => emit(boot.seconds),
  }),
  family({
    name: 'mac_sleep_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels: [],
    help: 'Time this Mac has slept since it booted. From mach_continuous_time less mach_absolute_time.',
    collector: 'os',
    from: ['clocks'],
    read: ({ clocks }, emit) => emit(clocks.asleep),
  }),
] as const;
