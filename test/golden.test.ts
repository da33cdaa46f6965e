// One machine file, one golden page, byte for byte. `npm run update` rewrites them: read the difference, it is the review.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { samples, stable, withExporter } from './support/exporter';
import { machineNames } from './support/machines';

const GOLDEN = join(__dirname, 'golden');
const update = process.env['UPDATE_GOLDEN'] === '1';

/** Seconds of the machine's time between the first collection and the page. */
const AFTER = 12;

describe.each(machineNames)('%s', (name) => {
  const file = join(GOLDEN, `${name}.prom`);

  test('is the golden page', async () => {
    const page = stable(await withExporter(name, (exporter) => exporter.pageAfter(AFTER)));
    if (update) writeFileSync(file, page);
    if (!existsSync(file)) throw new Error(`${file} is missing; write it with: npm run update`);
    expect(page).toBe(readFileSync(file, 'utf8'));
  });

  test('has the families that depend on this computer', async () => {
    const page = samples(await withExporter(name, (exporter) => exporter.pageAfter(AFTER)));
    for (const source of ['host', 'ioregistry', 'ioreport', 'sysctl'])
      expect(page.get(`metalstat_exporter_source_duration_seconds{source="${source}"}`)).toBeGreaterThan(0);
    expect([...page.keys()].filter((key) => key.startsWith('metalstat_exporter_build_info{'))).toHaveLength(
      1,
    );
  });

  test('has no more series than allowed', async () => {
    const page = samples(await withExporter(name, (exporter) => exporter.pageAfter(AFTER)));
    const dies = [...page.keys()].some((key) => key.includes('die="1"')) ? 2 : 1;
    const apps = [...page.keys()].filter((key) => /^mac_(app|process)_/.test(key)).length;
    expect(page.size).toBeLessThanOrEqual(500);
    if (dies === 1) expect(page.size - apps).toBeLessThanOrEqual(350);
  });
});

test('every golden page has its machine file', () => {
  const files = readdirSync(GOLDEN).filter((file) => file.endsWith('.prom'));
  const names = files.map((file) => file.replace(/\.prom$/, ''));
  expect(names.sort()).toEqual(machineNames);
});
