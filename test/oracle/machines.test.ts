import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { growth, toNumber, type Exact } from './exact';
import { readMachine } from './machine';
import { truth } from './truth';

/** What holds on any Mac: a machine file or a truth that breaks it is wrong. */

const FOLDER = join(__dirname, '..', 'machines');
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

const LABELS: Readonly<Record<string, readonly string[]>> = {
  mJ: ['216173314689728512'],
  uJ: ['216173301804826624'],
  nJ: ['216173288919924736'],
  '24Mticks': ['72058115876454424'],
};

const GB = 1e9;
/** Above the M3 Ultra's 819 GB/s of memory. */
const FASTEST_MEMORY = 820 * GB;

const familyOf = (key: string): string => key.replace(/{.*/, '');

function byFamily(all: ReadonlyMap<string, number>): Map<string, number[]> {
  const families = new Map<string, number[]>();
  for (const [key, value] of all) {
    families.set(familyOf(key), [...(families.get(familyOf(key)) ?? []), value]);
  }
  return families;
}

const numbers = (all: ReadonlyMap<string, Exact>): Map<string, number> =>
  new Map([...all].map(([key, value]) => [key, toNumber(value)]));

describe.each(NAMES)('%s', (name) => {
  const machine = readMachine(join(FOLDER, name));
  const oracle = truth(machine, { states: true, detail: true });
  const { period } = machine;
  // Across frames, in the first cycle and in a later one.
  const windows = [
    [0n, period],
    [period / 7n, (period * 3n) / 4n],
    [(period * 5n) / 2n, (period * 10n) / 3n],
  ] as const;

  it('has units whose number and label agree', () => {
    for (const { unit } of machine.file.ioreport ?? []) {
      const [value, label] = unit;
      const known = LABELS[label?.trim() ?? ''];
      if (known) expect(known).toContain(value);
    }
  });

  it('has ratios from 0 to 1 and plausible means', () => {
    for (const [since, ticks] of windows) {
      const families = byFamily(numbers(oracle.gauges(ticks, since).window));
      for (const [family, values] of families) {
        const limit = family === 'mac_power_watts' ? 300 : family.endsWith('_hertz') ? 5e9 : 1;
        expect({ family, values: values.filter((value) => !(value >= 0 && value <= limit)) }).toEqual({
          family,
          values: [],
        });
      }
      const watts = families.get('mac_power_watts') ?? [];
      expect(watts.reduce((a, b) => a + b, 0)).toBeLessThan(300);
    }
  });

  it('has counters that never fall', () => {
    const instants = Array.from({ length: 25 }, (_, i) => (period * BigInt(i)) / 10n);
    let before = oracle.counters(0n);
    for (const ticks of instants) {
      const after = oracle.counters(ticks);
      const fallen = [...after].filter(([key, value]) => growth(before.get(key) ?? value, value).n < 0n);
      expect(fallen.map(([key]) => key)).toEqual([]);
      before = after;
    }
  });

  it('has times that add up to the time that passed', () => {
    if (period === 0n) return;
    const passed = toNumber(machine.seconds(period));
    const [before, after] = [oracle.counters(0n), oracle.counters(period)];
    const totals = new Map<string, number>();
    for (const [key, value] of after) {
      const core = /core="([^"]*)"/.exec(key)?.[1] ?? '';
      if (!/^mac_(cpu_state|gpu_state|cpu)_seconds_total/.test(key)) continue;
      const total = `${familyOf(key)} ${core}`;
      totals.set(total, (totals.get(total) ?? 0) + toNumber(growth(before.get(key) ?? value, value)));
    }
    for (const [total, seconds] of totals) {
      expect({ total, off: Math.abs(seconds / passed - 1) > 0.02 }).toEqual({ total, off: false });
    }
  });

  it('has a core map by which the kernel and the core itself count about the same busy time', () => {
    const [before, after] = [oracle.counters(0n), oracle.counters(period)];
    const grew = (key: string): number => {
      const [from, to] = [before.get(key), after.get(key)];
      return from && to ? toNumber(growth(from, to)) : NaN;
    };
    const passed = toNumber(machine.seconds(period));
    for (const key of after.keys()) {
      const [, core, tier] =
        /^mac_cpu_core_active_seconds_total{core="(\d+)",.*tier="(.*)"}$/.exec(key) ?? [];
      if (core === undefined) continue;
      const mode = (of: string) => grew(`mac_cpu_seconds_total{core="${core}",tier="${tier}",mode="${of}"}`);
      const difference = Math.abs(grew(key) - mode('user') - mode('system'));
      expect({ key, far: difference > 0.02 * passed + 0.05 }).toEqual({ key, far: false });
    }
  });

  it('has memory that fits into the machine', () => {
    const { plain } = oracle.gauges(period);
    const bytes = (of: string) => plain.get(`mac_memory_${of}_bytes`) ?? 0;
    expect(bytes('used')).toBeLessThanOrEqual(bytes('total'));
    expect(bytes('used') + bytes('free') + bytes('cached_files')).toBeLessThanOrEqual(bytes('total') * 1.02);
    // Power flows into a battery, too.
    const signed = new Set(['mac_battery_power_watts']);
    const odd = [...plain].filter(
      ([key, value]) => !(value >= 0 || signed.has(key)) || !Number.isFinite(value),
    );
    expect(odd).toEqual([]);
    expect(plain.get('mac_swap_used_bytes') ?? 0).toBeLessThanOrEqual(plain.get('mac_swap_total_bytes') ?? 0);
  });

  it('has bandwidth from one of the two counts, and no more than memory gives', () => {
    for (const [since, ticks] of windows) {
      const [before, after] = [oracle.counters(since), oracle.counters(ticks)];
      const totals = new Map<string, number>();
      for (const [key, value] of after) {
        if (!key.startsWith('mac_memory_bandwidth')) continue;
        const bytes = toNumber(growth(before.get(key) ?? value, value));
        totals.set(familyOf(key), (totals.get(familyOf(key)) ?? 0) + bytes);
      }
      expect(totals.size).toBeLessThanOrEqual(1);
      const seconds = toNumber(machine.seconds(ticks - since));
      for (const bytes of totals.values()) expect(bytes / seconds).toBeLessThan(FASTEST_MEMORY);
    }
  });

  it('has a power of the whole Mac that is more than its rails', () => {
    for (const [since, ticks] of windows) {
      const system = oracle.gauges(ticks).plain.get('mac_system_power_watts');
      if (system === undefined) continue;
      const rails = byFamily(numbers(oracle.gauges(ticks, since).window)).get('mac_power_watts') ?? [];
      const sum = rails.reduce((a, b) => a + b, 0);
      // One is a mean, the other now.
      expect(system).toBeGreaterThan(sum / 2);
    }
  });

  it('has temperatures, fans and a battery as a Mac has them', () => {
    for (let frame = 0n; frame < 4n; frame++) {
      const { plain, ranges } = oracle.gauges((period * frame) / 3n);
      const families = byFamily(plain);
      const celsius = [...families].flatMap(([family, values]) => (family.endsWith('celsius') ? values : []));
      expect(celsius.filter((value) => !(value >= 15 && value <= 130))).toEqual([]);
      for (const { least, greatest } of ranges.values()) expect(least).toBeLessThanOrEqual(greatest);
      const [, slowest, fastest, wanted] = ['', '_min', '_max', '_target'].map(
        (what) => families.get(`mac_fan_speed${what}_rpm`) ?? [],
      );
      fastest!.forEach((max, fan) => {
        expect(slowest![fan]).toBeLessThan(max);
        expect(wanted![fan]).toBeLessThanOrEqual(max);
      });
      expect(plain.get('mac_battery_charge_ratio') ?? 0).toBeLessThanOrEqual(1);
      expect(plain.get('mac_battery_health_ratio') ?? 1).toBeGreaterThan(0.5);
      // Out of the battery or out of the wall.
      if (plain.get('mac_external_power') === 0)
        expect(plain.get('mac_battery_power_watts')).toBeGreaterThan(0);
    }
  });

  it('has advice of Metal that changes only with the wired limit, and is below the memory', () => {
    const instants = Array.from({ length: 40 }, (_, i) => (period * BigInt(i)) / 13n);
    const known = new Map<number | undefined, number | undefined>();
    for (const ticks of instants) {
      const { plain } = oracle.gauges(ticks);
      const advice = plain.get('mac_metal_recommended_max_bytes');
      const limit = plain.get('mac_metal_wired_limit_bytes');
      if (!known.has(limit)) known.set(limit, advice);
      expect({ limit, advice }).toEqual({ limit, advice: known.get(limit) });
      expect(advice ?? 0).toBeLessThan(plain.get('mac_memory_total_bytes') ?? Infinity);
    }
  });
});
