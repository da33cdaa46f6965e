// The page over one window, in powermetrics' units: percent of the window and MHz.

import { EVERYTHING, withExporter } from '../support/exporter';
import { scrape, seriesOf } from '../support/variants';
import { macOf, type Mac } from './mac';

export interface CoreSeen {
  readonly cluster: string;
  /** Percent of the window. */
  readonly active: number;
  /** Undefined where the core has no such state. */
  readonly down: number | undefined;
  /** MHz; NaN for a core that never ran. */
  readonly frequency: number;
}

export interface Seen {
  /** By logical CPU. */
  readonly cores: ReadonlyMap<string, CoreSeen>;
  /** mac_cpu_frequency_hertz in MHz, by cluster. */
  readonly clusters: ReadonlyMap<string, number>;
  /** Percent of the window, by cluster. */
  readonly offline: ReadonlyMap<string, number>;
  readonly gpu: {
    readonly active: number;
    readonly frequency: number;
    /** gpu_utilization in percent and mac_gpu_frequency_hertz in MHz. */
    readonly utilization: number;
    readonly mean: number;
    /** Percent of the window and MHz, in the page's order. */
    readonly states: readonly (readonly [state: string, percent: number, megahertz: number])[];
  };
}

/** What the page says of one window: counters over exactly that, gauges over whole windows of a second or more. */
export async function seen(mac: Mac): Promise<Seen> {
  return withExporter(
    macOf(mac),
    async (exporter) => {
      const before = await scrape(exporter);
      const after = await scrape(exporter.step(mac.window));
      const laps = Math.ceil(1 / mac.window);
      // The workload repeats, so that every whole number of windows has the same means.
      const gauges = await scrape(exporter.step(laps * mac.window));
      const grown = (series: string) => after.get(series)! - before.get(series)!;
      const percent = (series: string) => (grown(series) / mac.window) * 100;
      const label = (series: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(series)![1]!;
      const byCluster = (family: string, value: (series: string) => number) =>
        new Map(seriesOf(gauges, family).map((series) => [label(series, 'cluster'), value(series)]));
      const cores = seriesOf(after, 'mac_cpu_core_active_seconds_total').map((series) => {
        const core = label(series, 'core');
        const cycles = grown(series.replace('active_seconds', 'cycles'));
        const down = `mac_cpu_state_seconds_total{core="${core}",state="DOWN"}`;
        return [
          core,
          {
            cluster: label(series, 'cluster'),
            active: percent(series),
            down: after.has(down) ? percent(down) : undefined,
            frequency: cycles / grown(series) / 1e6,
          },
        ] as const;
      });
      return {
        cores: new Map(cores),
        clusters: byCluster('mac_cpu_frequency_hertz', (series) => gauges.get(series)! / 1e6),
        offline: byCluster('mac_cpu_cluster_offline_seconds_total', percent),
        gpu: {
          active: percent('mac_gpu_active_seconds_total'),
          frequency: grown('mac_gpu_cycles_total') / grown('mac_gpu_active_seconds_total') / 1e6,
          utilization: gauges.get('gpu_utilization')! * 100,
          mean: gauges.get('mac_gpu_frequency_hertz')! / 1e6,
          states: seriesOf(after, 'mac_gpu_state_seconds_total').map((series) => {
            const state = label(series, 'state');
            const own = `mac_gpu_state_frequency_hertz{state="${state}"}`;
            return [state, percent(series), after.get(own)! / 1e6];
          }),
        },
      };
    },
    { selection: EVERYTHING },
  );
}
