// 41. Machine files with mistakes in them, and names of channels that no Mac has had yet: a file is refused in one line
// with the place of the mistake, or it plays and the page is whole.

import fc from 'fast-check';
import {
  isComplex,
  isCore,
  isCltm,
  isGpuStates,
  isThrottler,
  parseAmc,
  parseCpuName,
  parseDcs,
  rateOf,
  splitDie,
  stateIndex,
  GROUPS,
} from '../src/chips/channels';
import { gpuFallbackRailOf, railOf, railPartOf } from '../src/chips/rails';
import { CPUS, labelCores } from '../src/chips/topology';
import { inBaseUnits, parseUnit } from '../src/chips/units';
import { aboutThis, assemble, openMachine, StartError } from '../src/exporter';
import type { Channel, Fact, FactMap } from '../src/native/native';
import { EVERYTHING } from './support/exporter';
import { mutated, refusal, RUNS, soupOf } from './support/fuzz';
import { fewMachines, machineOf, reduced, type Json } from './support/machines';
import { parse } from './support/parse';

const MACHINES = fewMachines.map((name) => reduced(machineOf(name), 2));
const PLAYED = { numRuns: 150 } as const;

let played = 0;
beforeEach(() => {
  played = 0;
});

/** Refused in one line, or played for three seconds with a whole page before and after. */
async function isSound(text: string): Promise<void> {
  const machine = { name: 'fuzzed', text };
  let opened: ReturnType<typeof openMachine> | undefined;
  const line = refusal(StartError, () => (opened = openMachine(machine, 'manual')));
  if (!opened) {
    expect(line).toMatch(/^the machine file fuzzed is not valid: ./);
    return;
  }
  played++;
  try {
    const { pages } = assemble(opened, EVERYTHING, aboutThis(machine));
    for (const format of ['text', 'openmetrics'] as const) {
      const page = parse(await pages.render({ format, timeout: 5 }), format);
      expect(page.has('metalstat_exporter_build_info')).toBe(true);
      opened.step(3);
    }
  } finally {
    while (!opened.close()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(Object.values(opened.live())).toEqual([0, 0, 0, 0, 0]);
}

/** Every place of a document, as a path. */
const pathsOf = (json: Json): readonly (readonly string[])[] =>
  typeof json === 'object' && json !== null
    ? Object.entries(json).flatMap(([key, value]) => [[key], ...pathsOf(value).map((path) => [key, ...path])])
    : [];

function change(machine: Json, path: readonly string[], to: Json | undefined): Json {
  const copy = structuredClone(machine);
  let holder = copy as Record<string, Json>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, Json>;
  const last = path.at(-1)!;
  if (to !== undefined) holder[last] = to;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
  return copy;
}

describe('41. a machine file', () => {
  const texts = MACHINES.map((machine) => JSON.stringify(machine));
  /** The sections of each: any place of one is as likely as any of another. */
  const sections = MACHINES.flatMap((each) => {
    const machine = each as unknown as Json;
    const paths = pathsOf(machine);
    return Object.keys(each).map((section) => ({
      machine,
      paths: paths.filter(([first]) => first === section),
    }));
  });
  const value: fc.Arbitrary<Json | undefined> = fc.oneof(
    fc.constantFrom<(Json | undefined)[]>(
      undefined,
      null,
      true,
      '',
      [],
      {},
      0,
      -1,
      0.5,
      1,
      2 ** 31,
      2 ** 53,
      1e308,
    ),
    fc.constantFrom<Json[]>(
      '18446744073709551615',
      '-9223372036854775808',
      '99999999999999999999',
      '\0',
      'ü',
      '00',
    ),
    fc.nat({ max: 300 }),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  );

  test('of which some characters changed', async () => {
    const put = fc.oneof(
      fc.constantFrom('"', ',', '[', ']', '{', '}', '-', '0', '9', 'e', '\\', 'null'),
      fc.string({ unit: 'binary', maxLength: 2 }),
    );
    await fc.assert(fc.asyncProperty(mutated(fc.constantFrom(...texts), put), isSound), PLAYED);
    expect(played).toBeGreaterThan(0);
  }, 60_000);

  test('of which a value is another, or is not there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sections),
        fc.nat(),
        value,
        async ({ machine, paths }, where, to) => {
          await isSound(JSON.stringify(change(machine, paths[where % paths.length]!, to)));
        },
      ),
      PLAYED,
    );
    expect(played).toBeGreaterThan(0);
  }, 60_000);

  test('that is any text', async () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"format":1',
      '"a":',
      ',',
      '1',
      'null',
      '"\\ud800"',
      '\\u0000',
      '//',
      ' ',
    ];
    await fc.assert(fc.asyncProperty(soupOf(...pieces), isSound), RUNS);
    expect(played).toBe(0);
  }, 60_000);
});

