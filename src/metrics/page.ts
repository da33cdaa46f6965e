// A page: one collection, written.

import type { Sampler } from '../sampler/sampler';
import type { WindowRule } from '../sampler/window';
import { collectorParts, healthOf, type About } from './health';
import { COLLECTORS, type AnyFamily, type Collector, type PageParts } from './metric';
import type { OwnMetrics } from './own';
import { Pieces, Writer, type Format, type Sink } from './write';

export interface PageRequest {
  readonly format: Format;
  /** Seconds. */
  readonly timeout: number;
  /** Only families of these collectors; all when undefined. */
  readonly collectors?: ReadonlySet<Collector> | undefined;
}

/** What all readers of one collection see. */
export interface Collected {
  readonly now: Partial<PageParts>;
  readonly then: object;
}

/** With how the collection went. */
export interface Collection extends Collected {
  readonly now: Partial<PageParts> & Pick<PageParts, 'health'>;
}

export class Pages {
  readonly #writers = { text: new Writer('text'), openmetrics: new Writer('openmetrics') };
  readonly #collectors;

  constructor(
    readonly sampler: Sampler,
    readonly families: readonly AnyFamily[],
    private readonly about: About,
    /** What the exporter counts of itself; not there while the server is starting. */
    public own?: OwnMetrics | undefined,
  ) {
    this.#collectors = collectorParts(families);
  }

  /** Collectors that are on. */
  get collectors(): readonly Collector[] {
    return COLLECTORS.filter((name) => name === 'exporter' || this.#collectors.has(name));
  }

  /** Never rejects: what cannot be read is not on the page. `window` is for those who want another than scrapes do. */
  async collect(timeout: number, window?: WindowRule): Promise<Collection> {
    const snapshot = await this.sampler.collect(timeout, window);
    return {
      now: { ...snapshot.now, health: healthOf(snapshot, this.#collectors, this.about) },
      then: snapshot.then,
    };
  }

  async render(request: PageRequest): Promise<string> {
    const page = new Pieces();
    await this.write(request, page);
    return page.text;
  }

  /** Piece by piece: put together, a page of this size is much garbage. */
  async write({ format, timeout, collectors }: PageRequest, page: Sink): Promise<void> {
    const { now, then } = await this.collect(timeout);
    const shown = collectors
      ? this.families.filter((family) => collectors.has(family.collector))
      : this.families;
    this.#writers[format].write(shown, now, then, page);
    if (!collectors || collectors.has('exporter')) await this.own?.write(format, page);
    if (format === 'openmetrics') page.add('# EOF\n');
  }
}
