// Taking any one facility away from any machine: exactly its families go, its collectors say so, and the rest of the
// page stays as it was, byte for byte.

import type { FaultPlan } from './support/exporter';
import { withExporter } from './support/exporter';
import { machineNames, machineOf, type Machine } from './support/machines';

interface Facility {
  readonly name: string;
  /** Takes it away from a machine; false if this one has none. */
  take(machine: Machine): boolean;
  /** Or makes its calls fail. */
  readonly fails?: FaultPlan;
  /** Families that go. */
  readonly gone: RegExp;
  /** Families that stay, and lose a label or a part of their values. */
  readonly changed?: RegExp;
  /** Collectors that have failed, or that this Mac does not support, when it is taken away. */
  readonly failed?: readonly string[];
  readonly unsupported?: readonly string[];
}

const forever = (...functions: string[]): FaultPlan => ({
  calls: functions.map((name) => ({ function: name, nth: 1, forever: true })),
});
const section =
  (name: 'ioreport' | 'host' | 'sysctl' | 'smc' | 'hid' | 'notify' | 'metal' | 'libproc' | 'coalition') =>
  (machine: Machine) => {
    if (!machine[name]) return false;
    return Reflect.deleteProperty(machine, name);
  };
const group = (name: string) => (machine: Machine) => {
  const left = machine.ioreport?.filter((set) => set.group !== name) ?? [];
  if (left.length === (machine.ioreport?.length ?? 0)) return false;
  machine.ioreport = left;
  return true;
};
const entries = (is: (entry: { class: string[]; path?: string }) => boolean) => (machine: Machine) => {
  const left = machine.ioregistry?.filter((entry) => !is(entry)) ?? [];
  if (left.length === (machine.ioregistry?.length ?? 0)) return false;
  machine.ioregistry = left;
  return true;
};

const ENERGY = 'mac_energy_joules_total|mac_power_watts|metalstat_exporter_rail_publication_age_seconds';
const CORES =
  'mac_cpu_core_active_seconds_total|mac_cpu_core_cycles_total|mac_cpu_frequency_hertz|mac_cpu_frequency_max_hertz|mac_cpu_cluster_offline_seconds_total';
const GPU_STATES =
  'gpu_utilization|mac_gpu_(active_seconds_total|state_seconds_total|state_frequency_hertz|cycles_total|frequency_hertz|frequency_max_hertz|cltm_limited_seconds_total|throttle_events_total)';
const BANDWIDTH = 'mac_memory_bandwidth_bytes_total|mac_memory_bandwidth_estimate_bytes_total';
const ACCELERATOR =
  'metal_alloc_bytes|mac_metal_in_use_bytes|mac_metal_driver_in_use_bytes|mac_gpu_(device|renderer|tiler)_utilization_ratio|mac_gpu_recoveries_total|mac_gpu_cores';
const HOST =
  'mac_cpu_seconds_total|mac_cpu_utilization_ratio|mac_memory_(used|app|wired|active|inactive|compressed|compressor_original|cached_files|free|purgeable|speculative)_bytes|mac_memory_(paged_in|paged_out|swapped_in|swapped_out)_bytes_total|mac_memory_(compressed_pages|decompressed_pages|faults)_total';
const SYSCTL =
  'mac_info|mac_boot_time_seconds|mac_memory_total_bytes|memory_pressure_level|mac_memory_pressure_(state|free_ratio|kernel_level)|mac_swap_(total|used)_bytes|mac_load(1|5|15)|mac_cpu_cores|mac_metal_wired_limit_bytes|mac_cpu_temperature_celsius';
const SMC =
  'mac_cpu_temperature_celsius|mac_gpu_temperature_celsius|mac_temperature_celsius|mac_fan_speed(_min|_max|_target)?_rpm|mac_battery_temperature_celsius|mac_system_power_watts|mac_adapter_power_watts';
const BATTERY =
  'mac_battery_(charge_ratio|health_ratio|cycles|charging|time_remaining_seconds|temperature_celsius|power_watts)|mac_external_power';

const GPU_TIME = 'mac_app_gpu_seconds_total|mac_process_gpu_seconds_total';
const COALITIONS =
  'mac_ane_work_seconds_total|mac_app_(cpu_seconds|ane_work_seconds|energy_joules|disk_bytes)_total';
