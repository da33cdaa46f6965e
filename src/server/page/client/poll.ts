// Asks for snapshots: one request at a time, only while the page is seen.

import type { Snapshot } from './snapshot.js';

/** Milliseconds from one request to the next, to the second one of a row (whose means want a second), and at most. */
const EVERY = 2_000;
const SOON = 1_100;
const RARELY = 30_000;
/** What is on the page is old when an answer takes longer … */
const SLOW = 5_000;
/** … and one that takes so long is none: the exporter waits 10 s for a source that hangs. */
const PATIENCE = 12_000;

export interface Listener {
  answered(this: void, snapshot: Snapshot): void;
  /** `why` in a few words. */
  lost(this: void, why: string): void;
  /** What is on the page is old: it was hidden, or the answer takes long. */
  waiting(this: void): void;
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
      this.listener.waiting();
      void this.#ask();
    });
    if (!document.hidden) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const start = performance.now();
    let wait = EVERY;
    const slow = window.setTimeout(() => this.listener.waiting(), SLOW);
    try {
      const snapshot = await this.#answer();
      if (snapshot === undefined) wait = Math.min(RARELY, EVERY * 2 ** this.#failures++);
      else if (++this.#answers === 1) wait = SOON;
      if (snapshot && !document.hidden) this.listener.answered(snapshot);
    } finally {
      window.clearTimeout(slow);
      this.#asking = false;
      if (!document.hidden) {
        const left = Math.max(0, wait - (performance.now() - start));
        this.#timer = window.setTimeout(() => void this.#ask(), left);
      }
    }
  }

  /** Undefined if there is none. */
  async #answer(): Promise<Snapshot | undefined> {
    try {
      const snapshot = await this.#fetch();
      this.#failures = 0;
      return snapshot;
    } catch (error) {
      this.#answers = 0;
      this.listener.lost(error instanceof Refusal ? error.message : 'no answer');
      return undefined;
    }
  }

  async #fetch(): Promise<Snapshot> {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(this.path, { cache: 'no-store', signal });
    if (!response.ok) throw new Refusal(`it answers ${response.status}`);
    const snapshot = (await response.json()) as Snapshot;
    if (snapshot.version !== 1) throw new Refusal('it is another version: load this page again');
    return snapshot;
  }
}

class Refusal extends Error {}
