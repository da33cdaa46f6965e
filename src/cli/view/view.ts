// From figures to lines, in the layout of metalstat: one line, or one for each subject that was asked for.

import { playing } from '../machine';
import type { Figures, Tier } from '../figures';
import type { ProcessRow } from '../processes';
import { joined, span, type Line, type Span } from './line';
import { gib, percent, watts, whole } from './numbers';
import { processLines } from './processes';

/** What is shown beside GPU and memory. */
export const SUBJECTS = ['cpu', 'power', 'memory', 'gpuMem', 'swap', 'ane', 'temp', 'procs'] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface ViewOptions {
  readonly subjects: ReadonlySet<Subject>;
  /** Columns of a rule. */
  readonly width: number;
  /** Host and time; undefined for none. */
  readonly header: { readonly host: string | undefined; readonly time: string } | undefined;
  /** The machine file that is played. */
  readonly machine: string | undefined;
}

export function view(
  figures: Figures,
  { subjects, width, header, machine }: ViewOptions,
  processes: readonly ProcessRow[] = [],
): readonly Line[] {
  const top: Line[] = [];
  if (machine !== undefined) top.push([span(playing(machine), 'dim')]);
  if (header) {
    const { host, time } = header;
    top.push(host === undefined ? [span(time)] : [span(host, 'bold'), span(`  ${time}`)]);
  }
  if (subjects.size === 0) return [...top, oneLine(figures)];
  const sections = [
    [titleOf(figures)],
    computeLines(figures, subjects),
    memoryLines(figures, subjects),
    powerLines(figures, subjects),
    subjects.has('procs') ? processLines(processes) : [],
  ].filter((lines) => lines.length > 0);
  const rule: Line = [span('─'.repeat(width), 'dim')];
  return [...top, ...sections.flatMap((lines, i) => (i === 0 ? lines : [rule, ...lines]))];
}

function oneLine(figures: Figures): Line {
  return joined(
    [
      [span(nameOf(figures), 'name')],
      figures.gpuUtil === undefined
        ? [span('GPU -')]
        : [
            span('GPU '),
            percent(figures.gpuUtil),
            span(`, ${whole(figures.gpuMhz, ' MHz')}, `),
            watts(figures.watts.gpu),
          ],
      [span(`Metal ${gib(figures.metalInUse)} / ${gib(figures.metalMax)} GB`)],
      [pressureOf(figures)],
    ],
    ' | ',
  );
}

function titleOf(figures: Figures): Line {
  const { tiers, gpuCores, metalFamily } = figures;
  const all = tiers.reduce((cores, tier) => cores + tier.cores, 0);
  const kinds =
    tiers.length > 1 ? ` (${tiers.map((tier) => `${tier.cores}${letterOf(tier)}`).join(' + ')})` : '';
  const parts = [
    ...(all > 0 ? [`${all}C CPU${kinds}`] : []),
    ...(gpuCores === undefined ? [] : [`${gpuCores}C GPU`]),
    ...(metalFamily === undefined ? [] : [metalFamily]),
  ];
  return [span(nameOf(figures), 'name'), span(`  ${parts.join(' / ')}`, 'dim')];
}

function computeLines(figures: Figures, subjects: ReadonlySet<Subject>): readonly Line[] {
  const power = (of: number | undefined): readonly Span[] =>
    subjects.has('power') && of !== undefined ? [span('   '), watts(of)] : [];
  const gpu: Line =
    figures.gpuUtil === undefined
      ? [span('not available', 'dim')]
      : [
          percent(figures.gpuUtil),
          span(`   ${whole(figures.gpuMhz, ' MHz').padStart(9)}`),
          ...power(figures.watts.gpu),
        ];
  const lines = [row('GPU', gpu)];
  if (subjects.has('cpu')) {
    const kinds = figures.tiers.length > 1 ? figures.tiers : [];
    const each = kinds.map((tier) => span(`   ${letterOf(tier)}: ${whole(tier.util, '%').padStart(4)}`));
    lines.push(row('CPU', [percent(figures.cpuUtil, 50, 85), ...each, ...power(figures.watts.cpu)]));
  }
  return lines;
}

function memoryLines(figures: Figures, subjects: ReadonlySet<Subject>): readonly Line[] {
  const { memory } = figures;
  const lines = [
    row('Memory', [span(`${gib(memory.used)} / ${gib(memory.total)} GB   `), pressureOf(figures)]),
  ];
  if (subjects.has('memory')) {
    const kinds = (['wired', 'active', 'inactive', 'compressed'] as const).map((kind): Line => {
      const bytes = memory[kind];
      return [span(`${gib(bytes)}${bytes === undefined ? '' : 'G'} `), span(kind, 'dim')];
    });
    lines.push(row('', joined(kinds, ' / ')));
  }
  const pair = (used: number | undefined, total: number | undefined): Line => {
    const each = [used, total].map((bytes) => (bytes === undefined ? gib(bytes) : `${gib(bytes)}G`));
    return [span(each.join(' / '))];
  };
  if (subjects.has('gpuMem')) lines.push(row('Metal', pair(figures.metalInUse, figures.metalMax)));
  if (subjects.has('swap')) lines.push(row('Swap', pair(figures.swapUsed, figures.swapTotal)));
  return lines;
}

function powerLines({ watts: rails, celsius }: Figures, subjects: ReadonlySet<Subject>): readonly Line[] {
  const lines: Line[] = [];
  const shown = [
    ...(subjects.has('power')
      ? ([
          ['Pkg', rails.package],
          ['CPU', rails.cpu],
          ['GPU', rails.gpu],
          ['DRAM', rails.dram],
        ] as const)
      : []),
    ...(subjects.has('ane') ? ([['ANE', rails.ane]] as const) : []),
  ];
  if (shown.length > 0)
    lines.push(
      row(
        'Power',
        joined(
          shown.map(([label, value]) => [span(`${label} `, 'dim'), watts(value)]),
          '   ',
        ),
      ),
    );
  if (subjects.has('temp')) {
    const sensors = [
      ['CPU', celsius.cpu],
      ['GPU', celsius.gpu],
      ['SoC', celsius.soc],
    ] as const;
    const battery = celsius.battery === undefined ? [] : ([['Battery', celsius.battery]] as const);
    const each = [...sensors, ...battery].map(([label, value]): Line => [
      span(`${label} `, 'dim'),
      span(whole(value, ' °C')),
    ]);
    lines.push(row('Temp', joined(each, '   ')));
  }
  return lines;
}

const LABEL_WIDTH = 8;
const row = (label: string, value: Line): Line => [
  span(`${label.padStart(LABEL_WIDTH)}  `, 'bold'),
  ...value,
];

const nameOf = ({ gpuName, chip }: Figures): string => gpuName ?? chip ?? 'unknown chip';

const pressureOf = ({ pressureLevel }: Figures): Span =>
  pressureLevel === undefined ? span('●-', 'dim') : span(`●${pressureLevel}`, pressureLevel);

/** S, P or E. */
const letterOf = ({ name }: Tier): string => name.charAt(0).toUpperCase();
