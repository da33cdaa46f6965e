// Trap 20 and point 20: what is not there.

import { withExporter } from '../support/exporter';
import { machineOf, type Machine } from '../support/machines';
import {
  entryOf,
  M1,
  M1_IDLE,
  M2_ULTRA,
  M5_MAX,
  scrapeAfter,
  seriesOf,
  success,
  supported,
  variant,
  VIRTUAL,
  watts,
} from '../support/variants';

const COLLECTORS = [
  'gpu',
  'metal',
  'memory',
  'cpu',
  'energy',
  'ane',
  'bandwidth',
  'thermal',
  'fan',
  'battery',
  'app',
  'os',
] as const;

/** 1, 0, or `unsupported`, by collector. */
const healthOf = (page: ReadonlyMap<string, number>): Record<string, unknown> =>
  Object.fromEntries(
    COLLECTORS.map((collector) => [
      collector,
      page.get(supported(collector)) === 0 && !page.has(success(collector))
        ? 'unsupported'
        : page.get(success(collector)),
    ]),
  );

/** A machine with nothing but a clock, a Mach host and a notification server, and what is given. */
const bareMac = (sysctl: Machine['sysctl'] = {}): Machine => {
  const { format, about, origin, clock, host } = machineOf(M1);
  return { format, about, origin, clock, host: host!, sysctl, notify: {} };
};

