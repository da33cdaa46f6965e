// What a recording asks for: all that the exporter reads, and what tells more of a Mac that nobody has seen yet.

import { WANTS } from '../../decode/parts';
import type { Wants } from '../../native/native';
import { IDENTITY, IDENTITY_PROPERTIES } from './secrets';

const of = (place: string, ...properties: readonly string[]): readonly string[] =>
  properties.map((property) => `${place} ${property}`);

const LEVELS = [0, 1, 2, 3].flatMap((level) =>
  ['physicalcpu', 'physicalcpu_max', 'logicalcpu', 'logicalcpu_max', 'l2cachesize', 'cpusperl2'].map(
    (name) => `hw.perflevel${level}.${name}`,
  ),
);

/** IOReport groups and SMC keys are not named: of them all are recorded. */
export const RECORD_WANTS: Wants = {
  ...WANTS,
  ioregistry: {
    live: WANTS.ioregistry.live,
    facts: [
      ...WANTS.ioregistry.facts,
      ...of(
        'IOAccelerator',
        'MetalPluginName',
        'MetalPluginClassName',
        'GPUConfigurationVariable',
        'AGCInfo',
      ),
      ...of(`${WANTS.gpu_clients.parent}/*`, WANTS.gpu_clients.creator, WANTS.gpu_clients.list),
      ...of('IOAccelerator/*', 'CommandQueueCount'),
      ...of(IDENTITY, ...IDENTITY_PROPERTIES),
      ...of('IODeviceTree:/cpus/*', 'cluster-core-id', 'logical-cluster-id'),
      // The tables of a chip to come have other numbers.
      ...of('IODeviceTree:/arm-io/pmgr', 'voltage-states*', 'acc-clusters'),
      ...of('IODeviceTree:/arm-io/sgx', 'gpu-num-perf-states'),
      ...WANTS.power_sources.live,
      ...of(
        'AppleSmartBattery',
        'Amperage',
        'InstantAmperage',
        'Voltage',
        'Temperature',
        'AppleRawBatteryVoltage',
        'AppleRawCurrentCapacity',
        'AppleRawMaxCapacity',
        'AvgTimeToEmpty',
        'AvgTimeToFull',
        'BatteryInstalled',
        'DesignCapacity',
        'DesignCycleCount9C',
        'FullyCharged',
        'NominalChargeCapacity',
        'TimeRemaining',
      ),
    ],
  },
  sysctl: {
    live: WANTS.sysctl.live,
    numbers: [
      ...new Set([
        ...WANTS.sysctl.numbers,
        ...LEVELS,
        'hw.ncpu',
        'hw.logicalcpu',
        'hw.nperflevels',
        'hw.pagesize',
        'hw.tbfrequency',
      ]),
    ],
    texts: WANTS.sysctl.texts,
  },
};

/** Numbers of the registry that only grow; it does not tell them from others. */
export const COUNTERS: ReadonlySet<string> = new Set([
  WANTS.gpu_clients.member,
  'recoveryCount',
  // Of the GPU of a virtual machine.
  'commandsSubmitted',
  'hostStallCount',
]);
