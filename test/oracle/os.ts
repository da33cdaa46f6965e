import { exact, plus, toNumber, type Exact } from './exact';
import type { Machine } from './machine';
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
  // The family is Metal's to say, which is not a source of these collectors.
  if (name !== undefined) yield [series('mac_gpu_info', { name, metal_family: '' }), 1];

  const seconds = sysctl(machine, 'kern.boottime', ticks, 0);
  const micros = sysctl(machine, 'kern.boottime', ticks, 1) ?? 0n;
  if (seconds !== undefined) {
    yield ['mac_boot_time_seconds', toNumber(plus(exact(seconds), exact(micros, 1_000_000n)))];
  }
  const scale = sysctl(machine, 'vm.loadavg', ticks, 3);
  for (const [i, minutes] of [1, 5, 15].entries()) {
    const load = sysctl(machine, 'vm.loadavg', ticks, i);
    if (load !== undefined && scale) yield [`mac_load${minutes}`, toNumber(exact(load, scale))];
  }
}
