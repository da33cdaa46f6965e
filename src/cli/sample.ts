// Figures under metalstat's keys, rounded as it rounds them: programs that read its files read these. What is labelled
// _gb is GiB.

import { clustersOf, meanOf, sum, type Figures } from './figures';

const GIB = 2 ** 30;

/** One line of --jsonl: the same keys in the same order on every line, null where a value is not known. `t`: Unix seconds. */
export function sampleOf(
  figures: Figures,
  t: number,
  start = t,
): Readonly<Record<string, string | number | null>> {
  const { memory, watts } = figures;
  const { performance, efficiency } = clustersOf(figures);
  return {
    t: rounded(t, 3),
    elapsed_s: rounded(t - start, 3),
    gpu_util: rounded(figures.gpuUtil, 1),
    gpu_freq_mhz: rounded(figures.gpuMhz, 0),
    cpu_util: rounded(figures.cpuUtil, 1),
    cpu_p_util: rounded(meanOf(performance), 1),
    cpu_e_util: rounded(meanOf(efficiency), 1),
    mem_used_gb: gib(memory.used),
    mem_wired_gb: gib(memory.wired),
    mem_active_gb: gib(memory.active),
    mem_inactive_gb: gib(memory.inactive),
    mem_compressed_gb: gib(memory.compressed),
    mem_pressure_pct: rounded(figures.pressure, 1),
    mem_pressure_level: figures.pressureLevel ?? null,
    gpu_mem_allocated_gb: gib(figures.metalInUse),
    swap_used_gb: gib(figures.swapUsed),
    cpu_w: rounded(watts.cpu, 2),
    gpu_w: rounded(watts.gpu, 2),
    ane_w: rounded(watts.ane, 2),
    dram_w: rounded(watts.dram, 2),
    pkg_w: rounded(watts.package, 2),
  };
}

/** The object of --meta-json. `hostname`: null where a machine file is played, whose host nobody knows. */
export function metaOf(figures: Figures, hostname: string | null, at: Date): Record<string, unknown> {
  const { performance, efficiency } = clustersOf(figures);
  return {
    hostname,
    query_time: localTime(at),
    chip: {
      name: figures.gpuName ?? figures.chip ?? null,
      cpu_cores: {
        total: coresOf(figures.tiers),
        performance: coresOf(performance),
        efficiency: coresOf(efficiency),
      },
      gpu_cores: figures.gpuCores ?? null,
      metal_family: figures.metalFamily ?? null,
    },
    memory_total_gb: gib(figures.memory.total),
    swap_total_gb: gib(figures.swapTotal),
    gpu_mem_recommended_max_gb: gib(figures.metalMax),
  };
}

/** `2026-11-25 21:38:00`, by the clock on the wall. */
export const wallClock = (at: Date): string => localTime(at).slice(0, 19).replace('T', ' ');

/** ISO 8601 without a zone: metalstat's. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}

const coresOf = (tiers: Figures['tiers']): number | null =>
  tiers.length === 0 ? null : sum(tiers.map(({ cores }) => cores));

const gib = (bytes: number | undefined): number | null =>
  rounded(bytes === undefined ? undefined : bytes / GIB, 2);

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits));
}
