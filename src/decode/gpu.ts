// The GPU's residency states, its thermal controller, and the driver's own statistics.

import {
  firstOfEachName,
  GROUPS,
  hasNamedStates,
  IDLE_STATES,
  isCltm,
  isGpuStates,
  isThrottler,
  stateIndex,
} from '../chips/channels';
import { FREQUENCY_GROUPS, frequenciesOf, gpuTable, largestOf, SGX } from '../chips/frequencies';
import { inBaseUnits, unitOf } from '../chips/units';
import { slotOf, valueAt, type Decoder, type Part } from './decoder';
import { metalFamilyOf, metalNameOf } from './metal';

export interface Gpu extends Part {
  readonly states: readonly string[];
  /** Hertz by state, NaN where the table has none. */
  readonly frequencies: Float64Array;
  /** Highest frequency of the table in hertz, NaN where there is none. */
  readonly fastest: number;
  /** Cumulative seconds by state. */
  readonly seconds: Float64Array;
  /** Cumulative seconds in all states but the idle ones, and in all. */
  readonly active: number;
  readonly total: number;
  /** Σ frequency × seconds over the active states; NaN as soon as a state without frequency has been used. */
  readonly cycles: number;
}

export const gpu: Decoder<Gpu> = {
  source: 'ioreport',
  groups: [GROUPS.gpu, ...FREQUENCY_GROUPS],
  expected: true,
  lacks: (chosen, facts) => (chosen.length > 0 && !gpuTable(facts) ? SGX : undefined),
  wants: isGpuStates,
  bind(chosen, facts) {
    const channel = chosen[0];
    const unit = channel && unitOf(channel, 'seconds');
    if (!channel || !unit || !hasNamedStates(channel)) return undefined;
    const { states, at } = channel;
    const idle = states.map((state) => IDLE_STATES.has(state));
    const table = gpuTable(facts);
    const frequencies = frequenciesOf(
      states.map((state) => stateIndex(state)),
      table,
    );
    const fastest = table ? largestOf(table) : NaN;
    return (values) => {
      const seconds = new Float64Array(states.length);
      let activeTicks = 0;
      let totalTicks = 0;
      let cycles = 0;
      for (let i = 0; i < seconds.length; i++) {
        const ticks = values[at + 1 + i]!;
        if (Number.isNaN(ticks)) return undefined;
        seconds[i] = inBaseUnits(ticks, unit);
        totalTicks += ticks;
        if (idle[i]) continue;
        activeTicks += ticks;
        if (ticks !== 0) cycles += frequencies[i]! * seconds[i]!;
      }
      const active = inBaseUnits(activeTicks, unit);
      return { states, frequencies, fastest, seconds, active, total: inBaseUnits(totalTicks, unit), cycles };
    };
  },
  counters: (part) => part.seconds,
};

export interface Cltm extends Part {
  /** Cumulative seconds in states other than NO_CLTM. */
  readonly limited: number;
}

export const cltm: Decoder<Cltm> = {
  source: 'ioreport',
  groups: [GROUPS.gpu],
  wants: isCltm,
  bind(chosen) {
    const channel = chosen[0];
    const unit = channel && unitOf(channel, 'seconds');
    if (!channel || !unit || !hasNamedStates(channel)) return undefined;
    return (values) => {
      let ticks = 0;
      for (let i = 0; i < channel.states.length; i++)
        if (channel.states[i] !== 'NO_CLTM') ticks += values[channel.at + 1 + i]!;
      return Number.isNaN(ticks) ? undefined : { limited: inBaseUnits(ticks, unit) };
    };
  },
};

export interface Throttler extends Part {
  readonly reasons: readonly string[];
  readonly events: Float64Array;
}

export const throttler: Decoder<Throttler> = {
  source: 'ioreport',
  groups: [GROUPS.gpu],
  wants: isThrottler,
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const counted = firstOfEachName(chosen);
    const reasons = counted.map((channel) => channel.name);
    return (values) => ({
      reasons,
      events: Float64Array.from(counted, (channel) => values[channel.at + 1]!),
    });
  },
};

export interface Accelerator extends Part {
  /** The driver's own figures, 0 to 1; NaN where it gives none. */
  readonly device: number;
  readonly renderer: number;
  readonly tiler: number;
  /** Bytes. */
  readonly allocated: number;
  readonly inUse: number;
  readonly driverInUse: number;
  readonly recoveries: number;
}

const ACCELERATOR = 'IOAccelerator';
const STATISTICS = 'PerformanceStatistics';
const MODEL = `${ACCELERATOR} model`;
const CORES = `${ACCELERATOR} gpu-core-count`;

export const ACCELERATOR_LIVE: readonly string[] = [`${ACCELERATOR} ${STATISTICS}`];
export const ACCELERATOR_FACTS: readonly string[] = [MODEL, CORES];

const KEYS = {
  device: 'Device Utilization %',
  renderer: 'Renderer Utilization %',
  tiler: 'Tiler Utilization %',
  allocated: 'Alloc system memory',
  inUse: 'In use system memory',
  driverInUse: 'In use system memory (driver)',
  recoveries: 'recoveryCount',
} as const;
const KEY_NAMES: ReadonlySet<string> = new Set(Object.values(KEYS));

export const accelerator: Decoder<Accelerator> = {
  source: 'ioregistry',
  groups: [ACCELERATOR],
  expected: true,
  wants: (c) => c.group === ACCELERATOR && c.subgroup === STATISTICS && KEY_NAMES.has(c.name),
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const slot = (key: keyof typeof KEYS) => slotOf(chosen, ({ name }) => name === KEYS[key]);
    const at = {
      device: slot('device'),
      renderer: slot('renderer'),
      tiler: slot('tiler'),
      allocated: slot('allocated'),
      inUse: slot('inUse'),
      driverInUse: slot('driverInUse'),
      recoveries: slot('recoveries'),
    };
    return (values) => {
      if (chosen.every((channel) => Number.isNaN(values[channel.at + 1]!))) return undefined;
      return {
        device: valueAt(values, at.device) / 100,
        renderer: valueAt(values, at.renderer) / 100,
        tiler: valueAt(values, at.tiler) / 100,
        allocated: valueAt(values, at.allocated),
        inUse: valueAt(values, at.inUse),
        driverInUse: valueAt(values, at.driverInUse),
        recoveries: valueAt(values, at.recoveries),
      };
    };
  },
};

export interface GpuIdentity extends Part {
  /** Empty where the driver gives none. */
  readonly name: string;
  /** `Metal 4`; empty where Metal does not tell. */
  readonly metalFamily: string;
}

export const gpuIdentity: Decoder<GpuIdentity> = {
  source: 'ioregistry',
  groups: [ACCELERATOR],
  expected: true,
  wants: () => false,
  bind(_chosen, facts) {
    const name = facts[MODEL] ?? metalNameOf(facts);
    const identity = {
      name: typeof name === 'string' ? name : '',
      metalFamily: metalFamilyOf(facts),
    };
    return identity.name === '' && identity.metalFamily === '' ? undefined : () => identity;
  },
};

export interface GpuCores extends Part {
  readonly cores: number;
}

export const gpuCores: Decoder<GpuCores> = {
  source: 'ioregistry',
  groups: [ACCELERATOR],
  expected: true,
  wants: () => false,
  bind(_chosen, facts) {
    const cores = facts[CORES];
    return typeof cores === 'number' ? () => ({ cores }) : undefined;
  },
};
