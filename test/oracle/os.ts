import { exact, plus, toNumber, type Exact } from './exact';
import { integer, type Machine } from './machine';
import { metalFamily } from './metal';
import { accelerator, property, sysctl, sysctlText, text } from './registry';
import { series } from './series';

export function* osCounters(machine: Machine, ticks: bigint): Generator<[string, Exact]> {
  yield ['mac_sleep_seconds_total', machine.seconds(machine.asleep(ticks))];
}

export function* osGauges(machine: Machine, ticks: bigint): Generator<[string, number]> {
  const info = {
    model: sysctlText(machine, 'hw.model', ticks) ?? '',
    chip: sysctlText(machine, 'machdep.cpu.brand_string', ticks) ?? '',
    os_version: sysctlText(machine, 'kern.osproductversion', ticks) ?? '',
    os_build: sysctlText(machine, 'kern.osversion', ticks) ?? '',
  };
  if (Object.values(info).some((value) => value !== '')) yield [series('mac_info', info), 1];
  const name = text(property(accelerator(machine), 'model'));
  const family = metalFamily(machine);
  if (name !== undefined || family !== '')
    yield [series('mac_gpu_info', { name: name ?? '', metal_family: family }), 1];

  const seconds = sysctl(machine, 'kern.boottime', ticks, 0);
  const micros = sysctl(machine, 'kern.boottime', ticks, 1) ?? 0n;
  if (seconds !== undefined) {
    yield ['mac_boot_time_seconds', toNumber(plus(exact(seconds), exact(micros, 1_000_000n)))];
  }
  // A name that nobody has set reads 0 on a Mac; a virtual machine has nobody who measures heat.
  const mode = posted(machine, 'com.apple.system.lowpowermode', 1n, ticks);
  if (mode !== undefined) yield ['mac_low_power_mode', mode];
  const pressure = posted(machine, 'com.apple.system.thermalpressurelevel', 4n, ticks);
  const virtual = sysctl(machine, 'kern.hv_vmm_present', ticks) === 1n;
  if (pressure !== undefined && !virtual) yield ['mac_thermal_pressure_level', pressure];

  const scale = sysctl(machine, 'vm.loadavg', ticks, 3);
  for (const [i, minutes] of [1, 5, 15].entries()) {
    const load = sysctl(machine, 'vm.loadavg', ticks, i);
    if (load !== undefined && scale) yield [`mac_load${minutes}`, toNumber(exact(load, scale))];
  }
}

/** The state of a notify key, if it is one that has a meaning. */
function posted(machine: Machine, name: string, highest: bigint, ticks: bigint): number | undefined {
  const { notify } = machine.file;
  if (!notify) return undefined;
  const states = notify[name];
  const state = states === undefined ? 0n : integer(machine.gauge(states, ticks));
  return state <= highest ? Number(state) : undefined;
}
