// The points about the SMC (31), HID sensors (32), fans and histograms (33) and Low Power Mode (25).

import { families } from '../../src/metrics/catalogue';
import { withExporter, type TestExporter } from '../support/exporter';
import { CHIP } from '../support/corpus';
import { machineOf } from '../support/machines';
import { ALL, flt, sensor, withKey } from '../support/sensors';
import { labelsOf, openAtRest, scrape, scrapeAfter, scrapes, success, variant } from '../support/variants';

const SOC = 'mac_soc_temperature_celsius';
const CPU = 'mac_cpu_temperature_celsius';
const SMC_CALL = 'IOConnectCallStructMethod';
const callsOf = ({ double }: TestExporter, name: string) => double.calls()[name] ?? 0;

describe('point 31: the SMC’s service and its two results', () => {
  /** A second AppleSMC, listed first, that refuses to be opened. */
  const withOther = (name: string, endpoint: string) =>
    variant(name, (machine) => {
      const entry = machine.ioregistry!.find(({ id }) => id === machine.smc!.entry)!;
      const at = machine.ioregistry!.indexOf(entry);
      entry.name = endpoint;
      machine.ioregistry!.splice(at, 0, { ...entry, id: 4294990000, name: 'AppleSMCOther' });
    });

  test('point 31: AppleSMCKeysEndpoint is opened first, whatever the order', async () => {
    await withExporter(withOther(CHIP.M1, 'AppleSMCKeysEndpoint'), async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('mac_system_power_watts')).toBeGreaterThan(0);
      expect(callsOf(exporter, 'IOServiceOpen')).toBe(1);
    });
  });

  test('point 31: without one of that name, the first that opens', async () => {
    await withExporter(withOther(CHIP.M1, 'AppleSMC'), async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('mac_system_power_watts')).toBeGreaterThan(0);
      expect(callsOf(exporter, 'IOServiceOpen')).toBe(2);
    });
  });

  test('point 31: a call that succeeds with a result other than 0 has read nothing', async () => {
    // Listed by its key info, and then refused with 0x85 where the kernel says success.
    const refusing = variant(CHIP.M1, (machine) => {
      machine.smc!.keys.find(([key]) => key === 'PSTR')!.splice(2, 9, null);
    });
    await withExporter(refusing, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(page.has('mac_system_power_watts')).toBe(false);
      expect(page.get('mac_adapter_power_watts')).toBeGreaterThan(0);
      expect(page.get(CPU)).toBeGreaterThan(15);
    });
  });

  test('point 31: one connection, one call a key, and never two at a time', async () => {
    await withExporter(CHIP.M1, async (exporter) => {
      await exporter.page();
      const before = callsOf(exporter, SMC_CALL);
      await exporter.step(1).page();
      const once = callsOf(exporter, SMC_CALL) - before;
      expect(once).toBeGreaterThan(10);
      exporter.step(1);
      // The double aborts at a second call on a connection that is in use.
      await Promise.all(Array.from({ length: 20 }, () => exporter.page()));
      expect(callsOf(exporter, SMC_CALL) - before).toBe(2 * once);
      expect(callsOf(exporter, 'IOServiceOpen')).toBe(1);
    });
  });
});

describe('point 32: one HID client', () => {
  const CREATE = 'IOHIDEventSystemClientCreate';

  test('point 32: one client for a process, however many scrapes, also at a time', async () => {
    await withExporter(CHIP.M2_MAX, async (exporter) => {
      await scrapes(exporter, 20, 1);
      await Promise.all(Array.from({ length: 20 }, () => exporter.page()));
      expect(callsOf(exporter, CREATE)).toBe(1);
      expect(callsOf(exporter, 'IOHIDEventSystemClientCopyServices')).toBe(1);
    });
  });

  test('point 32: after a sleep there is a new one, the old one is released, and values go on', async () => {
    await withExporter(CHIP.M2_MAX, async (exporter) => {
      exporter.plan({ events: [{ at: 5, sleep: 600 }] });
      const before = await scrape(exporter);
      const open = await openAtRest(exporter);
      const after = await scrape(exporter.step(10));
      expect(callsOf(exporter, CREATE)).toBe(2);
      expect(after.get(SOC)).toBe(before.get(SOC));
      expect(await openAtRest(exporter)).toEqual(open);
      await scrapes(exporter, 5, 1);
      expect(callsOf(exporter, CREATE)).toBe(2);
    });
  });

  test('point 32: names repeat: 64 services of an M2 Max are as many series as have a value', async () => {
    const { hid } = machineOf(CHIP.M2_MAX);
    expect(hid!.filter(({ product }) => product === 'PMU tdie1')).toHaveLength(4);
    await withExporter(
      CHIP.M2_MAX,
      async (exporter) => {
        const page = await scrape(exporter);
        const tdie1 = ['PMU tdie1', 'PMU tdie1 #2', 'PMU tdie1 #3', 'PMU tdie1 #4'];
        expect(tdie1.map((name) => page.get(sensor(name, 'soc')))).toEqual([38.2, 38.5, 38.6, 39.3]);
        const all = labelsOf(page, 'mac_temperature_celsius', 'sensor').filter((name) => name.includes(' '));
        // 64 without the one that has no name at all, two called noname, four tdev and two tcal.
        expect(all).toHaveLength(64 - 1 - 2 - 4 - 2);
        expect(new Set(all).size).toBe(all.length);
      },
      { selection: ALL },
    );
  });
});

