// Trap 12 on the machines it was seen on: memory bandwidth where AMC Stats is listed and dead.

import { withExporter } from '../support/exporter';
import { CHIP, growthOf, spanOf } from '../support/corpus';
import { machineNames, machineOf } from '../support/machines';
import { labelsOf, scrape, scrapeAfter, seriesOf, setsOf, success, supported } from '../support/variants';

describe('trap 12: bandwidth where AMC Stats is dead', () => {
  const BYTES = 'mac_memory_bandwidth_bytes_total';
  const ESTIMATE = 'mac_memory_bandwidth_estimate_bytes_total';
  const M5_AGENTS = ['MACC0', 'MACC1', 'PACC', 'AGX', 'ANE0', 'AVE', 'DISPINT', 'ANS'];
  const M4_AGENTS = ['EACC0', 'PACC0', 'PACC1', 'AGX', 'ANE0', 'AVE', 'DISPINT', 'ANS'];

  test.each([
    ['PMP', CHIP.M4_MAX, M4_AGENTS, 10.0],
    ['PMP', CHIP.M4_MAX_RECOVERY, M4_AGENTS, 58.4],
    ['PMP', CHIP.M4_PRO, M4_AGENTS, 8.3],
    ['PMP0', CHIP.M5_MAX, M5_AGENTS, 78.4],
    ['PMP0', 'Mac17,6__m5-max__27.0__load', M5_AGENTS, 51.0],
    ['PMP0', CHIP.M5_PRO, ['MACC0', 'MACC1', 'PACC', 'AGX', 'ANE L0', 'AVD', 'DISPINT', 'ANS'], 62.4],
    // All that it lists are the controllers together.
    ['PMP0', CHIP.M3_MAX, ['AMCC'], 222.0],
  ])('trap 12: %s stands in for it on %s', async (group, name, agents, gigabytesPerSecond) => {
    const machine = machineOf(name);
    // Listed, as on the Mac: it is the subscription or the value that is missing.
    const amc = setsOf(machine, 'AMC Stats').flatMap(({ channels }) => channels);
    expect(amc.length).toBeGreaterThan(50);
    const span = spanOf(machine);
    await withExporter(name, async (exporter) => {
      const before = await scrape(exporter);
      const page = await scrape(exporter.step(span));
      expect(seriesOf(page, BYTES)).toEqual([]);
      expect(labelsOf(page, ESTIMATE, 'agent')).toEqual(agents);
      let total = 0;
      for (const agent of agents) {
        const series = `${ESTIMATE}{agent="${agent}"}`;
        const grown = page.get(series)! - before.get(series)!;
        const rates = [...growthOf(machine, group, `${agent} RD+WR`, 'DCS BW')];
        const expected = rates.reduce(
          (sum, [state, seconds]) => sum + parseInt(state, 10) * 1e9 * seconds,
          0,
        );
        expect(grown / expected).toBeCloseTo(1, 5);
        total += grown;
      }
      expect(total / span / 1e9).toBeCloseTo(gigabytesPerSecond, 0);
      expect(page.get(success('bandwidth'))).toBe(1);
      for (const collector of ['gpu', 'cpu', 'energy']) expect(page.get(success(collector))).toBe(1);
      expect(page.get('metalstat_exporter_source_success{source="ioreport"}')).toBe(1);
    });
  });

  test.each([CHIP.M4, CHIP.M5])(
    'trap 12: on %s, which does not list it, the estimate is served too',
    async (name) => {
      expect(setsOf(machineOf(name), 'AMC Stats')).toEqual([]);
      await withExporter(name, async (exporter) => {
        const page = await scrape(exporter);
        expect(labelsOf(page, ESTIMATE, 'agent')).toHaveLength(7);
        expect(page.get(success('bandwidth'))).toBe(1);
      });
    },
  );

  test.each([
    CHIP.M1,
    CHIP.M1_PRO,
    CHIP.M1_MAX,
    CHIP.M2,
    CHIP.M2_PRO,
    CHIP.M2_MAX,
    CHIP.M2_ULTRA,
    CHIP.M3,
    CHIP.M3_PRO,
    CHIP.M3_ULTRA,
  ])('trap 12: on %s it answers: bytes by agent and direction, and no estimate', async (name) => {
    const machine = machineOf(name);
    await withExporter(name, async (exporter) => {
      const before = await scrape(exporter);
      const page = await scrape(exporter.step(spanOf(machine)));
      expect(seriesOf(page, ESTIMATE)).toEqual([]);
      expect(labelsOf(page, BYTES, 'agent')).not.toContain('all');
      for (const [direction, channel] of [
        ['read', 'GFX DCS RD'],
        ['write', 'GFX DCS WR'],
      ] as const) {
        const series = `${BYTES}{agent="GFX",direction="${direction}"}`;
        const row = setsOf(machine, 'AMC Stats')
          .flatMap(({ channels }) => channels)
          .find((c) => c[1] === channel)!;
        expect(page.get(series)! - before.get(series)!).toBe((row.at(-1) as number) - (row[2] as number));
      }
      expect(page.get(success('bandwidth'))).toBe(1);
    });
  });

  test.each([CHIP.M1_ULTRA, CHIP.A18_PRO])(
    'trap 12: %s has neither: not supported, and no zero',
    async (name) => {
      await withExporter(name, async (exporter) => {
        const page = await scrapeAfter(exporter, 12);
        expect([...seriesOf(page, BYTES), ...seriesOf(page, ESTIMATE)]).toEqual([]);
        expect(page.get(supported('bandwidth'))).toBe(0);
        expect(page.has(success('bandwidth'))).toBe(false);
        expect(page.get(success('energy'))).toBe(1);
      });
    },
  );

  test.each(machineNames)('trap 12: %s never has both', async (name) => {
    await withExporter(name, async (exporter) => {
      const page = await scrapeAfter(exporter, 12);
      expect(seriesOf(page, BYTES).length * seriesOf(page, ESTIMATE).length).toBe(0);
    });
  });
});