describe('41. names of channels', () => {
  const name = soupOf(
    ...[
      'E',
      'P',
      'M',
      'S',
      'CPU',
      'CPM',
      'ACC',
      '_',
      ' ',
      '0',
      '1',
      '12',
      'DIE_0_',
      'DIE1 ',
      'PRIM ',
      'Energy',
      'GPU',
    ],
    ...['SRAM', 'PH', 'ANE', 'DRAM', 'DCS', 'RD', 'WR', ' RD+WR', 'GB/s', 'V0P', 'P1', 'IDLE'],
  );
  const channel: fc.Arbitrary<Channel> = fc.record({
    group: fc.constantFrom(...Object.values(GROUPS), 'Another Group'),
    subgroup: fc.constantFrom(
      '',
      'CPU Core Performance States',
      'CPU Complex Performance States',
      'DCS BW',
      'Perf Counters',
    ),
    name,
    unit: soupOf(
      'm',
      'u',
      'n',
      'J',
      '24Mticks',
      'B',
      'bytes',
      '0',
      '72057594037927936',
      '18446744073709551615',
      ' ',
    ),
    id: fc.constant('0000000000000001'),
    driver: fc.nat(),
    states: fc.array(soupOf('IDLE', 'DOWN', 'V', 'P', '0', '1', ' ', 'GB/s', ''), { maxLength: 3 }),
    at: fc.nat(),
  });

  test('are known or not, and nothing of a name is made up', () => {
    fc.assert(
      fc.property(channel, fc.array(name, { maxLength: 3 }), (each, others) => {
        for (const is of [isCore, isComplex, isCltm, isGpuStates, isThrottler])
          expect(typeof is(each)).toBe('boolean');
        expect(isCore(each) && isComplex(each)).toBe(false);
        const { die, rest } = splitDie(each.name);
        expect(each.name.endsWith(rest)).toBe(true);
        expect(die).toMatch(/^\d*$/);
        const cpu = parseCpuName(each.name);
        if (cpu)
          expect(rest).toBe(
            `${cpu.letter}CPU${cpu.digits}${cpu.core === undefined ? '' : `_CPU${cpu.core}`}`,
          );
        for (const text of [parseAmc(each)?.agent, parseDcs(each)])
          if (text !== undefined && text !== 'all') expect(rest).toContain(text);
        const rails = [
          railOf(each.name),
          gpuFallbackRailOf(each.name),
          railPartOf(each.name, new Set(others)),
        ];
        for (const rail of rails) expect(rail?.rail ?? 'none').toMatch(/^[a-z_]+$/);
        for (const state of each.states) {
          const index = stateIndex(state);
          if (index !== undefined) expect(index).toBeGreaterThanOrEqual(0);
          const rate = rateOf(state);
          if (!Number.isNaN(rate)) expect(rate).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  test('of units are a quantity with a scale above 0, or none', () => {
    const byte = (usual: number) => fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, usual, usual - 3));
    const constant = fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 2 ** 31, 2 ** 31 + 1000));
    const code = fc
      .tuple(fc.constantFrom(0, 1, 3, 9, 100), byte(0), byte(127), byte(127), constant)
      .map(([quantity, cardinal, iec, si, factor]) => {
        const bytes = [quantity, cardinal & 255, iec & 255, si & 255];
        const high = bytes.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
        return String((high << 32n) | BigInt(factor));
      });
    fc.assert(
      fc.property(
        fc.oneof(
          code,
          channel.map(({ unit }) => unit),
          fc.string(),
        ),
        (text) => {
          const unit = parseUnit(text);
          if (!unit) return;
          expect(unit.scale).toBeGreaterThan(0);
          expect(inBaseUnits(1, unit) / unit.scale).toBeCloseTo(1, 9);
          expect(Number.isFinite(inBaseUnits(1, unit))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('of cores have one label each, and no core has the number of another', () => {
    let named = 0;
    const cpu = fc
      .tuple(
        fc.constantFrom('', 'DIE_0_', 'DIE_1_'),
        fc.constantFrom('E', 'P', 'M'),
        fc.nat({ max: 130 }),
        fc.option(fc.nat({ max: 9 })),
      )
      .map(
        ([die, letter, digits, core]) => `${die}${letter}CPU${digits}${core === null ? '' : `_CPU${core}`}`,
      );
    const node = fc.tuple(fc.constantFrom('E', 'P', 'M'), fc.nat({ max: 2 }), fc.nat({ max: 9 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(cpu),
        fc.uniqueArray(cpu),
        fc.array(node, { maxLength: 4 }),
        (cores, all, nodes) => {
          const facts: FactMap = Object.fromEntries<Fact>(
            nodes.flatMap(([letter, cluster, core], number) => [
              [`${CPUS}/cpu${number} cluster-type`, Uint8Array.of(letter.charCodeAt(0), 0)],
              [`${CPUS}/cpu${number} die-cluster-id`, cluster],
              [`${CPUS}/cpu${number} cluster-core-id`, core],
            ]),
          );
          const labels = labelCores(cores, all, facts).map(({ core }) => core);
          expect(new Set(labels).size).toBe(cores.length);
          labels.forEach((label, i) => {
            if (label === cores[i]) return;
            named++;
            expect(parseCpuName(cores[i]!)!.letter).toBe(nodes[Number(label)]![0]);
          });
        },
      ),
      RUNS,
    );
    expect(named).toBeGreaterThan(3);
  });

  test('that no Mac has had yet leave a whole page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MACHINES),
        fc.array(fc.tuple(fc.nat(), name), { minLength: 1, maxLength: 6 }),
        async (machine, names) => {
          const copy = structuredClone(machine);
          const channels = (copy.ioreport ?? []).flatMap((report) => report.channels);
          if (channels.length === 0) return;
          for (const [where, to] of names) channels[where % channels.length]![1] = to;
          await isSound(JSON.stringify(copy));
        },
      ),
      PLAYED,
    );
    expect(played).toBeGreaterThan(5);
  }, 60_000);
});
