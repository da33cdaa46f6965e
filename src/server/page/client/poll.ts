// Asks for snapshots: one request at a time, only while the page is seen.

import type { Snapshot } from './snapshot.js';

/** Milliseconds from one request to the next, to the second one of a row (whose means want a second), and at most. */
const EVERY = 2_000;
const SOON = 1_100;
const RARELY = 30_000;
/** An answer that takes longer is none. */
const PATIENCE = 10_000;
/** Seconds that a source may hang before the others are shown without it. The exporter keeps half of one for itself. */
const HEADERS = { 'X-Prometheus-Scrape-Timeout-Seconds': '2' };

export interface Listener {
  answered(this: void, snapshot: Snapshot): void;
  /** `why` in a few words. */
  lost(this: void, why: string): void;
  /** It was hidden: what is on the page is old. */
  resumed(this: void): void;
}

export class Poll {
  #timer: number | undefined;
  #asking = false;
  #failures = 0;
  #answers = 0;

  constructor(
    private readonly path: string,
    private readonly listener: Listener,
  ) {}

  start(): void {
    document.addEventListener('visibilitychange', () => {
      window.clearTimeout(this.#timer);
      if (document.hidden) return;
      this.#answers = 0;
      this.listener.resumed();
      void this.#ask();
    });
    if (!document.hidden) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const start = performance.now();
    let wait = EVERY;
    try {
      const snapshot = await this.#fetch();
      this.#failures = 0;
      if (++this.#answers === 1) wait = SOON;
      if (!document.hidden) this.listener.answered(snapshot);
    } catch (error) {
      this.#answers = 0;
      wait = Math.min(RARELY, EVERY * 2 ** this.#failures++);
      this.listener.lost(error instanceof Refusal ? error.message : 'no answer');
    }
    this.#asking = false;
    if (document.hidden) return;
    const left = Math.max(0, wait - (performance.now() - start));
    this.#timer = window.setTimeout(() => void this.#ask(), left);
  }

  async #fetch(): Promise<Snapshot> {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(this.path, { headers: HEADERS, cache: 'no-store', signal });
    if (!response.ok) throw new Refusal(`it answers ${response.status}`);
    const snapshot = (await response.json()) as Snapshot;
    if (snapshot.version !== 1) throw new Refusal('it is another version: load this page again');
    return snapshot;
  }
}

class Refusal extends Error {}
