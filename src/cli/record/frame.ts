// One frame of a recording: what every source says of its facility at one moment.

import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Coalition,
  Entry,
  HidService,
  Int,
  Metal,
  Process,
  Report,
  Residencies,
  Sysctl,
} from '../../native/machine_file';
import type { Failure, Native, Recording, SourceName } from '../../native/native';

/** Ticks of mach_absolute_time. */
type Ticks = Int;

export interface Clock {
  readonly timebase: readonly [number, number];
  readonly absolute: Ticks;
  readonly continuous: Ticks;
}
export interface RecordedGroup extends Omit<Report, 'unit' | 'channels' | 'stamps' | 'publish'> {
  readonly unit: readonly [code: Int, label: string | null];
  /** Just before its sample was taken. */
  readonly begin: Ticks;
  readonly channels: readonly RecordedChannel[];
}
/** `stamp`: when its driver set it; 0: never, or not known. */
export type RecordedChannel = readonly [
  id: string,
  name: string,
  value: Int | null | Residencies,
  stamp: Ticks,
];
export interface RecordedIoReport {
  /** Channels of formats that a machine file does not hold: histograms and arrays. */
  readonly other: number;
  readonly groups: readonly RecordedGroup[];
}
export interface RecordedHost {
  readonly page_size?: number;
  readonly count?: number;
  readonly array_too_large?: true;
  readonly vm?: Readonly<Record<string, Int>>;
  readonly cpu?: readonly Readonly<Record<string, Int>>[];
}
export interface RecordedSmc {
  readonly smc: {
    readonly entry: number;
    readonly sorted?: false;
    readonly keys: readonly (readonly [key: string, type: string, value: string | null])[];
  };
  readonly entries: readonly Entry[];
}

/** Null: this Mac has no such facility, or it could not be read. All series have one value. */
export interface Frame {
  readonly clock: Clock;
  readonly host: RecordedHost;
  readonly ioreport: RecordedIoReport | null;
  readonly ioregistry: readonly Entry[] | null;
  readonly sysctl: Readonly<Record<string, Sysctl>> | null;
  readonly smc: RecordedSmc | null;
  readonly hid: readonly HidService[] | null;
  readonly libproc: { readonly rusage: 4 | 6; readonly processes: readonly Process[] } | null;
  readonly coalition: { readonly bytes: number; readonly coalitions: readonly Coalition[] } | null;
  readonly notify: Readonly<Record<string, Int>> | null;
  readonly metal: Metal | null;
  readonly failures: readonly Failure[];
}

/** Seconds for a source: all there is takes some of them on a Mac. */
export const PATIENCE = 30;

const BESIDE = [
  'ioregistry',
  'sysctl',
  'smc',
  'hid',
  'libproc',
  'coalition',
  'notify',
  'metal',
] as const satisfies readonly SourceName[];

/** Takes frames of a Mac. A source that does not answer in time is not asked again. */
export class Camera {
  readonly #hanging = new Set<SourceName>();

  /** `patience`: seconds for each source. */
  constructor(
    private readonly native: Native,
    private readonly patience: number,
  ) {}

  /** Undefined if the clock cannot be read: a frame without a time is none. */
  async take(over: AbortSignal): Promise<Frame | undefined> {
    // First: no driver may have set a value after the frame's time, which the host tells.
    const ioreport = await this.#record('ioreport', over);
    const [host, ...others] = await Promise.all([
      this.#record('host', over),
      ...BESIDE.map((name) => this.#record(name, over)),
    ]);
    if (host.state === null) return undefined;
    return {
      ...(host.state as Pick<Frame, 'clock' | 'host'>),
      ioreport: ioreport.state as Frame['ioreport'],
      ...(Object.fromEntries(others.map(({ state }, i) => [BESIDE[i], state])) as Pick<
        Frame,
        (typeof BESIDE)[number]
      >),
      failures: [ioreport, host, ...others].flatMap(({ failures }) => failures),
    };
  }

  async #record(name: SourceName, over: AbortSignal): Promise<Recording> {
    if (this.#hanging.has(name)) return this.#noAnswer(name);
    const done = new AbortController();
    const patience = sleep(this.patience * 1000, undefined, { signal: AbortSignal.any([done.signal, over]) });
    const answer = await Promise.race([this.native.sources[name].record(), patience.catch(() => undefined)]);
    done.abort();
    if (answer) return answer;
    if (over.aborted) return SILENT;
    this.#hanging.add(name);
    return this.#noAnswer(name);
  }

  #noAnswer(name: SourceName): Recording {
    const call = `${name}: no answer in ${this.patience} s`;
    const remedy = 'it is left out of the recording; if it is so again, say so with the file';
    return { state: null, failures: [{ group: name, call, code: 0, remedy }] };
  }
}

const SILENT: Recording = { state: null, failures: [] };
