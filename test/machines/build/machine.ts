// One machine doing one thing: a machine file.
import { groups } from './apps';
import { batteryEntries } from './battery';
import { coalition } from './coalition';
import { cpu } from './cpu';
import { draw } from './draw';
import { gpu } from './gpu';
import { hid } from './hid';
import { host, sysctl } from './host';
import { ioreport } from './ioreport';
import { libproc } from './libproc';
import { metalSection } from './metal';
import { notify } from './notify';
import { registry } from './registry';
import { smc, smcEntries } from './smc';
import type { Facts, MachineFile, Workload } from './types';
import { used } from './used';
import { inside } from './virtual';
import { absolute, continuous } from './workload';

export function build(facts: Facts, workload: Workload): MachineFile {
  const traces = { cpu: cpu(facts, workload), gpu: gpu(facts, workload) };
  const reports = ioreport(facts, workload, traces);
  const drawn = draw(facts, workload, reports);
  const statistics = host(facts, workload, traces.cpu);
  const accounts = used(facts, workload, groups(workload), statistics, reports);
  const file: MachineFile = {
    format: 1,
    about: workload.about,
    origin: 'built',
    clock: {
      timebase: [125, 3],
      absolute: absolute(workload),
      continuous: continuous(workload),
    },
    ioreport: reports,
    ioregistry: [
      ...registry(facts, workload, traces.gpu),
      ...smcEntries(facts),
      ...batteryEntries(facts, workload, drawn),
    ],
    host: statistics,
    sysctl: sysctl(facts, workload),
    ...present({
      smc: smc(facts, workload, drawn),
      hid: hid(facts, workload, drawn),
      libproc: libproc(workload, accounts),
      coalition: coalition(facts, workload, accounts),
      notify: notify(workload),
      metal: metalSection(facts, workload),
    }),
  };
  return facts.virtual ? { ...file, ...inside(facts, file) } : file;
}

/** What a Mac does not have is left out of its file. */
const present = <T extends object>(sections: T): Present<T> =>
  Object.fromEntries(Object.entries(sections).filter(([, section]) => section !== undefined)) as Present<T>;

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
