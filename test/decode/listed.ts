// What a decoder makes of channels listed in a test, without the addon.

import type { Decoder, Fields, Part } from '../../src/decode/decoder';
import type { Channel, FactMap } from '../../src/native/native';

/** A channel with its value, or one by state; the driver's stamp is the time of the read if it is not said. */
export interface Listed extends Partial<Channel> {
  readonly group: string;
  readonly value: number | readonly number[];
  readonly stamp?: number;
}

/** Seconds of mach_absolute_time at which all is read. */
export const NOW = 1000;

export const TICKS = '24Mticks';
export const SECOND = 24e6;

function laidOut(listed: readonly Listed[]): { channels: Channel[]; values: Float64Array } {
  const values = [NOW];
  const channels = listed.map(({ value, stamp = NOW, ...rest }, i): Channel => {
    const at = values.push(stamp) - 1;
    values.push(...[value].flat());
    return {
      subgroup: '',
      name: '',
      unit: '',
      id: String(i).padStart(16, '0'),
      driver: 1,
      states: [],
      ...rest,
      at,
    };
  });
  return { channels, values: Float64Array.from(values) };
}

/** Chosen, bound and read, as a feed does it. Undefined: the Mac has no such thing, or it was not delivered. */
export function decoded<P extends Part>(
  decoder: Decoder<P>,
  listed: readonly Listed[],
  facts: FactMap = {},
): Fields<P> | undefined {
  const { channels, values } = laidOut(listed);
  const chosen = channels.filter((channel) => decoder.wants(channel, facts));
  return decoder.bind(chosen, facts)?.(values, new Map());
}

/** Which of the channels it wants, by name. */
export const wanted = <P extends Part>(
  decoder: Decoder<P>,
  listed: readonly Omit<Listed, 'value'>[],
  facts: FactMap = {},
): string[] =>
  laidOut(listed.map((channel) => ({ ...channel, value: 0 })))
    .channels.filter((channel) => decoder.wants(channel, facts))
    .map(({ name }) => name);

/** What the Mac lacks of what every Mac has. */
export const lackOf = <P extends Part>(
  decoder: Decoder<P>,
  listed: readonly Listed[],
  facts: FactMap = {},
): string | undefined => {
  const { channels } = laidOut(listed);
  return decoder.lacks?.(
    channels.filter((channel) => decoder.wants(channel, facts)),
    facts,
  );
};
