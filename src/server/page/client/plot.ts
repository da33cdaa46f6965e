// The drawing of a chart, by uPlot.

import type UPlot from 'uplot';
import type { Chart } from './charts.js';
import { KEPT, type Minutes } from './minutes.js';

declare const uPlot: typeof UPlot;

export interface Line {
  readonly name: string;
  /** Place among the colours; undefined for a limit. */
  readonly slot: number | undefined;
  readonly dash: readonly number[];
}

export interface Plot {
  show(): void;
  resize(): void;
  /** Puts the cursor on a column; away for undefined. */
  point(at: number | undefined): void;
  remove(): void;
}

const HEIGHT = 150;
/** Seconds that the time axis is long at least. */
const SHORTEST = 60;
/** Pixels of the strip, by pressure: more is higher, whatever its colour. */
const STRIP = [3, 5, 8] as const;
/** Steps of an axis of bytes: powers of two. */
const BINARY = Array.from({ length: 50 }, (_, power) => 2 ** power);
/** Seconds between two labels of the time axis: a phone has room for one every two minutes. */
const TIMES = [10, 15, 30, 60, 120, 300] as const;
const STRIP_COLOURS = ['--good', '--warning', '--bad'] as const;

export function plot(
  into: HTMLElement,
  chart: Chart,
  minutes: Minutes,
  lines: readonly Line[],
  pointed: (at: number | undefined) => void,
): Plot {
  const data = () =>
    [minutes.times, ...lines.map(({ name }) => minutes.column(name))] as unknown as UPlot.AlignedData;
  const chartOf = new uPlot(options(into.clientWidth, chart, minutes, lines, pointed), data(), into);
  return {
    show: () => chartOf.setData(data()),
    resize: () => chartOf.setSize({ width: into.clientWidth, height: HEIGHT }),
    point(at) {
      const time = at === undefined ? undefined : minutes.times[at];
      const left = time === undefined ? -10 : chartOf.valToPos(time, 'x');
      chartOf.setCursor({ left, top: time === undefined ? -10 : 1 });
    },
    remove: () => chartOf.destroy(),
  };
}

function options(
  width: number,
  chart: Chart,
  minutes: Minutes,
  lines: readonly Line[],
  pointed: (at: number | undefined) => void,
): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const single = lines.filter(({ slot }) => slot !== undefined).length === 1;
  const axis = {
    stroke: colour('--muted'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'minutes' }, points: { size: 5 } },
    scales: {
      x: { time: true, range: () => timeRange(minutes) },
      y: { range: (_plot, low, high) => valueRange(chart, low, high) },
    },
    axes: [
      {
        ...axis,
        space: 64,
        size: 24,
        gap: 4,
        incrs: [...TIMES],
        values: ({ scales }, at) =>
          at.map((time) => (time > (scales['x']?.max ?? Infinity) ? '' : labelOf(time, at))),
      },
      {
        ...axis,
        space: 32,
        size: 64,
        gap: 6,
        ...(chart.binary && { incrs: BINARY }),
        values: (_plot, at) => at.map((value) => withoutZeros(chart.format(value))),
      },
    ],
    series: [
      {},
      ...lines.map(({ name, slot, dash }): UPlot.Series => {
        const stroke = colour(slot === undefined ? '--muted' : `--c${slot}`);
        return {
          label: name,
          stroke,
          width: slot === undefined ? 1 : 1.5,
          dash: [...dash],
          points: { show: false },
          spanGaps: false,
          ...(single && slot !== undefined && { fill: `${stroke}22` }),
        };
      }),
    ],
    hooks: {
      draw: [(drawn) => drawStrip(drawn, minutes, colour)],
      setCursor: [({ cursor: { idx, left = -1 } }) => pointed(left < 0 || idx == null ? undefined : idx)],
    },
  };
}

/** `5 W` for `5.00 W`. */
const withoutZeros = (text: string): string => text.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '');

function timeRange({ times }: Minutes): [number, number] {
  const last = times.at(-1) ?? 0;
  return [Math.max(last - KEPT, Math.min(times[0] ?? last, last - SHORTEST)), last];
}

function valueRange({ range }: Chart, low: number | null, high: number | null): [number, number] {
  // uPlot asks with null where nothing is to be drawn.
  if (low === null || high === null) return [0, 1];
  return range ? [...range(low, high)] : [0, high > 0 ? high * 1.1 : 1];
}

const minute = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const second = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const labelOf = (time: number, all: readonly number[]): string =>
  (all.every((each) => each % 60 === 0) ? minute : second).format(time * 1000);

/** Memory pressure along the upper edge. */
function drawStrip(drawn: UPlot, { times, strip }: Minutes, colour: (name: string) => string): void {
  const { ctx, bbox } = drawn;
  const scale = devicePixelRatio;
  strip.forEach((level, i) => {
    const next = times[i + 1];
    if (level === null || next === undefined || STRIP[level] === undefined) return;
    // Whole pixels: no seams.
    const from = Math.round(drawn.valToPos(times[i]!, 'x', true));
    const height = STRIP[level] * scale;
    ctx.fillStyle = colour(STRIP_COLOURS[level]!);
    ctx.fillRect(from, bbox.top, Math.round(drawn.valToPos(next, 'x', true)) - from, height);
  });
}
