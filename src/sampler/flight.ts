// Who waits for a feed, and until when. Reads are shared; deadlines are each waiter's own. A read that every waiter gave
// up is neither called nor waited for again until it returns, and what it brings is dropped.

import type { Feed, FeedResult } from './feed';

export class Flight {
  #waiting = 0;
  #abandoned = false;
  #running: Promise<FeedResult> | undefined;

  constructor(readonly feed: Feed) {}

  /** Undefined while an abandoned read still runs. Each join ends with leave(). */
  join(): Promise<FeedResult> | undefined {
    if (this.#abandoned) return undefined;
    this.#waiting++;
    this.#running ??= this.feed.run().then((result) => {
      if (this.#abandoned) this.feed.drop();
      this.#abandoned = false;
      this.#running = undefined;
      return result;
    });
    return this.#running;
  }

  leave(gaveUp: boolean): void {
    this.#waiting--;
    if (gaveUp && this.#waiting === 0 && this.#running) this.#abandoned = true;
  }
}
