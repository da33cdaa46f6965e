// A page in parts: what is read, what is made of it, how it is written and compressed; on Macs of some sizes.

import { gzipSync } from 'node:zlib';
import { aboutThis, assemble, openMachine } from '../../../src/exporter';
import { withDefaults } from '../../../src/metrics/catalogue';
import { COLLECTORS } from '../../../src/metrics/metric';
import type { Collection } from '../../../src/metrics/page';
import { Pieces, Writer } from '../../../src/metrics/write';
import type { Double } from '../../../src/native/native';
import { machineOf } from '../../support/machines';
import { growth, median } from '../figures';
import { MACS } from '../targets';
import { widened } from '../widened';
import { AtHand } from './at_hand';

export const STAGES = ['read', 'decode', 'text', 'gzip'] as const;
export type Stage = (typeof STAGES)[number];

/** Everything that can be switched on: most series. */
const SELECTION = {
  collectors: new Set(COLLECTORS),
  options: withDefaults(['collector.cpu.states', 'collector.energy.detail', 'collector.thermal.sensors=all']),
};
const TIMEOUT = 10;
/** Seconds: longer than the shortest window. */
const LATER = 12;
const WARM_UP = 3;

export interface Sized {
  readonly times: number;
  readonly channels: number;
  readonly series: number;
  readonly bytes: number;
  /** Nanoseconds of CPU a page, all threads. */
  readonly cost: Readonly<Record<Stage, number>>;
}

export interface Grown {
  /** b of cost = a · size^b. */
  readonly byChannels: Readonly<Record<Stage | 'page', number>>;
  readonly bySeries: Readonly<Record<Stage | 'page', number>>;
}

export async function stages(sizes: readonly number[], rounds: number): Promise<readonly Sized[]> {
  const opened: Opened[] = [];
  try {
    for (const times of sizes) opened.push(await Opened.open(times));
    // Of the first rounds, which are slower, nothing is kept.
    for (let round = -WARM_UP; round < rounds; round++) {
      if (round === 0) for (const each of opened) each.forget();
      for (const each of opened) await each.measure();
    }
    return opened.map((each) => each.sized);
  } finally {
    for (const each of opened) each.close();
  }
}

export function grown(sized: readonly Sized[]): Grown {
  const by = (size: (of: Sized) => number) => {
    const exponent = (cost: (of: Sized) => number) => growth(sized.map(size), sized.map(cost));
    const each = STAGES.map((stage) => [stage, exponent((of) => of.cost[stage])] as const);
    return { ...Object.fromEntries(each), page: exponent(pageCost) } as Grown['bySeries'];
  };
  return { byChannels: by(({ channels }) => channels), bySeries: by(({ series }) => series) };
}

/** Without compression, which nobody needs on the same computer. */
export const pageCost = ({ cost }: Sized): number => cost.read + cost.decode + cost.text;

class Opened {
  readonly #costs: Record<Stage, number[]> = { read: [], decode: [], text: [], gzip: [] };
  readonly #writer = new Writer('text');

  private constructor(
    private readonly times: number,
    private readonly double: Double,
    private readonly atHand: AtHand,
    private readonly pages: ReturnType<typeof assemble>['pages'],
    private readonly collected: Collection,
  ) {}

  static async open(times: number): Promise<Opened> {
    const machine = { name: 'widened', text: JSON.stringify(widened(machineOf(MACS['m2-ultra']), times)) };
    const double = openMachine(machine, 'manual');
    const atHand = new AtHand(double);
    const { pages } = assemble(atHand.native, SELECTION, aboutThis(machine));
    await pages.sampler.discover();
    double.step(LATER);
    const collected = await pages.collect(TIMEOUT);
    atHand.freeze();
    return new Opened(times, double, atHand, pages, collected);
  }

  get sized(): Sized {
    const text = this.#text();
    const cost = STAGES.map((stage) => [stage, median(this.#costs[stage])] as const);
    return {
      times: this.times,
      channels: [...this.atHand.channels.values()].reduce((a, b) => a + b, 0),
      series: this.#writer.series,
      bytes: Buffer.byteLength(text),
      cost: Object.fromEntries(cost) as Sized['cost'],
    };
  }

  /** Once more, each part. */
  async measure(): Promise<void> {
    const { sources } = this.double;
    const read = [...this.atHand.channels.keys()].map((name) => sources[name]);
    const text = Buffer.from(this.#text());
    await this.#time('read', () => Promise.all(read.map((source) => source.read())));
    await this.#time('decode', () => this.pages.collect(TIMEOUT));
    await this.#time('text', () => Buffer.from(this.#text()));
    await this.#time('gzip', () => gzipSync(text, { level: 1 }));
  }

  forget(): void {
    for (const costs of Object.values(this.#costs)) costs.length = 0;
  }

  close(): void {
    this.double.close();
  }

  #text(): string {
    const { now, then } = this.collected;
    const page = new Pieces();
    this.#writer.write(this.pages.families, now, then, page);
    return page.text;
  }

  /** For about 20 ms. */
  async #time(stage: Stage, run: () => unknown): Promise<void> {
    const end = performance.now() + 20;
    const before = process.cpuUsage();
    let runs = 0;
    do {
      await run();
      runs++;
    } while (performance.now() < end);
    const { user, system } = process.cpuUsage(before);
    this.#costs[stage].push(((user + system) * 1e3) / runs);
  }
}
