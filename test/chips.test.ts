// src/chips: names of channels, tables, rails and the map of the CPUs, by themselves.

import fc from 'fast-check';
import { parseCpuName, splitDie, stateIndex } from '../src/chips/channels';
import { cpuTable, frequenciesOf, gpuTable, parseTable } from '../src/chips/frequencies';
import { gpuFallbackRailOf, railOf, railPartOf } from '../src/chips/rails';
import { labelCores } from '../src/chips/topology';
import type { FactMap } from '../src/native/native';
import { M1_ULTRA, M5_MAX } from './oracle/inventories';
import { tableBytes, word } from './support/bytes';

const PMGR = 'IODeviceTree:/arm-io/pmgr';
const SGX = 'IODeviceTree:/arm-io/sgx';
const sram = (number: number) => `${PMGR} voltage-states${number}-sram`;

describe('names of cores and clusters', () => {
  test.each([
    ['ECPU0', '', 'E', '0', undefined],
    ['PCPU120', '', 'P', '120', undefined],
    ['MCPU05', '', 'M', '05', undefined],
    ['PCPU', '', 'P', '', undefined],
    ['DIE_0_ECPU_CPU3', '0', 'E', '', '3'],
    ['DIE_1_PCPU1_CPU0', '1', 'P', '1', '0'],
    // Betas of macOS 27.
    ['DIE0 PCPU1', '0', 'P', '1', undefined],
    ['PRIM ECPU010', '', 'E', '010', undefined],
    // A letter nobody has seen is a letter.
    ['XCPU7', '', 'X', '7', undefined],
  ])('%s', (name, die, letter, digits, core) => {
    expect(parseCpuName(name)).toEqual({ die, letter, digits, core });
  });

  test.each([
    'PCPM',
    'PCPM_IDLE',
    'ECPM',
    'MCPM0',
    'DIE_0_PCPM1',
    'PCPUDTL010',
    'EACC_CPU0',
    'CPU Energy',
    'pcpu0',
    '',
  ])('%j is neither', (name) => expect(parseCpuName(name)).toBeUndefined());

  test('a die in the name is taken off once', () => {
    expect(splitDie('DIE_1_DIE_0_CPU Energy')).toEqual({ die: '1', rest: 'DIE_0_CPU Energy' });
    expect(splitDie('DIE1 CPU Energy')).toEqual({ die: '1', rest: 'CPU Energy' });
    expect(splitDie('DIET_1')).toEqual({ die: '', rest: 'DIET_1' });
  });

  test.each([
    ['V0P14', 0],
    ['V14P0', 14],
    ['P1', 1],
    ['P15', 15],
    ['OFF', undefined],
    ['IDLE', undefined],
    ['DOWN', undefined],
    ['NON_IDLE', undefined],
    ['SW_P3', undefined],
    ['', undefined],
  ])('state %j is entry %p of the table', (state, index) => expect(stateIndex(state)).toBe(index));
});