describe('trap 20: everything is optional', () => {
  test('trap 20: the virtual machine serves memory, CPU and OS, and nothing of what a guest lacks', async () => {
    await withExporter(VIRTUAL, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      // It may have work for an ANE some day: the kernel has a word for it.
      const has = { memory: 1, cpu: 1, ane: 1, app: 1, os: 1 };
      expect(healthOf(page)).toEqual({
        ...Object.fromEntries(COLLECTORS.map((collector) => [collector, 'unsupported'])),
        ...has,
      });
      const families = [...page.keys()].map((series) => series.replace(/\{.*/, ''));
      // Not one figure that a guest has no source for: no zero in the place of a watt, a hertz or a degree.
      const others = families.filter(
        (family) =>
          !/^(mac_(memory|swap|cpu|load|info|boot|sleep|low|app_(cpu|disk|memory))|memory_pressure)/.test(
            family,
          ),
      );
      expect(others.filter((family) => !family.startsWith('metalstat_exporter_'))).toEqual([]);
      expect(
        families.filter((family) => /^mac_cpu_(core_|frequency|cluster|state|temperature)/.test(family)),
      ).toEqual([]);
      expect(page.get('mac_memory_total_bytes')).toBe(8 * 2 ** 30);
      expect(page.get('mac_memory_pressure_free_ratio')).toBe(0.8);
      expect(
        page.get(
          'mac_info{model="VirtualMac2,1",chip="Apple M2 Pro (Virtual)",os_version="15.5",os_build="24F74"}',
        ),
      ).toBe(1);
      // Four CPUs that were busy since the boot and went on being so for 12 s.
      const idle = seriesOf(page, 'mac_cpu_seconds_total').filter((series) => series.includes('"idle"'));
      expect(idle).toHaveLength(4);
    });
  });

  test('trap 20: nothing that a guest lacks is looked for in vain at every scrape', async () => {
    await withExporter(VIRTUAL, async (exporter) => {
      await exporter.pageAfter(1);
      const before = exporter.double.calls();
      for (let i = 0; i < 20; i++) await exporter.step(1).page();
      const made = Object.entries(exporter.double.calls()).filter(
        ([name, count]) => count > (before[name] ?? 0) && /^(IO(Report|HID|Service|Connect)|MTL)/.test(name),
      );
      expect(made).toEqual([]);
    });
  });

  test('point 20: a guest’s GPU has a node and foreign statistics: GPU and Metal are unsupported, not 0', async () => {
    const { children } = entryOf(machineOf(VIRTUAL), 'AppleParavirtGPU');
    expect(children![0]!.class).toContain('IOAccelerator');
    expect(children![0]!.properties).toHaveProperty('PerformanceStatistics');
    await withExporter(VIRTUAL, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect([...page.keys()].filter((series) => /^(gpu_|metal_|mac_(gpu|metal)_)/.test(series))).toEqual([]);
      expect(healthOf(page)).toMatchObject({ gpu: 'unsupported', metal: 'unsupported' });
    });
  });

  test('point 20: a guest’s GPU that has a name is shown by it, and has no figures', async () => {
    const named = variant(VIRTUAL, (machine) => {
      entryOf(machine, 'AppleParavirtGPU').children![0]!.properties = { model: 'Apple Paravirtual device' };
    });
    await withExporter(named, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get('mac_gpu_info{name="Apple Paravirtual device",metal_family=""}')).toBe(1);
      expect(page.has('metal_alloc_bytes')).toBe(false);
      expect(page.has('gpu_utilization')).toBe(false);
      expect(page.get(success('os'))).toBe(1);
    });
  });

  test('point 20: the same absences on a Mac that says it is real are failures, by kern.hv_vmm_present alone', async () => {
    const real = variant(VIRTUAL, (machine) => {
      machine.sysctl!['kern.hv_vmm_present'] = ['u32', 0];
    });
    await withExporter(real, async (exporter) => {
      expect(healthOf(await scrapeAfter(exporter, 12))).toMatchObject({
        gpu: 0,
        metal: 0,
        cpu: 0,
        energy: 0,
        thermal: 0,
        memory: 1,
        // The GPU has no name.
        os: 0,
      });
    });
  });

  test('trap 20: a guest that M1 cores show through is served what it has', async () => {
    const guest = variant(M1_IDLE, (machine) => {
      for (const section of ['ioreport', 'smc', 'hid', 'notify', 'metal'] as const)
        Reflect.deleteProperty(machine, section);
      const accelerator = entryOf(machine, 'IOAccelerator');
      accelerator.class = ['AppleParavirtAccelerator', 'IOAccelerator'];
      accelerator.properties = { model: 'Apple Paravirtual device' };
      const cpus = entryOf(machine, 'IODeviceTree:/cpus');
      for (const cpu of cpus.children!) cpu.properties = {};
      machine.ioregistry = [accelerator, cpus];
      machine.sysctl!['kern.hv_vmm_present'] = ['u32', 1];
    });
    await withExporter(guest, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(supported('energy'))).toBe(0);
      expect(page.has(success('energy'))).toBe(false);
      for (const collector of ['memory', 'cpu']) expect(page.get(success(collector))).toBe(1);
      expect(page.get('mac_memory_used_bytes')).toBeGreaterThan(0);
      expect(page.get('mac_cpu_seconds_total{core="0",tier="",mode="idle"}')).toBeGreaterThan(0);
      // A tier that nobody named is not the efficiency tier.
      expect(seriesOf(page, 'mac_cpu_utilization_ratio')).toEqual(['mac_cpu_utilization_ratio{tier=""}']);
    });
  });

  test('trap 20: what a guest has nothing of is not supported, which is no failure', async () => {
    await withExporter(bareMac({ 'kern.hv_vmm_present': ['u32', 1] }), async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      for (const collector of ['gpu', 'metal', 'energy', 'bandwidth', 'thermal', 'fan', 'battery'])
        expect([collector, page.get(supported(collector)), page.has(success(collector))]).toEqual([
          collector,
          0,
          false,
        ]);
      for (const collector of ['memory', 'cpu']) expect(page.get(success(collector))).toBe(1);
    });
  });

  test('trap 20: what every Mac has and a real one lacks has failed, and costs nothing else', async () => {
    await withExporter(bareMac(), async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(healthOf(page)).toMatchObject({
        gpu: 0,
        metal: 0,
        energy: 0,
        thermal: 0,
        battery: 'unsupported',
      });
      expect(page.get('mac_memory_wired_bytes')).toBeGreaterThan(0);
      expect(seriesOf(page, 'mac_cpu_seconds_total').length).toBeGreaterThan(0);
    });
  });

  test('trap 20: groups renamed by a beta are missed aloud, and everything else is there', async () => {
    const renamed = variant(M5_MAX, (machine) => {
      for (const set of machine.ioreport!) set.group = `${set.group} (beta)`;
    });
    await withExporter(renamed, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(healthOf(page)).toMatchObject({
        energy: 0,
        gpu: 0,
        cpu: 0,
        memory: 1,
        metal: 1,
        thermal: 1,
        fan: 1,
        os: 1,
      });
      expect(seriesOf(page, 'mac_energy_joules_total')).toEqual([]);
      expect(page.get('metal_alloc_bytes')).toBeGreaterThan(0);
      expect(page.get('mac_system_power_watts')).toBeGreaterThan(0);
      expect(seriesOf(page, 'mac_cpu_utilization_ratio')).toHaveLength(2);
    });
  });

  test.each(['ioreport', 'ioregistry', 'host', 'sysctl', 'smc', 'hid', 'notify', 'metal'] as const)(
    'trap 20: without %s the other sources’ families are on the page',
    async (source) => {
      const reduced = variant(M2_ULTRA, (machine) => {
        Reflect.deleteProperty(machine, source);
        // Its service is an entry of the registry.
        if (source === 'ioregistry') delete machine.smc;
      });
      await withExporter(reduced, async (exporter) => {
        const page = await scrapeAfter(exporter, 12);
        const has = {
          ioreport: page.has('gpu_utilization') && page.has(watts('cpu')),
          ioregistry: page.has('metal_alloc_bytes'),
          host: page.has('mac_cpu_seconds_total{core="0",tier="efficiency",mode="idle"}'),
          sysctl: page.has('memory_pressure_level'),
          smc: page.has('mac_system_power_watts') && page.has('mac_fan_speed_rpm{fan="0"}'),
          hid: page.has('mac_soc_temperature_celsius'),
          notify: page.has('mac_thermal_pressure_level'),
          metal: page.has('mac_metal_recommended_max_bytes'),
        };
        const expected = Object.fromEntries(Object.keys(has).map((each) => [each, each !== source]));
        // Names of tiers come from sysctl and the device tree.
        if (source === 'sysctl' || source === 'ioregistry') expected['host'] = false;
        if (source === 'ioregistry') expected['smc'] = false;
        expect(has).toEqual(expected);
        for (const value of page.values()) expect(Number.isFinite(value)).toBe(true);
      });
    },
  );
});
