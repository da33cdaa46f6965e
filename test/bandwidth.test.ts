// Memory bandwidth: bytes where the memory controller counts them, an estimate where it does not, never both. Trap 12.

import { withExporter } from './support/exporter';
import type { ChannelSet, Json, Machine } from './support/machines';
import { M1, scrape, scrapeAfter, seriesOf, success, supported, UNITS, variant } from './support/variants';

const BYTES = 'mac_memory_bandwidth_bytes_total';
const ESTIMATE = 'mac_memory_bandwidth_estimate_bytes_total';
const COLLECTOR = 'bandwidth';

const set = (group: string, subgroup: string, driver: number, rest: Partial<ChannelSet>): ChannelSet => ({
  group,
  subgroup,
  driver: [driver, 'AppleT8103PMGR'],
  unit: ['648661282852962304', 'B'],
  format: 'simple',
  channels: [],
  ...rest,
});

const id = (n: number) => n.toString(16).padStart(16, '0');

/** Counters that grow by `rate` bytes a frame. */
const amc = (names: Readonly<Record<string, number>>, rest: Partial<ChannelSet> = {}, driver = 77) =>
  set('AMC Stats', 'Perf Counters', driver, {
    channels: Object.entries(names).map(([name, rate], i) => [
      id(i + 1),
      name,
      ...[0, 1, 2, 3].map((frame) => 1_000_000 + rate * frame),
    ]),
    ...rest,
  });

/** Histograms of three steps; every frame adds 24e6 ticks (1 s) times each share. */
const dcs = (group: string, names: Readonly<Record<string, readonly number[]>>, driver = 78) =>
  set(group, 'DCS BW', driver, {
    unit: UNITS.ticks,
    format: 'state',
    states: ['   1GB/s', '   4GB/s', '  32GB/s'],
    channels: Object.entries(names).map(([name, shares], i) => [
      id(i + 1),
      name,
      ...[0, 1, 2, 3].map((frame): Json => shares.map((share) => share * frame * 24e6)),
    ]),
  });

/** An M1 with frames a second apart. */
const machine = (...sets: readonly ChannelSet[]): Machine =>
  variant(M1, (m) => {
    const start = m.clock.absolute[0]!;
    const frames = m.clock.absolute.map((_, i) => start + i * 24e6);
    m.clock.absolute = frames;
    m.clock.continuous = [...frames];
    m.ioreport = [...m.ioreport!.filter(({ group }) => !/^AMC|^PMP/.test(group)), ...sets];
  });

const AMC = {
  'GFX DCS RD': 5e9,
  'GFX DCS WR': 2e9,
  'PCPU DCS RD': 1e9,
  'GFX RD': 9e9,
  'DCS RD': 6e9,
  DCS: 8e9,
};
const DCS = {
  'AGX RD+WR': [0.5, 0.25, 0.25],
  'AGX RD': [1, 0, 0],
  'AGX WR': [1, 0, 0],
  'AMCC RD+WR': [0, 0, 1],
};

test('where the controller counts, its bytes are served, and the histograms are not even read', async () => {
  await withExporter(machine(amc(AMC), dcs('PMP', DCS)), async (exporter) => {
    const before = await scrape(exporter);
    const page = await scrape(exporter.step(1));
    expect(seriesOf(page, BYTES).sort()).toEqual([
      `${BYTES}{agent="GFX",direction="read"}`,
      `${BYTES}{agent="GFX",direction="write"}`,
      `${BYTES}{agent="PCPU",direction="read"}`,
    ]);
    expect(page.get(`${BYTES}{agent="GFX",direction="read"}`)).toBe(5_001_000_000);
    expect(before.get(`${BYTES}{agent="GFX",direction="read"}`)).toBe(1_000_000);
    expect(seriesOf(page, ESTIMATE)).toEqual([]);
    expect(page.get(success(COLLECTOR))).toBe(1);
    // Energy, CPU, GPU and the controller.
    expect(exporter.double.calls()['IOReportCreateSubscription']).toBe(4);
  });
});

test('a controller that counts no agents gives its totals', async () => {
  await withExporter(machine(amc({ 'DCS RD': 3e9, 'DCS WR': 1e9, DCS: 4e9 })), async (exporter) => {
    const page = await scrapeAfter(exporter, 1);
    expect(seriesOf(page, BYTES).sort()).toEqual([
      `${BYTES}{agent="all",direction="read"}`,
      `${BYTES}{agent="all",direction="write"}`,
    ]);
  });
});

