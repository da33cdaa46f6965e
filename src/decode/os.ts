// What this Mac is, and its clocks.

import type { Decoder, Part } from './decoder';

const TEXTS = {
  model: 'hw.model',
  chip: 'machdep.cpu.brand_string',
  version: 'kern.osproductversion',
  build: 'kern.osversion',
} as const;
const MEMORY_SIZE = 'hw.memsize';
const BOOT_TIME = 'kern.boottime';
/** Whether this is an Apple Silicon Mac, and whether Rosetta translates this very process. */
const NATIVE = ['hw.optional.arm64', 'sysctl.proc_translated'];

export const OS_TEXTS: readonly string[] = Object.values(TEXTS);
export const OS_NUMBERS: readonly string[] = [MEMORY_SIZE, BOOT_TIME, ...NATIVE];

export interface Identity extends Part {
  readonly model: string;
  readonly chip: string;
  readonly version: string;
  readonly build: string;
}

export const identity: Decoder<Identity> = {
  source: 'sysctl',
  groups: OS_TEXTS,
  wants: () => false,
  bind(_chosen, facts) {
    const text = (name: string) => (typeof facts[name] === 'string' ? facts[name] : '');
    if (!text(TEXTS.model)) return undefined;
    const known = {
      model: text(TEXTS.model),
      chip: text(TEXTS.chip),
      version: text(TEXTS.version),
      build: text(TEXTS.build),
    };
    return () => known;
  },
};

/** Read once: the kernel moves its boot time whenever the wall clock is set. */
export const boot = numberFact<{ readonly seconds: number } & Part>(BOOT_TIME, (seconds) => ({ seconds }));
export const memorySize = numberFact<{ readonly bytes: number } & Part>(MEMORY_SIZE, (bytes) => ({ bytes }));

export interface Clocks extends Part {
  /** Seconds this Mac has slept since it booted: continuous less absolute time. */
  readonly asleep: number;
}

export const clocks: Decoder<Clocks> = {
  source: 'host',
  groups: ['clock'],
  wants: (c) => c.group === 'clock',
  bind(chosen) {
    const slot = chosen[0]?.at;
    if (slot === undefined) return undefined;
    return (values) => (Number.isNaN(values[slot + 1]!) ? undefined : { asleep: values[slot + 1]! });
  },
  // The two clocks are read one after the other: without this the counter would fall by microseconds now and then, and
  // every fall reads as a restart from 0.
  follow: (part, before) =>
    before && before.asleep > part.asleep ? { ...part, asleep: before.asleep } : part,
};

function numberFact<P extends Part>(name: string, make: (value: number) => Omit<P, keyof Part>): Decoder<P> {
  return {
    source: 'sysctl',
    groups: [name],
    wants: () => false,
    bind(_chosen, facts) {
      const value = facts[name];
      if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
      const made = make(value);
      return () => made;
    },
  };
}
