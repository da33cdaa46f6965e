// The benchmarks run, and say all that they are asked for. How fast anything is, is no matter of a test.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { loadDouble } from '../src/native/load';
import { BARS, verdictOf } from './bench/bars';
import { growth, median, quantile, ratioOf } from './bench/figures';
import type { Report } from './bench/table';
import { isInstalled } from './bench/targets';
import { widened } from './bench/widened';
import { EVERYTHING, samples, withExporter } from './support/exporter';
import { machineOf } from './support/machines';
import { ROOT } from './support/process';

const M2_ULTRA = 'Mac14,14__m2-ultra__15.2__mixed';

/** What a benchmark prints with --quick --json. */
function quick(name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const args = ['--import', 'tsx', join(ROOT, 'test', 'bench', `${name}.ts`), '--quick', '--json'];
    const child = spawn(process.execPath, args, { cwd: ROOT });
    let [text, errors] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`${name} ends with ${code}: ${errors}`));
    });
  });
}

describe('figures', () => {
  test('medians and quantiles are of the values in order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(quantile([5, 4, 3, 2, 1, 0, 9, 8, 7, 6], 0.9)).toBe(9);
    expect(median([])).toBeNaN();
  });

  test('a ratio is the median of the ratios of rounds, whatever slowed a round down', () => {
    expect(ratioOf([1, 30, 2], [2, 60, 4])).toBe(0.5);
  });

  test('growth is the exponent: 1 is linear, 2 square, 0 none', () => {
    const sizes = [1, 4, 16];
    expect(growth(sizes, [3, 12, 48])).toBeCloseTo(1);
    expect(growth(sizes, [3, 48, 768])).toBeCloseTo(2);
    expect(growth(sizes, [3, 3, 3])).toBeCloseTo(0);
  });

  test('a bar is met at its limit, missed above it, and where nothing was measured neither', () => {
    expect(verdictOf(0.5, 0.5)).toBe('met');
    expect(verdictOf(0.5, 0.51)).toBe('missed');
    expect(verdictOf(undefined, 9)).toBe('told');
    expect(verdictOf(0.5, NaN)).toBe('not measured');
  });
});

test('a widened Mac has so many times the dies, each with series of its own', async () => {
  const seriesOf = (times: number) =>
    withExporter(
      widened(machineOf(M2_ULTRA), times),
      async (exporter) => samples(await exporter.pageAfter(12)),
      { selection: EVERYTHING },
    );
  const [one, four] = [await seriesOf(1), await seriesOf(4)];
  const cores = (page: ReadonlyMap<string, number>) =>
    [...page.keys()].filter((name) => name.startsWith('mac_cpu_core_active_seconds_total'));
  expect(cores(one)).toHaveLength(24);
  expect(cores(four)).toHaveLength(4 * 24);
});

describe('what the double does for benchmarks', () => {
  const slow = (ms?: number, how: 'slow' | 'fail' = 'slow') => ({
    calls: [{ function: 'host_statistics64', nth: 1, how, ...(ms !== undefined && { ms }) }],
  });

  test('a slow call takes its milliseconds, off the thread of JavaScript, and succeeds', async () => {
    await withExporter(M2_ULTRA, async (exporter) => {
      await exporter.page();
      exporter.plan(slow(60));
      const start = performance.now();
      const running = exporter.sampler.collect(5);
      const asked = performance.now() - start;
      const { sources } = await running;
      const host = sources.find(({ source }) => source === 'host')!;
      expect(host).toMatchObject({ success: true, failures: [] });
      expect(host.duration).toBeGreaterThanOrEqual(0.06);
      expect(asked).toBeLessThan(host.duration * 1000);
    });
  });

  test('a plan with something slow says for how long; nothing else takes milliseconds', async () => {
    await withExporter(M2_ULTRA, async (exporter) => {
      await exporter.page();
      expect(() => exporter.plan(slow())).toThrow(/calls\[0\]/);
      expect(() => exporter.plan(slow(0))).toThrow(/calls\[0\]\.ms/);
      expect(() => exporter.plan(slow(5, 'fail'))).toThrow('only what is slow takes milliseconds');
    });
  });

  test('both ways of the crossing give the same numbers; one of them in the same array every time', () => {
    const { fill, objects } = loadDouble().crossing(300);
    const { values, failures } = fill();
    expect(fill().values).toBe(values);
    expect(failures).toEqual([]);
    const handed = objects() as { name: string; stamp: number; value: number }[];
    expect(handed.flatMap(({ stamp, value }) => [stamp, value])).toEqual([...values.subarray(1)]);
    expect(new Set(handed.map(({ name }) => name)).size).toBe(300);
  });
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('npm run bench, which reads /proc', () => {
  let report: Report;
  beforeAll(async () => {
    report = (await quick('servers')) as Report;
  }, 120_000);

  test('says of every bar whether it is met', () => {
    expect(report.rows.map(({ figure, against }) => [figure, against])).toEqual(
      BARS.map(({ figure, against }) => [figure, against]),
    );
    for (const { figure, against, most, value, verdict, peer } of report.rows) {
      const measured =
        (against !== 'node_exporter' || isInstalled('prometheus-node-exporter')) &&
        (figure.startsWith('hot') ? isInstalled('wrk') : true) &&
        // In so short a rest a peer may do nothing: then there is no ratio.
        !(figure.startsWith('idle') && peer === 0);
      const expected = !measured ? ['not measured'] : most === undefined ? ['told'] : ['met', 'missed'];
      expect(expected).toContain(verdict);
      if (measured && most !== undefined) expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  test('compares servers of the same series', () => {
    expect(report.series['exporter m2-ultra']).toBeGreaterThan(400);
    expect(report.series['express + prom-client m2-ultra']).toBe(report.series['exporter m2-ultra']);
  });

  test('names what is not installed', () => {
    const missing = ['prometheus-node-exporter', 'wrk'].filter((program) => !isInstalled(program));
    expect(report.notes).toHaveLength(missing.length);
    for (const [i, program] of missing.entries()) expect(report.notes[i]).toContain(program);
  });

  test('gives the figures of every server', () => {
    for (const [name, figures] of Object.entries(report.figures)) {
      expect(Object.keys(figures)).toEqual(expect.arrayContaining(['start', 'cold.p50', 'cold.cpu']));
      expect(`${name}: ${figures.start! > 0 && figures['memory.private']! > 1}`).toBe(`${name}: true`);
    }
  });
});

test('npm run bench:parts gives the parts of a page by size, and the bars of parts', async () => {
  const report = (await quick('parts')) as {
    stages: { times: number; channels: number; series: number; cost: Record<string, number> }[];
    bars: { what: string; verdict: string }[];
  };
  expect(report.stages.map(({ times }) => times)).toEqual([1, 4, 16, 41]);
  expect(report.stages.at(-1)!.series).toBeGreaterThan(20_000);
  for (const { cost } of report.stages)
    for (const part of ['read', 'decode', 'text', 'gzip']) expect(cost[part]).toBeGreaterThan(0);
  expect(report.bars).toHaveLength(6);
  for (const { verdict } of report.bars) expect(['met', 'missed']).toContain(verdict);
}, 60_000);