/** Who has a label depends on all that is known of apps. */
const LABELS = /^(mac_app_|mac_process_|metalstat_exporter_series_dropped)/;

const any = (...names: string[]): RegExp => new RegExp(`^(${names.join('|')})$`);

const FACILITIES: readonly Facility[] = [
  {
    name: 'IOReport',
    take: section('ioreport'),
    fails: forever('IOReportCopyChannelsInGroup'),
    gone: any(ENERGY, CORES, GPU_STATES, BANDWIDTH),
    failed: ['energy', 'cpu', 'gpu', 'bandwidth'],
  },
  { name: 'Energy Model', take: group('Energy Model'), gone: any(ENERGY), failed: ['energy'] },
  { name: 'CPU Stats', take: group('CPU Stats'), gone: any(CORES), failed: ['cpu'] },
  { name: 'GPU Stats', take: group('GPU Stats'), gone: any(GPU_STATES), failed: ['gpu'] },
  {
    name: 'the accelerator',
    take: entries((entry) => entry.class.includes('IOAccelerator')),
    gone: any(ACCELERATOR, GPU_TIME),
    changed: LABELS,
    failed: ['gpu', 'metal', 'app'],
  },
  {
    name: 'the frequency tables',
    take: entries(({ path }) => path === 'IODeviceTree:/arm-io/pmgr' || path === 'IODeviceTree:/arm-io/sgx'),
    gone: any(
      'mac_cpu_core_cycles_total|mac_cpu_frequency_hertz|mac_cpu_frequency_max_hertz',
      'mac_gpu_(state_frequency_hertz|cycles_total|frequency_hertz|frequency_max_hertz)',
    ),
    changed: any('mac_gpu_state_seconds_total'),
    failed: ['cpu', 'gpu'],
  },
  {
    name: 'the CPU nodes',
    take: entries(({ path }) => path === 'IODeviceTree:/cpus'),
    gone: /^$/,
    // Without the map a core has the name of its channel.
    changed: any('mac_cpu_seconds_total', 'mac_cpu_utilization_ratio', 'mac_cpu_core_.*'),
    failed: ['cpu'],
  },
  {
    name: 'the Mach host',
    take: section('host'),
    fails: forever('host_statistics64', 'host_processor_info'),
    gone: any(HOST),
    failed: ['memory', 'cpu'],
  },
  {
    name: 'sysctl',
    take: section('sysctl'),
    gone: any(SYSCTL),
    // No names of tiers, and no chip to know the core sensors by.
    changed: any('mac_cpu_.*', 'mac_temperature_celsius', '.*_sensors_rejected'),
    failed: ['os', 'memory', 'cpu', 'thermal', 'metal'],
  },
  {
    name: 'the SMC',
    take(machine) {
      const smc = machine.smc;
      return (
        section('smc')(machine) && entries((entry) => (entry as { id?: number }).id === smc!.entry)(machine)
      );
    },
    fails: forever('IOConnectCallStructMethod'),
    gone: any(SMC),
    changed: /_sensors_rejected$/,
    failed: ['thermal', 'energy', 'fan'],
  },
  {
    name: 'the HID sensors',
    take: section('hid'),
    fails: forever('IOHIDEventSystemClientCreate'),
    gone: any('mac_soc_temperature_celsius'),
    changed: /_sensors_rejected$/,
    failed: ['thermal'],
  },
  {
    name: 'notify',
    take: section('notify'),
    fails: forever('notify_register_check'),
    gone: any('mac_thermal_pressure_level', 'mac_low_power_mode'),
    failed: ['thermal', 'os'],
  },
  {
    name: 'Metal',
    take: section('metal'),
    fails: { without: ['/System/Library/Frameworks/Metal.framework/Metal'] },
    gone: any('mac_metal_recommended_max_bytes'),
    changed: any('mac_gpu_info'),
    failed: ['metal'],
  },
  {
    name: 'the processes',
    take: section('libproc'),
    fails: forever('proc_listpids'),
    gone: any('mac_app_memory_bytes', GPU_TIME),
    // All is other.
    changed: LABELS,
    failed: ['app'],
  },
  {
    name: 'the coalitions',
    take: section('coalition'),
    // As if it were no longer allowed.
    fails: { calls: [{ function: 'coalition_info_resource_usage', nth: 1, forever: true, code: 1 }] },
    gone: any(COALITIONS),
    changed: LABELS,
    failed: ['app', 'ane'],
  },
  {
    name: 'the GPU clients',
    take(machine) {
      const accelerator = machine.ioregistry?.find((entry) => entry.class.includes('IOAccelerator'));
      if (!accelerator?.children?.length) return false;
      accelerator.children = [];
      return true;
    },
    fails: forever('IOObjectGetClass'),
    gone: any(GPU_TIME),
    changed: LABELS,
    failed: ['app'],
  },
  {
    name: 'the battery',
    take: entries((entry) => entry.class.includes('AppleSmartBattery')),
    gone: any(BATTERY),
    unsupported: ['battery'],
  },
];

