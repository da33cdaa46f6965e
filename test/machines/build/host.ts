// Mach host statistics and sysctls.
import { ticks, type Cpu } from './cpu';
import type { Facts, Host, Moment, Series, Sysctl, Workload } from './types';
import { at, constant, grow, noise, spans } from './workload';

export const PAGE = 16384;
const PAGES_PER_MIB = 2 ** 20 / PAGE;
const MIB = 2 ** 20;
const FSCALE = 2048;
/** Words of vm_statistics64 up to its revision 1; swapped_count is the first of revision 2. */
const REVISION_1 = 38;

export const managedPages = (facts: Facts) => facts.bytes / PAGE - facts.reserved * PAGES_PER_MIB;

export function host(facts: Facts, workload: Workload, cpu: Cpu): Host {
  return { page_size: PAGE, ...facts.vm, vm: memory(facts, workload), cpu: ticks(workload, cpu) };
}

function memory(facts: Facts, workload: Workload): Record<string, Series> {
  const gauges = workload.frames.map((moment, frame) => pages(facts, workload, moment, frame));
  const gauge = (name: keyof ReturnType<typeof pages>) => constant(gauges.map((values) => values[name]));
  const over = spans(workload);
  const counter = (rate: (paging: Paging) => number) =>
    constant(
      grow(over, ({ step }) => rate({ compressions: 0, decompressions: 0, swaps: 0, ...step.paging })).map(
        Math.floor,
      ),
    );
  return {
    free_count: gauge('free'),
    active_count: gauge('active'),
    inactive_count: gauge('inactive'),
    wire_count: gauge('wired'),
    zero_fill_count: counter(({ faults }) => faults * 0.53),
    reactivations: counter(({ pageins, compressions }) => pageins * 0.4 + compressions * 0.1),
    pageins: counter(({ pageins, swaps }) => pageins + swaps),
    pageouts: counter(({ pageins }) => pageins * 0.004),
    faults: counter(({ faults }) => faults),
    cow_faults: counter(({ faults }) => faults * 0.07),
    lookups: counter(({ faults }) => faults * 0.012),
    hits: counter(({ faults }) => faults * 0.0004),
    purges: counter(({ pageins }) => pageins * 0.03),
    purgeable_count: gauge('purgeable'),
    speculative_count: gauge('speculative'),
    decompressions: counter(({ decompressions }) => decompressions),
    compressions: counter(({ compressions }) => compressions),
    swapins: counter(({ swaps }) => swaps),
    swapouts: counter(({ swaps }) => swaps * 1.3),
    compressor_page_count: gauge('compressor'),
    throttled_count: 0,
    external_page_count: gauge('external'),
    internal_page_count: gauge('internal'),
    total_uncompressed_pages_in_compressor: gauge('original'),
    ...(facts.vm.count > REVISION_1 && { swapped_count: gauge('swapped') }),
  };
}

interface Paging {
  faults: number;
  pageins: number;
  compressions: number;
  decompressions: number;
  swaps: number;
}

function pages(facts: Facts, workload: Workload, moment: Moment, frame: number) {
  const count = (name: keyof Moment, mib: number) =>
    mib === 0
      ? 0
      : Math.floor(mib * PAGES_PER_MIB + noise(workload.name, name, String(frame)) * PAGES_PER_MIB);
  const [wired, compressor] = [count('wired', moment.wired), count('compressed', moment.compressed)];
  const [internal, external] = [count('internal', moment.internal), count('external', moment.external)];
  const speculative = count('speculative', moment.speculative);
  const queued = internal + external - speculative;
  const active = Math.floor(queued * 0.51);
  return {
    wired,
    compressor,
    internal,
    external,
    speculative,
    active,
    inactive: queued - active,
    free: managedPages(facts) - wired - compressor - queued, // the speculative pages are counted in it
    purgeable: count('purgeable', moment.purgeable),
    original: count('original', moment.original),
    swapped: Math.floor(((moment.swap ?? 0) * PAGES_PER_MIB * 5) / 2), // swap holds them compressed
  };
}

export function sysctl(facts: Facts, workload: Workload): Record<string, Sysctl> {
  const { boot, clusters, levels } = facts;
  const cores = clusters.reduce((all, cluster) => all + cluster.cores, 0);
  const { frames } = workload;
  const usable = managedPages(facts);
  const level = frames.map((moment, frame) => {
    const { active, inactive, free } = pages(facts, workload, moment, frame);
    return Math.floor(((active + inactive + free) * 100) / usable);
  });
  const load = (n: 0 | 1 | 2) => constant(frames.map((moment) => Math.floor(moment.load[n] * FSCALE)));
  const used = frames.map(({ swap }) => (swap ?? 0) * MIB);
  const totals = [workload.swapTotal].flat();
  const total = frames.map((_, frame) => (totals[frame] ?? at(totals, 0)) * MIB);
  return {
    'hw.memsize': ['u64', facts.bytes],
    'hw.pagesize': ['u64', PAGE],
    'hw.model': ['text', facts.model],
    'hw.ncpu': ['u32', cores],
    'hw.logicalcpu': ['u32', cores],
    'hw.nperflevels': ['u32', levels.length],
    ...Object.fromEntries(levels.flatMap((_, tier) => Object.entries(perfLevel(facts, tier)))),
    'hw.tbfrequency': ['u64', 24_000_000],
    'hw.optional.arm64': ['u32', 1],
    'machdep.cpu.brand_string': ['text', facts.brand],
    'kern.osproductversion': ['text', facts.macos],
    'kern.osversion': ['text', facts.build],
    'kern.boottime': ['qi', boot.seconds, boot.microseconds],
    'kern.bootsessionuuid': ['text', boot.session],
    'kern.hv_vmm_present': ['u32', 0],
    'kern.memorystatus_level': ['u32', constant(level)],
    'kern.memorystatus_vm_pressure_level': [
      'u32',
      typeof workload.pressure === 'number' ? workload.pressure : constant(workload.pressure),
    ],
    'vm.swapusage': [
      'QQQIi',
      constant(total),
      constant(used.map((bytes, frame) => at(total, frame) - bytes)),
      constant(used),
      PAGE,
      1,
    ],
    'vm.loadavg': ['IIIq', load(0), load(1), load(2), FSCALE],
    'iogpu.wired_limit_mb': [facts.wiredLimit, constant([workload.wiredLimit].flat())],
    'sysctl.proc_translated': ['u32', 0],
  };
}

function perfLevel(facts: Facts, tier: number): Record<string, Sysctl> {
  const cores = facts.clusters
    .filter(({ letter }) => facts.kinds[letter]?.tier === tier)
    .reduce((all, cluster) => all + cluster.cores, 0);
  const { name, l2cachesize, cpusperl2 } = facts.levels[tier] ?? { name: '' };
  const prefix = `hw.perflevel${tier}`;
  return {
    [`${prefix}.name`]: ['text', name],
    [`${prefix}.physicalcpu`]: ['u32', cores],
    [`${prefix}.logicalcpu`]: ['u32', cores],
    [`${prefix}.physicalcpu_max`]: ['u32', cores],
    [`${prefix}.logicalcpu_max`]: ['u32', cores],
    ...(l2cachesize === undefined ? {} : { [`${prefix}.l2cachesize`]: ['u32', l2cachesize] }),
    ...(cpusperl2 === undefined ? {} : { [`${prefix}.cpusperl2`]: ['u32', cpusperl2] }),
  };
}
