// A real Prometheus scrapes `npm start`, and its answers agree with the page and with the machine file.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { growth, toNumber } from '../oracle/exact';
import type { MachineFile } from '../oracle/format';
import { Machine } from '../oracle/machine';
import { truth } from '../oracle/truth';
import { machineOf } from '../support/machines';
import { constantLoad } from '../support/machines_constant';
import { freePort, Program } from '../support/process';

/** Seconds of scraping before anything is asked: more than the 30 s of the rate. */
const WARM_UP = 45;

const folder = mkdtempSync(join(tmpdir(), 'metalstat-'));
const programs: Program[] = [];
let prometheus = '';

interface Target {
  readonly job: string;
  readonly machine: string;
  /** How far rate() over 30 s may be off. */
  readonly within: number;
}

const TARGETS: readonly Target[] = [
  { job: 'm1', machine: 'Macmini9,1__m1__15.6__load', within: 0.01 },
  // Published every 2 s, scraped every second: 30 s hold 14 or 15 publications.
  { job: 'm5', machine: 'Mac17,6__m5-max__27.0__load', within: 0.06 },
];

beforeAll(async () => {
  const jobs: string[] = [];
  for (const { job, machine } of TARGETS) {
    const file = join(folder, `${job}.json`);
    writeFileSync(file, JSON.stringify(constantLoad(machineOf(machine))));
    const address = `127.0.0.1:${await freePort()}`;
    const exporter = new Program('npm', ['start', '--', '--web.listen-address', address, '--machine', file]);
    programs.push(exporter);
    await exporter.answers(`http://${address}/-/ready`);
    jobs.push(`  - {job_name: ${job}, scrape_interval: 1s, static_configs: [{targets: ['${address}']}]}`);
  }
  const config = join(folder, 'prometheus.yaml');
  writeFileSync(config, `scrape_configs:\n${jobs.join('\n')}\n`);
  prometheus = `http://127.0.0.1:${await freePort()}`;
  const server = new Program('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${prometheus.slice('http://'.length)}`,
  ]);
  programs.push(server);
  await server.answers(`${prometheus}/-/ready`);
  await sleep(WARM_UP * 1000);
}, 180_000);

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** Values of an instant query by one label. */
async function query(promql: string, label: string): Promise<Map<string, number>> {
  const response = await fetch(
    `${prometheus}/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`,
  );
  const answer = (await response.json()) as Answer;
  expect(answer.status).toBe('success');
  return new Map(answer.data.result.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]));
}

test.each(TARGETS)(
  '$job: every scrape succeeds, in OpenMetrics as Prometheus asks for it',
  async ({ job }) => {
    expect(await query(`min_over_time(up{job="${job}"}[30s])`, 'job')).toEqual(new Map([[job, 1]]));
    expect((await query(`scrape_samples_scraped{job="${job}"}`, 'job')).get(job)).toBeGreaterThan(150);
  },
);

test.each(TARGETS)(
  '$job: rate() of the joules is the watts, on the page and in the file',
  async ({ job, machine, within }) => {
    const rates = await query(`sum by (rail) (rate(mac_energy_joules_total{job="${job}"}[30s]))`, 'rail');
    const watts = await query(`mac_power_watts{job="${job}"}`, 'rail');
    const file = fileWatts(machine);
    expect([...rates.keys()].sort()).toEqual([...watts.keys()].sort());
    expect(rates.size).toBeGreaterThanOrEqual(4);
    for (const [rail, rate] of rates) {
      // A rail of a few milliwatts is counted in millijoules: it cannot be within 1 %.
      const resolution = 2e-3 / 30 + 1e-9;
      const close = (a: number, b: number) => Math.abs(a - b) <= within * Math.abs(b) + 2 * resolution;
      if (!close(rate, watts.get(rail)!))
        throw new Error(`${rail}: rate() ${rate} W, mac_power_watts ${watts.get(rail)} W`);
      if (!close(rate, file.get(rail)!))
        throw new Error(`${rail}: rate() ${rate} W, the file ${file.get(rail)} W`);
    }
  },
);

/** Mean watts by rail over the whole of a machine file. */
function fileWatts(name: string): Map<string, number> {
  const machine = new Machine(constantLoad(machineOf(name)) as unknown as MachineFile);
  const file = truth(machine);
  const [before, after] = [file.counters(0n), file.counters(machine.period)];
  const seconds = toNumber(machine.seconds(machine.period));
  const watts = new Map<string, number>();
  for (const [series, value] of after) {
    const rail = /^mac_energy_joules_total\{rail="([^"]+)"/.exec(series)?.[1];
    if (rail === undefined) continue;
    watts.set(rail, (watts.get(rail) ?? 0) + toNumber(growth(before.get(series)!, value)) / seconds);
  }
  return watts;
}
