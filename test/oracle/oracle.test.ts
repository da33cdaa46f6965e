import { decodeTable } from './frequencies';
import { CPU_EXCERPTS, GPU_EXCERPTS, M1_P, M5_MAX_GPU, M5_MAX_M, M5_MAX_P, type Excerpt } from './published';
import { grown, pmgr, SECOND, small, states, windowOf, word } from './small';
import { truth } from './truth';

interface Step {
  readonly megahertz: number;
  /** Percent, between what the printed digits allow. */
  readonly low: number;
  readonly high: number;
  /** Percent such that all steps sum to the printed residency. */
  readonly share: number;
}

/** Residencies that print as the excerpt does. Of a list that is cut off at 0 % nothing is hidden. */
function rebuild({ steps, residency, ofActiveTime }: Excerpt): Step[] {
  const scale = ofActiveTime ? residency / 100 : 1;
  const printed = [...steps.matchAll(/(\d+) ?MHz: *([\d.]+)%/g)].map(([, megahertz, percent = '']) => {
    const half = percent === '0' ? 0 : 0.5 * 10 ** -(percent.split('.')[1]?.length ?? 0);
    return { megahertz: Number(megahertz), percent: Number(percent) * scale, half: half * scale };
  });
  const missing = residency - printed.reduce((total, { percent }) => total + percent, 0);
  const slack = printed.reduce((total, { half }) => total + half, 0);
  return printed.map(({ megahertz, percent, half }) => ({
    megahertz,
    low: Math.max(0, percent - half),
    high: percent + half,
    share: Math.max(0, percent + (missing * half) / slack),
  }));
}

/** The least and the greatest mean frequency that the printed digits allow. */
function range(steps: readonly Step[]): readonly [least: number, greatest: number] {
  const mean = (weight: (step: Step) => number) => {
    const total = steps.reduce((all, step) => all + weight(step), 0);
    return steps.reduce((all, step) => all + step.megahertz * weight(step), 0) / total;
  };
  const at = steps.map(({ megahertz }) => megahertz);
  const least = at.map((limit) => mean(({ megahertz, low, high }) => (megahertz <= limit ? high : low)));
  const greatest = at.map((limit) => mean(({ megahertz, low, high }) => (megahertz >= limit ? high : low)));
  return [Math.min(...least), Math.max(...greatest)];
}

const residencies = (steps: readonly Step[]): number[] =>
  steps.map(({ share }) => Math.round((share / 100) * Number(SECOND)));

const levels = {
  'hw.perflevel0.name': ['text', 'Performance'],
  'hw.perflevel1.name': ['text', 'Efficiency'],
} as const;

describe('powermetrics: a core', () => {
  it.each(CPU_EXCERPTS.map((excerpt) => [`${excerpt.source}: ${excerpt.unit}`, excerpt] as const))(
    '%s',
    (_, excerpt) => {
      const steps = rebuild(excerpt);
      const active = residencies(steps);
      const idle = Number(SECOND) - active.reduce((a, b) => a + b, 0);
      const names = ['DOWN', 'IDLE', ...steps.map((__, i) => `V${i}P${steps.length - 1 - i}`)];
      const frames = [names.map(() => 7), [7, idle + 7, ...active.map((ticks) => ticks + 7)]];
      const block = (subgroup: string) => states('CPU Stats', subgroup, names, { ECPU: frames });
      const table = steps.map(({ megahertz }) => megahertz * (excerpt.source.includes('M5') ? 1e3 : 1e6));
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
      const [least, greatest] = range(steps);

      expect(Math.abs(seconds * 100 - excerpt.residency)).toBeLessThan(0.005);
      expect(cycles / seconds / 1e6).toBeCloseTo(megahertz, 6);
      expect(megahertz).toBeGreaterThanOrEqual(least);
      expect(megahertz).toBeLessThanOrEqual(greatest);
      if (excerpt.frequency === undefined) return;
      expect(excerpt.frequency).toBeGreaterThan(least - 1);
      expect(excerpt.frequency).toBeLessThan(greatest + 1);
      // The M3 Max core was active for 0.09 %, of which the digits leave a wide range.
      expect(Math.abs(megahertz / excerpt.frequency - 1)).toBeLessThan(excerpt.residency < 1 ? 0.03 : 0.005);
    },
  );
});

describe('powermetrics: the GPU', () => {
  it.each(GPU_EXCERPTS.map((excerpt) => [excerpt.source, excerpt] as const))('%s', (_, excerpt) => {
    const steps = rebuild(excerpt);
    const active = residencies(steps);
    const off = Number(SECOND) - active.reduce((a, b) => a + b, 0);
    const names = ['OFF', ...Array.from({ length: 15 }, (__, i) => `P${i + 1}`)];
    const frames = [names.map(() => 0), names.map((__, i) => (i === 0 ? off : (active[i - 1] ?? 0)))];
    const table = [0, ...steps.map(({ megahertz }) => megahertz * 1e6)];
    const oracle = truth(
      small({
        ioreport: [states('GPU Stats', 'GPU Performance States', names, { GPUPH: frames })],
        ioregistry: [pmgr({ 'voltage-states9': table })],
      }),
    );
    expect(windowOf(oracle, 'gpu_utilization') * 100).toBeCloseTo(excerpt.residency, 3);
    expect(windowOf(oracle, 'mac_gpu_frequency_hertz') / 1e6).toBe(excerpt.frequency);
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
