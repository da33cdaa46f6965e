import type { Series } from './format';
import { Lifetime, type Sight } from './life';
import { fixed, integer, type Machine } from './machine';
import { members, type Member } from './processes';

/** A coalition that collections can read. */
export interface Sighting {
  readonly id: bigint;
  readonly sight: Sight;
  readonly lifetime: Lifetime;
  readonly words: Readonly<Record<string, Series>>;
  /** Its name for good, since the first collection that sees one of its members. */
  readonly app: { readonly name: string; readonly since: number } | undefined;
}

export function sightings(machine: Machine, collections: readonly bigint[]): Sighting[] {
  const all = members(machine, collections);
  return readable(machine).flatMap(({ first, words, lifetime }) =>
    [...lifetime.sights(collections)].map((sight) => {
      const id = lifetime.id(first, sight.k);
      return { id, sight, lifetime, words, app: leader(sight, all.get(id) ?? []) };
    }),
  );
}

/** Whether this kernel fills in the word of that index. */
export const hasWord = (machine: Machine, word: number): boolean =>
  (word + 1) * 8 <= (machine.file.coalition?.bytes ?? 0);

const readable = fixed((machine) =>
  (machine.file.coalition?.coalitions ?? []).flatMap(({ id, words, life, seen }) =>
    words ? [{ first: integer(id), words, lifetime: new Lifetime(machine, life, seen) }] : [],
  ),
);

/** The oldest of the members with whom it was first seen. */
function leader(sight: Sight, all: readonly Member[]): Sighting['app'] {
  let found: (Member & { readonly since: number }) | undefined;
  for (const member of all) {
    const since = Math.max(sight.first, member.first);
    if (since > Math.min(sight.last, member.last)) continue;
    const isEarlier = !found || since < found.since;
    if (isEarlier || (since === found?.since && member.unique < found.unique)) found = { ...member, since };
  }
  return found;
}