const isVirtual = (name: string) => machineOf(name).sysctl?.['kern.hv_vmm_present']?.[1] === 1;

/** Two collections 12 s apart; the second one's lines without what differs from run to run. */
async function linesOf(machine: Machine | string, plan: FaultPlan = {}): Promise<readonly string[]> {
  const page = await withExporter(machine, (exporter) => exporter.pageAfter(12), { plan });
  const unsteady =
    /^(metalstat_exporter_(source_duration_seconds|build_info|machine_info)|.*_source_success)/;
  return page.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !unsteady.test(line));
}

const familyOf = (line: string) => line.replace(/[{ ].*/, '');
const HEALTH =
  /^metalstat_exporter_(collector_success|collector_supported|window_seconds)\{collector="(\w+)"/;

function hold(facility: Facility, whole: readonly string[], now: readonly string[], failing: boolean): void {
  const { gone, changed = /^$/, failed = [], unsupported = [] } = facility;
  expect(now.map(familyOf).filter((name) => gone.test(name))).toEqual([]);
  const involved = new Set([...failed, ...unsupported]);
  const concerned = (line: string) =>
    gone.test(familyOf(line)) || changed.test(familyOf(line)) || involved.has(HEALTH.exec(line)?.[2] ?? '');
  expect(now.filter((line) => !concerned(line))).toEqual(whole.filter((line) => !concerned(line)));
  for (const line of whole)
    if (changed.test(familyOf(line)) && !gone.test(familyOf(line)))
      expect(now.map(familyOf)).toContain(familyOf(line));
  const states = new Map(
    now.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );
  const supported = (collector: string) =>
    states.get(`metalstat_exporter_collector_supported{collector="${collector}"}`);
  const success = (collector: string) =>
    states.get(`metalstat_exporter_collector_success{collector="${collector}"}`);
  for (const collector of failed)
    expect([collector, supported(collector), success(collector)]).toEqual([collector, '1', '0']);
  for (const collector of unsupported)
    expect([collector, supported(collector), success(collector)]).toEqual([
      collector,
      failing ? '1' : '0',
      failing ? '0' : undefined,
    ]);
}

describe.each(machineNames.filter((name) => !isVirtual(name)))('%s', (name) => {
  let whole: readonly string[];
  beforeAll(async () => {
    whole = await linesOf(name);
  });

  test('is whole', () => {
    expect(whole.filter((line) => /_collector_success.* 0$/.test(line))).toEqual([]);
  });

  test.each(FACILITIES)('without $name', async (facility) => {
    const machine = machineOf(name);
    if (!facility.take(machine)) {
      expect(whole.map(familyOf).filter((family) => facility.gone.test(family))).toEqual([]);
      return;
    }
    hold(facility, whole, await linesOf(machine), false);
  });

  test.each(FACILITIES.filter(({ fails }) => fails))('$name fails', async (facility) => {
    hold(facility, whole, await linesOf(name, facility.fails), true);
  });
});

test('there is a virtual machine', () => {
  expect(machineNames.filter(isVirtual)).not.toEqual([]);
});

for (const name of machineNames.filter(isVirtual))
  test(`${name} misses nothing that a virtual machine should have`, async () => {
    const lines = await linesOf(name);
    expect(lines.filter((line) => /_collector_success.* 0$/.test(line))).toEqual([]);
  });
