// What holds for the decoders of all parts.

import { openMachine } from '../../src/exporter';
import { Sampler } from '../../src/sampler/sampler';
import { machineText } from '../support/machines';
import { DECODED_NAMES, decoderOf, MADE_OF, readFor, WANTS } from '../../src/decode/parts';

const namesOf = (is: (name: (typeof DECODED_NAMES)[number]) => unknown): string[] => DECODED_NAMES.filter(is);

/** All that is asked of the OS by name, as groups of failures are called: without the property of a class. */
const ASKED = new Set<string>([
  ...WANTS.ioreport,
  ...[...WANTS.ioregistry.live, ...WANTS.ioregistry.facts].map((name) => name.replace(/(\/\*)? [^ ]+$/, '')),
  ...WANTS.sysctl.live,
  ...WANTS.sysctl.numbers,
  ...WANTS.sysctl.texts,
  ...WANTS.power_sources.live.map((name) => name.split(' ')[0]!),
  WANTS.gpu_clients.child,
  // Sources that are asked for all they have, or by prefixes and keys.
  ...['vm', 'cpu', 'clock', 'SMC', 'HID', 'Metal', 'notify', 'libproc', 'coalition'],
]);

test.each(DECODED_NAMES)('%s says whose failure is its own, and the OS is asked for it', (name) => {
  const { groups } = decoderOf(name);
  expect(groups.length).toBeGreaterThan(0);
  expect(groups.filter((group) => !ASKED.has(group))).toEqual([]);
});

test('tables of frequencies are those of two nodes, and a failure of either is one of what they are for', () => {
  const [pmgr, sgx] = ['IODeviceTree:/arm-io/pmgr', 'IODeviceTree:/arm-io/sgx'];
  for (const name of ['residency', 'gpu'] as const)
    expect(decoderOf(name).groups).toEqual(expect.arrayContaining([pmgr, sgx]));
  for (const name of ['voltage-states9', 'voltage-states9-sram', 'voltage-states47-sram'])
    expect(WANTS.ioregistry.facts).toContain(`${pmgr} ${name}`);
  for (const name of ['perf-states', 'perf-state-count'])
    expect(WANTS.ioregistry.facts).toContain(`${sgx} ${name}`);
});

test('a failure to read the map of the CPUs or the names of the tiers is one of what has tiers', () => {
  const names = [0, 1, 2, 3].map((level) => `hw.perflevel${level}.name`);
  for (const name of ['residency', 'offline', 'ticks'] as const)
    expect(decoderOf(name).groups).toEqual(expect.arrayContaining(['IODeviceTree:/cpus', ...names]));
});

test.each(DECODED_NAMES)('%s is not there on a Mac that lists and tells nothing', (name) => {
  expect(decoderOf(name).bind([], {})).toBeUndefined();
});

test('a Mac may lack some parts without a failure; it has all the others', () => {
  expect(namesOf((name) => !decoderOf(name).expected)).toEqual([
    'cltm',
    'throttler',
    'wiredLimit',
    'offline',
    'energyDetail',
    'bandwidth',
    'bandwidthEstimate',
    'allTemperatures',
    'allHidTemperatures',
    'fans',
    'battery',
    'batteryPower',
    'batteryTemperature',
  ]);
});

test('parts made of facts alone want no channel', () => {
  const channel = { subgroup: '', name: '', unit: '', id: '', driver: 0, states: [], at: 0 };
  const groups = [...ASKED, 'IOAccelerator'];
  const wanting = namesOf((name) =>
    ['PerformanceStatistics', ''].some((subgroup) =>
      groups.some((group) => decoderOf(name).wants({ ...channel, group, subgroup }, {})),
    ),
  );
  for (const name of ['gpuIdentity', 'gpuCores', 'memorySize', 'coreCounts', 'identity', 'boot'])
    expect(wanting).not.toContain(name);
});

test('channels that are chosen by facts are chosen again when there are more', () => {
  expect(namesOf((name) => decoderOf(name).choosesByFacts)).toEqual(['temperatures', 'thermalPressure']);
});

test('rows of what comes and goes start no window', () => {
  expect(namesOf((name) => decoderOf(name).isTable)).toEqual(['coalitions', 'processes', 'gpuClients']);
});

test('the estimate of bandwidth stands in for its count', () => {
  expect(namesOf((name) => decoderOf(name).insteadOf)).toEqual(['bandwidthEstimate']);
  expect(decoderOf('bandwidthEstimate').insteadOf).toBe('bandwidth');
});

test('a part is read for itself, a derived one for what it is made of', () => {
  expect(readFor('memory')).toEqual(['memory']);
  expect(readFor('power')).toEqual(['energy']);
  expect(readFor('droppedSeries')).toEqual([]);
  for (const names of Object.values(MADE_OF)) for (const name of names) expect(DECODED_NAMES).toContain(name);
});

test.each(['power', 'aneWork', 'appUsage', 'appGpu', 'appMemory', 'processGpu'] as const)(
  '%s is there if no more is read than the clocks and what it is made of',
  async (name) => {
    const machine = 'Mac15,9__m3-max__27.0__llm-browser';
    const mac = openMachine({ name: machine, text: machineText(machine) }, 'manual');
    const sampler = new Sampler(mac, { parts: [...readFor(name), 'clocks'] });
    try {
      const { now, states } = await sampler.collect(5);
      expect([now[name] !== undefined, states.get(name) ?? 'ok']).toEqual([true, 'ok']);
    } finally {
      sampler.close();
    }
  },
);

test('of the SMC no more keys are read than those of temperatures, fans and power', () => {
  expect(WANTS.smc.prefixes).toEqual(['T', 'F']);
});

test('the OS is asked for each name once', () => {
  const { ioregistry, sysctl, smc, notify, ioreport } = WANTS;
  for (const names of [
    ioreport,
    ioregistry.live,
    ioregistry.facts,
    sysctl.live,
    [...sysctl.numbers, ...sysctl.texts],
    [...smc.prefixes, ...smc.keys],
    notify,
  ])
    expect(new Set(names).size).toBe(names.length);
});

test('the OS is asked what no part shows: whether this is an Apple Silicon Mac without Rosetta, and which boot it is', () => {
  expect(WANTS.sysctl.numbers).toEqual(
    expect.arrayContaining(['hw.optional.arm64', 'sysctl.proc_translated', 'kern.hv_vmm_present']),
  );
  expect(WANTS.sysctl.texts).toContain('kern.bootsessionuuid');
});
