// What this Mac is, and its clocks.

import type { FactMap } from '../native/native';
import type { Decoder, Part } from './decoder';

export const IDENTITY_TEXTS = {
  model: 'hw.model',
  chip: 'machdep.cpu.brand_string',
  version: 'kern.osproductversion',
  build: 'kern.osversion',
} as const;
const MEMORY_SIZE = 'hw.memsize';
const BOOT_TIME = 'kern.boottime';
/** Whether this is an Apple Silicon Mac, and whether Rosetta translates this very process. */
const NATIVE = ['hw.optional.arm64', 'sysctl.proc_translated'];
const VIRTUAL = 'kern.hv_vmm_present';
/** A random UUID of this boot, which every local process may read. */
export const BOOT_SESSION = 'kern.bootsessionuuid';

const IDENTITY_NAMES: readonly string[] = Object.values(IDENTITY_TEXTS);
export const OS_TEXTS: readonly string[] = [...IDENTITY_NAMES, BOOT_SESSION];
export const OS_NUMBERS: readonly string[] = [MEMORY_SIZE, BOOT_TIME, VIRTUAL, ...NATIVE];

/** Whether macOS runs in a virtual machine. */
export const isVirtual = (facts: FactMap): boolean => facts[VIRTUAL] === 1;

export interface Identity extends Part {
  readonly model: string;
  readonly chip: string;
  readonly version: string;
  readonly build: string;
}

export const identity: Decoder<Identity> = {
  source: 'sysctl',
  groups: IDENTITY_NAMES,
  expected: true,
  wants: () => false,
  bind(_chosen, facts) {
    const text = (name: string) => (typeof facts[name] === 'string' ? facts[name] : '');
    if (!text(IDENTITY_TEXTS.model)) return undefined;
    const known = {
      model: text(IDENTITY_TEXTS.model),
      chip: text(IDENTITY_TEXTS.chip),
      version: text(IDENTITY_TEXTS.version),
      build: text(IDENTITY_TEXTS.build),
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
  expected: true,
  wants: (c) => c.group === 'clock',
  bind(chosen) {
    const slot = chosen[0]?.at;
    if (slot === undefined) return undefined;
    // To the millisecond: some ticks pass between the readings of the two clocks.
    return (values) => {
      const asleep = Math.round(values[slot + 1]! * 1e3) / 1e3;
      return Number.isNaN(asleep) ? undefined : { asleep };
    };
  },
  // Without this the counter would fall by a millisecond now and then, and every fall reads as a restart from 0.
  follow: (part, before) =>
    before && before.asleep > part.asleep ? { ...part, asleep: before.asleep } : part,
};

function numberFact<P extends Part>(name: string, make: (value: number) => Omit<P, keyof Part>): Decoder<P> {
  return {
    source: 'sysctl',
    groups: [name],
    expected: true,
    wants: () => false,
    bind(_chosen, facts) {
      const value = facts[name];
      if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
      const made = make(value);
      return () => made;
    },
  };
}
