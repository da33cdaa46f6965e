// A real Prometheus finds sixty Macs by HTTP service discovery, scrapes all of them without a failure, and has counted what
// their machine files say.

import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineFile } from '../oracle/format';
import { growth, toNumber } from '../oracle/exact';
import { Machine } from '../oracle/machine';
import { truth } from '../oracle/truth';
import { Fleet } from '../support/fleet';
import type { Scraped } from '../support/fleet/mac';
import { fleetOf, machineOf } from '../support/fleet/macs';
import { FleetPrometheus } from '../support/fleet/prometheus';

const MACS = 60;
const INTERVAL = 5;
/** Seconds of scraping. */
const LASTS = 75;
const FAMILIES = ['mac_gpu_active_seconds_total', 'mac_energy_joules_total', 'mac_cpu_seconds_total'];

let fleet: Fleet | undefined;
let prometheus: FleetPrometheus | undefined;

beforeAll(async () => {
  fleet = await Fleet.start(MACS, 2);
  prometheus = await FleetPrometheus.start(fleet.discovery, INTERVAL);
  await sleep(LASTS * 1000);
}, 240_000);

afterAll(async () => {
  await prometheus?.stop();
  await fleet?.stop();
});

/** All samples that Prometheus has of a query, by series. */
const stored = async (selector: string) => prometheus!.query(`${selector}[1h]`);

test('every Mac is found, with its labels, and every scrape of it succeeded', async () => {
  const ups = await stored('up{job="mac"}');
  const hosts = fleetOf(MACS).map(({ host }) => `${host}:13013`);
  expect(ups.map(({ metric }) => metric['instance']).sort()).toEqual([...hosts].sort());
  expect(ups.every(({ metric }) => metric['site'] !== undefined && metric['rack'] !== undefined)).toBe(true);
  for (const { metric, values } of ups)
    expect([metric['instance'], values.filter(([, up]) => up !== '1')]).toEqual([metric['instance'], []]);
  expect(Math.min(...ups.map(({ values }) => values.length))).toBeGreaterThan(5);
});

test('no Mac passes as a real one', async () => {
  const origins = await prometheus!.query('count by (origin) (metalstat_exporter_machine_info)');
  expect(origins.map(({ metric, value }) => [metric['origin'], value[1]])).toEqual([
    ['machine-file', `${MACS}`],
  ]);
});

test('the Macs are at different points of their lives', async () => {
  const starts = [...(await fleet!.clocks()).values()].map(([first]) => Math.floor(first!.at));
  expect(new Set(starts).size).toBeGreaterThan(0.9 * MACS);
});

test.each(FAMILIES)(
  '%s over the fleet has grown by what the machine files say',
  async (family) => {
    const series = await stored(family);
    const clocks = await fleet!.clocks(); // now, which hold all that is stored
    const machines = new Map(fleetOf(MACS).map(({ host, play }) => [`${host}:13013`, play]));
    const told = new Map<string, { samples: number; grown: number }>();
    for (const { metric, values } of series) {
      const { grown } = told.get(metric['instance']!) ?? { grown: 0 };
      const growth = Number(values.at(-1)![1]) - Number(values[0]![1]);
      told.set(metric['instance']!, { samples: values.length, grown: grown + growth });
    }
    let [all, expected] = [0, 0];
    for (const [instance, { samples, grown }] of told) {
      all += grown;
      expected += grownInFile(family, machines.get(instance)!, clocks.get(instance)!.slice(0, samples));
    }
    // All but the virtual machines have a GPU and rails that count.
    expect(told.size).toBeGreaterThan(0.9 * MACS);
    expect(expected).toBeGreaterThan(10);
    expect(Math.abs(all / expected - 1)).toBeLessThan(1e-6);
  },
  60_000,
);

/** From the first of these scrapes to the last. */
function grownInFile(family: string, play: number, scrapes: readonly Scraped[]): number {
  const machine = new Machine(JSON.parse(machineOf(play).text) as MachineFile);
  const file = truth(machine);
  const [first, last] = [scrapes[0]!, scrapes.at(-1)!].map(({ at }) => file.counters(machine.ticks(at))) as [
    ReturnType<typeof file.counters>,
    ReturnType<typeof file.counters>,
  ];
  return [...last]
    .filter(([series]) => series.replace(/\{.*/, '') === family)
    .reduce((sum, [series, value]) => sum + toNumber(growth(first.get(series)!, value)), 0);
}

test('the rules are evaluated without an error', async () => {
  expect((await prometheus!.rules()).failed).toEqual([]);
});
