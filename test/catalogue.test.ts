// The catalogue as a whole: naming rules, stability, and that every family is seen somewhere.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { families } from '../src/metrics/catalogue';
import { family } from '../src/metrics/metric';
import { EVERYTHING, samples, withExporter } from './support/exporter';
import { machineNames } from './support/machines';

/** Names that users have in their queries. One may be added; removing or renaming one needs a major version. */
const FROZEN = readFileSync(join(__dirname, 'families.txt'), 'utf8').trim().split('\n');

/** Families that no machine file shows, with the reason. */
const RARE: Readonly<Record<string, string>> = {};

const names = families.map(({ name }) => name);
const nameOf = (series: string) => series.replace(/\{.*/, '');

test('a name is there once, or its variants exclude each other and say the same of themselves', () => {
  for (const name of new Set(names)) {
    const variants = families.filter((each) => each.name === name);
    if (variants.length === 1) continue;
    const options = variants.map(({ option }) => option ?? '');
    expect(new Set(options).size).toBe(variants.length);
    expect(new Set(options.map((option) => option.replace(/=.*/, ''))).size).toBe(1);
    const facts = ({ kind, unit, labels, collector }: (typeof families)[number]) => ({
      kind,
      unit,
      labels,
      collector,
    });
    for (const each of variants) expect(facts(each)).toEqual(facts(variants[0]!));
  }
});

test('no name of a released family is missing', () => {
  expect(names).toEqual(expect.arrayContaining(FROZEN));
});

test("the owner's three names are served exactly so", () => {
  expect(names).toEqual(
    expect.arrayContaining(['gpu_utilization', 'metal_alloc_bytes', 'memory_pressure_level']),
  );
});

test.each(families)(
  '$name has a prefix, a unit, a help that names its origin, and labels in snake case',
  (each) => {
    expect(each.name).toMatch(
      /^(mac_|metalstat_exporter_|gpu_utilization$|metal_alloc_bytes$|memory_pressure_level$)[a-z0-9_]*$/,
    );
    expect(each.help.length).toBeGreaterThan(20);
    expect(each.help).toMatch(/\.$/);
    if (each.collector !== 'exporter')
      expect(each.help).toMatch(
        /From .*(IOReport|IOAccelerator|host_|sysctl|device tree|mach_|SMC|HID|notify|MTLDevice|AppleSmartBattery|coalition_info_resource_usage|libproc|I\/O Registry)/,
      );
    for (const label of each.labels) expect(label).toMatch(/^[a-z][a-z0-9_]*$/);
    for (const label of each.labels)
      expect(['le', 'quantile', 'instance', 'job', 'chip_name']).not.toContain(label);
    if (each.unit === 'ratio') expect(each.kind).toBe('gauge');
  },
);

test('every family is on the page of some machine, or is listed as rare with a reason', async () => {
  const seen = new Set<string>();
  for (const machine of machineNames) {
    const page = await withExporter(machine, (exporter) => exporter.pageAfter(12), { selection: EVERYTHING });
    for (const series of samples(page).keys()) seen.add(nameOf(series));
  }
  expect([...new Set(names)].filter((name) => !seen.has(name)).sort()).toEqual(Object.keys(RARE).sort());
});

test('a wrong family does not compile', () => {
  const rest = { help: '', collector: 'gpu', from: ['gpu'] } as const;
  const read = () => undefined;
  // @ts-expect-error a counter without _total
  family({ name: 'mac_x_seconds', kind: 'counter', unit: 'seconds', labels: [], ...rest, read });
  // @ts-expect-error a unit that the name does not have
  family({ name: 'mac_x', kind: 'gauge', unit: 'bytes', labels: [], ...rest, read });
  // @ts-expect-error a gauge that ends in _total
  family({ name: 'mac_x_total', kind: 'gauge', unit: '', labels: [], ...rest, read });
  // @ts-expect-error a part that does not exist
  family({ name: 'mac_x', kind: 'gauge', unit: '', labels: [], ...rest, from: ['no such part'], read });
  family({
    name: 'mac_x',
    kind: 'gauge',
    unit: '',
    labels: ['state'],
    ...rest,
    // @ts-expect-error a missing label value
    read: (_now, emit) => emit(1),
  });
  family({
    name: 'mac_x',
    kind: 'gauge',
    unit: '',
    labels: [],
    ...rest,
    // @ts-expect-error a part that is not among `from`
    read: ({ energy }, emit) => emit(energy === undefined ? 0 : 1),
  });
  expect(family({ name: 'mac_x_bytes', kind: 'gauge', unit: 'bytes', labels: [], ...rest, read }).name).toBe(
    'mac_x_bytes',
  );
});
