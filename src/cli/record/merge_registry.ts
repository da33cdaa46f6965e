// The frames of entries of the I/O Registry.

import type { Entry, Seen, Value } from '../../native/machine_file';
import { presences, seenOf, stepOver, type Presence } from './presence';
import { keysOf, latest, seriesOf } from './series';
import { COUNTERS } from './wants';

/** A service that is not there in all frames is told as if it were: only children come and go. */
export function mergeRegistry(frames: readonly (readonly Entry[])[]): Entry[] {
  return presences(frames, ({ id }) => id).map((root) => entryOf(root, undefined));
}

function entryOf(entry: Presence<Entry>, seen: Seen | undefined): Entry {
  const { id, class: classes, name, path } = entry.first;
  const children = childrenOf(entry.frames.map((each) => each?.children));
  return {
    id,
    class: classes,
    name,
    ...(path !== undefined && { path }),
    properties: propertiesOf(entry.frames.map((each) => each?.properties)),
    ...(children.length > 0 && { children }),
    ...(seen && { seen }),
  };
}

function childrenOf(frames: readonly (readonly Entry[] | undefined)[]): readonly Entry[] {
  const idOf = ({ id }: Entry) => id;
  const all = presences(
    frames.map((children) => children ?? []),
    idOf,
  );
  const step = stepOver(all, idOf);
  return all.map((child) => entryOf(child, child.isAlways ? undefined : seenOf(child, step)));
}

type Properties = Readonly<Record<string, Value>>;

function propertiesOf(frames: readonly (Properties | undefined)[]): Record<string, Value> {
  const properties: Record<string, Value> = {};
  for (const name of keysOf(frames)) {
    const value = valueOf(
      name,
      frames.map((each) => each?.[name]),
    );
    if (value !== undefined) properties[name] = value;
  }
  return properties;
}

function valueOf(name: string, values: readonly (Value | undefined)[]): Value | undefined {
  const last = latest(values);
  if (typeof last === 'number' || typeof last === 'bigint') {
    const series = seriesOf(values.map((value) => (typeof value === typeof last ? value : undefined)));
    return COUNTERS.has(name) ? { counter: series as number } : (series as Value);
  }
  if (typeof last !== 'object') return last;
  if ('dict' in last) return { dict: propertiesOf(values.map((value) => membersOf(value, 'dict'))) };
  if (!('list' in last)) return last;
  const lists = values.map((value) => membersOf(value, 'list'));
  const hasItsLength = (list: readonly Value[] | undefined) => list?.length === last.list.length;
  return {
    list: last.list.map((_, i) =>
      valueOf(
        name,
        lists.map((list) => (hasItsLength(list) ? list![i] : undefined)),
      )!,
    ),
  };
}

const membersOf = <Kind extends 'dict' | 'list'>(value: Value | undefined, kind: Kind) =>
  typeof value === 'object' && kind in value
    ? (value as Readonly<Record<Kind, Kind extends 'dict' ? Properties : readonly Value[]>>)[kind]
    : undefined;
