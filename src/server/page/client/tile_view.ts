// The tiles on the page. One appears with its first value; from then on a value that is not there is said to be so.

import { drawing, element, shape } from './dom.js';
import type { Reading } from './snapshot.js';
import { NOT_AVAILABLE, tiles, withKnownRows, type Level, type Tile, type TileView } from './tiles.js';

/** Shapes beside the word, for those who do not tell the colours apart. */
const MARKS: Readonly<Record<Level, string>> = {
  good: '2.5,8.5 6,12 13.5,4',
  warning: '8,2 14.5,14 1.5,14 8,2',
  bad: '3,3 13,3 13,13 3,13 3,3',
};

export class Tiles {
  readonly #shown = new Map<string, HTMLElement>();
  /** Names of rows seen so far, by tile. */
  readonly #rows = new Map(tiles.map(({ id }) => [id, new Set<string>()]));

  constructor(private readonly into: HTMLElement) {}

  /** Undefined for an exporter that does not answer. */
  show(reading: Reading | undefined): void {
    for (const tile of tiles) {
      const view = reading && withKnownRows(tile.read(reading), this.#rows.get(tile.id)!);
      const body = this.#shown.get(tile.id) ?? (view && this.#add(tile));
      if (body) fill(body, view);
    }
  }

  /** In the order of the list, whenever it appears. */
  #add({ id, title }: Tile): HTMLElement {
    const body = element('div', { class: 'body' });
    const made = element(
      'article',
      { class: 'tile', 'data-tile': id, 'aria-labelledby': `tile-${id}` },
      element('h3', { id: `tile-${id}` }, title),
      body,
    );
    const place = tiles.findIndex((tile) => tile.id === id);
    const after = tiles.slice(place + 1).find((tile) => this.#shown.has(tile.id));
    this.into.insertBefore(made, after ? this.into.querySelector(`[data-tile="${after.id}"]`) : null);
    this.#shown.set(id, body);
    return body;
  }
}

function fill(body: HTMLElement, view: TileView | undefined): void {
  const is = view ? JSON.stringify(view) : '';
  if (body.dataset['view'] === is) return;
  body.dataset['view'] = is;
  if (!view) {
    body.replaceChildren(element('p', { class: 'absent' }, NOT_AVAILABLE));
    return;
  }
  const { value, level, share, notes = [], rows = [] } = view;
  body.replaceChildren(
    ...(value === undefined ? [] : [element('p', { class: `value ${level ?? ''}` }, ...mark(level), value)]),
    ...(rows.length === 0 ? [] : [list(rows)]),
    ...(share === undefined ? [] : [bar(share)]),
    ...notes.map((note) => element('p', { class: 'note' }, note)),
  );
}

const mark = (level: Level | undefined): Node[] =>
  level === undefined
    ? []
    : [drawing({ class: 'mark', viewBox: '0 0 16 16' }, shape('polyline', { points: MARKS[level] }))];

const list = (rows: NonNullable<TileView['rows']>): HTMLElement =>
  element(
    'dl',
    {},
    ...rows.map(({ name, value, share }) =>
      element(
        'div',
        {},
        element('dt', {}, name),
        element('dd', value === NOT_AVAILABLE ? { class: 'absent' } : {}, value),
        ...(share === undefined ? [] : [bar(share)]),
      ),
    ),
  );

/** The share is said beside it in numbers. */
function bar(share: number): HTMLElement {
  const filled = element('span', {});
  filled.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
  return element('span', { class: 'bar', 'aria-hidden': 'true' }, filled);
}
