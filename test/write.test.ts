// The text of a page: whatever the labels and values, it reads back as it was, and as prom-client would print it.

import fc from 'fast-check';
import { Registry } from 'prom-client';
import { families, selectFamilies, withDefaults, type Selection } from '../src/metrics/catalogue';
import { toJson } from '../src/metrics/json';
import type { AnyFamily } from '../src/metrics/metric';
import { MacRegistry } from '../src/metrics/registry';
import { Pieces, Writer, type Format } from '../src/metrics/write';
import { EVERYTHING, samples as seriesOf, withExporter } from './support/exporter';
import { machineNames } from './support/machines';
import { VIRTUAL } from './support/variants';
import { parse } from './support/parse';

const FORMATS: readonly Format[] = ['text', 'openmetrics'];

interface Written {
  readonly value: number;
  readonly labels: readonly string[];
}

function familyOf(labels: readonly string[], samples: readonly Written[], help: string): AnyFamily {
  return {
    name: 'mac_x_seconds_total',
    kind: 'counter',
    unit: 'seconds',
    labels,
    help,
    collector: 'gpu',
    from: [],
    read: (_now, emit) => {
      for (const { value, labels: of } of samples) emit(value, ...of);
    },
  };
}

function written(writer: Writer, of: readonly AnyFamily[], now: object = {}, then: object = {}): string {
  const page = new Pieces();
  writer.write(of, now, then, page);
  return page.text;
}