describe.each([
  ['that cannot be subscribed to', amc(AMC, { subscribable: false })],
  ['whose channels were never filled', amc({}, { channels: [[id(1), 'GFX DCS RD', null]] })],
  ['that is not listed', amc({})],
])('trap 12: a controller %s', (_, dead) => {
  test.each(['PMP', 'PMP0', 'PMP1'])(
    'is replaced by the estimate of %s, and has not failed',
    async (group) => {
      await withExporter(machine(dead, dcs(group, DCS)), async (exporter) => {
        await scrape(exporter);
        const page = await scrape(exporter.step(2));
        expect(seriesOf(page, BYTES)).toEqual([]);
        expect(seriesOf(page, ESTIMATE)).toEqual([`${ESTIMATE}{agent="AGX"}`]);
        // Two seconds: half of them at 1 GB/s, a quarter at 4 and a quarter at 32.
        expect(page.get(`${ESTIMATE}{agent="AGX"}`)).toBeCloseTo(19e9, 0);
        expect(page.get(success(COLLECTOR))).toBe(1);
        expect(page.get('metalstat_exporter_source_success{source="ioreport"}')).toBe(1);
        expect(page.get(success('energy'))).toBe(1);
      });
    },
  );
});

test('trap 12: a controller that is listed, never delivers and has no substitute is none', async () => {
  await withExporter(machine(amc(AMC, { subscribable: false })), async (exporter) => {
    const page = await scrapeAfter(exporter, 1);
    expect(page.get(supported(COLLECTOR))).toBe(0);
    expect(page.has(success(COLLECTOR))).toBe(false);
    expect(seriesOf(page, BYTES)).toEqual([]);
    expect(page.get(success('energy'))).toBe(1);
  });
});

test('trap 12: a controller that answered and then does not has failed, and nothing stands in for it', async () => {
  await withExporter(machine(amc(AMC), dcs('PMP', DCS)), async (exporter) => {
    await scrape(exporter);
    exporter.plan({ calls: [{ function: 'IOReportCreateSamples', nth: 4 }] });
    const page = await scrape(exporter.step(1));
    expect(page.get(success(COLLECTOR))).toBe(0);
    expect([...seriesOf(page, BYTES), ...seriesOf(page, ESTIMATE)]).toEqual([]);
    expect(seriesOf(await scrape(exporter.step(1)), BYTES)).toHaveLength(3);
  });
});

test('a controller that did not answer at the start is tried again, and takes over', async () => {
  // The fourth subscription is the controller's; it fails once.
  const plan = { calls: [{ function: 'IOReportCreateSubscription', nth: 4 }] };
  let now = 1_000_000;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    await withExporter(
      machine(amc(AMC), dcs('PMP', DCS)),
      async (exporter) => {
        expect(seriesOf(await scrape(exporter), ESTIMATE)).toHaveLength(1);
        now += 61_000;
        const page = await scrape(exporter.step(61));
        expect(seriesOf(page, ESTIMATE)).toEqual([]);
        expect(seriesOf(page, BYTES)).toHaveLength(3);
        expect(page.get(success(COLLECTOR))).toBe(1);
      },
      { plan },
    );
  } finally {
    clock.mockRestore();
  }
});

test('the controllers together stand for the agents only where there are no agents', async () => {
  await withExporter(machine(dcs('PMP0', { 'AMCC RD+WR': [0.5, 0.5, 0] })), async (exporter) => {
    const page = await scrapeAfter(exporter, 1);
    expect(seriesOf(page, ESTIMATE)).toEqual([`${ESTIMATE}{agent="AMCC"}`]);
  });
});

test('neither the one nor the other: not supported, which is no failure', async () => {
  await withExporter(machine(), async (exporter) => {
    const page = await scrapeAfter(exporter, 1);
    expect(page.get(supported(COLLECTOR))).toBe(0);
    expect(page.has(success(COLLECTOR))).toBe(false);
    expect(page.get('metalstat_exporter_source_success{source="ioreport"}')).toBe(1);
  });
});

test('two drivers that count for one agent are summed, from 0 at the start of the exporter', async () => {
  const two = machine(amc({ 'GFX DCS RD': 5e9 }), amc({ 'GFX DCS RD': 3e9 }, {}, 79));
  await withExporter(two, async (exporter) => {
    const series = `${BYTES}{agent="GFX",direction="read"}`;
    expect((await scrape(exporter)).get(series)).toBe(0);
    expect((await scrape(exporter.step(1))).get(series)).toBe(8e9);
    exporter.plan({ events: [{ at: 1.5, take: ['AMC Stats', 'GFX DCS RD'] }] });
    expect((await scrape(exporter.step(1))).has(series)).toBe(false);
  });
});
