import { decodeTable } from './frequencies';
import {
  M1_PRO_CHIP,
  M1_PRO_GPU_STEPS,
  M2_CHIP,
  M3_AIR_GPU_STEPS,
  M3_MAX_CHIP,
  M3_ULTRA_GPU_STEPS,
  M5_CHIP,
  unitsOf,
} from '../referee/chips';
import { BASE_M5, M1_PRO, M1_PRO_GPU, M2_AIR, M3_AIR_GPU, M3_MAX, M3_ULTRA_GPU } from '../referee/excerpts';
import { meansAllowed, middle, readPrinted, rebuilt, type Printed } from '../referee/printed';
import { M1_P, M5_MAX_GPU, M5_MAX_M, M5_MAX_P } from './published';
import { grown, pmgr, SECOND, small, states, windowOf, word } from './small';
import { truth } from './truth';

const MACS = [
  [M1_PRO_CHIP, M1_PRO],
  [M2_CHIP, M2_AIR],
  [M3_MAX_CHIP, M3_MAX],
  [M5_CHIP, BASE_M5],
] as const;

/** Every core and cluster with a list of steps. */
const LISTS = MACS.flatMap(([chip, excerpt]) =>
  [...unitsOf(chip, excerpt).values()]
    .filter(({ shares }) => shares)
    .map((unit) => [`${excerpt.source}: ${unit.name}`, unit, chip.kilohertz ? 1e3 : 1e6] as const),
);

const residencies = (unit: Printed): number[] =>
  rebuilt(unit).map((percent) => Math.round((percent / 100) * Number(SECOND)));

const levels = {
  'hw.perflevel0.name': ['text', 'Performance'],
  'hw.perflevel1.name': ['text', 'Efficiency'],
} as const;

describe('powermetrics: a core', () => {
  it.each(LISTS)('%s', (_, unit, inMegahertz) => {
    const active = residencies(unit);
    const idle = Number(SECOND) - active.reduce((a, b) => a + b, 0);
    const names = ['DOWN', 'IDLE', ...active.map((__, i) => `V${i}P${active.length - 1 - i}`)];
    const frames = [names.map(() => 7), [7, idle + 7, ...active.map((ticks) => ticks + 7)]];
    const block = (subgroup: string) => states('CPU Stats', subgroup, names, { ECPU: frames });
    const table = unit.shares!.map(({ megahertz }) => megahertz * inMegahertz);
    const oracle = truth(
      small({
        ioreport: [block('CPU Core Performance States'), block('CPU Complex Performance States')],
        ioregistry: [pmgr({ 'voltage-states1-sram': table })],
        sysctl: levels,
      }),
    );
    const labels = 'core="ECPU",cluster="ECPU",tier="efficiency"';
    const seconds = grown(oracle, `mac_cpu_core_active_seconds_total{${labels}}`);
    const cycles = grown(oracle, `mac_cpu_core_cycles_total{${labels}}`);
    const megahertz = windowOf(oracle, 'mac_cpu_frequency_hertz{cluster="ECPU",tier="efficiency"}') / 1e6;
    const { least, greatest } = meansAllowed(unit);

    expect(Math.abs(seconds * 100 - middle(unit.residency!))).toBeLessThan(0.005);
    expect(cycles / seconds / 1e6).toBeCloseTo(megahertz, 6);
    expect(megahertz).toBeGreaterThanOrEqual(least);
    expect(megahertz).toBeLessThanOrEqual(greatest);
    if (!unit.frequency) return;
    expect(unit.frequency.greatest).toBeGreaterThan(least);
    expect(unit.frequency.least).toBeLessThan(greatest);
  });
});