/** Any text, lone surrogates too (on the wire they are the replacement character), and much of what needs escaping. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom('\\', '"', '\n', '\r', 'n', '{', '}', ',', '=', ' ', '#', '\u2028') }),
);
const onTheWire = (label: string) => Buffer.from(label, 'utf8').toString('utf8');

test.each(FORMATS)('%s: labels of any characters and any finite value read back', (format) => {
  const sample = fc.record({
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    labels: fc.tuple(anyText, anyText, anyText, anyText),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4 }),
      fc.uniqueArray(sample, { minLength: 1, maxLength: 5 }),
      anyText,
      (count, all, help) => {
        const names = ['a', 'b', 'c', 'd'].slice(0, count);
        const unique = new Map(
          all.map((each) => [JSON.stringify(each.labels.slice(0, count).map(onTheWire)), each]),
        );
        const samples = [...unique.values()].map(({ value, labels }) => ({
          value,
          labels: labels.slice(0, count),
        }));
        const writer = new Writer(format);
        const text = onTheWire(written(writer, [familyOf(names, samples, `x${help}.`)]));
        const page = parse(format === 'openmetrics' ? `${text}# EOF\n` : text, format);
        const family = page.get('mac_x_seconds_total')!;
        expect(writer.series).toBe(samples.length);
        expect(family.help).toBe(onTheWire(`x${help}.`));
        expect(family.unit).toBe(format === 'openmetrics' ? 'seconds' : undefined);
        expect(family.samples.map(({ value, labels }) => [value, Object.values(labels)])).toEqual(
          // There is no -0 on the wire.
          samples.map(({ value, labels }) => [value + 0, labels.map(onTheWire)]),
        );
      },
    ),
  );
});

test.each(FORMATS)('%s: page after page, a writer writes what a new one would', (format) => {
  // Few labels and values: most stay, some change, come back, or have others in front of them.
  const samples = fc.array(
    fc.record({
      value: fc.constantFrom(0, 1, 2.5, NaN),
      labels: fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('', 'v')),
    }),
    { maxLength: 4 },
  );
  const page = fc.record({ samples, isThere: fc.boolean() });
  fc.assert(
    fc.property(fc.array(page, { maxLength: 8 }), (pages) => {
      const writer = new Writer(format);
      for (const { samples: of, isThere } of pages) {
        // The exporter's own families are made anew for each page, and have no labels before they have series.
        const labels = of.length === 0 ? [] : ['a', 'b'];
        const family: AnyFamily = { ...familyOf(labels, of, 'x.'), from: ['gpu'] };
        const now = isThere ? { gpu: {} } : {};
        const fresh = new Writer(format);
        expect(written(writer, [family], now)).toBe(written(fresh, [family], now));
        expect(writer.series).toBe(fresh.series);
      }
    }),
  );
});

test.each(FORMATS)('%s: prom-client prints the same of any labels and values', async (format) => {
  const sample = fc.record({ value: fc.double(), labels: fc.tuple(anyText, anyText) });
  const selector = ({ labels }: Written) => JSON.stringify(labels.map(onTheWire));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(sample, { minLength: 1, maxLength: 4, selector }), async (samples) => {
      const family = familyOf(['a', 'b'], samples, 'A "quoted" \\ help\nof two lines.');
      const registry = new MacRegistry([family], () => Promise.resolve({ now: {}, then: {} }));
      if (format === 'openmetrics') registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
      const end = format === 'openmetrics' ? '# EOF\n' : '';
      const ours = onTheWire(written(new Writer(format), [family]) + end);
      const theirs = onTheWire(await registry.metrics());
      const of = (page: string) => parse(page, format).get(family.name)?.samples ?? [];
      // Of a family without samples prom-client prints the headers.
      const isEmpty = samples.every(({ value }) => !Number.isFinite(value));
      expect(isEmpty ? [] : of(theirs)).toEqual(of(ours));
    }),
  );
});

test('no family has more labels than the writer writes', () => {
  expect(Math.max(...families.map(({ labels }) => labels.length))).toBeLessThanOrEqual(4);
});

test.each([NaN, Infinity, -Infinity, undefined])(
  '%p is absent, and so is a family of nothing else',
  (value) => {
    const family: AnyFamily = { ...familyOf([], [], 'x.'), read: (_now, emit) => emit(value) };
    expect(written(new Writer('text'), [family])).toBe('');
  },
);

test('a family one of whose parts is missing is absent', () => {
  const family: AnyFamily = { ...familyOf([], [{ value: 1, labels: [] }], 'x.'), from: ['gpu'] };
  expect(written(new Writer('text'), [family])).toBe('');
  expect(written(new Writer('text'), [family], { gpu: {} })).not.toBe('');
});

const SENSORS: Selection = { ...EVERYTHING, options: withDefaults(['collector.thermal.sensors=all']) };

test.each(
  machineNames.flatMap((name) => [[name, 'roles', EVERYTHING] as const, [name, 'all', SENSORS] as const]),
)('%s, sensors %s: both formats and prom-client give the same samples', async (name, _, selection) => {
  const selected = selectFamilies(selection);
  await withExporter(
    name,
    async (exporter) => {
      await exporter.page();
      const collected = await exporter.step(12).pages.collect(5);
      const registry = new MacRegistry(selected, () => Promise.resolve(collected));
      const samplesOf = (page: ReturnType<typeof parse>) =>
        new Map([...page].map(([family, { kind, help, samples }]) => [family, { kind, help, samples }]));
      const text = samplesOf(
        parse(written(new Writer('text'), selected, collected.now, collected.then), 'text'),
      );
      const open = written(new Writer('openmetrics'), selected, collected.now, collected.then);
      expect(samplesOf(parse(`${open}# EOF\n`, 'openmetrics'))).toEqual(text);
      // prom-client prints a blank line between families, and the headers of families without samples.
      const printed = (await registry.metrics())
        .split('\n\n')
        .filter((family) => family.trim().split('\n').length > 2)
        .map((family) => `${family.trim()}\n`);
      expect(samplesOf(parse(printed.join(''), 'text'))).toEqual(text);
      expect(text.size).toBeGreaterThan(name === VIRTUAL ? 30 : 70);
      const json = Object.entries(toJson(selected, collected)).map(
        ([family, { kind, help, samples }]) => [family, { kind, help, samples }] as const,
      );
      expect(new Map(json)).toEqual(text);
      registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
      const series = (page: string) => [...seriesOf(page)].sort();
      expect(series(await registry.metrics())).toEqual(series(open));
    },
    { selection },
  );
});
