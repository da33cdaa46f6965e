// What the templates are put together from. All of it is made up to fit; only Facts.quiet was published.
import { managedPages, PAGE } from '../host';
import type { Activity, Facts, Moment, Step, Template, Workload } from '../types';
import { at, noise, vary } from '../workload';

type Given = Omit<
  Workload,
  'name' | 'about' | 'awake' | 'asleep' | 'at' | 'past' | 'pressure' | 'swapTotal' | 'wiredLimit'
>;

const AT = [0, 7.1, 16.2, 30.2];
const DAY = 86_400;

/** `about` says in one sentence what the Mac does. */
export const template =
  (name: string, about: string, give: (facts: Facts) => Given & Partial<Workload>): Template =>
  (facts, detail = {}) => ({
    name,
    about: `${facts.title}, macOS ${facts.macos}: ${about}`,
    awake: Math.round((0.4 + 4 * noise(facts.model, name)) * DAY),
    asleep: facts.battery ? Math.round((0.2 + noise(facts.model, name, 'asleep')) * DAY) : 0,
    at: AT.map((seconds, n) =>
      n === 0 ? 0 : Math.round(100 * (seconds + noise(facts.model, name, String(n)))) / 100,
    ),
    past: past(facts),
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    ...give(facts),
    ...detail,
  });

/** What the fastest cores do, and what the others. */
export const tiers = (facts: Facts, top: Activity, others: Activity): Step['cpu'] =>
  Object.fromEntries(
    Object.entries(facts.kinds).map(([letter, { tier }]) => [letter, tier === 0 ? top : others]),
  );

/** Watts of the rails while the memory is as busy as `share` of its peak says, and `others` as given. */
export function rails(facts: Facts, share: number, others: Step['rails'] = {}): Step['rails'] {
  const peak = facts.bandwidth?.peak ?? 100;
  const busy = share * peak;
  const quiet: Step['rails'] = {
    afr: 0.02,
    amcc: 0.04 + peak * 0.0004,
    dcs: 0.03 + peak * 0.0004,
    disp: facts.battery ? 0.16 : 0.05,
    dram: 0.05 + peak * 0.0005,
    fab: 0.05,
    msr: 0.002,
    pcie: 0.012,
    soc_aon: 0.012,
    soc_rest: 0.004,
    ...facts.quiet,
  };
  const more = (name: string, by: number) => (quiet[name] ?? 0) + busy * by;
  return {
    ...quiet,
    amcc: more('amcc', 0.008),
    dcs: more('dcs', 0.009),
    dram: more('dram', 0.025),
    fab: more('fab', 0.002),
    ...others,
  };
}

/** Faults and page-ins a second for every core that works. */
export const paging = (facts: Facts, working: number, more: Partial<Step['paging']> = {}): Step['paging'] => {
  const cores = coresOf(facts);
  return { faults: 600 + working * cores * 7500, pageins: 2 + working * cores * 40, ...more };
};

/** The mean since boot: some of everything. */
const past = (facts: Facts): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.07, clock: 0.6, system: 0.2, down: 0.35 },
    { busy: 0.15, clock: 0.55, system: 0.38, down: 0.15 },
  ),
  gpu: { awake: 0.22, clock: 0.4, activity: 0.4 },
  rails: rails(facts, 0.06, { ane: 0.01, ave: 0.02, isp: 0.01 }),
  paging: paging(facts, 0.06, { compressions: 6, decompressions: 3 }),
});

export const coresOf = (facts: Facts) => facts.clusters.reduce((all, cluster) => all + cluster.cores, 0);

/** Shares of the memory that the kernel manages; `load` is per core, `device` in percent. */
export interface Shape {
  wired: number;
  compressed: number;
  internal: number;
  external: number;
  speculative?: number;
  purgeable?: number;
  inUse: number;
  allocated: number;
  load: number;
  device: readonly number[];
  swap?: readonly number[]; // MiB
}

/** A share of the memory that the kernel manages. */
export const mibOf = (facts: Facts, share: number) =>
  Math.round((share * managedPages(facts) * PAGE) / 2 ** 20);

/** One moment for each entry of `device`, a little different each time. */
export function moments(facts: Facts, name: string, shape: Shape): Moment[] {
  const cores = coresOf(facts);
  const key = `${facts.model}/${name}`;
  const mib = (share: number) => mibOf(facts, share);
  return shape.device.map((device, frame) => {
    const near = (by: number, what: string) => vary(by, key, what, String(frame));
    const load = shape.load * cores;
    const percent = (share: number) => Math.min(100, Math.round(device * share));
    return {
      wired: mib(shape.wired),
      compressed: mib(shape.compressed),
      original: mib(shape.compressed * 3.1),
      internal: mib(shape.internal * near(0.01, 'internal')),
      external: mib(shape.external * near(0.004, 'external')),
      speculative: mib(shape.speculative ?? 0.015),
      purgeable: mib(shape.purgeable ?? 0.01),
      ...(shape.swap ? { swap: at(shape.swap, frame) } : {}),
      utilization: [percent(1), percent(0.93), percent(0.3)],
      inUse: mib(shape.inUse),
      allocated: mib(shape.allocated),
      load: [
        load * near(0.12, 'load'),
        load * near(0.04, 'load5') * 0.93,
        load * near(0.01, 'load15') * 0.85,
      ],
    };
  });
}