describe('point 33: fans that stand still, and steps that are upper edges', () => {
  test('point 33: a fan at rest is 0 rpm and a target of 0, which is no failure and not absent', async () => {
    const still = variant(CHIP.M2_MAX, (machine) => {
      for (const row of machine.smc!.keys)
        if (/^F\d(Ac|Tg)$/.test(row[0] as string)) row.splice(2, 9, flt(0));
    });
    await withExporter(still, async (exporter) => {
      const page = await scrape(exporter);
      for (const fan of ['0', '1']) {
        expect(page.get(`mac_fan_speed_rpm{fan="${fan}"}`)).toBe(0);
        expect(page.get(`mac_fan_speed_target_rpm{fan="${fan}"}`)).toBe(0);
        expect(page.get(`mac_fan_speed_max_rpm{fan="${fan}"}`)).toBeGreaterThan(5000);
      }
      expect(page.get(success('fan'))).toBe(1);
    });
  });

  test('point 33: a fan that stopped against its target can be told from one at rest', async () => {
    const stopped = withKey(CHIP.M4_MAX, 'F0Ac', 0);
    await withExporter(stopped, async (exporter) => {
      const page = await scrape(exporter);
      expect(page.get('mac_fan_speed_rpm{fan="0"}')).toBe(0);
      expect(page.get('mac_fan_speed_target_rpm{fan="0"}')).toBeGreaterThan(500);
    });
  });

  test.each([CHIP.M2, CHIP.M3, CHIP.A18_PRO])(
    'point 33: %s has no fan, which is no failure',
    async (name) => {
      await withExporter(name, async (exporter) => {
        const page = await scrape(exporter);
        expect([...page.keys()].filter((series) => series.startsWith('mac_fan_'))).toEqual([]);
        expect(page.get('metalstat_exporter_collector_supported{collector="fan"}')).toBe(0);
      });
    },
  );

  test('point 33: what is counted by upper edges is called an estimate, in its name and its help', async () => {
    const [estimate] = families.filter(({ name }) => name === 'mac_memory_bandwidth_estimate_bytes_total');
    expect(estimate!.help).toMatch(/^Estimate .*lowest step contains idle time.*DCS BW.*RD\+WR/);
    const counted = families.find(({ name }) => name === 'mac_memory_bandwidth_bytes_total')!;
    expect(counted.help).not.toMatch(/estimate/i);
    // An idle base M5: four agents are in the step `1GB/s` all of the time, and that is what they count at most.
    await withExporter(CHIP.M5, async (exporter) => {
      const of = (agent: string) => `mac_memory_bandwidth_estimate_bytes_total{agent="${agent}"}`;
      const before = await scrape(exporter);
      const page = await scrape(exporter.step(10));
      for (const agent of ['ANE L0', 'AVD', 'DISPINT', 'ANS'])
        expect((page.get(of(agent))! - before.get(of(agent))!) / 10e9).toBeCloseTo(1, 6);
    });
  });
});

describe('point 25: Low Power Mode', () => {
  test.each([
    [CHIP.M4_PRO, 1],
    [CHIP.M5_PRO, 0],
    [CHIP.M2_ULTRA, 0],
  ])('point 25: it is a notification of its own: on %s it is %i', async (name, mode) => {
    await withExporter(name, async (exporter) => {
      expect((await scrape(exporter)).get('mac_low_power_mode')).toBe(mode);
    });
  });

  test('point 25: switched on while the exporter runs, and absent when it cannot be asked', async () => {
    const switched = variant(CHIP.M1, (machine) => {
      machine.notify!['com.apple.system.lowpowermode'] = machine.clock.absolute.map((_, frame) =>
        Math.min(frame, 1),
      );
    });
    await withExporter(switched, async (exporter) => {
      expect((await scrape(exporter)).get('mac_low_power_mode')).toBe(0);
      expect((await scrape(exporter.step(20))).get('mac_low_power_mode')).toBe(1);
      exporter.plan({ calls: [{ function: 'notify_get_state', nth: 1, forever: true }] });
      const page = await scrape(exporter.step(1));
      expect(page.has('mac_low_power_mode')).toBe(false);
      expect(page.get(success('os'))).toBe(0);
    });
  });
});
