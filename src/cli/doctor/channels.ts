// Channels that are listed and that no metric is made of, and the units they come in.

import { parseUnit } from '../../chips/units';
import { DECODED_NAMES, decoderOf } from '../../decode/parts';
import type { Channel, FactMap, SourceName } from '../../native/native';
import type { ToldUnit, UnreadKind } from './diagnosis';
import { TABLES, type Observation } from './observe';

type Observations = Readonly<Record<SourceName, Observation>>;

const kindOf = (source: SourceName, { group, subgroup }: Channel): string =>
  [source, group, subgroup].join('\n');

function listedBy(observations: Observations): readonly (readonly [SourceName, Channel])[] {
  return (Object.entries(observations) as [SourceName, Observation][])
    .filter(([source]) => !TABLES.has(source))
    .flatMap(([source, { listing }]) =>
      (listing?.channels ?? []).map((channel) => [source, channel] as const),
    );
}

export function unreadOf(observations: Observations, facts: FactMap): readonly UnreadKind[] {
  const isRead = (source: SourceName, channel: Channel) =>
    DECODED_NAMES.some((part) => decoderOf(part).source === source && decoderOf(part).wants(channel, facts));
  const read = new Set<string>();
  const unread = new Map<string, [SourceName, Channel][]>();
  for (const [source, channel] of listedBy(observations)) {
    const kind = kindOf(source, channel);
    if (isRead(source, channel)) read.add(kind);
    else unread.set(kind, [...(unread.get(kind) ?? []), [source, channel]]);
  }
  return [...unread].map(([kind, channels]) => {
    const [source, { group, subgroup }] = channels[0]!;
    const names = channels.map(([, { name }]) => name.replaceAll(/\d+/g, '#'));
    return {
      source,
      group,
      subgroup,
      channels: channels.length,
      names: [...new Set(names)],
      beside: read.has(kind),
    };
  });
}

export function unitsOf(observations: Observations): readonly ToldUnit[] {
  const counts = new Map<string, number>();
  for (const [, { unit }] of listedBy(observations))
    if (unit !== '') counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return [...counts].map(([unit, channels]) => {
    const known = parseUnit(unit);
    return { unit, channels, quantity: known?.quantity ?? null, scale: known?.scale ?? null };
  });
}
