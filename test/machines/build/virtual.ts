// What is there inside Virtualization.framework: no pmgr, no IOReport channel, no SMC, no sensors, no battery.
import { u32 } from './registry';
import type { Entry, Facts, MachineFile, Sysctl } from './types';
import { at } from './workload';

/** Instead of a Mac's. CPU ticks, memory and most sysctls are as on a Mac. */
export function inside(
  facts: Facts,
  file: MachineFile,
): Pick<MachineFile, 'ioreport' | 'ioregistry' | 'sysctl' | 'notify'> {
  return {
    ioreport: [],
    ioregistry: [accelerator(facts, file.clock.absolute.length), cpus(file.host.cpu.length)],
    sysctl: {
      ...Object.fromEntries(Object.entries(file.sysctl).filter(([name]) => name !== 'iogpu.wired_limit_mb')),
      'kern.hv_vmm_present': ['u32', 1] satisfies Sysctl,
    },
    notify: {}, // the server is there, nobody has set a state
  };
}

/** It has statistics, but none that a Mac's GPU driver has. */
const accelerator = ({ gpu }: Facts, frames: number): Entry => ({
  id: 4294968310,
  class: ['AppleParavirtGPU', 'IOService'],
  name: 'AppleParavirtGPU',
  properties: {},
  children: [
    {
      id: gpu.driver[0],
      class: gpu.class,
      name: gpu.driver[1],
      properties: {
        MetalPluginName: gpu.plugin,
        MetalPluginClassName: 'AppleParavirtDevice',
        PerformanceStatistics: {
          dict: {
            commandsSubmitted: { counter: repeated([81_266, 81_390, 81_811], frames, 748) },
            hostResourceCount: repeated([412, 412, 430, 418], frames),
            hostStallCount: { counter: 0 },
          },
        },
      },
    },
  ],
});

const repeated = (values: readonly number[], frames: number, by = 0): number[] =>
  Array.from(
    { length: frames },
    (_, n) => at(values, n % values.length) + by * Math.floor(n / values.length),
  );

/** Without a cluster-type: systeminformation #823. */
const cpus = (count: number): Entry => ({
  id: 4294967560,
  class: ['IOService'],
  name: 'cpus',
  path: 'IODeviceTree:/cpus',
  properties: {},
  children: Array.from({ length: count }, (_, n) => ({
    id: 4294967600 + n,
    class: ['IOPlatformDevice', 'IOService'],
    name: `cpu${n}`,
    properties: { 'logical-cpu-id': u32(n) },
  })),
});
