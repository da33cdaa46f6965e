// What the exporter counts of itself: direct instrumentation with prom-client. Loaded after the server listens.
//
// collectDefaultMetrics() is not used: it wakes the process a hundred times a second and its names fail promtool.

import { Counter, Gauge, Registry } from 'prom-client';
import { Writer, type Format, type Sink } from './write';
import type { AnyFamily } from './metric';

export class OwnMetrics {
  readonly registry = new Registry();
  readonly scrapes = new Counter({
    name: 'metalstat_exporter_scrapes_total',
    help: 'Scrapes answered, by HTTP status code.',
    labelNames: ['code'],
    registers: [this.registry],
  });
  readonly #writers = { text: new Writer('text'), openmetrics: new Writer('openmetrics') };

  #isConfigRight = true;

  /** `isWebConfigRight`: of the last reading of the web configuration; undefined before there was one. */
  constructor(isWebConfigRight: () => boolean | undefined = () => undefined) {
    const registers = [this.registry];
    const isRight = () => this.#isConfigRight && isWebConfigRight() !== false;
    new Gauge({
      name: 'metalstat_exporter_config_last_reload_successful',
      help: 'Whether the configuration files were right when they were read last: at the start, on SIGHUP, or changed.',
      registers,
      collect() {
        this.set(isRight() ? 1 : 0);
      },
    });
    const start = Date.now() / 1000 - process.uptime();
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'CPU time of the exporter, user and system.',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the exporter.',
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Gauge({
      name: 'process_start_time_seconds',
      help: 'Unix time at which the exporter started.',
      registers,
    }).set(start);
  }

  tellReload(isSuccessful: boolean): void {
    this.#isConfigRight = isSuccessful;
  }

  /** prom-client renames counters for OpenMetrics in place: both formats are written by our writer instead. */
  async write(format: Format, page: Sink): Promise<void> {
    const metrics = await this.registry.getMetricsAsJSON();
    this.#writers[format].write(metrics.map(asFamily), {}, {}, page);
  }
}

type Json = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number];

function asFamily(metric: Json): AnyFamily {
  // All series of a metric have the same ones.
  const labels = Object.keys(metric.values[0]?.labels ?? {});
  return {
    name: metric.name,
    kind: String(metric.type) === 'counter' ? 'counter' : 'gauge',
    unit: '',
    labels,
    help: metric.help,
    collector: 'exporter',
    from: [],
    read: (_now, emit) => {
      for (const { value, labels: of } of metric.values)
        emit(value, ...labels.map((name) => String(of[name] ?? '')));
    },
  };
}
