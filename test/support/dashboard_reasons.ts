// Why a panel may be empty on a machine, and what may differ while a collector fails.

import type { FaultPlan } from './exporter';

export interface Reason {
  readonly on: RegExp;
  readonly because: string;
}

const VIRTUAL: Reason = { on: /^VirtualMac/, because: 'macOS gives a virtual machine no such facility' };
const NO_BANDWIDTH: Reason = {
  on: /^(Mac13,2|Mac17,5)/,
  because: 'neither the memory controller nor the power manager lists such channels',
};
const DESKTOP: Reason = {
  on: /^(Mac13,[12]|Mac14,1[24]|Mac15,14|Mac16,10|Mac16,9|Macmini9,1)_/,
  because: 'a desktop has no battery',
};
const DEAD_RAILS: Reason = {
  on: /^(Mac15,9|Mac16,8|Mac17,5)_/,
  because: 'the drivers of some rails do not publish them: the others are not the chip',
};
const NO_TOKENS: Reason = { on: /^(?!.*(llm|__mixed))/, because: 'no server of models runs on it' };
const OWN: Reason = {
  on: /./,
  because:
    'what the exporter counts of its own process is real time, and here time is stepped; asked of a running one',
};

const virtualOnly = (...titles: readonly string[]) =>
  Object.fromEntries(titles.map((title) => [title, [VIRTUAL]] as const));

/** By the title of a panel. */
export const EMPTY: Readonly<Record<string, readonly Reason[]>> = {
  ...virtualOnly(
    'Thermal pressure',
    'GPU',
    'GPU heat limit',
    'Limited by heat',
    'Throttling and recoveries',
    'GPU utilisation',
    'GPU frequency',
    'GPU frequency while awake',
    'Time in performance states',
    'Metal memory',
    'Room for a model',
    'CPU by cluster',
    'CPU frequency by cluster',
    'Cores',
    'Power by rail',
    'Energy of the range by rail',
    'Age of the last publication',
    'Neural Engine',
    'Temperatures',
    'Sensors by role',
    'GPU by app',
    'Power by app',
    'GPU by process',
  ),
  'Chip power': [VIRTUAL, DEAD_RAILS],
  'Energy of the range': [VIRTUAL, DEAD_RAILS],
  'Cost of the range': [VIRTUAL, DEAD_RAILS],
  Bandwidth: [VIRTUAL, NO_BANDWIDTH],
  'Whole Mac': [VIRTUAL],
  'Memory bandwidth by agent': [VIRTUAL, NO_BANDWIDTH],
  'Memory bandwidth by direction': [
    VIRTUAL,
    NO_BANDWIDTH,
    {
      on: /^(Mac15,9|Mac16|Mac17)/,
      because: 'the memory controller delivers no counts; the estimate knows no directions',
    },
  ],
  'Clusters powered down': [
    VIRTUAL,
    {
      on: /__(m1|m1-pro|m1-max|m1-ultra|m2|m2-pro|m2-ultra|m3|m4|m5|a18-pro)__/,
      because: 'the chip has no state DOWN',
    },
  ],
  'Adapter and battery': [
    VIRTUAL,
    {
      on: /^(Mac13,2|Mac15,14|Mac16,10|Mac16,9)_/,
      because: 'the SMC of this desktop has no key for its power supply',
    },
  ],
  Fans: [VIRTUAL, { on: /^(Mac14,2|Mac15,12|Mac17,5)_/, because: 'it has no fan' }],
  Charge: [VIRTUAL, DESKTOP],
  'Battery temperature': [VIRTUAL, DESKTOP],
  'Charge cycles': [VIRTUAL, DESKTOP],
  'Neural Engine by app': [
    VIRTUAL,
    { on: /^Mac14,6_.*__13\.6__/, because: 'macOS 13 does not count it for coalitions' },
  ],
  'CPU of the exporter': [OWN],
  'Memory of the exporter': [OWN],
  'Tokens a second': [NO_TOKENS],
  'Tokens per joule': [NO_TOKENS, DEAD_RAILS],
  'Tokens and what they cost': [NO_TOKENS],
  'Wired limit': [{ on: /^(?!Mac17,6.*__load)/, because: 'nobody has set the limit by hand' }],
  Reachable: [{ on: /./, because: 'all Macs answered all the time' }],
  'Firing alerts': [{ on: /./, because: 'no rules are loaded here; asked where they are' }],
};

const forever = (...functions: string[]): FaultPlan => ({
  calls: functions.map((name) => ({ function: name, nth: 1, forever: true })),
});

/** Failures by name. */
export const FAILURES: Readonly<Record<string, FaultPlan>> = {
  ioreport: forever('IOReportCreateSamples'),
  accelerator: forever('IORegistryEntryCreateCFProperty'),
  host: forever('host_statistics64', 'host_processor_info'),
  sysctl: forever('sysctlbyname'),
  smc: forever('IOConnectCallStructMethod'),
  hid: forever('IOHIDServiceClientCopyEvent'),
  notify: forever('notify_get_state'),
  libproc: forever('proc_listpids'),
  coalition: { calls: [{ function: 'coalition_info_resource_usage', nth: 1, forever: true, code: 1 }] },
};

/** What is about failing, or about who has a label; by title and by failure. */
export const MAY_DIFFER: readonly {
  readonly titles: RegExp;
  readonly failures: RegExp;
  readonly because: string;
}[] = [
  {
    titles: /^(Collectors failing|Collectors|Time of each source|Left out)$/,
    failures: /./,
    because: 'it tells of the failure',
  },
  {
    titles: / by (app|process)$/,
    failures: /^(libproc|coalition|accelerator)$/,
    because: 'who has a label depends on all that is known of apps; the rest is other',
  },
];