describe('tables', () => {
  test('8-byte pairs, the last one incomplete, zeros inside', () => {
    const bytes = tableBytes([0, 396e6, 528e6]);
    expect([...parseTable(bytes)!]).toEqual([0, 396e6, 528e6]);
    expect([...parseTable(bytes.subarray(0, 20))!]).toEqual([0, 396e6]);
  });

  test('empty, too short and zero-filled tables are none', () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(7), new Uint8Array(64)])
      expect(parseTable(bytes)).toBeUndefined();
  });

  test('a view into a larger buffer is read at its own place', () => {
    const large = Buffer.concat([Buffer.alloc(3, 0xff), tableBytes([600e6])]);
    expect([...parseTable(large.subarray(3))!]).toEqual([600e6]);
  });

  test('neither sorted nor stripped of twins', () => {
    const megahertz = [1182, 1182, 1312, 1242];
    expect([...parseTable(tableBytes(megahertz.map((v) => v * 1e6)))!]).toEqual(
      megahertz.map((v) => v * 1e6),
    );
  });

  test('kHz to Hz is exact: 4044 MHz and not 4043', () => {
    expect(parseTable(tableBytes([4_044_000]))![0]).toBe(4_044_000_000);
  });

  test('the documented table of the cluster comes first, then others of its letter', () => {
    const [five, thirteen] = [tableBytes([702e6, 3504e6]), tableBytes([702e6, 3696e6])];
    const facts = { [sram(5)]: five, [sram(13)]: thirteen };
    expect(cpuTable(facts, 'P', 0, 2)![1]).toBe(3504e6);
    expect(cpuTable(facts, 'P', 1, 2)![1]).toBe(3696e6);
    expect(cpuTable({ [sram(5)]: five }, 'P', 1, 2)![1]).toBe(3504e6);
    expect(cpuTable(facts, 'P', 7, 2)![1]).toBe(3504e6);
  });

  test('an unknown letter gets the only table of its length, never that of another rail or letter', () => {
    const table = tableBytes([100e6, 200e6, 300e6]);
    expect(cpuTable({ [sram(31)]: table }, 'X', 0, 3)).toHaveLength(3);
    for (const taken of [1, 5, 8, 9, 13, 14, 22, 23])
      expect(cpuTable({ [sram(taken)]: table }, 'X', 0, 3)).toBeUndefined();
    const other = tableBytes([100e6, 200e6, 400e6]);
    expect(cpuTable({ [sram(31)]: table, [sram(32)]: other }, 'X', 0, 3)).toBeUndefined();
    expect(cpuTable({ [sram(31)]: table, [sram(32)]: table }, 'X', 0, 3)).toHaveLength(3);
  });

  test('from 100 MHz on a table is in Hz, below in kHz; that of the GPU always in Hz', () => {
    expect(parseTable(tableBytes([1e8]))![0]).toBe(1e8);
    expect(parseTable(tableBytes([1e8 - 1]))![0]).toBe(1e11 - 1e3);
    const low = tableBytes([0, 5e7]);
    expect(gpuTable({ [sram(9)]: low })![1]).toBe(5e7);
    expect(gpuTable({ [`${SGX} perf-states`]: low, [`${SGX} perf-state-count`]: word(2) })![1]).toBe(5e7);
  });

  test('another number of states than entries has no table', () => {
    expect(cpuTable({ [sram(5)]: tableBytes([1e9, 2e9]) }, 'P', 0, 3)).toBeUndefined();
    expect(cpuTable({}, 'P', 0, 0)).toBeUndefined();
  });

  test('the GPU has its own node’s table, else number 9 with -sram, else number 9', () => {
    const table = (first: number) => tableBytes([0, first, 1398e6]);
    const nine = { [`${PMGR} voltage-states9`]: table(1e8) };
    const nineSram = { ...nine, [sram(9)]: table(2e8) };
    const own = { ...nineSram, [`${SGX} perf-states`]: table(3e8), [`${SGX} perf-state-count`]: word(3) };
    expect([nine, nineSram, own].map((facts) => gpuTable(facts)![1])).toEqual([1e8, 2e8, 3e8]);
  });

  test.each([
    ['no count', {}],
    ['a count that is cut off', { [`${SGX} perf-state-count`]: new Uint8Array(2) }],
    ['a count beyond the table', { [`${SGX} perf-state-count`]: word(3) }],
    ['a count far beyond the table', { [`${SGX} perf-state-count`]: word(400) }],
    ['a count of none', { [`${SGX} perf-state-count`]: word(0) }],
  ])('with %s the GPU’s own table is not trusted', (_, count) => {
    const facts = { [`${SGX} perf-states`]: tableBytes([0, 3e8]), ...count };
    expect(gpuTable(facts)).toBeUndefined();
    expect(gpuTable({ ...facts, [sram(9)]: tableBytes([0, 2e8]) })![1]).toBe(2e8);
  });

  test('a state without an entry has no frequency', () => {
    expect([...frequenciesOf([0, 1, 2, undefined], Float64Array.of(5, 6))]).toEqual([5, 6, NaN, NaN]);
    expect([...frequenciesOf([0], undefined)]).toEqual([NaN]);
  });
});

