// A diagnosis for people: a line for each source, and under it what failed, why, and what to do.

import type { Diagnosis, SourceState, ToldFailure, ToldSource, ToldUnit, UnreadKind } from './diagnosis';
import type { SourceName } from '../../native/native';
import { playing } from '../machine';
import { counted, wrap, type Paint } from './text';

const MARKS: Readonly<Record<SourceState, { mark: string; colour: Parameters<Paint>[0] }>> = {
  ok: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  'not on this Mac': { mark: '–', colour: 'dim' },
};

/** What a source lists. */
const LISTED: Readonly<Record<SourceName, string>> = {
  ioreport: 'channel',
  ioregistry: 'property',
  host: 'value',
  sysctl: 'name',
  smc: 'key',
  hid: 'sensor',
  power_sources: 'property',
  notify: 'key',
  metal: 'value',
  libproc: 'column',
  coalition: 'column',
  gpu_clients: 'column',
};
/** Names shown of one kind of channel; --json has all. */
const SHOWN = 12;

export function print(diagnosis: Diagnosis, paint: Paint): string {
  const { machine, sources, refusal, note } = diagnosis;
  const failing = sources.filter(({ state }) => state === 'failed').length;
  const verdict = diagnosis.ok
    ? paint('green', 'All that such a Mac has can be read.')
    : failing > 0
      ? paint('red', `${failing} of ${sources.length} sources failed.`)
      : paint('red', 'Something that such a Mac has cannot be read.');
  const sections: readonly (readonly string[])[] = [
    machine.origin === 'live' ? [] : wrap('', playing(machine.name)),
    aboutLines(diagnosis),
    sources.flatMap((source) => sourceLines(source, diagnosis.deadlineSeconds, paint)),
    collectorLines(diagnosis),
    sensorLines(diagnosis),
    unitLines(diagnosis.units),
    unreadLines(diagnosis.unread),
    refusal === null ? [] : wrap('The exporter does not start here: ', refusal),
    wrap('', note),
    [verdict],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function aboutLines({ mac, build, addon }: Diagnosis): readonly string[] {
  const kind = [
    mac.model ?? 'model not known',
    mac.chip ?? 'chip not known',
    mac.osVersion === null
      ? 'macOS not known'
      : `macOS ${mac.osVersion} (${mac.osBuild ?? 'build not known'})`,
    yesNo(mac.virtualMachine, 'a virtual machine', 'no virtual machine'),
    yesNo(mac.rosetta, 'translated by Rosetta', 'not translated by Rosetta'),
  ];
  return [
    ...wrap('Mac       ', kind.filter((each) => each !== undefined).join(', ')),
    ...wrap('Exporter  ', `${build.version}, Node ${build.node}, ${build.platform}-${build.arch}`),
    ...wrap('Addon     ', `${addon.file} (${[addon.kind, ...packed(addon)].join(', ')})`),
    ...(addon.note === null ? [] : wrap('          ', addon.note)),
  ];
}

const packed = ({ asPacked }: Diagnosis['addon']): readonly string[] =>
  asPacked === null ? [] : [asPacked ? 'sha256 as packed' : 'not as packed: its sha256 is another'];

const yesNo = (answer: boolean | null, yes: string, no: string): string | undefined =>
  answer === null ? undefined : answer ? yes : no;

function sourceLines(source: ToldSource, deadline: number, paint: Paint): readonly string[] {
  const { state, hangsIn, failures, lost } = source;
  const { mark, colour } = MARKS[state];
  const times = `list ${took(source.listSeconds)}  read ${took(source.readSeconds)}`;
  const line = [
    `${paint(colour, mark)} ${source.source.padEnd(14)}${paint(colour, state.padEnd(16))}`,
    countsOf(source).padEnd(25),
    (state === 'not on this Mac' ? '' : times).padEnd(times.length + 2),
    counted(source.families.length, 'family').padStart(11),
  ].join('');
  return [
    line,
    ...(hangsIn === null ? [] : hangLines(hangsIn, deadline)),
    ...failures.flatMap(failureLines),
    ...(lost.length > 0 ? wrap('    lost or not whole: ', lost.join(', ')) : []),
  ];
}

const hangLines = (call: string, deadline: number): readonly string[] => [
  ...wrap('    ', `hangs: ${call}() did not return in ${deadline} s`),
  ...wrap(
    '      remedy: ',
    'the exporter serves the rest without it; restart it, or the Mac if that does not help',
  ),
];

function failureLines({ call, code, hex, remedy, times }: ToldFailure): readonly string[] {
  const coded = hex === null ? call : `${call}: code ${code} (${hex})`;
  return [
    ...wrap('    ', times === 1 ? coded : `${coded}, ${times} times`),
    ...wrap('      remedy: ', remedy),
  ];
}

function countsOf({ source, listed, rows, facts }: ToldSource): string {
  const counts: string[] = [];
  if (rows !== null) counts.push(counted(rows, 'row'));
  else if (listed !== null) counts.push(counted(listed, LISTED[source]));
  if (facts > 0) counts.push(counted(facts, 'fact'));
  return counts.join(', ');
}

const took = (seconds: number | null): string =>
  (seconds === null ? 'never' : `${(seconds * 1000).toFixed(0)} ms`).padStart(8);

function collectorLines({ collectors }: Diagnosis): readonly string[] {
  const namesOf = (is: (one: Diagnosis['collectors'][number]) => boolean) =>
    collectors.filter(is).map(({ collector }) => collector);
  const rows = [
    ['ok', namesOf(({ supported, success }) => supported && success)],
    ['failed', namesOf(({ success }) => !success)],
    ['not on this Mac', namesOf(({ supported, success }) => !supported && success)],
  ] as const;
  return rows.flatMap(([word, names]) =>
    names.length > 0 ? wrap(`Collectors ${`${word}:`.padEnd(19)}`, names.join(', ')) : [],
  );
}

function sensorLines({ sensorsRejected, rails }: Diagnosis): readonly string[] {
  const reasons = Object.entries(sensorsRejected).map(([reason, count]) => `${count} ${reason}`);
  const ages = rails.map(({ rail, ageSeconds, dead }) => {
    const age = ageSeconds === null ? 'never' : `${ageSeconds.toFixed(1)} s`;
    return `${rail} ${age}${dead ? ' (dead)' : ''}`;
  });
  return [
    ...(reasons.length > 0 ? wrap('Sensors whose value is none:  ', reasons.join(', ')) : []),
    ...(ages.length > 0 ? wrap('Rails, and when published:    ', ages.join(', ')) : []),
  ];
}

function unitLines(units: readonly ToldUnit[]): readonly string[] {
  const written = ({ unit, channels, quantity, scale }: ToldUnit) =>
    quantity === null
      ? `${unit} (${channels})`
      : `${Number(scale!.toPrecision(3))} ${quantity} (${channels})`;
  const known = units.filter(({ quantity }) => quantity !== null);
  const unknown = units.filter(({ quantity }) => quantity === null);
  return [
    ...(known.length > 0 ? wrap('Units of channels:            ', known.map(written).join(', ')) : []),
    ...(unknown.length > 0 ? wrap('Units that are not known:     ', unknown.map(written).join(', ')) : []),
  ];
}

function unreadLines(unread: readonly UnreadKind[]): readonly string[] {
  const lines = unread.flatMap(({ source, group, subgroup, channels, names, beside }) => {
    const shown = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? `, … (--json has all)` : '');
    const kind = subgroup.trim() === '' ? group : `${group}, ${subgroup.trim()}`;
    return wrap(`  ${beside ? '*' : ' '} `, `${source}: ${kind} (${channels}): ${shown}`);
  });
  return lines.length === 0
    ? []
    : [
        ...wrap(
          '',
          'Listed and in no metric (# is a number; beside those with * others of the same kind are read):',
        ),
        ...lines,
      ];
}
