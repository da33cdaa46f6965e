// What answers requests. When the configuration is read again another one takes its place, and nobody who asks notices.

import type { RequestListener } from 'node:http';
import { aboutThis, assemble, checkMac } from '../../exporter';
import type { Pages } from '../../metrics/page';
import type { OwnMetrics } from '../../metrics/own';
import type { Sampler } from '../../sampler/sampler';
import type { Handler } from '../../server/answer';
import { isOwnName } from '../../server/hosts';
import { metricsHandler } from '../../server/metrics_handler';
import { openRead, type Opened } from '../machine';
import type { ServeSettings } from './settings';

export class Current {
  readonly sampler: Sampler;
  readonly metrics: Handler;
  #app: RequestListener | undefined;
  /** Of the last request that was let in: mostly the next one has the same. */
  #lastHost: string | undefined;
  readonly #pages: Pages;
  readonly #native: Opened['native'];

  constructor(
    private readonly settings: ServeSettings,
    private readonly machine: Opened['machine'],
  ) {
    this.#native = openRead(machine).native;
    const { pages, sampler } = assemble(
      this.#native,
      settings.selection,
      aboutThis(machine),
      settings.sampling,
    );
    this.sampler = sampler;
    this.#pages = pages;
    this.metrics = metricsHandler(pages, settings.maxRequests);
  }

  /** The status page and the API; undefined while they are loaded. */
  get app(): RequestListener | undefined {
    return this.#app;
  }

  /** Whether a request for this Host may be answered. */
  isMeant(host: string | undefined): boolean {
    if (host === this.#lastHost) return true;
    const isOwn = isOwnName(host, this.settings.allowedHosts);
    if (isOwn) this.#lastHost = host;
    return isOwn;
  }

  get isReady(): boolean {
    return this.sampler.ready && this.#app !== undefined;
  }

  /** Refuses what is no Mac of this kind. */
  check(): Promise<void> {
    return checkMac(this.#native);
  }

  /** Lists all there is to read, which may take seconds, and after `pause` loads what the first answers do without. */
  async begin(own: () => Promise<OwnMetrics | undefined>, pause?: Promise<unknown>): Promise<void> {
    // A source that hangs in it keeps nothing else waiting.
    const discovered = this.sampler.discover();
    if (this.settings.interval !== undefined) this.sampler.watch(this.settings.interval);
    await pause;
    const [{ createApp }, counted] = await Promise.all([import('../../server/app'), own()]);
    this.#pages.own = counted;
    const { metricsPath, maxRequests } = this.settings;
    this.#app = createApp(this.#pages, { metricsPath, about: aboutThis(this.machine), maxRequests });
    await discovered;
  }
}
