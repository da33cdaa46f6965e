// Fans and power as the SMC tells them.

import { slotOf, valueAt, type Decoder, type Part } from './decoder';

export const SMC = 'SMC';
const FAN = /^F(\d)(Ac|Mn|Mx|Tg)$/;
const POWER = { system: 'PSTR', adapter: 'PDTR' } as const;

export const FAN_PREFIX = 'F';
export const POWER_KEYS: readonly string[] = Object.values(POWER);

export interface Fans extends Part {
  readonly fans: readonly string[];
  /** Revolutions a minute, by fan; NaN where not delivered. */
  readonly actual: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly target: Float64Array;
}

/** A Mac without a fan has none of the keys. */
export const fans: Decoder<Fans> = {
  source: 'smc',
  groups: [SMC],
  wants: (c) => c.group === SMC && FAN.test(c.name),
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const names = [...new Set(chosen.map(({ name }) => name[1]!))];
    const slots = (what: string) =>
      names.map((fan) => slotOf(chosen, ({ name }) => name === `F${fan}${what}`));
    const [actual, lowest, highest, target] = [slots('Ac'), slots('Mn'), slots('Mx'), slots('Tg')];
    return (values) => {
      if (chosen.every(({ at }) => Number.isNaN(values[at + 1]!))) return undefined;
      const rpm = (at: readonly number[]) => Float64Array.from(at, (slot) => valueAt(values, slot));
      return {
        fans: names,
        actual: rpm(actual),
        lowest: rpm(lowest),
        highest: rpm(highest),
        target: rpm(target),
      };
    };
  },
};

export interface SystemPower extends Part {
  /** Watts of the whole Mac, and of what comes from its power adapter; NaN where the SMC has no such key. */
  readonly system: number;
  readonly adapter: number;
}

export const systemPower: Decoder<SystemPower> = {
  source: 'smc',
  groups: [SMC],
  expected: true,
  wants: (c) => c.group === SMC && POWER_KEYS.includes(c.name),
  bind(chosen) {
    if (chosen.length === 0) return undefined;
    const slot = (key: string) => slotOf(chosen, ({ name }) => name === key);
    const [system, adapter] = [slot(POWER.system), slot(POWER.adapter)];
    return (values) => {
      const power = { system: valueAt(values, system), adapter: valueAt(values, adapter) };
      return Number.isNaN(power.system) && Number.isNaN(power.adapter) ? undefined : power;
    };
  },
};
