// One machine doing one thing: a machine file.
import { cpu } from './cpu';
import { gpu } from './gpu';
import { host, sysctl } from './host';
import { ioreport } from './ioreport';
import { registry } from './registry';
import type { Facts, MachineFile, Workload } from './types';
import { absolute, HZ } from './workload';

export function build(facts: Facts, workload: Workload): MachineFile {
  const traces = { cpu: cpu(facts, workload), gpu: gpu(facts, workload) };
  const frames = absolute(workload);
  return {
    format: 1,
    about: workload.about,
    origin: 'built',
    clock: {
      timebase: [125, 3],
      absolute: frames,
      continuous: frames.map((ticks) => ticks + workload.asleep * HZ),
    },
    ioreport: ioreport(facts, workload, traces),
    ioregistry: registry(facts, workload, traces.gpu),
    host: host(facts, workload, traces.cpu),
    sysctl: sysctl(facts, workload),
  };
}
