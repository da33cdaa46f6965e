// The Mac that is checked, or the machine file that is played, and what several checks look at, each looked up once.

import { DECODED_NAMES, decoderOf } from '../../decode/parts';
import { isVirtual } from '../../decode/os';
import type { Channel, FactMap, Native, Recording, SourceName } from '../../native/native';
import type { IoReportProbe } from './probes';

/** What is not asked of the sources. */
export interface Surroundings {
  /** A machine file is played: programs of this computer say nothing about it. */
  readonly isPlayed: boolean;
  /** How many collections the check of what they cost makes. */
  readonly collections: number;
  wait(seconds: number): Promise<void>;
  /** Seconds of a clock that is not read by the addon. */
  now(): number;
  /** What a program of the Mac prints; undefined where there is none. */
  ask(program: string, ...args: readonly string[]): Promise<string | undefined>;
  /** What this process holds, by kind. */
  held(): Promise<Readonly<Record<string, number>>>;
}

/** Readings of all channels of IOReport that metrics are made of. */
export interface Series {
  readonly channels: readonly Channel[];
  readonly values: readonly Float64Array[];
  /** Number of the first reading after another subscription came and went. */
  readonly other: number;
}

const PROBES = 5;
const READINGS = 101;
const BETWEEN = 0.1;

export class Mac {
  constructor(
    readonly native: Native,
    readonly around: Surroundings,
  ) {}

  readonly facts = once(async (): Promise<FactMap> => {
    const sources: readonly SourceName[] = ['sysctl', 'ioregistry', 'host', 'metal'];
    const told = await Promise.all(sources.map((name) => this.native.sources[name].facts()));
    return Object.assign({}, ...told.map(({ values }) => values)) as FactMap;
  });

  readonly isVirtual = once(async () => isVirtual(await this.facts()));

  /** One after the other, a second apart. */
  readonly ioreport = once(async (): Promise<readonly IoReportProbe[]> => {
    const found: IoReportProbe[] = [];
    for (let i = 0; i < PROBES; i++) {
      if (i > 0) await this.around.wait(1);
      found.push(await this.probe<IoReportProbe>('ioreport'));
    }
    return found;
  });

  readonly series = once(async (): Promise<Series> => {
    const channels = await this.start('ioreport', isDecoded);
    const values: Float64Array[] = [];
    const other = Math.floor(READINGS / 2);
    for (let i = 0; i < READINGS; i++) {
      if (i > 0) await this.around.wait(BETWEEN);
      if (i === other) await this.native.sources.ioreport.probe();
      values.push(await this.read('ioreport'));
    }
    return { channels, values, other };
  });

  /** What `probe()` of a source tells, in its own shape. */
  async probe<State>(name: SourceName): Promise<State> {
    return stateOf(await this.native.sources[name].probe()) as State;
  }

  async record<State>(name: SourceName): Promise<State | null> {
    const { state } = await this.native.sources[name].record();
    return state as State | null;
  }

  /** Lists, and selects what is wanted. */
  async start(
    name: SourceName,
    isWanted: (channel: Channel, facts: FactMap) => boolean,
  ): Promise<readonly Channel[]> {
    const facts = await this.facts();
    const { channels } = await this.native.sources[name].list();
    const which = [...channels.keys()].filter((i) => isWanted(channels[i]!, facts));
    return (await this.native.sources[name].select(Uint32Array.from(which))).channels;
  }

  /** A copy: a source fills the same array every time. */
  async read(name: SourceName): Promise<Float64Array> {
    return Float64Array.from((await this.native.sources[name].read()).values);
  }
}

/** Whether metrics are made of a channel of IOReport: others may be gauges, which may fall. */
export const isDecoded = (channel: Channel, facts: FactMap): boolean =>
  DECODED_NAMES.some(
    (part) => decoderOf(part).source === 'ioreport' && decoderOf(part).wants(channel, facts),
  );

function stateOf({ state, failures }: Recording): unknown {
  if (state !== null) return state;
  const [failure] = failures;
  throw new Error(failure ? `${failure.call}: code ${failure.code}` : 'this Mac has no such facility');
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
