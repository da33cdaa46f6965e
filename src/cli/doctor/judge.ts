// From what was gathered to a diagnosis: which source fails, by which call, and what that costs.

import { DEAD_AFTER } from '../../decode/energy';
import { decoderOf, readFor, type DecodedName, type PartName } from '../../decode/parts';
import { IDENTITY_TEXTS, isVirtual } from '../../decode/os';
import { families } from '../../metrics/catalogue';
import { collectorParts, healthOf, type About } from '../../metrics/health';
import { samplesOf } from '../../metrics/json';
import type { AnyFamily, PagePart } from '../../metrics/metric';
import type { FactMap, Failure } from '../../native/native';
import type { SourceHealth } from '../../sampler/snapshot';
import type { LoadedAddon } from './addon';
import { unitsOf, unreadOf } from './channels';
import type { Diagnosis, SourceState, ToldFailure, ToldSource } from './diagnosis';
import type { Gathered } from './gather';

const NOTE =
  'No release of this exporter was tested on a real Mac yet: compare a number with powermetrics or Activity ' +
  'Monitor before you rely on it.';

export function judge(gathered: Gathered, about: About, addon: LoadedAddon): Diagnosis {
  const { snapshot, facts, observations, refusal } = gathered;
  const { collectors } = healthOf(snapshot, collectorParts(families), about);
  const explained = explain(snapshot.sources);
  const sources = explained.map((health) => sourceOf(health, explained, gathered));
  const failed =
    collectors.some(({ success }) => !success) || sources.some(({ state }) => state === 'failed');
  return {
    version: 1,
    ok: !failed && refusal === undefined,
    refusal: refusal ?? null,
    ...about,
    addon,
    mac: macOf(facts),
    deadlineSeconds: gathered.deadline,
    sources,
    collectors: collectors.map(({ collector, supported, success }) => ({ collector, supported, success })),
    unread: unreadOf(observations, facts),
    units: unitsOf(observations),
    sensorsRejected: Object.fromEntries(
      samplesOf(familyOf('metalstat_exporter_sensors_rejected'), snapshot).map(({ value, labels }) => [
        labels['reason']!,
        value,
      ]),
    ),
    rails: railsOf(gathered),
    note: NOTE,
  };
}

function sourceOf(
  health: SourceHealth,
  all: readonly SourceHealth[],
  { snapshot, observations, parts, facts: known }: Gathered,
): ToldSource {
  const { source, timedOut, failures } = health;
  const { listing, listTook, readTook, facts, rows, pending } = observations[source];
  const needed = neededParts();
  const failed = parts.filter((part) => snapshot.states.get(part) === 'failed' && needed.has(part));
  const isDueTo = (part: DecodedName, of: SourceHealth) =>
    of.failures.some((failure) => concerns(failure, of, part, known));
  // Facts are read by one source for another, which then lacks them: to blame is the call that failed.
  const mine = failed.filter((part) => {
    if (isDueTo(part, health)) return true;
    const isOwn = decoderOf(part).source === source;
    return isOwn && (timedOut || !all.some((other) => isDueTo(part, other)));
  });
  const state: SourceState =
    timedOut || mine.length > 0
      ? 'failed'
      : parts.some((part) => decoderOf(part).source === source && snapshot.states.get(part) === 'ok')
        ? 'ok'
        : 'not on this Mac';
  return {
    source,
    state,
    hangsIn: timedOut ? (pending ?? 'read') : null,
    listed: listing?.channels.length ?? null,
    facts,
    rows: rows !== undefined && Number.isFinite(rows) ? rows : null,
    listSeconds: listTook ?? null,
    readSeconds: readTook ?? null,
    failures: told(failures),
    families: familiesOf((part) => decoderOf(part).source === source),
    lost: familiesOf((part) => mine.includes(part)),
  };
}

function concerns({ group }: Failure, of: SourceHealth, part: DecodedName, facts: FactMap): boolean {
  const decoder = decoderOf(part);
  if (group === '') return decoder.source === of.source;
  return decoder.groups.includes(group) || decoder.lacks?.([], facts) === group;
}

/** Without the failures that say only that a group is not there, where a call that failed says why. */
function explain(sources: readonly SourceHealth[]): readonly SourceHealth[] {
  const isNotThere = ({ group, call }: Failure) => call === `${group}: not there`;
  const all = sources.flatMap(({ failures }) => failures);
  const reasons = new Set(all.filter((failure) => !isNotThere(failure)).map(({ group }) => group));
  return sources.map((health) => ({
    ...health,
    failures: health.failures.filter((failure) => !isNotThere(failure) || !reasons.has(failure.group)),
  }));
}

/** The same failure of many channels is told once. */
function told(failures: readonly Failure[]): readonly ToldFailure[] {
  const found = new Map<string, ToldFailure>();
  for (const failure of failures) {
    const { group, call, code } = failure;
    const key = `${group}\n${call}\n${code}`;
    const times = (found.get(key)?.times ?? 0) + 1;
    found.set(key, { ...failure, hex: code === 0 ? null : hexOf(code), times });
  }
  return [...found.values()];
}

/** A kern_return_t is negative as a number, and known by its 32 bits. */
const hexOf = (code: number): string => `0x${(code >>> 0).toString(16)}`;

/** The parts that sources are read for, of the parts of a family. */
const decodedOf = (parts: readonly PagePart[]): readonly DecodedName[] =>
  parts.filter((part): part is PartName => part !== 'health').flatMap(readFor);

const neededParts = (): ReadonlySet<DecodedName> => new Set(families.flatMap(({ from }) => decodedOf(from)));

const familiesOf = (is: (part: DecodedName) => boolean): readonly string[] => [
  ...new Set(families.filter(({ from }) => decodedOf(from).some(is)).map(({ name }) => name)),
];

function familyOf(name: string): AnyFamily {
  const family = families.find((each) => each.name === name);
  if (!family) throw new Error(`there is no family ${name}`);
  return family;
}

function railsOf({ snapshot: { now } }: Gathered): Diagnosis['rails'] {
  const { power } = now;
  if (!power) return [];
  return power.rails.map((rail, i) => {
    const age = power.ages[i]!;
    return { rail, ageSeconds: Number.isFinite(age) ? age : null, dead: !(age <= DEAD_AFTER) };
  });
}

function macOf(facts: FactMap): Diagnosis['mac'] {
  const text = (name: string) => {
    const fact = facts[name];
    return typeof fact === 'string' && fact !== '' ? fact : null;
  };
  const isKnown = facts[IDENTITY_TEXTS.model] !== undefined;
  return {
    model: text(IDENTITY_TEXTS.model),
    chip: text(IDENTITY_TEXTS.chip),
    osVersion: text(IDENTITY_TEXTS.version),
    osBuild: text(IDENTITY_TEXTS.build),
    virtualMachine: isKnown ? isVirtual(facts) : null,
    rosetta: isKnown ? facts['sysctl.proc_translated'] === 1 : null,
  };
}
