// The families as a prom-client Registry, for programs that embed the exporter.

import { Registry } from 'prom-client';
import type { Collected } from './page';
import { samplesOf } from './json';
import type { AnyFamily } from './metric';

/** Collects before it answers. Everything else is prom-client's. */
export class MacRegistry extends Registry {
  #collected: Collected | undefined;
  #collecting: Promise<Collected> | undefined;

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

  override metrics(): Promise<string> {
    return this.#collectFor(() => super.metrics());
  }

  override getMetricsAsJSON(): ReturnType<Registry['getMetricsAsJSON']> {
    return this.#collectFor(() => super.getMetricsAsJSON());
  }

  override getSingleMetricAsString(name: string): Promise<string> {
    return this.#collectFor(() => super.getSingleMetricAsString(name));
  }

  /** prom-client asks every metric before it first waits. */
  async #collectFor<T>(ask: () => Promise<T>): Promise<T> {
    this.#collected = await this.#collect();
    const answer = ask();
    this.#collected = undefined;
    return answer;
  }

  #collect(): Promise<Collected> {
    this.#collecting ??= this.collect().finally(() => {
      this.#collecting = undefined;
    });
    return this.#collecting;
  }

  #adapt(family: AnyFamily): object {
    const { name, help, kind } = family;
    const type = kind;
    const aggregator = 'sum';
    const collected = () => this.#collected ?? this.#collect();
    return {
      name,
      help,
      type,
      aggregator,
      get(this: { name: string }) {
        // For OpenMetrics prom-client takes _total off `name` just before it asks: it gets the short name this once.
        const asked = this.name;
        this.name = name;
        const answer = (from: Collected) => ({
          name: asked,
          help,
          type,
          aggregator,
          values: samplesOf(family, from),
        });
        // Asked by a registry that this one was merged into, all metrics wait for the same collection.
        const found = collected();
        return found instanceof Promise ? found.then(answer) : answer(found);
      },
      reset() {
        // Nothing is kept between collections.
      },
    };
  }
}
