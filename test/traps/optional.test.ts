// Trap 20 and point 20: what is not there.

import { withExporter } from '../support/exporter';
import { machineOf } from '../support/machines';
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
  watts,
} from '../support/variants';

describe('trap 20: everything is optional', () => {
  /** A guest of Virtualization.framework, and a hosted CI runner. */
  const guest = variant(M1_IDLE, (machine) => {
    delete machine.ioreport;
    const accelerator = entryOf(machine, 'IOAccelerator');
    accelerator.class = ['AppleParavirtAccelerator', 'IOAccelerator'];
    accelerator.properties = { model: 'Apple Paravirtual device' };
    const cpus = entryOf(machine, 'IODeviceTree:/cpus');
    for (const cpu of cpus.children!) cpu.properties = {};
    machine.ioregistry = [accelerator, cpus];
    machine.sysctl!['kern.hv_vmm_present'] = ['u32', 1];
  });

  test('trap 20: a virtual machine without IOReport, pmgr and GPU statistics is served what it has', async () => {
    await withExporter(guest, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(supported('energy'))).toBe(0);
      expect(page.has(success('energy'))).toBe(false);
      for (const collector of ['memory', 'cpu', 'os']) expect(page.get(success(collector))).toBe(1);
      expect(page.get('mac_memory_used_bytes')).toBeGreaterThan(0);
      expect(page.get('mac_cpu_seconds_total{core="0",tier="",mode="idle"}')).toBeGreaterThan(0);
      // A tier that nobody named is not the efficiency tier.
      expect(seriesOf(page, 'mac_cpu_utilization_ratio')).toEqual(['mac_cpu_utilization_ratio{tier=""}']);
    });
  });

  test('point 20: the GPU node of a guest has a name and no figures, and its collectors have not failed', async () => {
    await withExporter(guest, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get('mac_gpu_info{name="Apple Paravirtual device",metal_family=""}')).toBe(1);
      expect(page.has('metal_alloc_bytes')).toBe(false);
      expect(page.has('gpu_utilization')).toBe(false);
      for (const collector of ['gpu', 'metal', 'os']) expect(page.get(success(collector)) ?? 1).toBe(1);
    });
  });

  test('trap 20: what a Mac has nothing of is not supported, which is no failure', async () => {
    const { format, about, origin, clock, host } = machineOf(M1);
    await withExporter({ format, about, origin, clock, host: host! }, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      for (const collector of ['gpu', 'metal', 'energy'])
        expect([collector, page.get(supported(collector)), page.has(success(collector))]).toEqual([
          collector,
          0,
          false,
        ]);
      for (const collector of ['memory', 'cpu']) expect(page.get(success(collector))).toBe(1);
    });
  });

  test('trap 20: groups renamed by a beta are not there, and everything else is', async () => {
    const renamed = variant(M5_MAX, (machine) => {
      for (const set of machine.ioreport!) set.group = `${set.group} (beta)`;
    });
    await withExporter(renamed, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.get(supported('energy'))).toBe(0);
      expect(page.get(success('memory'))).toBe(1);
      expect(page.get('metal_alloc_bytes')).toBeGreaterThan(0);
      expect(seriesOf(page, 'mac_cpu_utilization_ratio')).toHaveLength(2);
    });
  });

  test.each(['ioreport', 'ioregistry', 'host', 'sysctl'] as const)(
    'trap 20: without %s the other sources’ families are on the page',
    async (source) => {
      const reduced = variant(M2_ULTRA, (machine) => {
        Reflect.deleteProperty(machine, source);
      });
      await withExporter(reduced, async (exporter) => {
        const page = await scrapeAfter(exporter, 12);
        const has = {
          ioreport: page.has('gpu_utilization') && page.has(watts('cpu')),
          ioregistry: page.has('metal_alloc_bytes'),
          host: page.has('mac_cpu_seconds_total{core="0",tier="efficiency",mode="idle"}'),
          sysctl: page.has('memory_pressure_level'),
        };
        // Names of tiers come from sysctl.
        const expected = { ioreport: true, ioregistry: true, host: true, sysctl: true, [source]: false };
        if (source === 'sysctl' || source === 'ioregistry') expected.host = false;
        expect(has).toEqual(expected);
        for (const value of page.values()) expect(Number.isFinite(value)).toBe(true);
      });
    },
  );
});
