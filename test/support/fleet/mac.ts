// A Mac of a fleet: an exporter of its own, on a clock that follows the real one from a point of the file's life.

import { aboutThis, assemble, openMachine } from '../../../src/exporter';
import { EVERYTHING_DEFAULT } from '../../../src/metrics/catalogue';
import { OwnMetrics } from '../../../src/metrics/own';
import type { Double } from '../../../src/native/native';
import type { Handler } from '../../../src/server/answer';
import { metricsHandler } from '../../../src/server/metrics_handler';
import { machineOf, type FleetMac } from './macs';

/** A scrape: seconds of the file's life, and whether the answer was sent. */
export interface Scraped {
  readonly at: number;
  readonly status: number;
}

export class PlayedMac {
  readonly scrapes: Scraped[] = [];
  private readonly double: Double;
  private readonly answer: Handler;
  private now: number;
  private last = performance.now();

  constructor(readonly mac: FleetMac) {
    const machine = machineOf(mac.play);
    this.double = openMachine(machine, 'manual');
    const { pages } = assemble(this.double, EVERYTHING_DEFAULT, aboutThis(machine));
    pages.own = new OwnMetrics();
    this.answer = metricsHandler(pages);
    this.double.step(mac.ahead);
    this.now = mac.ahead;
  }

  readonly scrape: Handler = async (request, response) => {
    this.follow();
    const at = this.now;
    await this.answer(request, response);
    this.scrapes.push({ at, status: response.statusCode });
  };

  /** Whole milliseconds, so that the time of the file is known exactly. */
  private follow(): void {
    const passed = Math.floor(performance.now() - this.last);
    this.last += passed;
    this.double.step(passed / 1000);
    this.now = Math.round(1000 * this.now + passed) / 1000;
  }
}