describe('powermetrics: the GPU', () => {
  it.each([
    [M1_PRO_GPU, M1_PRO_GPU_STEPS],
    [M3_AIR_GPU, M3_AIR_GPU_STEPS],
    [M3_ULTRA_GPU, M3_ULTRA_GPU_STEPS],
  ] as const)('$source', (excerpt, steps) => {
    const unit = readPrinted(excerpt.text, () => steps.map(Math.round)).get('GPU')!;
    const active = residencies(unit);
    const off = Number(SECOND) - active.reduce((a, b) => a + b, 0);
    const names = ['OFF', ...Array.from({ length: 15 }, (__, i) => `P${i + 1}`)];
    const frames = [names.map(() => 0), names.map((__, i) => (i === 0 ? off : (active[i - 1] ?? 0)))];
    const table = [0, ...steps.map((megahertz) => Math.round(megahertz * 1e6))];
    const oracle = truth(
      small({
        ioreport: [states('GPU Stats', 'GPU Performance States', names, { GPUPH: frames })],
        ioregistry: [pmgr({ 'voltage-states9': table })],
      }),
    );
    expect(windowOf(oracle, 'gpu_utilization') * 100).toBeCloseTo(middle(unit.residency!), 3);
    expect(Math.round(windowOf(oracle, 'mac_gpu_frequency_hertz') / 1e6)).toBe(middle(unit.frequency!));
    const shown = [...oracle.counters(0n).keys()].filter((key) => key.startsWith('mac_gpu_state_'));
    expect(shown).toHaveLength(steps.length + 1);
  });

  it('vladkens/macmon #68: a loaded M2 Ultra runs in its last step of 1398 MHz', () => {
    const names = ['OFF', ...Array.from({ length: 15 }, (_, i) => `P${i + 1}`)];
    const after = names.map((name) => (name === 'P8' ? 2692897 : 0));
    const table = [0, 444, 612, 808, 968, 1110, 1236, 1338, 1398].map((megahertz) => megahertz * 1e6);
    const data = table.map((hertz) => word(hertz) + word(800)).join('');
    const sgx = {
      id: 3,
      class: ['AppleARMIODevice'],
      name: 'sgx',
      path: 'IODeviceTree:/arm-io/sgx',
      properties: { 'perf-states': { data: data + data }, 'perf-state-count': { data: word(9) } },
    };
    const oracle = truth(
      small({
        ioreport: [
          states('GPU Stats', 'GPU Performance States', names, { GPUPH: [names.map(() => 0), after] }),
        ],
        ioregistry: [sgx],
      }),
    );
    expect(windowOf(oracle, 'gpu_utilization')).toBe(1);
    expect(windowOf(oracle, 'mac_gpu_frequency_hertz')).toBe(1_398_000_000);
    expect(oracle.gauges(0n).plain.get('mac_gpu_frequency_max_hertz')).toBe(1_398_000_000);
  });
});

describe('tables of frequencies', () => {
  const megahertz = (hex: string) =>
    decodeTable(Buffer.from(hex, 'hex'))?.map((hertz) => Number(hertz / 1_000_000n));

  it.each([
    ['M1 P, Hz', M1_P],
    ['M5 Max Performance, kHz', M5_MAX_M],
    ['M5 Max Super, kHz', M5_MAX_P],
    ['M5 Max GPU, Hz', M5_MAX_GPU],
  ])('%s', (_, { hex, megahertz: expected }) => {
    expect(megahertz(hex)).toEqual(expected);
  });

  it('a table of zeros is none', () => {
    expect(megahertz('00'.repeat(24))).toBeUndefined();
  });

  it('the number of steps chooses between two tables of a letter (M2 Max has 19 in the second)', () => {
    const names = ['IDLE', ...Array.from({ length: 19 }, (_, i) => `V${i}P${18 - i}`)];
    const table = (length: number) => Array.from({ length }, (_, i) => (702 + i) * 1e6);
    const machine = small({
      ioreport: [
        states('CPU Stats', 'CPU Core Performance States', names, { PCPU000: [names.map(() => 0)] }),
      ],
      ioregistry: [pmgr({ 'voltage-states5-sram': table(17), 'voltage-states13-sram': table(19) })],
      sysctl: levels,
    });
    const max = truth(machine).gauges(0n).plain.get('mac_cpu_frequency_max_hertz{tier="performance"}');
    expect(max).toBe(720_000_000);
  });
});
