// The history that pictures are made of: a real Prometheus on it tells what the Macs' files and schedules say.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineFile } from '../oracle/format';
import { growth, toNumber } from '../oracle/exact';
import { Machine } from '../oracle/machine';
import { truth } from '../oracle/truth';
import { makeHistory } from '../support/history';
import { HISTORY_MACS, phasesOf, type HistoryMac } from '../support/history/macs';
import { firstScrape, INTERVAL, machineOfMac } from '../support/history/scrapes';
import { serveStorage, type Served } from '../support/history/storage';
import { query, type Sample, type Series } from '../support/prometheus_api';

const HOURS = 2;
const SECONDS = HOURS * 3600;
const END = Math.floor(Date.now() / 1000) - 60;
const START = END - SECONDS;

const parent = mkdtempSync(join(tmpdir(), 'metalstat-history-'));
const folder = join(parent, 'data');

let prometheus: Served | undefined;

beforeAll(async () => {
  await makeHistory({ folder, hours: HOURS, end: END });
  prometheus = await serveStorage(folder);
}, 300_000);

afterAll(async () => {
  await prometheus?.stop();
  rmSync(parent, { recursive: true, force: true });
});

const macOf = (host: string): HistoryMac => HISTORY_MACS.find((mac) => mac.host.startsWith(host))!;

/** All samples of a selector. */
const stored = (selector: string): Promise<readonly Series[]> => ask(`${selector}[${SECONDS + 60}s]`);
const ask = (promql: string): Promise<readonly Series[]> => query(prometheus!.url, promql, END);

/** Seconds after the start. */
const when = ([at]: Sample): number => at - START;

/** Where a Mac does something: the last time. */
function phase(mac: HistoryMac, doing: string): { from: number; to: number } {
  let [from, to, end] = [NaN, NaN, 0];
  for (const one of phasesOf(mac, SECONDS)) {
    if (one.doing === doing) [from, to] = [end, end + one.seconds];
    end += one.seconds;
  }
  return { from, to };
}

test('every Mac was scraped every 15 s, up to the end', async () => {
  const ups = await stored('up{job="mac"}');
  expect(ups).toHaveLength(HISTORY_MACS.length);
  for (const { values } of ups) {
    expect(values.every(([, up]) => up === '1')).toBe(true);
    expect(values).toHaveLength(SECONDS / INTERVAL);
    expect(when(values.at(-1)!)).toBeGreaterThanOrEqual(SECONDS - INTERVAL);
  }
});

test.each(['mac-studio-01', 'mac-mini-03', 'macbook-pro-02', 'macbook-neo-01'])(
  '%s: the joules are those of its file',
  async (name) => {
    const mac = macOf(name);
    const machine = new Machine(JSON.parse(machineOfMac(mac, SECONDS).text) as MachineFile);
    const file = truth(machine);
    const counters = (n: number) => file.counters(machine.ticks(firstScrape(mac) + n * INTERVAL));
    const series = await stored(`mac_energy_joules_total{instance="${mac.host}:13013"}`);
    expect(series.length).toBeGreaterThan(2);
    for (const { metric, values } of series) {
      const key = `mac_energy_joules_total{rail="${metric['rail']}",die="${metric['die'] ?? ''}"}`;
      const [first, last] = [counters(0).get(key)!, counters(values.length - 1).get(key)!];
      expect(Number(values.at(-1)![1]) - Number(values[0]![1])).toBeCloseTo(toNumber(growth(first, last)), 2);
    }
  },
  60_000, // to compose the day once more
);

test('tokens are generated in the phases that serve, and in no others', async () => {
  const mac = macOf('mac-studio-01');
  const [tokens] = await stored(`llamacpp:tokens_predicted_total{instance="${mac.host}:8080"}`);
  const grown = ({ from, to }: { from: number; to: number }) => {
    const inside = tokens!.values.filter((sample) => when(sample) > from && when(sample) < to);
    return Number(inside.at(-1)![1]) - Number(inside[0]![1]);
  };
  expect(grown(phase(mac, 'llm'))).toBeGreaterThan(10_000);
  expect(grown(phase(mac, 'loaded'))).toBe(0);
});

test.each([
  ['MemoryPressureCritical', 'mac-mini-04', 'goesRed', 'critical'],
  ['ThermalPressureCritical', 'macbook-air-01', 'throttled', 'critical'],
] as const)('%s fired on %s while it was %s, and ended', async (alert, host, doing, severity) => {
  const mac = macOf(host);
  const alerts = await stored(`ALERTS{alertname="${alert}",alertstate="firing"}`);
  expect(alerts.map(({ metric }) => [metric['instance'], metric['severity'], metric['job']])).toEqual([
    [`${mac.host}:13013`, severity, 'mac'],
  ]);
  const times = alerts[0]!.values.map(when);
  const { from, to } = phase(mac, doing);
  expect(times[0]).toBeGreaterThan(from + 600);
  expect(times.at(-1)).toBeLessThan(to);
  expect(times.length).toBeGreaterThan(5);
});

test('the recorded watts are the rate of the joules', async () => {
  const recorded = await ask('last_over_time(job:mac_energy_joules:rate5m[2m])');
  const told = await ask('sum(rate(mac_energy_joules_total{job="mac"}[5m]))');
  const [a, b] = [recorded, told].map((series) => Number(series[0]!.value[1])) as [number, number];
  expect(b).toBeGreaterThan(50);
  expect(Math.abs(a / b - 1)).toBeLessThan(0.2);
});

test('a folder with something in it is refused', async () => {
  await expect(makeHistory({ folder, hours: 1 })).rejects.toThrow('is not empty');
});
