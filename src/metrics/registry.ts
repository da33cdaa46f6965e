// The families as a prom-client Registry, for programs that embed the exporter.

import { Registry } from 'prom-client';
import type { Collected } from './page';
import { samplesOf } from './json';
import type { AnyFamily } from './metric';

/** Collects before it answers. Everything else is prom-client's. */
export class MacRegistry extends Registry {
  #collected: Collected = { now: {}, then: {} };

  constructor(
    families: readonly AnyFamily[],
    private readonly collect: () => Promise<Collected>,
  ) {
    super();
    for (const family of families) {
      // prom-client asks no more of a metric than name, help, type, get() and reset().
      this.registerMetric(this.#adapt(family) as unknown as Parameters<Registry['registerMetric']>[0]);
    }
  }

  override async metrics(): Promise<string> {
    this.#collected = await this.collect();
    return super.metrics();
  }

  override async getMetricsAsJSON(): ReturnType<Registry['getMetricsAsJSON']> {
    this.#collected = await this.collect();
    return super.getMetricsAsJSON();
  }

  override async getSingleMetricAsString(name: string): Promise<string> {
    this.#collected = await this.collect();
    return super.getSingleMetricAsString(name);
  }

  #adapt(family: AnyFamily): object {
    const { name, help, kind } = family;
    const type = kind;
    const aggregator = 'sum';
    const samples = () => samplesOf(family, this.#collected);
    return {
      name,
      help,
      type,
      aggregator,
      get(this: { name: string }) {
        // For OpenMetrics prom-client takes _total off `name` just before it asks: it gets the short name this once.
        const asked = this.name;
        this.name = name;
        return { name: asked, help, type, aggregator, values: samples() };
      },
      reset() {
        // Nothing is kept between collections.
      },
    };
  }
}
