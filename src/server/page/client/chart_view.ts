// One chart on the page: a figure with a heading, the drawing, and its values in words below.

import type { Chart } from './charts.js';
import { drawing, element, setText, shape } from './dom.js';
import { timeOfDay } from './format.js';
import { Minutes } from './minutes.js';
import { plot, type Line, type Plot } from './plot.js';
import { NOT_AVAILABLE, pressureWord } from './tiles.js';

/** Dashes of the lines, so that they are told apart without their colours. */
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3]] as const;
/** Milliseconds between two updates of the text for who does not see the drawing. */
const SUMMARY_EVERY = 30_000;

export class ChartView {
  readonly figure: HTMLElement;
  readonly #minutes = new Minutes();
  readonly #canvas = element('div', { class: 'canvas' });
  readonly #legend = element('ul', { class: 'legend' });
  readonly #when = element('span', { class: 'when' });
  readonly #summary: HTMLElement;
  #lines: readonly Line[] = [];
  /** How many lines are not drawn. */
  #rest = 0;
  #plot: Plot | undefined;
  #summarised = -Infinity;
  /** The column that is read: the newest where nobody points at one. */
  #at: number | undefined;

  constructor(private readonly chart: Chart) {
    const { id, title } = chart;
    this.#summary = element('figcaption', { class: 'unseen', id: `summary-${id}` });
    this.figure = element(
      'figure',
      {
        class: 'chart',
        'data-chart': id,
        tabindex: '0',
        'aria-labelledby': `chart-${id}`,
        'aria-describedby': `summary-${id}`,
      },
      element('header', {}, element('h3', { id: `chart-${id}` }, title), this.#when),
      this.#canvas,
      this.#legend,
      this.#summary,
    );
    this.figure.addEventListener('keydown', (event) => this.#walk(event));
    this.figure.addEventListener('focus', () => this.#summarise());
    this.figure.addEventListener('blur', () => this.#point(undefined));
    new ResizeObserver(() => this.#plot?.resize()).observe(this.#canvas);
  }

  add(at: number, values: ReadonlyMap<string, number>, strip: number | undefined): void {
    this.#minutes.add(at, values, strip);
    this.#choose();
    this.#plot?.show();
    this.#say();
    if (performance.now() - this.#summarised > SUMMARY_EVERY) this.#summarise();
  }

  /** Draws anew, in the colours of now. */
  redraw(): void {
    this.#plot?.remove();
    this.#plot = plot(this.#canvas, this.chart, this.#minutes, this.#lines, (at) => {
      this.#at = at;
      this.#say();
    });
  }

  /** Which lines are drawn. One keeps its colour and dashes for as long as it is. */
  #choose(): void {
    const { limits = [], most } = this.chart;
    const plain = this.#minutes.names.filter((name) => !limits.includes(name));
    const chosen = most === undefined ? plain : this.#minutes.highest(most);
    const names = [...chosen, ...limits.filter((name) => this.#minutes.names.includes(name))];
    this.#rest = plain.length - chosen.length;
    const before = this.#lines;
    // Of a chart that has lost all its values the lines stay, to say that they are not available.
    if (names.length === 0) return;
    if (names.length === before.length && names.every((name) => before.some((line) => line.name === name)))
      return;
    const kept = before.filter(({ name }) => names.includes(name));
    const free = DASHES.map((_, slot) => slot).filter((slot) => !kept.some((line) => line.slot === slot));
    const fresh = names
      .filter((name) => !kept.some((line) => line.name === name))
      .map((name): Line => {
        if (limits.includes(name)) return { name, slot: undefined, dash: [3, 3] };
        const slot = free.shift() ?? 0;
        return { name, slot, dash: [...DASHES[slot]!] };
      });
    const place = (line: Line) => (line.slot === undefined ? Infinity : names.indexOf(line.name));
    this.#lines = [...kept, ...fresh].sort((a, b) => place(a) - place(b));
    this.#legend.replaceChildren(...this.#lines.map((line) => entry(line)));
    this.#legend.append(element('li', { class: this.chart.strip ? 'pressure' : 'rest' }));
    this.redraw();
  }

  /** The values below the drawing. */
  #say(): void {
    const items = [...this.#legend.children];
    this.#values().forEach(([, text], i) => setText(items[i]!.lastElementChild!, text));
    this.#sayMore(items.at(-1));
    const time = this.#at === undefined ? undefined : this.#minutes.times[this.#at];
    setText(this.#when, time === undefined ? '' : timeOfDay(time));
  }

  /** What stands below the lines. */
  #sayMore(into: Element | undefined): void {
    if (!(into instanceof HTMLElement)) return;
    const more = this.#rest > 0 ? `${this.#rest} more are lower and not drawn` : '';
    const text = this.chart.strip ? `Pressure, along the upper edge: ${this.#pressure()}` : more;
    setText(into, text);
    into.hidden = text === '';
  }

  #summarise(): void {
    this.#summarised = performance.now();
    const time = this.#minutes.times[this.#index()];
    const values = this.#values().map(([name, text]) => `${name} ${text}`);
    const pressure = this.chart.strip ? [`pressure ${this.#pressure()}`] : [];
    if (time !== undefined)
      setText(this.#summary, `${timeOfDay(time)}: ${[...values, ...pressure].join(', ')}.`);
  }

  #values(): readonly (readonly [name: string, text: string])[] {
    return this.#lines.map(({ name }) => {
      const value = this.#minutes.column(name)[this.#index()];
      return [name, value == null ? NOT_AVAILABLE : this.chart.format(value)];
    });
  }

  #pressure(): string {
    const level = this.#minutes.strip[this.#index()];
    return (level == null ? undefined : pressureWord(level)?.toLowerCase()) ?? NOT_AVAILABLE;
  }

  #index(): number {
    return this.#at ?? this.#minutes.times.length - 1;
  }

  #walk(event: KeyboardEvent): void {
    const last = this.#minutes.times.length - 1;
    const to: Readonly<Record<string, number | undefined>> = {
      ArrowLeft: Math.max(0, this.#index() - 1),
      ArrowRight: Math.min(last, this.#index() + 1),
      Home: 0,
      End: last,
      Escape: undefined,
    };
    if (!(event.key in to) || last < 0) return;
    event.preventDefault();
    this.#point(to[event.key]);
    this.#summarise();
  }

  #point(at: number | undefined): void {
    this.#at = at;
    this.#plot?.point(at);
    this.#say();
  }
}

function entry({ name, slot, dash }: Line): HTMLElement {
  const line = shape('line', { x1: '0', y1: '4', x2: '18', y2: '4', 'stroke-dasharray': dash.join(' ') });
  const swatch = drawing({ class: slot === undefined ? 'limit' : `c${slot}`, viewBox: '0 0 18 8' }, line);
  return element(
    'li',
    {},
    swatch,
    element('span', { class: 'name' }, name),
    ' ',
    element('span', { class: 'number' }),
  );
}
