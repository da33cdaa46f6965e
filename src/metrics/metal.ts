import { family } from './metric';

const STATISTICS = 'IOAccelerator PerformanceStatistics';

export const metalFamilies = [
  family({
    name: 'metal_alloc_bytes',
    kind: 'gauge',
    unit: 'bytes',
    labels: [],
    help: `Memory allocated for the GPU by all processes, the weights of a loaded model included. It is unified memory, there is no VRAM. From ${STATISTICS}, Alloc system memory.`,
    collector: 'metal',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.allocated),
  }),
  family({
    name: 'mac_metal_in_use_bytes',
    kind: 'gauge',
    unit: 'bytes',
    labels: [],
    help: `The part of metal_alloc_bytes in use right now; it falls when a loaded model idles. From ${STATISTICS}, In use system memory.`,
    collector: 'metal',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.inUse),
  }),
  family({
    name: 'mac_metal_driver_in_use_bytes',
    kind: 'gauge',
    unit: 'bytes',
    labels: [],
    help: `Memory in use by the GPU driver itself. From ${STATISTICS}, In use system memory (driver).`,
    collector: 'metal',
    from: ['accelerator'],
    read: ({ accelerator }, emit) => emit(accelerator.driverInUse),
  }),
  family({
    name: 'mac_metal_recommended_max_bytes',
    kind: 'gauge',
    unit: 'bytes',
    labels: [],
    help: 'What Metal advises processes to stay below together, the wired limit included; asked at start and when the wired limit changes. From MTLDevice recommendedMaxWorkingSetSize.',
    collector: 'metal',
    from: ['metalDevice'],
    read: ({ metalDevice }, emit) => emit(metalDevice.recommended),
  }),
  family({
    name: 'mac_metal_wired_limit_bytes',
    kind: 'gauge',
    unit: 'bytes',
    labels: [],
    help: 'Most memory the GPU may wire, where it was set by hand; absent while macOS decides. From sysctl iogpu.wired_limit_mb.',
    collector: 'metal',
    from: ['wiredLimit'],
    read({ wiredLimit }, emit) {
      if (wiredLimit.bytes > 0) emit(wiredLimit.bytes);
    },
  }),
] as const;