describe('rails', () => {
  const counted = (names: readonly string[]) => {
    const rails = new Map<string, string[]>();
    for (const name of names) {
      const rail = railOf(name);
      if (rail)
        rails.set(`${rail.rail} ${rail.die}`.trim(), [
          ...(rails.get(`${rail.rail} ${rail.die}`.trim()) ?? []),
          name,
        ]);
    }
    return Object.fromEntries(rails);
  };

  test('of the 321 channels of an M1 Ultra', () => {
    expect(counted([...M1_ULTRA.mJ, ...M1_ULTRA.uJ, ...M1_ULTRA.nJ])).toEqual({
      'cpu 0': ['DIE_0_CPU Energy'],
      'cpu 1': ['DIE_1_CPU Energy'],
      gpu: ['GPU Energy'],
      ...Object.fromEntries(
        ['0', '1'].flatMap((die) => [
          ...['ANE', 'ISP', 'DCS', 'DRAM', 'AMCC'].map((name) => [
            `${name.toLowerCase()} ${die}`,
            [`${name}0_${die}`],
          ]),
          [`media ${die}`, [`AVE0_${die}`, `MSR0_${die}`]],
        ]),
      ),
    });
  });

  test('of the 364 channels of an M5 Max', () => {
    expect(
      Object.values(counted([...M5_MAX.mJ, ...M5_MAX.uJ, ...M5_MAX.nJ]))
        .flat()
        .sort(),
    ).toEqual(
      [
        'CPU Energy',
        'GPU Energy',
        ...'AFR AMCC ANE AVE DCS DISP DISPEXT DRAM FAB ISP MSR'.split(' ').map((n) => `${n}0`),
      ].sort(),
    );
  });

  test.each([
    ['VDEC0', 'media', ''],
    ['SOC_AON', 'soc_aon', ''],
    ['SOC_REST', 'soc_rest', ''],
    ['DRAM0_12', 'dram', '12'],
  ])('%s is of the rail %s', (name, rail, die) => expect(railOf(name)).toEqual({ rail, die }));

  test.each([
    'xANE0',
    'CPU Energy (estimated)',
    'MY CPU Energy',
    'PCPU',
    'PACC0_CPU3',
    'EACC_CPM',
    'PCPUDTL010',
    'GPU CS0',
    'GPU SRAM0',
    'apciec0 Energy',
    'PCIe Port 0 Energy',
    'ANEX',
    'DRAM0_0_0',
    'constructor',
    'ane0',
    '',
  ])('%j is no rail', (name) => expect(railOf(name)).toBeUndefined());

  test('GPU0 stands in for GPU Energy only, and GPU SRAM for nothing', () => {
    expect(gpuFallbackRailOf('GPU0_0')).toEqual({ rail: 'gpu', die: '0' });
    expect(gpuFallbackRailOf('GPU')).toEqual({ rail: 'gpu', die: '' });
    for (const name of ['GPU Energy', 'GPU SRAM0', 'GPU CS0', 'GPUX'])
      expect(gpuFallbackRailOf(name)).toBeUndefined();
  });

  test('a core of an M1 and a cluster of an M5 are told apart by the cluster channels', () => {
    const clusters = new Set(['MCPU0', 'PCPU']);
    expect(railPartOf('MCPU0', clusters)).toEqual({ rail: 'cpu', part: 'MCPU0', die: '' });
    expect(railPartOf('ECPU0', clusters)).toBeUndefined();
    expect(railPartOf('DIE_1_PACC1_CPU', clusters)).toEqual({ rail: 'cpu', part: 'PACC1_CPU', die: '1' });
    expect(railPartOf('DIE_1_PACC1_CPU2', clusters)).toBeUndefined();
    expect(railPartOf('GPU SRAM0_1', clusters)).toEqual({ rail: 'gpu', part: 'sram', die: '1' });
    expect(railPartOf('GPU SRAM1', clusters)).toEqual({ rail: 'gpu', part: 'sram1', die: '' });
    expect(railPartOf('GPU SRAM0_12', clusters)).toEqual({ rail: 'gpu', part: 'sram', die: '12' });
    for (const name of ['XPACC0_CPU', 'MY GPU SRAM0', 'GPU SRAM0X'])
      expect(railPartOf(name, clusters)).toBeUndefined();
  });
});

describe('whatever a Mac may hand out', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const name = fc.oneof(
    fc.string(),
    fc.stringMatching(/^(DIE_\d_|DIE\d |PRIM )?[A-Z]CPU\d{0,3}(_CPU\d{1,2})?$/),
  );
  const fact = fc.oneof(bytes, fc.string(), fc.double(), fc.integer());
  const facts = fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.nat(47).map(sram),
      fc.constantFrom(`${SGX} perf-states`, `${SGX} perf-state-count`, `${PMGR} voltage-states9`),
      fc.constantFrom('hw.perflevel0.name', 'hw.perflevel1.name', 'hw.perflevel2.name'),
      fc
        .tuple(
          fc.nat(30),
          fc.constantFrom('cluster-type', 'die-id', 'die-cluster-id', 'cluster-core-id', 'logical-cpu-id'),
        )
        .map(([cpu, property]) => `IODeviceTree:/cpus/cpu${cpu} ${property}`),
    ),
    fact,
  );

  test('no name throws, and a rail has a name', () => {
    fc.assert(
      fc.property(name, fc.array(name), (each, clusters) => {
        parseCpuName(each);
        stateIndex(each);
        for (const rail of [railOf(each), gpuFallbackRailOf(each), railPartOf(each, new Set(clusters))])
          if (rail) expect(rail.rail).toMatch(/^[a-z_]+$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('no bytes throw, and a table has as many entries as pairs', () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (each, hertz) => {
        const table = parseTable(each, hertz);
        if (table) expect(table).toHaveLength(Math.floor(each.length / 8));
      }),
      { numRuns: 1000 },
    );
  });

  test('no facts throw: every core has labels, a CPU table the length asked for, a GPU table a leading 0', () => {
    fc.assert(
      fc.property(
        facts as fc.Arbitrary<FactMap>,
        fc.array(name),
        fc.array(name),
        fc.nat(40),
        (known, cores, complexes, states) => {
          expect(labelCores(cores.filter(parseCpuName), complexes.filter(parseCpuName), known)).toHaveLength(
            cores.filter(parseCpuName).length,
          );
          for (const letter of ['E', 'P', 'M', 'X']) {
            const table = cpuTable(known, letter, states % 3, states);
            if (table) expect(table).toHaveLength(states);
          }
          expect(gpuTable(known)?.[0] ?? 0).toBe(0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
